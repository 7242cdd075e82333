/** Core on the real store and queue, with a provider and a screen whose every move a test sees. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { onTestFinished } from 'vitest';
import { type CreateDeps, createTask } from '../../src/core/clicks/follow-up.ts';
import { performAction } from '../../src/core/clicks/perform.ts';
import type { ClickDeps } from '../../src/core/clicks/record.ts';
import { type PerformDeps, showOutcome } from '../../src/core/clicks/settle.ts';
import { undoAction } from '../../src/core/clicks/undo.ts';
import { createReadings } from '../../src/core/digests/listing.ts';
import { onTaskChanged, type ReconcileDeps, reconcile } from '../../src/core/digests/reconcile.ts';
import { type DigestDeps, sendDigest } from '../../src/core/digests/send.ts';
import { sendNotice } from '../../src/core/jobs/notices.ts';
import type { Action } from '../../src/core/model/action.ts';
import type { RepKey, TaskKey } from '../../src/core/model/keys.ts';
import type { ListSummary, MessageKind } from '../../src/core/model/message.ts';
import type { Task } from '../../src/core/model/task.ts';
import { renewGrants } from '../../src/core/people/grants.ts';
import type { ConsentDeps } from '../../src/core/people/sign-in.ts';
import type { LinkingDeps } from '../../src/core/people/sync.ts';
import type { Member } from '../../src/core/ports/directory.ts';
import type { Job, JobPayload } from '../../src/core/ports/queue.ts';
import type { Notice, Screen } from '../../src/core/ports/screen.ts';
import { MEMORY, openUrl, temporaryFolder } from '../store/open.ts';
import { type FakeProvider, fakeProvider, MONDAY_NINE, task, type Verbs } from './provider.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NEW_YORK = 'America/New_York';

export const ANN: RepKey = { teamId: 'T1', userId: 'UANN' };
export const BEN: RepKey = { teamId: 'T1', userId: 'UBEN' };

export interface FakeScreen extends Screen {
  posted: string[];
  changed: TaskKey[];
  /** Shown again without anyone waiting for it. */
  later: TaskKey[];
  /** Messages that were edited for their own sake. */
  again: string[];
  notices: { to: RepKey; notice: Notice }[];
  /** What Slack answers: each is used once, by a post or a notice. */
  postTrouble: Error[];
}

function fakeScreen(): FakeScreen {
  const screen: FakeScreen = {
    posted: [],
    changed: [],
    later: [],
    again: [],
    notices: [],
    postTrouble: [],
    async post(messageId) {
      const trouble = screen.postTrouble.shift();
      if (trouble) throw trouble;
      screen.posted.push(messageId);
      return { channel: 'D1', ts: `${screen.posted.length}.0` };
    },
    showTask: async (changed) => void screen.changed.push(changed),
    showLater: async (changed) => void screen.later.push(changed),
    async showAgain(messageId) {
      const trouble = screen.postTrouble.shift();
      if (trouble) throw trouble;
      screen.again.push(messageId);
    },
    async notify({ teamId, userId }, notice) {
      const trouble = screen.postTrouble.shift();
      if (trouble) throw trouble;
      screen.notices.push({ to: { teamId, userId }, notice });
    },
    rowsThatFit: ({ tasks }) => Math.min(tasks.length, 10),
  };
  return screen;
}

export type Deps = ClickDeps & PerformDeps & DigestDeps & LinkingDeps & ConsentDeps & ReconcileDeps & CreateDeps;

export interface Docket {
  deps: Deps;
  /** What the store is on. */
  readonly db: Kysely<unknown>;
  provider: FakeProvider;
  screen: FakeScreen;
  members: Member[];
  /** What was logged, as `level message`. */
  lines: string[];
  /** The payloads of the jobs that were done. */
  done: JobPayload[];
  pass(ms: number): void;
  at(instant: number): void;
  /** Does every job that is due, as a worker would. */
  work(): Promise<void>;
  run(job: Job): Promise<void>;
  claimOne(leaseMs?: number): Promise<Job>;
  /** Stores a message with rows for these tasks. */
  show(tasks: readonly Task[], rep?: RepKey, kind?: MessageKind): Promise<string>;
  latest(taskId?: string, rep?: RepKey): Promise<Action | undefined>;
  /** As after a crash: everything in memory is gone, the file is not. */
  restart(): Promise<void>;
}

