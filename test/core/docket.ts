/** Core on the real store and queue, with a provider and a screen whose every move a test sees. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import { createFollowUps, createHandler } from '../../src/core/clicks/follow-up.ts';
import { performHandler } from '../../src/core/clicks/perform.ts';
import { type ClickResult, createClicks } from '../../src/core/clicks/record.ts';
import { showHandler } from '../../src/core/clicks/settle.ts';
import { sweepHandler } from '../../src/core/clicks/sweep-progress.ts';
import { createSweeps } from '../../src/core/clicks/sweeps.ts';
import { undoHandler } from '../../src/core/clicks/undo.ts';
import { createLists, type ListDeps } from '../../src/core/digests/listing.ts';
import { changedHandler, reconcileHandler } from '../../src/core/digests/reconcile.ts';
import { createSchedules } from '../../src/core/digests/schedule.ts';
import { createDigests, digestHandler } from '../../src/core/digests/send.ts';
import { type HookDeps, hookHandler } from '../../src/core/digests/webhooks.ts';
import { type Handlers, KINDS, URGENT_PRIORITY } from '../../src/core/jobs/kinds.ts';
import { notifyHandler } from '../../src/core/jobs/notices.ts';
import { runJob } from '../../src/core/jobs/run.ts';
import type { Action } from '../../src/core/model/action.ts';
import type { Change } from '../../src/core/model/capabilities.ts';
import type { RepKey, TaskKey } from '../../src/core/model/keys.ts';
import type { ListSummary, MessageKind } from '../../src/core/model/message.ts';
import type { Link, Rep } from '../../src/core/model/people.ts';
import type { Task } from '../../src/core/model/task.ts';
import { createLinkDecisions } from '../../src/core/people/decide.ts';
import { renewHandler } from '../../src/core/people/grants.ts';
import { createPeople } from '../../src/core/people/people.ts';
import { createSaveRep } from '../../src/core/people/reps.ts';
import { createSignIns } from '../../src/core/people/sign-in.ts';
import { linkHandler } from '../../src/core/people/sync.ts';
import type { Member } from '../../src/core/ports/directory.ts';
import type { TaskProvider } from '../../src/core/ports/provider.ts';
import type { Job, JobPayload } from '../../src/core/ports/queue.ts';
import type { Notice, Screen } from '../../src/core/ports/screen.ts';
import { createWorker, type Worker } from '../../src/jobs/worker.ts';
import { link } from '../store/fixtures.ts';
import { MEMORY, openUrl, temporaryFolder } from '../store/open.ts';
import { type FakeProvider, fakeProvider, MONDAY_NINE, task, type Verbs } from './provider.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NEW_YORK = 'America/New_York';

export const ANN: RepKey = { teamId: 'T1', userId: 'UANN' };
export const BEN: RepKey = { teamId: 'T1', userId: 'UBEN' };

interface FakeScreen extends Screen {
  posted: string[];
  changed: TaskKey[];
  /** Shown again without anyone waiting for it. */
  later: TaskKey[];
  /** Tasks whose rows were shown again with those of others; `now`: at once. */
  calmly: { tasks: string[]; now: boolean }[];
  /** The progress of sweeps, as it was shown: the states of the actions. */
  sweeps: { id: string; states: string[] }[];
  /** How often no edit of a sweep's message is free. */
  busy: number;
  /** Messages that were edited for their own sake. */
  again: string[];
  notices: { to: RepKey; notice: Notice }[];
  /** How many tasks a message has room for. */
  rowsThatFit: ListDeps['rowsThatFit'];
  /** What Slack answers: each is used once, by a post or a notice. */
  postTrouble: Error[];
}

function fakeScreen(): FakeScreen {
  const screen: FakeScreen = {
    posted: [],
    changed: [],
    later: [],
    calmly: [],
    sweeps: [],
    busy: 0,
    again: [],
    notices: [],
    postTrouble: [],
    rowsThatFit: ({ tasks }) => Math.min(tasks.length, 10),
    async post({ id }) {
      const trouble = screen.postTrouble.shift();
      if (trouble) throw trouble;
      screen.posted.push(id);
      return { channel: 'D1', ts: `${screen.posted.length}.0` };
    },
    showTask: async (changed) => void screen.changed.push(changed),
    async showCalmly(tasks, { atOnce } = { atOnce: false }) {
      screen.calmly.push({ tasks: tasks.map(({ taskId }) => taskId), now: atOnce });
    },
    async showSweep({ sweep, actions }) {
      const trouble = screen.postTrouble.shift();
      if (trouble) throw trouble;
      if (sweep.posted && screen.busy > 0) {
        screen.busy -= 1;
        return 'busy';
      }
      screen.sweeps.push({ id: sweep.id, states: actions.map(({ state }) => state) });
      return sweep.posted ?? { channel: 'D1', ts: `sweep ${screen.sweeps.length}` };
    },
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
  };
  return screen;
}

