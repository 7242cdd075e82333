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
import { aheadHandler } from '../../src/core/digests/ahead.ts';
import { closeHandler, createClosing } from '../../src/core/digests/close.ts';
import { unhookHandler } from '../../src/core/digests/left-webhooks.ts';
import { createLists } from '../../src/core/digests/listing.ts';
import { nudgeHandler } from '../../src/core/digests/nudges.ts';
import { changedHandler, reconcileHandler } from '../../src/core/digests/reconcile.ts';
import { postHandler, returnHandler } from '../../src/core/digests/returns.ts';
import { createSchedules } from '../../src/core/digests/schedule.ts';
import { createDigests, digestHandler } from '../../src/core/digests/send.ts';
import { type HookDeps, hookHandler } from '../../src/core/digests/webhooks.ts';
import { welcomeHandler } from '../../src/core/digests/welcome.ts';
import { type Handlers, KINDS, newJob, URGENT_PRIORITY } from '../../src/core/jobs/kinds.ts';
import { notifyHandler } from '../../src/core/jobs/notices.ts';
import { runJob } from '../../src/core/jobs/run.ts';
import type { Change } from '../../src/core/model/capabilities.ts';
import { DeliveryError } from '../../src/core/model/errors.ts';
import type { RepKey, TaskKey } from '../../src/core/model/keys.ts';
import type { MessageKind } from '../../src/core/model/message.ts';
import type { Link } from '../../src/core/model/people.ts';
import type { RollupReport } from '../../src/core/model/rollup.ts';
import type { Task } from '../../src/core/model/task.ts';
import { createLinkDecisions } from '../../src/core/people/decide.ts';
import { renewHandler } from '../../src/core/people/grants.ts';
import { createPeople } from '../../src/core/people/people.ts';
import { createSaveRep } from '../../src/core/people/reps.ts';
import { rollupHandler } from '../../src/core/people/rollup-send.ts';
import { createRollups } from '../../src/core/people/rollups.ts';
import { createSignIns } from '../../src/core/people/sign-in.ts';
import { linkHandler } from '../../src/core/people/sync.ts';
import type { Circle } from '../../src/core/ports/circle.ts';
import type { Member } from '../../src/core/ports/directory.ts';
import { NO_METER } from '../../src/core/ports/meter.ts';
import type { Presence, Sighting } from '../../src/core/ports/presence.ts';
import type { Grant, TaskProvider } from '../../src/core/ports/provider.ts';
import type { Job, JobPayload, Queue } from '../../src/core/ports/queue.ts';
import type { Notice, Screen } from '../../src/core/ports/screen.ts';
import { createCalendar } from '../../src/holidays.ts';
import { createWorker, type Worker } from '../../src/jobs/worker.ts';
import { grant, link, schedule, summary } from '../store/fixtures.ts';
import { MEMORY, openUrl, temporaryFolder } from '../store/open.ts';
import { type FakeProvider, fakeProvider, MONDAY_NINE, task, type Verbs } from './provider.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NEW_YORK = 'America/New_York';

export const ANN: RepKey = { teamId: 'T1', userId: 'UANN' };
export const BEN: RepKey = { teamId: 'T1', userId: 'UBEN' };
const REPS = [
  [ANN, 'ann'],
  [BEN, 'ben'],
] as const;

type FakeScreen = ReturnType<typeof fakeScreen>;