export interface DocketOptions {
  verbs?: Verbs;
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
  let tokens = 0;
  const write = (level: string) => (_fields: object, message: string) => void lines.push(`${level} ${message}`);
  let opened = await openUrl(url, { clock });

  const depsOf = ({ store, queue }: typeof opened): Deps => ({
    store,
    queue,
    clock,
    screen,
    providers: new Map((options.providers ?? [provider]).map((each) => [each.id, each])),
    random: () => 0,
    readings: createReadings(),
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    undoWindowMs: options.undoWindowMs ?? 10_000,
    directory: {
      members: async () => members,
      member: async ({ userId }) => members.find((member) => member.userId === userId),
    },
    defaultDigestTime: '09:00',
    zonesLogged: new Set(),
    secrets: {
      token: () => `token-${++tokens}`,
      hash: (text) => createHash('sha256').update(text).digest('base64url'),
    },
    startUrl: (id) => `https://docket.example/start/${id}`,
    redirectUri: (id) => `https://docket.example/oauth/${id}`,
  });

  const docket: Docket = {
    deps: depsOf(opened),
    get db() {
      return opened.db;
    },
    provider,
    screen,
    members,
    lines,
    done: [],
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
      await perform(docket.deps, job);
      if (job.payload.kind !== 'unreadable') docket.done.push(job.payload);
    },
    async claimOne(leaseMs = 8_000) {
      const [job, ...others] = await docket.deps.queue.claim(now, { limit: 10, leaseMs });
      if (!job || others.length > 0) throw new Error(`expected one job, found ${job ? others.length + 1 : 0}`);
      return job;
    },
    show: (tasks, rep = ANN, kind = 'list') =>
      docket.deps.store.messages.create({ ...rep, kind, summary: summary(now), createdAt: now }, tasks),
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

/** What `src/app.ts` has its worker do. Subscriptions and linking have no worker here. */
async function perform(deps: Deps, job: Job): Promise<void> {
  const { payload } = job;
  switch (payload.kind) {
    case 'perform':
      return performAction(deps, job, payload.actionId);
    case 'undo':
      return undoAction(deps, job, payload.actionId);
    case 'show':
      return showOutcome(deps, job, payload);
    case 'digest':
      return sendDigest(deps, job, payload, payload.localDate);
    case 'notify':
      return sendNotice(deps, job, payload, payload.notice);
    case 'changed':
      return onTaskChanged(deps, job, payload);
    case 'reconcile':
      return reconcile(deps, job, payload);
    case 'create':
      return createTask(deps, job, payload);
    case 'renew':
      return renewGrants(deps, job);
    case 'hook':
    case 'link':
    case 'unreadable':
      await deps.queue.complete(job);
  }
}

/** A linked rep in New York with the default schedule, whose next digest comes at `nextDueAt`. */
export async function addRep(
  { deps, provider }: Docket,
  key: RepKey,
  externalId: string,
  more: { nextDueAt?: number; zone?: string; pausedUntil?: number; days?: readonly number[] } = {},
): Promise<void> {
  const { zone = NEW_YORK, nextDueAt = MONDAY_NINE, days = [1, 2, 3, 4, 5] } = more;
  const email = addressOf(key);
  await deps.store.reps.save({ ...key, name: key.userId, email, zone, active: true });
  await deps.store.links.save({ ...key, provider: provider.id, externalId, email, origin: 'address', linkedAt: 1 });
  await deps.store.schedules.save({ ...key, time: '09:00', days, pausedUntil: more.pausedUntil, nextDueAt });
  provider.open.set(externalId, [task('1'), task('2')]);
}

/** The address of a rep whom `addRep` made. */
export function addressOf({ userId }: RepKey): string {
  return `${userId.toLowerCase()}@x.example`;
}

function summary(fetchedAt: number): ListSummary {
  const counts = { overdue: 0, today: 1, upcoming: 0 };
  return {
    filter: { by: 'all' },
    counts,
    offset: 0,
    remaining: 0,
    reports: [],
    fetchedAt,
    localDate: '2026-11-23',
  };
}

export function ref(messageId: string, seq = 0, position = 0) {
  return { messageId, position, seq };
}
