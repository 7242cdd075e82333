/** Core on the real store and queue, with a provider and a screen whose every move a test sees. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ClickDeps } from '../../src/core/click.ts';
import { type DigestDeps, sendDigest } from '../../src/core/digest.ts';
import { ProviderError, type ProviderErrorKind } from '../../src/core/errors.ts';
import type { LinkingDeps } from '../../src/core/linking.ts';
import { performAction } from '../../src/core/perform.ts';
import type {
  Capabilities,
  Change,
  Job,
  Member,
  ProviderUser,
  Screen,
  TaskProvider,
  VerbCapability,
} from '../../src/core/ports.ts';
import { type PerformDeps, showOutcome } from '../../src/core/settle.ts';
import type { Action, ListSummary, RepKey, Task, TaskKey, Verb } from '../../src/core/types.ts';
import { undoAction } from '../../src/core/undo.ts';
import { MEMORY, openUrl, temporaryFolder } from '../store/open.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A Monday, 09:00 in New York. */
export const MONDAY_NINE = Date.parse('2026-11-23T14:00:00Z');
export const NEW_YORK = 'America/New_York';

export const ANN: RepKey = { teamId: 'T1', userId: 'UANN' };
export const BEN: RepKey = { teamId: 'T1', userId: 'UBEN' };

export const REVERSIBLE: VerbCapability = { reversible: true, repeatable: true };
/** Cannot be taken back, and sent twice it happens twice. */
export const FINAL: VerbCapability = { reversible: false, repeatable: false };

export function capabilities(verbs: Partial<Record<Verb, VerbCapability>> = {}): Capabilities {
  const all = { done: REVERSIBLE, dismiss: REVERSIBLE, snooze: REVERSIBLE, reschedule: REVERSIBLE };
  return { noun: 'call tasks', verbs: { ...all, ...verbs } };
}

export function task(id = '1', more: Partial<Task> = {}): Task {
  return { provider: 'fake', id, title: `Call ${id}`, dueAt: MONDAY_NINE + HOUR, ...more };
}

/** What the provider answers: each step is used once, then all goes well. */
export type Trouble =
  /** Refuses before anything happens. */
  | { kind: ProviderErrorKind; retryAfterMs?: number }
  /** Does what it was asked, but its answer is lost. */
  | { kind: 'unavailable'; afterEffect: true }
  | { throws: Error };

export interface FakeProvider extends TaskProvider {
  /** The open tasks, by the provider's user. */
  open: Map<string, Task[]>;
  /** What was asked of it, in order. */
  calls: string[];
  trouble: Trouble[];
  listTrouble: Trouble[];
  users: ProviderUser[];
  usersTrouble: Trouble[];
  /** Awaited before each answer to a read, and before each effect. */
  gate: { read?: Promise<void> | undefined; perform?: Promise<void> | undefined };
}

export function fakeProvider(id = 'fake', verbs: Partial<Record<Verb, VerbCapability>> = {}): FakeProvider {
  const closed = new Map<string, Task>();
  const provider: FakeProvider = {
    id,
    name: id === 'fake' ? 'Fake' : id,
    capabilities: capabilities(verbs),
    open: new Map(),
    calls: [],
    trouble: [],
    listTrouble: [],
    users: [],
    usersTrouble: [],
    gate: {},
    async listTasks(externalId) {
      provider.calls.push(`list ${externalId}`);
      fail(provider.listTrouble.shift());
      return { tasks: [...(provider.open.get(externalId) ?? [])], unreadable: 0 };
    },
    async readTask(externalId, taskId) {
      provider.calls.push(`read ${taskId}`);
      await provider.gate.read;
      return provider.open.get(externalId)?.find((each) => each.id === taskId);
    },
    async perform(externalId, { id: taskId }, change) {
      provider.calls.push(`${change.verb} ${taskId} by ${externalId}`);
      await provider.gate.perform;
      const trouble = provider.trouble.shift();
      if (!(trouble && 'afterEffect' in trouble)) fail(trouble);
      apply(externalId, taskId, change);
      fail(trouble);
      return { reference: `request ${provider.calls.length}` };
    },
    async undo(externalId, before, verb) {
      provider.calls.push(`undo ${verb} ${before.id} by ${externalId}`);
      fail(provider.trouble.shift());
      const others = (provider.open.get(externalId) ?? []).filter((each) => each.id !== before.id);
      provider.open.set(externalId, [...others, before]);
      return { reference: `request ${provider.calls.length}` };
    },
    async findUsers(emails) {
      provider.calls.push('find');
      fail(provider.usersTrouble.shift());
      const found = emails.map(
        (email) => [email, provider.users.filter((user) => user.emails.includes(email))] as const,
      );
      return new Map(found.filter(([, users]) => users.length > 0));
    },
  };

  function apply(externalId: string, taskId: string, change: Change): void {
    const tasks = provider.open.get(externalId) ?? [];
    const found = tasks.find((each) => each.id === taskId);
    if (!found) return;
    if ('dueAt' in change) {
      provider.open.set(
        externalId,
        tasks.map((each) => (each === found ? { ...each, dueAt: change.dueAt } : each)),
      );
      return;
    }
    closed.set(taskId, found);
    provider.open.set(
      externalId,
      tasks.filter((each) => each !== found),
    );
  }

  function fail(trouble: Trouble | undefined): void {
    if (!trouble) return;
    if ('throws' in trouble) throw trouble.throws;
    throw new ProviderError({ provider: id, operation: 'PATCH /x', reference: 'trace 1', ...trouble });
  }

  return provider;
}

export interface FakeScreen extends Screen {
  posted: string[];
  changed: TaskKey[];
  postTrouble: Error[];
}