function fakeScreen() {
  const seen = {
    posted: [] as string[],
    changed: [] as TaskKey[],
    /** Shown again without anyone waiting for it. */
    later: [] as TaskKey[],
    /** Messages that were shown again so. */
    laterMessages: [] as string[],
    /** Tasks whose rows were shown again with those of others; `now`: at once. */
    calmly: [] as { tasks: string[]; now: boolean }[],
    /** The progress of sweeps, as it was shown: the states of the actions. */
    sweeps: [] as { id: string; states: string[] }[],
    /** How often no edit of a sweep's message is free. */
    busy: 0,
    /** Messages that were edited for their own sake. */
    again: [] as string[],
    notices: [] as { to: RepKey; notice: Notice }[],
    /** Who was told that a roll-up will come, and what then came. */
    announced: [] as string[],
    rollups: [] as RollupReport[],
    /** Notices that were written anew. */
    edited: [] as { to: RepKey; notice: Notice }[],
    /** What Slack answers: each is used once, by a post or a notice. */
    postTrouble: [] as Error[],
  };
  const fail = () => {
    const trouble = seen.postTrouble.shift();
    if (trouble) throw trouble;
  };
  const screen: Screen = {
    async post({ id }) {
      fail();
      seen.posted.push(id);
      return { channel: 'D1', ts: `${seen.posted.length}.0` };
    },
    showTask: async (changed) => void seen.changed.push(changed),
    showInWindows() {},
    async showCalmly(tasks, { atOnce } = { atOnce: false }) {
      seen.calmly.push({ tasks: tasks.map(({ taskId }) => taskId), now: atOnce });
    },
    async showSweep({ sweep, actions }) {
      fail();
      if (sweep.posted && seen.busy > 0) {
        seen.busy -= 1;
        return 'busy';
      }
      seen.sweeps.push({ id: sweep.id, states: actions.map(({ state }) => state) });
      return sweep.posted ?? { channel: 'D1', ts: `sweep ${seen.sweeps.length}` };
    },
    showLater: async (changed) => void seen.later.push(changed),
    showMessageLater: async (messageId) => void seen.laterMessages.push(messageId),
    async showAgain(messageId) {
      fail();
      seen.again.push(messageId);
    },
    async notify({ teamId, userId }, notice) {
      fail();
      seen.notices.push({ to: { teamId, userId }, notice });
      return { channel: 'D1', ts: `notice ${seen.notices.length}` };
    },
    async announceRollup({ to }) {
      fail();
      seen.announced.push(to);
    },
    async postRollup(report) {
      fail();
      seen.rollups.push(report);
    },
    async editNotice({ teamId, userId }, notice) {
      seen.edited.push({ to: { teamId, userId }, notice });
    },
  };
  return Object.assign(seen, screen);
}

export type Core = ReturnType<typeof createCore>;

/** What a test sees and has its hands in. */
interface Bench extends Core {
  /** What the store is on. */
  db: Kysely<unknown>;
  provider: FakeProvider;
  screen: FakeScreen;
  members: Member[];
  /** Who is in each user group. */
  groups: Map<string, readonly string[]>;
  /** What is seen of each rep's Slack status, by user; of the others it is that they are there. */
  sightings: Map<string, Sighting>;
  /** Whose status was looked at, in order. */
  looks: string[];
  /** What was logged, as `level message`. */
  lines: string[];
  /** The same with its fields. */
  logged: { line: string; fields: object }[];
  /** The payloads of the jobs that were done. */
  done: JobPayload[];
  /** The message that was shown last, on which Ann presses. */
  shown: string;
}

export type Docket = Awaited<ReturnType<typeof createDocket>>;

export interface DocketOptions {
  verbs?: Verbs;
  undoWindowMs?: number;
  providers?: FakeProvider[];
  /** Default: everyone. */
  pilot?: Circle;
  /** Default: the workspace's own. */
  admins?: Circle;
  /** A file instead of memory, for `restart`. */
  file?: boolean;
  /** That database instead. */
  url?: string;
  /** No reps and no links yet. */
  empty?: boolean;
  /** Looks follow a digest; default: none do, so that a queue without work is empty. */
  hasLooks?: boolean;
}