export type Core = ReturnType<typeof createCore>;

export interface Docket extends Core {
  /** What the store is on. */
  readonly db: Kysely<unknown>;
  provider: FakeProvider;
  screen: FakeScreen;
  members: Member[];
  /** What was logged, as `level message`. */
  lines: string[];
  /** The same with its fields. */
  logged: { line: string; fields: object }[];
  /** The payloads of the jobs that were done. */
  done: JobPayload[];
  pass(ms: number): void;
  at(instant: number): void;
  /** Does every job that is due, as a worker would. */
  work(): Promise<void>;
  run(job: Job): Promise<void>;
  /** The app's own worker on these handlers, until the test is over. */
  startWorker(): Worker;
  claimOne(leaseMs?: number): Promise<Job>;
  /** Stores a message with rows for these tasks. */
  show(tasks: readonly Task[], rep?: RepKey, kind?: MessageKind): Promise<string>;
  latest(taskId?: string, rep?: RepKey): Promise<Action | undefined>;
  /** The message that was shown last, on which Ann presses. `seq`: how many actions its row knows of. */
  shown: string;
  change(change: Change, seq?: number, position?: number): Promise<ClickResult>;
  undo(seq?: number, position?: number): Promise<ClickResult>;
  retry(): Promise<ClickResult>;
  drop(seq?: number, position?: number): Promise<ClickResult>;
  /** Presses, and has the work done. */
  act(change: Change, seq?: number, position?: number): Promise<void>;
  /** Works on, with minutes passing, until nothing waits any more. */
  workOn(): Promise<void>;
  /** What the provider holds for Ann. */
  holds(...tasks: Task[]): void;
  /** What was asked of the provider beside readings. */
  sent(): string[];
  /** A worker takes the only job and waits for the provider's answer; what is returned lets it go on, to its end. */
  startSlowly(what: 'read' | 'perform'): Promise<() => Promise<void>>;
  rep(key?: RepKey): Promise<Rep>;
  link(key: RepKey, externalId: string, more?: Partial<Link>): Promise<void>;
  /** A rep's users at the providers, and by what they are linked to them. */
  linked(key?: RepKey): Promise<string[]>;
  /** Every change of who is who, oldest first. */
  audit(): Promise<string[]>;
  /** The same again on a store and a queue that a test has its hands in. */
  over(parts: Pick<CoreOptions, 'store' | 'queue'>): Core;
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
  const logged: Docket['logged'] = [];
  const write = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${message}`);
    logged.push({ line: `${level} ${message}`, fields });
  };
  let opened = await openUrl(url, { clock });

  const providers = new Map<string, TaskProvider>((options.providers ?? [provider]).map((each) => [each.id, each]));
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const { undoWindowMs } = options;
  const core = (parts: Pick<CoreOptions, 'store' | 'queue'> = opened) =>
    createCore({
      ...parts,
      clock,
      screen,
      providers,
      log,
      members,
      ...(undoWindowMs !== undefined && { undoWindowMs }),
    });

  const docket: Docket = {
    ...core(),
    get db() {
      return opened.db;
    },
    provider,
    screen,
    members,
    lines,
    logged,
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
      await docket.runJob(job);
      if (job.payload.kind !== 'unreadable') docket.done.push(job.payload);
    },
    startWorker() {
      const kinds = Object.keys(KINDS);
      const worker = createWorker({ ...docket.deps, kinds, urgentPriority: URGENT_PRIORITY });
      worker.start(docket.run);
      onTestFinished(async () => void (await worker.stop(0)));
      return worker;
    },
    async claimOne(leaseMs = 8_000) {
      const [job, ...others] = await docket.deps.queue.claim(now, { limit: 10, leaseMs });
      if (!job || others.length > 0) throw new Error(`expected one job, found ${job ? others.length + 1 : 0}`);
      return job;
    },
    shown: '',
    async show(tasks, rep = ANN, kind = 'list') {
      const message = { ...rep, kind, summary: summary(now), createdAt: now };
      docket.shown = (await docket.deps.store.messages.create(message, tasks)).id;
      return docket.shown;
    },
    change: (change, seq = 0, position = 0) => docket.clicks.change(ANN, ref(docket.shown, seq, position), change),
    undo: (seq = 1, position = 0) => docket.clicks.undo(ANN, ref(docket.shown, seq, position)),
    retry: () => docket.clicks.retry(ANN, ref(docket.shown, 1)),
    drop: (seq = 1, position = 0) => docket.clicks.drop(ANN, ref(docket.shown, seq, position)),
    async act(...pressed) {
      await docket.change(...pressed);
      await docket.work();
    },
    async workOn() {
      for (let round = 0; round < 20; round += 1) {
        await docket.work();
        docket.pass(60_000);
      }
    },
    holds: (...tasks) => void provider.open.set('ann at fake', tasks),
    sent: () => provider.calls.filter((call) => !/^(read|list)/.test(call)),
    async startSlowly(what) {
      const gate = Promise.withResolvers<void>();
      provider.gate[what] = gate.promise;
      const asked = () => (what === 'read' ? provider.calls : docket.sent()).length;
      const before = asked();
      const working = docket.run(await docket.claimOne());
      await expect.poll(asked).toBeGreaterThan(before);
      provider.gate[what] = undefined;
      return async () => {
        gate.resolve();
        await working;
      };
    },
    async rep(key = ANN) {
      const rep = await docket.deps.store.reps.find(key);
      if (!rep) throw new Error('no such rep');
      return rep;
    },
    link: (key, externalId, more = {}) =>
      docket.deps.store.links.save(link(key, { provider: provider.id, externalId, email: undefined, ...more })),
    linked: async (key = ANN) =>
      (await docket.deps.store.links.of(key)).map(({ externalId, origin }) => `${externalId} by ${origin}`),
    async audit() {
      const events = await docket.deps.store.people.events(ANN.teamId, { limit: 100 });
      const lines = events.map(({ userId, event, externalId, by }) => `${userId} ${event} ${externalId} by ${by}`);
      return lines.toReversed();
    },
    latest: (taskId = '1', rep = ANN) => docket.deps.store.ledger.latest({ ...rep, provider: provider.id, taskId }),
    over: core,
    async restart() {
      await opened.close();
      opened = await openUrl(url, { clock });
      Object.assign(docket, core());
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

interface CoreOptions extends Pick<Awaited<ReturnType<typeof openUrl>>, 'store' | 'queue'> {
  clock: () => number;
  screen: FakeScreen;
  providers: Map<string, TaskProvider>;
  log: Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;
  members: readonly Member[];
  undoWindowMs?: number;
}

/** As `src/app.ts` makes it. */
function createCore({ store, queue, clock, screen, providers, log, members, undoWindowMs = 10_000 }: CoreOptions) {
  let tokens = 0;
  const random = () => 0;
  const secrets = {
    token: () => `token-${++tokens}`,
    hash: (text: string) => createHash('sha256').update(text).digest('base64url'),
  };
  const directory = {
    members: async () => [...members],
    member: async ({ userId }: RepKey) => members.find((member) => member.userId === userId),
  };
  const urls = {
    start: (id: string) => `https://docket.example/start/${id}`,
    callback: (id: string) => `https://docket.example/oauth/${id}`,
  };
  const rowsThatFit: ListDeps['rowsThatFit'] = (list, rep) => screen.rowsThatFit(list, rep);
  const saveRep = createSaveRep({ store, clock, log, defaultDigestTime: '09:00' });
  const lists = createLists({ store, providers, rowsThatFit, clock, random, log });
  const deps = { store, queue, clock, screen, providers, random, log, directory, secrets, saveRep, lists };
  const hooking: HookDeps = { ...deps, hookUrl: (id) => `https://docket.example/webhooks/${id}` };
  const handlers: Handlers = {
    perform: performHandler(deps),
    undo: undoHandler(deps),
    show: showHandler(screen),
    sweep: sweepHandler(deps),
    create: createHandler(deps),
    notify: notifyHandler(screen),
    digest: digestHandler(deps),
    changed: changedHandler(deps),
    reconcile: reconcileHandler(deps),
    renew: renewHandler(deps),
    hook: hookHandler(hooking),
    link: linkHandler(deps),
  };
  return {
    deps,
    handlers,
    /** Runs a job and ends it. */
    runJob: (job: Job) => runJob({ ...deps, handlers }, job),
    lists,
    clicks: createClicks({ ...deps, undoWindowMs }),
    sweeps: createSweeps({ ...deps, undoWindowMs }),
    followUps: createFollowUps(deps),
    digests: createDigests(deps),
    schedules: createSchedules(deps),
    people: createPeople({ ...deps, circuits: new Map() }),
    links: createLinkDecisions(deps),
    signIns: createSignIns({ ...deps, urls }),
  };
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

/** One click of Ann on one task, recorded; what cannot be taken back is not held back. */
export async function clicked(change: Change, options: DocketOptions = {}): Promise<Docket> {
  const docket = await createDocket({ undoWindowMs: 0, ...options });
  await docket.show([task('1')]);
  await docket.change(change);
  return docket;
}

/** What became of a press, or why it was refused. */
export function why(result: ClickResult): string {
  return result.is === 'refused' ? result.refusal.why : result.is;
}

export const ANN_MEMBER = member(ANN.userId, 'ann@x.example');
export const BEN_MEMBER = member(BEN.userId, 'ben@x.example');

export function member(userId: string, email: string | undefined, more: Partial<Member> = {}): Member {
  return { userId, name: userId, email, zone: NEW_YORK, active: true, admin: false, ...more };
}

export function ref(messageId: string, seq = 0, position = 0) {
  return { messageId, position, seq };
}
