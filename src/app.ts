/** Constructs everything. `main.ts` and the tests call it; nothing happens before `start`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { type ProviderOverrides, toolWith } from './connect-providers.ts';
import { lateDigests } from './core/digests/deliveries.ts';
import { unhookHandler } from './core/digests/left-webhooks.ts';
import { prepareHolidays } from './core/digests/schedule.ts';
import { KINDS, SWEEP_PRIORITY, URGENT_PRIORITY } from './core/jobs/kinds.ts';
import { runJob } from './core/jobs/run.ts';
import { DeliveryError } from './core/model/errors.ts';
import { createRepeats } from './core/model/log-limit.ts';
import { MINUTE } from './core/model/time.ts';
import { refuseWrongKeys } from './core/people/grants.ts';
import type { Calendar } from './core/ports/calendar.ts';
import { NO_METER } from './core/ports/meter.ts';
import type { Job } from './core/ports/queue.ts';
import type { Clock, Log } from './core/ports/runtime.ts';
import { createCalendar } from './holidays.ts';
import { INSTALL_PATH } from './http/install.ts';
import { createHttpServer, SLACK_EVENTS_PATH } from './http/server.ts';
import { connectInstall } from './install.ts';
import { createAcksFirst } from './jobs/acks-first.ts';
import { createClockWatch, MOST_SKEW_MS } from './jobs/clock-watch.ts';
import { createWorker } from './jobs/worker.ts';
import { createMinute } from './minute.ts';
import { PROVIDERS } from './providers/index.ts';
import { JOBS_CHANNEL } from './queue/engine.ts';
import { queueMigrations } from './queue/migrations.ts';
import { createQueue } from './queue/queue.ts';
import { createSecrets } from './secrets.ts';
import { sharedPaces } from './shared-pace.ts';
import { createBolt } from './slack/transport/bolt.ts';
import { connectSlack } from './slack/transport/connect.ts';
import { createStanding } from './standing.ts';
import {
  checkSessions,
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
import { createWorkspace, openInstalled } from './workspace.ts';
import { createWorkspaces } from './workspaces.ts';

/** Replaced in tests. */
export interface Overrides extends ProviderOverrides {
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
/** Tells the other processes that there are other installs, or tokens. */
const INSTALLS = 'installs';

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
  const { botToken } = config.slack;
  const whose = { teamId: () => teamId, installed: undefined };
  const home =
    botToken === undefined ? undefined : createWorkspace(shared, { app: bolt.app, token: botToken, config, whose });
  const workspaces = createWorkspaces({
    ...{ store, queue, clock, log, home },
    homeTeam: () => teamId,
    open: (install) => openInstalled(shared, { bolt, config, install }),
    close: bolt.close,
    refuse: bolt.refuse,
  });
  const standing = createStanding(workspaces);
  signals.onWord((word) => {
    if (word === INSTALLS) void serveInstalls();
  });

  /** A failure means that it comes a minute later. */
  async function serveInstalls(): Promise<void> {
    await workspaces.refresh().catch((error) => log.warn({ err: error }, 'an install is served a minute later'));
  }

  const install = connectInstall(config, {
    ...base,
    sleep,
    homeTeam: () => teamId,
    machineClock: Date.now,
    suspect(team) {
      const { watch } = workspaces.ofTeam(team)?.client ?? {};
      watch?.suspect({ isRemoved: false });
    },
    async serve() {
      await serveInstalls();
      signals.tell(INSTALLS);
      wake();
    },
  });

  /** Of no workspace: the one that it is about may be gone. */
  const unhook = unhookHandler({
    ...base,
    toolWith: (id, typed, grants) => toolWith(shared, overrides, id, { typed, grants }),
  });

