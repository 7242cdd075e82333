/** Constructs everything. `main.ts` and the tests call it; nothing happens before `start`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { resumeRefusedKeys } from './core/clicks/resume.ts';
import { beginDay, enqueueLink, prune } from './core/daily.ts';
import { createAhead } from './core/digests/ahead.ts';
import { createWatch, lateDigests } from './core/digests/deliveries.ts';
import { retireDigests } from './core/digests/retire.ts';
import { prepareHolidays } from './core/digests/schedule.ts';
import { claimDueDigests } from './core/digests/send.ts';
import { enqueueHookChecks } from './core/digests/webhooks.ts';
import { welcomeReps } from './core/digests/welcome.ts';
import { KINDS, SWEEP_PRIORITY, URGENT_PRIORITY } from './core/jobs/kinds.ts';
import { runJob } from './core/jobs/run.ts';
import { DeliveryError } from './core/model/errors.ts';
import { createRepeats } from './core/model/log-limit.ts';
import { DAY } from './core/model/time.ts';
import { refuseWrongKeys } from './core/people/grants.ts';
import { claimDueRollups } from './core/people/rollup-send.ts';
import type { Calendar } from './core/ports/calendar.ts';
import { NO_METER } from './core/ports/meter.ts';
import type { Job } from './core/ports/queue.ts';
import type { Clock, Log } from './core/ports/runtime.ts';
import { createCalendar } from './holidays.ts';
import { createHttpServer, SLACK_EVENTS_PATH } from './http/server.ts';
import { createAcksFirst } from './jobs/acks-first.ts';
import { createClockWatch, MOST_SKEW_MS } from './jobs/clock-watch.ts';
import { createOnce } from './jobs/once.ts';
import { createTick } from './jobs/tick.ts';
import { createWorker } from './jobs/worker.ts';
import { PROVIDERS } from './providers/index.ts';
import { JOBS_CHANNEL } from './queue/engine.ts';
import { queueMigrations } from './queue/migrations.ts';
import { createQueue } from './queue/queue.ts';
import { createSecrets } from './secrets.ts';
import { sharedPaces } from './shared-pace.ts';
import { createBolt } from './slack/transport/bolt.ts';
import { connectSlack } from './slack/transport/connect.ts';
import {
  databaseBytes,
  databaseClock,
  explainDatabase,
  openDatabase,
  openSharedNotes,
  openSignals,
} from './store/database.ts';
import { unsynced } from './store/manner.ts';
import { migrate } from './store/migrate.ts';
import { storeMigrations } from './store/migrations.ts';
import { createSockets } from './store/postgres/sockets.ts';
import { createStore } from './store/store.ts';
import { createVault } from './store/vault.ts';
import { createToolAccounts } from './tool-accounts.ts';
import { createToolRequests } from './tool-requests.ts';
import { createWorkspace, type Workspace } from './workspace.ts';
import type { ToolOverrides } from './workspace-tools.ts';
import { createWorkspaces } from './workspaces.ts';

/** Replaced in tests. */
export interface Overrides extends ToolOverrides {
  clock?: Clock;
  random?: () => number;
  calendar?: Calendar;
  /** The limit of edits that nobody waits for. */
  backgroundEdits?: { intervalCap: number; interval: number };
}

export interface DocketApp {
  /** Resolves when the app takes clicks. Rejects with `StartError`. */
  start(): Promise<void>;
  /** Finishes running work within the time. */
  stop(graceMs?: number): Promise<void>;
  /** The port of the HTTP server, once started. */
  readonly port: number;
  /** Runs one tick now. */
  tick(): Promise<void>;
  /** The next time for which a job or a digest is planned. What ticks find by themselves, such as checks, is not planned. */
  nextAt(): Promise<number | undefined>;
  /** Resolves when no tick is running, no job is due or running, and no message waits to be rendered. */
  idle(): Promise<void>;
}

const STOP_TIMEOUT_MS = 7_000;
/** After every sixteen claims of digests. */
const CLAIMS_PAUSE_MS = 50;