function fakeScreen(): FakeScreen {
  const screen: FakeScreen = {
    posted: [],
    changed: [],
    postTrouble: [],
    async post(messageId) {
      const trouble = screen.postTrouble.shift();
      if (trouble) throw trouble;
      screen.posted.push(messageId);
      return { channel: 'D1', ts: `${screen.posted.length}.0` };
    },
    showTask: async (changed) => void screen.changed.push(changed),
    rowsThatFit: ({ tasks }) => Math.min(tasks.length, 10),
  };
  return screen;
}

export type Deps = ClickDeps & PerformDeps & DigestDeps & LinkingDeps;

export interface Docket {
  deps: Deps;
  provider: FakeProvider;
  screen: FakeScreen;
  members: Member[];
  /** What was logged, as `level message`. */
  lines: string[];
  pass(ms: number): void;
  at(instant: number): void;
  /** Does every job that is due, as a worker would. */
  work(): Promise<void>;
  run(job: Job): Promise<void>;
  claimOne(leaseMs?: number): Promise<Job>;
  /** Stores a message with rows for these tasks. */
  show(tasks: readonly Task[], rep?: RepKey): Promise<string>;
  latest(taskId?: string, rep?: RepKey): Promise<Action | undefined>;
  /** As after a crash: everything in memory is gone, the file is not. */
  restart(): Promise<void>;
}

export interface DocketOptions {
  verbs?: Partial<Record<Verb, VerbCapability>>;
  undoWindowMs?: number;
  providers?: FakeProvider[];
  /** A file instead of memory, for `restart`. */
  file?: boolean;
  /** No reps and no links yet. */
  empty?: boolean;
}

export async function createDocket(options: DocketOptions = {}): Promise<Docket> {
  let now = MONDAY_NINE;
  const clock = () => now;
  const folder = options.file ? temporaryFolder() : undefined;
  const url = folder ? `file:${join(folder.path, 'docket.db')}` : MEMORY;
  const provider = options.providers?.[0] ?? fakeProvider('fake', options.verbs);
  const screen = fakeScreen();
  const members: Member[] = [];
  const lines: string[] = [];
  const write = (level: string) => (_fields: object, message: string) => void lines.push(`${level} ${message}`);
  let opened = await openUrl(url, { clock });

  const depsOf = ({ store, queue }: typeof opened): Deps => ({
    store,
    queue,
    clock,
    screen,
    providers: new Map((options.providers ?? [provider]).map((each) => [each.id, each])),
    random: () => 0,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    undoWindowMs: options.undoWindowMs ?? 10_000,
    directory: {
      members: async () => members,
      member: async (userId) => members.find((member) => member.userId === userId),
    },
    defaultDigestTime: '09:00',
  });

  const docket: Docket = {
    deps: depsOf(opened),
    provider,
    screen,
    members,
    lines,
    pass(ms) {
      now += ms;
    },
    at(instant) {
      now = instant;
    },
    async work() {
      for (;;) {
        const jobs = await docket.deps.queue.claim(now, { limit: 10, leaseMs: 8_000 });
        if (jobs.length === 0) return;
        for (const job of jobs) await docket.run(job);
      }
    },
    async run(job) {
      const { deps } = docket;
      if (job.payload.kind === 'perform') await performAction(deps, job, job.payload.actionId);
      if (job.payload.kind === 'undo') await undoAction(deps, job, job.payload.actionId);
      if (job.payload.kind === 'show') await showOutcome(deps, job, job.payload);
      if (job.payload.kind === 'digest') await sendDigest(deps, job, job.payload, job.payload.localDate);
    },
    async claimOne(leaseMs = 8_000) {
      const [job, ...others] = await docket.deps.queue.claim(now, { limit: 10, leaseMs });
      if (!job || others.length > 0) throw new Error(`expected one job, found ${job ? others.length + 1 : 0}`);
      return job;
    },
    show: (tasks, rep = ANN) =>
      docket.deps.store.messages.create({ ...rep, kind: 'list', summary: summary(), createdAt: now }, tasks),
    latest: (taskId = '1', rep = ANN) => docket.deps.store.ledger.latest({ ...rep, provider: provider.id, taskId }),
    async restart() {
      await opened.close();
      opened = await openUrl(url, { clock });
      docket.deps = depsOf(opened);
    },
  };
  onTestFinished(async () => {
    await opened.close();
    folder?.remove();
  });
  if (!options.empty) {
    await addRep(docket, ANN, 'ann at fake');
    await addRep(docket, BEN, 'ben at fake');
  }
  return docket;
}

/** A linked rep in New York with the default schedule, whose next digest comes at `nextDueAt`. */
export async function addRep(
  { deps, provider }: Docket,
  key: RepKey,
  externalId: string,
  more: { nextDueAt?: number; zone?: string; pausedUntil?: number; days?: readonly number[] } = {},
): Promise<void> {
  const { zone = NEW_YORK, nextDueAt = MONDAY_NINE, days = [1, 2, 3, 4, 5] } = more;
  await deps.store.reps.save({ ...key, name: key.userId, email: `${key.userId}@x.example`, zone, active: true });
  await deps.store.links.save({ ...key, provider: provider.id, externalId, linkedAt: 1 });
  await deps.store.schedules.save({ ...key, time: '09:00', days, pausedUntil: more.pausedUntil, nextDueAt });
  provider.open.set(externalId, [task('1'), task('2')]);
}

function summary(): ListSummary {
  const counts = { overdue: 0, today: 1, upcoming: 0 };
  return {
    filter: { by: 'all' },
    counts,
    offset: 0,
    remaining: 0,
    reports: [],
    fetchedAt: MONDAY_NINE,
    localDate: '2026-11-23',
  };
}

export function ref(messageId: string, seq = 0, position = 0) {
  return { messageId, position, seq };
}