export async function createDocket({ verbs, providers, file, url: given, empty, ...options }: DocketOptions = {}) {
  let now = MONDAY_NINE;
  const clock = () => now;
  const pass = (ms: number) => {
    now += ms;
  };
  const folder = file ? temporaryFolder() : undefined;
  const url = given ?? (folder ? `file:${join(folder.path, 'docket.db')}` : MEMORY);
  const all = providers ?? [fakeProvider('fake', verbs)];
  const [provider = fakeProvider()] = all;
  const seen = { screen: fakeScreen(), members: [], groups: new Map(), sightings: new Map(), looks: [], ...fakeLog() };
  let opened = await openUrl(url, { clock });
  const parts = {
    ...options,
    ...seen,
    clock,
    providers: new Map<string, TaskProvider>(all.map((each) => [each.id, each])),
  };
  const core = (on: Pick<CoreOptions, 'store' | 'queue'> = opened) => createCore({ ...on, ...parts });

  const bench: Bench = { ...core(), ...seen, db: opened.db, provider, done: [], shown: '' };
  const docket = Object.assign(bench, {
    ...working(bench, pass),
    ...looking(bench),
    pass,
    at: (instant: number) => pass(instant - now),
    /** The same again on a store and a queue that a test has its hands in. */
    over: core,
    /** As after a crash: everything in memory is gone, the file is not. */
    async restart() {
      await opened.close();
      opened = await openUrl(url, { clock });
      Object.assign(bench, core(), { db: opened.db });
    },
  });
  onTestFinished(async () => {
    await opened.close();
    folder?.remove();
  });
  for (const [rep, name] of empty ? [] : REPS) await addRep(docket, rep, `${name} at fake`);
  return docket;
}