export function createApp(config: Config, log: Log, overrides: Overrides = {}): DocketApp {
  const { clock = Date.now, random = Math.random, calendar = createCalendar() } = overrides;
  const ending = new AbortController();
  const isStopping = () => ending.signal.aborted;
  let ready = false;
  let teamId: string | undefined;
  let port = config.port;
  // Without a public URL, sign-in works from this machine's browser.
  const address = (path: string) => (config.publicUrl ?? `http://localhost:${port}`).replace(/\/+$/, '') + path;

  const secrets = createSecrets();
  const sockets = createSockets();
  const db = openDatabase(config.databaseUrl, { sockets });
  const store = createStore(db, createVault(config.encryptionKeys));
  const notes = openSharedNotes(db, config.databaseUrl);
  const sharePace = notes && sharedPaces(notes);
  const signals = openSignals({ url: config.databaseUrl, channel: JOBS_CHANNEL, sockets, log });
  const others = notes && signals;
  const queue = createQueue(db, clock, unsynced, signals.hear);
  const othersClock = databaseClock(db, config.databaseUrl);
  // The machine's own: a test's clock is not what other machines go by.
  const clockWatch = createClockWatch({ databaseClock: othersClock, clock: Date.now, log });
  const skew = { skewMs: othersClock ? MOST_SKEW_MS : 0, mayClaim: clockWatch.isRight };
  const kinds = Object.keys(KINDS);
  const priorities = { urgentPriority: URGENT_PRIORITY, sweepPriority: SWEEP_PRIORITY };
  const acksFirst = createAcksFirst();
  const { turn } = acksFirst;
  const worker = createWorker({ queue, kinds, clock, log, turn, ...priorities, ...skew });
  const { wake } = worker;
  const { metrics } = overrides;
  const meter = metrics?.meter ?? NO_METER;
  const base = { config, store, queue, secrets, calendar, clock, random, log, meter, address };
  const sleep = (ms: number) => untilStopped(ms, ending.signal);
  const toolAccounts = createToolAccounts({ store, secrets, clock, isShared: sharePace !== undefined });
  const together = { sharePace, others, toolAccounts, mayRecord: clockWatch.isRight };
  const shared = { ...base, ...together, wake, sleep, turn, overrides };

  const bolt = createBolt({ ...config.slack, proxied: config.proxied, meter, beginAck: acksFirst.begin }, log, clock);
  /** The workspace whose token is in the settings. */
  const home = createWorkspace(shared, {
    ...{ app: bolt.app, token: config.slack.botToken, config },
    whose: { teamId: () => teamId, installed: undefined },
  });
  const { uses, providers, client } = home;
  const { watch } = client;
  const workspaces = createWorkspaces({
    ...{ store, queue, log, home },
    homeTeam: () => teamId,
    open: (install) =>
      createWorkspace(shared, {
        app: bolt.open(install),
        token: install.token,
        config: { ...config, providers: new Map(), pilot: undefined, admins: undefined },
        whose: { teamId: () => install.teamId, installed: install.teamId },
      }),
    close: bolt.close,
  });

  async function work(job: Job): Promise<void> {
    const workspace = await workspaces.ofJob(job);
    if (workspace) return runJob({ ...base, handlers: workspace.handlers, repeats }, job);
    log.info({ job: job.id, kind: job.payload.kind }, 'a job ended with its workspace');
    await queue.complete(job);
  }

  metrics?.observe({
    clock,
    backlog: () => queue.backlog(clock()),
    lateDigests: async () => (await lateDigests({ store, clock })).reps,
    circuits: () => outagesOf(workspaces.each()),
    budgets: toolAccounts.left,
    isSocketUp: bolt.isUp,
    isTokenAccepted: watch.isFine,
    databaseBytes: () => databaseBytes(db, config.databaseUrl),
  });
  const http = createHttpServer({
    metrics: metrics && { token: config.metrics?.token, read: metrics.read },
    port: config.port,
    ready: () => ready && !isStopping() && bolt.isUp() && watch.isFine() && signals.isUp() && clockWatch.isRight(),
    taking: () => ready && !isStopping(),
    slack: bolt.requests,
    log,
    clock,
    ...createToolRequests({ ...base, workspaces, home, homeTeam: () => teamId, wake }),
  });

  const retiring = new Map<string, Promise<void>>();
  /** Not awaited: Slack's rate limit may make it slow. */
  function retire({ uses }: Workspace, team: string): void {
    if (retiring.has(team)) return;
    const work = retireDigests(uses, team, () => !isStopping())
      .catch((error) => log.error({ err: error }, 'could not take the buttons off old digests'))
      .finally(() => retiring.delete(team));
    retiring.set(team, work);
  }

  let pruning: Promise<void> | undefined;
  /** True on the day's first call in all processes. Deleting old rows takes seconds, and nothing waits for it. */
  async function daily({ uses }: Workspace, team: string): Promise<boolean> {
    if (!(await beginDay(uses, team))) return false;
    pruning ??= Promise.all([prune(uses, config.retentionMs), notes?.prune(DAY)])
      .then(() => undefined)
      .catch((error) => {
        if (!isStopping()) log.error({ err: error }, 'could not delete old rows');
      })
      .finally(() => {
        pruning = undefined;
      });
    return true;
  }

  /** False: Docket is stopping. */
  const pause = async (ms: number) => {
    await untilStopped(ms, ending.signal).catch(() => undefined);
    return !isStopping();
  };
  const pauseClaims = () => pause(CLAIMS_PAUSE_MS);
  const once = notes ? createOnce({ notes, clock, pause }) : (work: () => Promise<void>) => work();
  const lateWatch = createWatch(uses);
  const planAhead = createAhead(uses);
  const repeats = createRepeats(log);
  /** The minute's work for all processes. */
  async function minutely(): Promise<void> {
    await store.consents.prune(clock());
    let planned = 0;
    for (const { teamId: team, workspace } of workspaces.all()) {
      await daily(workspace, team);
      retire(workspace, team);
      // Alone it looks at everyone, in the order of the index.
      planned += await planOf(workspace, workspaces.isAlone() ? undefined : team);
    }
    planned += await claimDueRollups(uses);
    if (planned > 0) wake();
    await planAhead();
    await lateWatch.look();
  }

  const tick = createTick({
    clock,
    log,
    async work() {
      for (const each of workspaces.each()) each.uses.screen.foldDue();
      if (!clockWatch.isRight()) return;
      await workspaces.refresh();
      await toolAccounts.share();
      await once(minutely);
      repeats.sumUp();
    },
  });

  async function planOf(workspace: Workspace, team: string | undefined): Promise<number> {
    // Before the digests, because a digest without a tool moves to the next day.
    const welcomed = await welcomeReps(workspace.uses, team);
    return welcomed + (await claimDueDigests(workspace.uses, pauseClaims, team));
  }

  async function start(): Promise<void> {
    await migrate(db, { ...storeMigrations, ...queueMigrations }).catch((error) => {
      throw explainDatabase(error, config.databaseUrl);
    });
    await refuseWrongKeys(uses);
    await clockWatch.start();
    signals.start();
    port = await http.start();
    // Jobs from before a crash go on at once, even without Slack. Those that wait for a provider try it again.
    for (const provider of Object.keys(PROVIDERS)) await queue.hasten(provider, clock());
    await workspaces.refresh();
    worker.start(work);
    teamId = await connectSlack(bolt, client, log, isStopping);
    if (isStopping()) return;
    await home.readCircles();
    await workspaces.refresh();
    ready = true;
    await prepareHolidays(uses);
    // The day's first start runs the daily sync anyway.
    if (!(await daily(home, teamId))) await enqueueLink(uses, teamId, `start:${clock()}`);
    await enqueueHookChecks(uses, teamId);
    await resumeRefusedKeys(uses, teamId, home.markOf);
    wake();
    tick.start();
    const requestUrl = bolt.requests && config.publicUrl && address(SLACK_EVENTS_PATH);
    log.info({ port, team: teamId, providers: [...providers.keys()], requestUrl }, 'Docket is up');
  }

  async function stop(graceMs = STOP_TIMEOUT_MS): Promise<void> {
    const watches = workspaces.each().map(({ client }) => client.watch);
    for (const watch of watches) watch.stop();
    clockWatch.stop();
    ending.abort();
    await bolt.disconnect().catch((error) => log.warn({ err: error }, 'the socket did not close'));
    const [ended] = await Promise.all([
      worker.stop(graceMs),
      within(bolt.settled(), graceMs),
      within(tick.stop(), graceMs),
    ]);
    if (!ended) log.warn({}, 'stopped with jobs in hand; they go on at the next start');
    await within(Promise.all([...retiring.values(), pruning]).then(), 1_000);
    const screens = workspaces.each().map((each) => each.uses.screen);
    for (const screen of screens) screen.stop();
    await within(Promise.all(screens.map((screen) => screen.settled())).then(), 1_000);
    for (const screen of screens) screen.close();
    await http.stop();
    await signals.stop();
    await db.destroy();
  }

  return {
    start,
    stop,
    get port() {
      return port;
    },
    tick: () => tick.now(),
    async nextAt() {
      const now = clock();
      const planned = await Promise.all([queue, store.schedules, store.rollups].map((each) => each.nextAfter(now)));
      const times = planned.filter((at) => at !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    async idle() {
      await tick.idle();
      await bolt.settled();
      await worker.idle();
      await Promise.all([...retiring.values(), pruning]);
      await Promise.all(workspaces.each().map((each) => each.uses.screen.settled()));
    },
  };
}

/** Of each tool: whether it is away, for any workspace. */
function outagesOf(workspaces: readonly Workspace[]): Map<string, boolean> {
  const away = new Map<string, boolean>();
  for (const [id, circuit] of workspaces.flatMap(({ circuits }) => [...circuits])) {
    away.set(id, away.get(id) === true || circuit.outage() !== undefined);
  }
  return away;
}

/** A pause that fails when the app stops. */
async function untilStopped(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw new DeliveryError('unavailable', 'Docket is stopping');
  });
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  await Promise.race([work, sleep(ms, undefined, { ref: false })]);
}