  async function work(job: Job): Promise<void> {
    if (job.payload.kind === 'unhook') return runJob({ ...base, handlers: { unhook }, repeats }, job);
    const workspace = await workspaces.ofJob(job);
    if (workspace === 'later') return leave(job);
    if (workspace) return runJob({ ...base, handlers: workspace.handlers, repeats }, job);
    log.info({ job: job.id, kind: job.payload.kind }, 'a job ended with its workspace');
    await queue.complete(job);
  }

  /** It is no fault of the job's, so it counts neither as an attempt nor as time. */
  async function leave(job: Job): Promise<void> {
    const log = repeats.of('a workspace that is not served');
    log.warn({ job: job.id, kind: job.payload.kind }, 'a job waits until its workspace is served again');
    await queue.retry(job, { runAt: clock() + MINUTE, free: true, error: 'its workspace is not served' });
  }

  metrics?.observe({
    clock,
    backlog: () => queue.backlog(clock()),
    lateDigests: async () => (await lateDigests({ store, clock })).reps,
    circuits: standing.circuits,
    budgets: toolAccounts.left,
    isSocketUp: bolt.isUp,
    isTokenAccepted: standing.isEachAccepted,
    databaseBytes: () => databaseBytes(db, config.databaseUrl),
  });
  const isUp = () => bolt.isUp() && standing.isOneAccepted() && signals.isUp() && clockWatch.isRight();
  const http = createHttpServer({
    metrics: metrics && { token: config.metrics?.token, read: metrics.read },
    port: config.port,
    ready: () => ready && !isStopping() && isUp(),
    taking: () => ready && !isStopping(),
    slack: bolt.requests,
    install: install?.pages,
    log,
    clock,
    ...createToolRequests({ ...base, workspaces, home, homeTeam: () => teamId, wake }),
  });

  /** False: Docket is stopping. */
  const pause = async (ms: number) => {
    await untilStopped(ms, ending.signal).catch(() => undefined);
    return !isStopping();
  };
  const repeats = createRepeats(log);
  const minute = createMinute({
    ...{ ...base, notes, workspaces, isStopping, pause, wake },
    retentionMs: config.retentionMs,
    renewTokens: install?.renewTokens,
    shareBudgets: toolAccounts.share,
    mayWork: clockWatch.isRight,
    sumUp: repeats.sumUp,
  });
  const { tick } = minute;

  async function prepareDatabase(): Promise<void> {
    await checkSessions(config.databaseUrl, sockets);
    await migrate(db, { ...storeMigrations, ...queueMigrations });
  }

  async function start(): Promise<void> {
    await prepareDatabase().catch((error) => {
      throw explainDatabase(error, config.databaseUrl);
    });
    if (home) await refuseWrongKeys(home.uses);
    await clockWatch.start();
    signals.start();
    port = await http.start();
    await workspaces.refresh();
    // Jobs from before a crash go on at once, even without Slack. Those that wait for a provider try it again.
    for (const provider of Object.keys(PROVIDERS)) await queue.hasten(provider, clock());
    worker.start(work);
    teamId = await connectSlack(bolt, home?.client, log, isStopping);
    if (isStopping()) return;
    await home?.readCircles();
    await workspaces.refresh();
    await minute.begin();
    // From here on clicks are taken, and a database that is lost does not end the process.
    ready = true;
    await prepareHolidays(base).catch((error) => log.warn({ err: error }, 'could not read the holidays ahead'));
    wake();
    tick.start();
    const requestUrl = bolt.requests && config.publicUrl && address(SLACK_EVENTS_PATH);
    const installUrl = install && address(INSTALL_PATH);
    const count = workspaces.all().length;
    const providers = new Set(workspaces.each().flatMap((each) => [...each.providers.keys()]));
    log.info(
      { port, team: teamId, workspaces: count, providers: [...providers], requestUrl, installUrl },
      'Docket is up',
    );
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
    await within(minute.settled(), 1_000);
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
      await minute.settled();
      await Promise.all(workspaces.each().map((each) => each.uses.screen.settled()));
    },
  };
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