function fakeLog() {
  const lines: string[] = [];
  const logged: Bench['logged'] = [];
  const write = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${message}`);
    logged.push({ line: `${level} ${message}`, fields });
  };
  return { lines, logged, log: { info: write('info'), warn: write('warn'), error: write('error') } };
}

/** What people press, and what workers do about it. */
function working(bench: Bench, pass: (ms: number) => void) {
  let enqueued = 0;
  /** What was asked of the provider beside readings. */
  const sent = () => bench.provider.calls.filter((call) => !/^(read|list)/.test(call));
  const run = async (job: Job): Promise<void> => {
    await bench.runJob(job);
    if (job.payload.kind !== 'unreadable') bench.done.push(job.payload);
  };
  /** Does every job that is due, as a worker would. */
  const work = async (): Promise<void> => {
    const jobs = await bench.deps.queue.claim(bench.deps.clock(), { limit: 10, leaseMs: 8_000 });
    for (const job of jobs) await run(job);
    if (jobs.length > 0) await work();
  };
  const claimOne = async (leaseMs = 8_000): Promise<Job> => {
    const [job, ...others] = await bench.deps.queue.claim(bench.deps.clock(), { limit: 10, leaseMs });
    if (!job || others.length > 0) throw new Error(`expected one job, found ${job ? others.length + 1 : 0}`);
    return job;
  };
  /** `seq`: how many actions its row knows of. */
  const change = (change: Change, seq = 0, position = 0) =>
    bench.clicks.change(ANN, ref(bench.shown, seq, position), change);
  return {
    sent,
    run,
    work,
    claimOne,
    change,
    undo: (seq = 1, position = 0) => bench.clicks.undo(ANN, ref(bench.shown, seq, position)),
    retry: () => bench.clicks.retry(ANN, ref(bench.shown, 1)),
    drop: (seq = 1, position = 0) => bench.clicks.drop(ANN, ref(bench.shown, seq, position)),
    /** Presses, and has the work done. */
    async act(...pressed: Parameters<typeof change>) {
      await change(...pressed);
      await work();
    },
    /** Works on, with minutes passing, until nothing waits any more. */
    async workOn() {
      for (let round = 0; round < 20; round += 1) {
        await work();
        pass(60_000);
      }
    },
    async enqueue(payload: JobPayload) {
      enqueued += 1;
      await bench.deps.queue.enqueue(newJob(`test:${enqueued}`, payload, bench.deps.clock()));
    },
    /** The app's own worker on these handlers, until the test is over. */
    startWorker(): Worker {
      // It looks when it is asked to: until then a test may change a job.
      const queue = { ...bench.deps.queue, onEnqueued() {} };
      const worker = createWorker({ ...bench.deps, queue, kinds: Object.keys(KINDS), urgentPriority: URGENT_PRIORITY });
      worker.start(run);
      onTestFinished(async () => void (await worker.stop(0)));
      return worker;
    },
    /** A worker takes the only job and waits for the provider's answer; what is returned lets it go on, to its end. */
    async startSlowly(what: 'read' | 'perform') {
      const gate = Promise.withResolvers<void>();
      bench.provider.gate[what] = gate.promise;
      const asked = () => (what === 'read' ? bench.provider.calls : sent()).length;
      const before = asked();
      const working = run(await claimOne());
      await expect.poll(asked).toBeGreaterThan(before);
      bench.provider.gate[what] = undefined;
      return async () => {
        gate.resolve();
        await working;
      };
    },
  };
}

/** What there is to be seen, and what a test puts there. */
function looking(bench: Bench) {
  const { provider } = bench;
  /** Stores a message with rows for these tasks. */
  const show = async (tasks: readonly Task[], rep = ANN, kind: MessageKind = 'list'): Promise<string> => {
    const at = bench.deps.clock();
    const message = { ...rep, kind, summary: summary({ fetchedAt: at, localDate: '2026-11-23' }), createdAt: at };
    bench.shown = (await bench.deps.store.messages.create(message, tasks)).id;
    return bench.shown;
  };
  return {
    show,
    /** The same, posted as a digest. */
    async showDigest(tasks: readonly Task[], rep = ANN) {
      const id = await show(tasks, rep, 'digest');
      await bench.deps.store.messages.markPosted(id, { channel: 'D1', ts: `${id}.0` });
      return id;
    },
    /** What the provider holds for Ann. */
    holds: (...tasks: Task[]) => void provider.open.set('ann at fake', tasks),
    latest: (taskId = '1', rep = ANN) => bench.deps.store.ledger.latest({ ...rep, provider: provider.id, taskId }),
    async rep(key = ANN) {
      const rep = await bench.deps.store.reps.find(key);
      if (!rep) throw new Error('no such rep');
      return rep;
    },
    link: (key: RepKey, externalId: string, more: Partial<Link> = {}) =>
      bench.deps.store.links.save(link(key, { provider: provider.id, externalId, email: undefined, ...more })),
    /** A rep's users at the providers, and by what they are linked to them. */
    linked: async (key = ANN) =>
      (await bench.deps.store.links.of(key)).map(({ externalId, origin }) => `${externalId} by ${origin}`),
    /** A rep has signed in at a provider. */
    connect: (key: RepKey, at: string, more: Partial<Grant> = {}) =>
      bench.deps.store.connections.save({ ...key, provider: at, grant: grant(more), at: bench.deps.clock() }),
    /** Every change of who is who, oldest first. */
    async audit() {
      const events = await bench.deps.store.people.events(ANN.teamId, { limit: 100 });
      const lines = events.map(({ userId, event, externalId, by }) => `${userId} ${event} ${externalId} by ${by}`);
      return lines.toReversed();
    },
  };
}

interface CoreOptions extends Pick<Awaited<ReturnType<typeof openUrl>>, 'store' | 'queue'> {
  clock: () => number;
  screen: FakeScreen;
  providers: Map<string, TaskProvider>;
  log: Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;
  members: readonly Member[];
  sightings: ReadonlyMap<string, Sighting>;
  looks: string[];
  groups: ReadonlyMap<string, readonly string[]>;
  undoWindowMs?: number;
  hasLooks?: boolean;
  pilot?: Circle | undefined;
  admins?: Circle | undefined;
}

function withoutLooks(queue: Queue): Queue {
  return {
    ...queue,
    enqueue: async (job, tx) => !(job.payload.kind === 'reconcile' && job.payload.digest) && queue.enqueue(job, tx),
  };
}

/** As `src/app.ts` makes it. */
function createCore(options: CoreOptions) {
  const { store, clock, screen, providers, log, members, sightings, looks, groups, undoWindowMs = 10_000 } = options;
  const queue = options.hasLooks ? options.queue : withoutLooks(options.queue);
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
  const membersOf = async (groupId: string) => {
    const found = groups.get(groupId);
    if (!found) throw new DeliveryError('permanent', 'Slack: no_such_subteam', { code: 'no_such_subteam' });
    return found;
  };
  const urls = {
    start: (id: string) => `https://docket.example/start/${id}`,
    callback: (id: string) => `https://docket.example/oauth/${id}`,
  };
  const calendar = createCalendar();
  const presence: Presence = {
    mayLook: () => true,
    async look({ userId }) {
      looks.push(userId);
      return sightings.get(userId) ?? { away: false };
    },
  };
  const saveRep = createSaveRep({ store, queue, calendar, clock, log, defaultDigestTime: '09:00' });
  const lists = createLists({ store, providers, calendar, clock, random, log });
  const circles = { pilot: options.pilot, admins: options.admins };
  const ports = {
    ...circles,
    store,
    queue,
    calendar,
    presence,
    clock,
    screen,
    providers,
    random,
    log,
    meter: NO_METER,
    directory,
    groups: { members: membersOf },
    secrets,
  };
  const deps = { ...ports, saveRep, lists };
  const hooking: HookDeps = { ...deps, hookUrl: (id) => `https://docket.example/webhooks/${id}` };
  const handlers: Handlers = {
    perform: performHandler(deps),
    undo: undoHandler(deps),
    show: showHandler(screen),
    sweep: sweepHandler(deps),
    create: createHandler(deps),
    notify: notifyHandler(deps),
    digest: digestHandler(deps),
    welcome: welcomeHandler(deps),
    return: returnHandler(deps),
    close: closeHandler(deps),
    nudge: nudgeHandler(deps),
    post: postHandler(deps),
    changed: changedHandler(deps),
    ahead: aheadHandler(deps),
    reconcile: reconcileHandler(deps),
    renew: renewHandler(deps),
    hook: hookHandler(hooking),
    unhook: unhookHandler({ ...deps, toolWith: (id) => providers.get(id) ?? fakeProvider(id) }),
    rollup: rollupHandler(deps),
    link: linkHandler({ ...deps, syncMark: () => 'settings 1' }),
  };
  return {
    deps,
    handlers,
    /** Runs a job and ends it. */
    runJob: (job: Job) => runJob({ ...deps, handlers }, job),
    lists,
    clicks: createClicks({ ...deps, undoWindowMs }),
    sweeps: createSweeps({ ...deps, undoWindowMs }),
    closing: createClosing({ ...deps, undoWindowMs }),
    followUps: createFollowUps(deps),
    digests: createDigests(deps),
    schedules: createSchedules(deps),
    people: createPeople({ ...deps, circuits: new Map() }),
    links: createLinkDecisions(deps),
    rollups: createRollups(deps),
    signIns: createSignIns({ ...deps, urls }),
  };
}

/** A linked rep in New York with the default schedule, whose next digest comes at `nextDueAt`. */
export async function addRep(
  { deps, provider }: Bench,
  key: RepKey,
  externalId: string,
  { nextDueAt = MONDAY_NINE, isWelcomed = true } = {},
): Promise<void> {
  const email = addressOf(key);
  await deps.store.reps.save({ ...key, name: key.userId, email, slackZone: NEW_YORK, locale: undefined, active: true });
  await deps.store.links.save(link(key, { provider: provider.id, externalId, email, linkedAt: 1 }));
  await deps.store.schedules.save(schedule(key, { nextDueAt }));
  if (isWelcomed) await deps.store.reps.markWelcomed(key, 1);
  provider.open.set(externalId, [task('1'), task('2')]);
}

/** The address of a rep whom `addRep` made. */
export function addressOf({ userId }: RepKey): string {
  return `${userId.toLowerCase()}@x.example`;
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

export function ref(messageId: string, seq = 0, position = 0) {
  return { messageId, position, seq };
}
