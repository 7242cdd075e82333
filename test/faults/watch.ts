/** What becomes of a task at its provider and in its row, for the matrices of faults and of crashes. */
import type { Kysely } from 'kysely';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { openDatabase } from '../../src/store/database.ts';
import { rowsOf, textOf } from '../flow/read.ts';
import type { World } from '../flow/world.ts';
import type { Provider } from './verbs.ts';

/** A row as the rep sees it, whether it has controls or not: its words, and what they can press. */
export function rowIn(
  { blocks }: { blocks: readonly JsonObject[] },
  words: string,
): { text: string; controls: string[] } {
  const text = blocks.map((block) => textOf(block.text)).find((each) => each.includes(words)) ?? 'no row';
  const row = rowsOf(blocks).find((each) => each.text.includes(words));
  return { text, controls: Object.keys(row?.controls ?? {}) };
}

/** What tells one state of a task from another, without what changes by itself with every writing. */
export function stateOf({ gong, outreach, reply }: World, provider: Provider, id: string): object | undefined {
  switch (provider) {
    case 'gong': {
      const task = gong.task(id);
      return task && { status: task.status, dueDate: instant(task.dueDate), userId: task.userId };
    }
    case 'outreach': {
      const task = outreach.task(id);
      if (!task) return undefined;
      const { state, ownerId, note, opportunityAssociation } = task;
      return { state, dueAt: instant(task.dueAt), ownerId, note, opportunityAssociation };
    }
    case 'reply': {
      const task = reply.task(id);
      if (!task) return undefined;
      const { status, template, assignedUserId } = task;
      return { status, startAt: instant(task.startAt), dueTo: instant(task.dueTo), template, assignedUserId };
    }
  }
}

/** Every provider writes dates differently. */
function instant(date: string | null | undefined): string | undefined {
  return date ? new Date(date).toISOString() : undefined;
}

export interface Effects {
  /** How often the task became another, or something was done with it that cannot be seen in the task. */
  count(): number;
  /** When it became another, by the clock of the machine. */
  times(): readonly number[];
  /** How many requests to change it came, those included that were refused, or left everything as it was. */
  requests(): number;
  stop(): void;
}

/** Counts from now on. */
export function countEffects(world: World, provider: Provider, id: string): Effects {
  const state = () => JSON.stringify(stateOf(world, provider, id));
  const doneBefore = sideEffects(world, provider, id);
  const sentBefore = changesSent(world, provider, id);
  const times: number[] = [];
  let last = state();
  const stop = world[provider].onChange(() => {
    const now = state();
    if (now !== last) times.push(Date.now());
    last = now;
  });
  const done = () => sideEffects(world, provider, id).map((count, kind) => count - (doneBefore[kind] ?? 0));
  return {
    count: () => Math.max(times.length, ...done()),
    times: () => times,
    requests: () => changesSent(world, provider, id) - sentBefore,
    stop,
  };
}

/** What the simulators noted besides the task's own state: a sequence that moved on, a call's result, a note. */
function sideEffects({ outreach, reply }: World, provider: Provider, id: string): number[] {
  if (provider === 'outreach') {
    const kinds = ['advanced', 'finished', 'stranded', 'noted'] as const;
    return kinds.map((kind) => outreach.effects.filter((each) => each.kind === kind && each.taskId === id).length);
  }
  if (provider === 'gong') return [];
  return [reply.effects.completions.filter(({ taskId }) => taskId === id).length];
}

const CHANGE = /^(?:PATCH|PUT|DELETE) |^POST \S+\/(?:actions\/\w+|complete)\b/;

function changesSent(world: World, provider: Provider, id: string): number {
  const requests = world[provider].requests.filter(({ path }) => path.includes(`/tasks/${id}`));
  return requests.filter(({ method, path }) => CHANGE.test(`${method} ${path}`)).length;
}

type Tables = { jobs: { key: string; state: string; run_at: number } };

/** The world's database, for whoever looks at its jobs. */
export function jobsOf({ config }: World): Kysely<Tables> {
  return openDatabase(config.databaseUrl).$extendTables<Tables>();
}

/** Jobs that are still to be done. */
export function openJobs(db: Kysely<Tables>): Promise<{ key: string; dueAt: number }[]> {
  const jobs = db.selectFrom('jobs').select(['key', 'run_at as dueAt']);
  return jobs.where('state', 'in', ['waiting', 'held']).execute();
}
