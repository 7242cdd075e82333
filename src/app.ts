/** Constructs everything. `main.ts` and the tests call it; nothing happens before `start`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { rowsThatFit } from '../blocks/rows-that-fit.ts';
import type { Config } from './config.ts';
import { createEdits } from './core/clicks/edits.ts';
import { createFollowUps, createHandler } from './core/clicks/follow-up.ts';
import { createHistory } from './core/clicks/history.ts';
import { performHandler } from './core/clicks/perform.ts';
import { createClicks } from './core/clicks/record.ts';
import { resumeRefusedKeys } from './core/clicks/resume.ts';
import { showHandler } from './core/clicks/settle.ts';
import { undoHandler } from './core/clicks/undo.ts';
import { daily, enqueueLink } from './core/daily.ts';
import { createLists } from './core/digests/listing.ts';
import { changedHandler, enqueueChecks, reconcileHandler } from './core/digests/reconcile.ts';
import { retireDigests } from './core/digests/retire.ts';
import { createSchedules } from './core/digests/schedule.ts';
import { claimDueDigests, createDigests, digestHandler } from './core/digests/send.ts';
import { createViews } from './core/digests/views.ts';
import { enqueueHookChecks, handleWebhook, hookHandler } from './core/digests/webhooks.ts';
import { welcomeReps } from './core/digests/welcome.ts';
import { type Circuit, createCircuit } from './core/jobs/circuit.ts';
import { type Handlers, KINDS, URGENT_PRIORITY } from './core/jobs/kinds.ts';
import { notifyHandler } from './core/jobs/notices.ts';
import { runJob } from './core/jobs/run.ts';
import { DeliveryError } from './core/model/errors.ts';
import type { ProviderId } from './core/model/keys.ts';
import { createLinkDecisions } from './core/people/decide.ts';
import { grantsOf, refuseWrongKeys, renewHandler } from './core/people/grants.ts';
import { createPeople } from './core/people/people.ts';
import { createSaveRep } from './core/people/reps.ts';
import { createSignIns } from './core/people/sign-in.ts';
import { linkHandler } from './core/people/sync.ts';
import type { TaskProvider } from './core/ports/provider.ts';
import type { Clock, Log } from './core/ports/runtime.ts';
import { consentPath, createHttpServer, hookPath, SLACK_EVENTS_PATH, startPath } from './http/server.ts';
import { createTick } from './jobs/tick.ts';
import { createWorker } from './jobs/worker.ts';
import { createProviders } from './providers/index.ts';
import { queueMigrations } from './queue/migrations.ts';
import { createQueue } from './queue/queue.ts';
import { createSecrets } from './secrets.ts';
import { createDirectory } from './slack/directory.ts';
import { createAccounts, registerAccounts } from './slack/listeners/accounts.ts';
import { registerCommands } from './slack/listeners/commands.ts';
import { registerEdits } from './slack/listeners/edits.ts';
import { registerFollowUp } from './slack/listeners/follow-up.ts';
import { registerHistory, sayHistory } from './slack/listeners/history.ts';
import { createHome, publishHome, registerHome } from './slack/listeners/home.ts';
import { registerLists } from './slack/listeners/lists.ts';
import { registerMembers } from './slack/listeners/members.ts';
import { createReplies } from './slack/listeners/replies.ts';
import { registerRows } from './slack/listeners/rows.ts';
import { registerSettings } from './slack/listeners/settings.ts';
import { registerTeam } from './slack/listeners/team.ts';
import { registerTyped } from './slack/listeners/typed.ts';
import { registerWhen } from './slack/listeners/when.ts';
import { createFit } from './slack/screen/fit.ts';
import { createLeftMessages } from './slack/screen/left-messages.ts';
import { createScreen } from './slack/screen/screen.ts';
import { clientOptions, createBolt } from './slack/transport/bolt.ts';
import { registerTokens, WatchedClient } from './slack/transport/client.ts';
import { connectSlack } from './slack/transport/connect.ts';
import { openDatabase, pathOf } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { storeMigrations } from './store/migrations.ts';
import { explainDatabase } from './store/start-problems.ts';
import { createStore } from './store/store.ts';
import { createVault } from './store/vault.ts';

/** Replaced in tests. */
export interface Overrides {
  clock?: Clock;
  random?: () => number;
  /** For a provider's answer. */
  timeoutMs?: number;
  providers?: ReadonlyMap<string, TaskProvider>;
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
  /** Resolves when no job is due or running and no message waits to be rendered. */
  idle(): Promise<void>;
}

const STOP_TIMEOUT_MS = 7_000;

export function createApp(config: Config, log: Log, overrides: Overrides = {}): DocketApp {
  const { clock = Date.now, random = Math.random, timeoutMs } = overrides;
  const ending = new AbortController();
  const isStopping = () => ending.signal.aborted;
  let ready = false;
  let teamId: string | undefined;
  let port = config.port;
  // Without a public URL, sign-in works from this machine's browser.
  const address = (path: string) => (config.publicUrl ?? `http://localhost:${port}`).replace(/\/+$/, '') + path;
  const secrets = createSecrets();

  const db = openDatabase(config.databaseUrl);
  const store = createStore(db, createVault(config.encryptionKeys));
  const queue = createQueue(db, clock);
  const worker = createWorker({ queue, kinds: Object.keys(KINDS), clock, log, urgentPriority: URGENT_PRIORITY });
  const { wake } = worker;

  const circuits = new Map<ProviderId, Circuit>();
  /** Jobs that wait for the provider go on when it recovers. */
  const goOn = async (provider: ProviderId) => {
    try {
      const jobs = await queue.hasten(provider, clock());
      log.info({ provider, jobs }, 'a provider answers again');
      wake();
    } catch (error) {
      log.error({ err: error, provider }, 'jobs go on later than they could');
    }
  };
  const createDepsOf = (provider: ProviderId) => {
    const circuit = createCircuit(clock, () => void goOn(provider));
    circuits.set(provider, circuit);
    const grants = grantsOf({ store, queue, clock, log }, provider);
    return { clock, circuit, grants, redirectUri: address(consentPath(provider)), ...(timeoutMs && { timeoutMs }) };
  };
  const providers = overrides.providers ?? createProviders(config.providers, createDepsOf);

  const bolt = createBolt({ ...config.slack, proxied: config.proxied }, log, clock);
  const client = new WatchedClient(config.slack.botToken, clientOptions(config.slack.apiUrl, log), log);
  const { watch } = client;
  const directory = createDirectory({ client, clock, log, sleep: (ms) => untilStopped(ms, ending.signal) });

  const saveRep = createSaveRep({ store, clock, log, defaultDigestTime: config.defaultDigestTime });
  const linking = { store, queue, providers, directory, clock, log, saveRep };
  const people = createPeople({ ...linking, circuits });
  const links = createLinkDecisions(linking);
  const urls = {
    start: (provider: ProviderId) => address(startPath(provider)),
    callback: (provider: ProviderId) => address(consentPath(provider)),
  };
  const signIns = createSignIns({ store, queue, providers, clock, random, log, secrets, urls });

  const views = createViews({ store, clock });
  const fit = createFit(log);
  const screen = createScreen({
    views,
    people,
    providers,
    client,
    fit,
    clock,
    log,
    publishHome: (view) => publishHome({ views, people, providers, client }, view),
  });
  const lists = createLists({
    store,
    providers,
    rowsThatFit: (list, { zone }) => rowsThatFit(list, providers, { now: clock(), zone }, fit.room),
    clock,
    random,
    log,
  });

  const settling = { store, queue, providers, screen, clock };
  const digesting = { ...settling, lists, log };
  const hooking = {
    store,
    queue,
    providers,
    clock,
    log,
    secrets,
    hookUrl: (provider: ProviderId) => (config.publicUrl === undefined ? undefined : address(hookPath(provider))),
  };
  const clicks = createClicks({ store, queue, providers, clock, undoWindowMs: config.undoWindowMs });
  const edits = createEdits({ store, providers });
  const followUps = createFollowUps({ store, queue, providers, clock, log });
  const history = createHistory(store);
  const schedules = createSchedules({ store, clock });
  const digests = createDigests(digesting);

  const handlers: Handlers = {
    perform: performHandler(settling),
    undo: undoHandler(settling),
    show: showHandler(screen),
    create: createHandler({ store, queue, providers, clock, log }),
    notify: notifyHandler(screen),
    digest: digestHandler(digesting),
    changed: changedHandler(digesting),
    reconcile: reconcileHandler(digesting),
    hook: hookHandler(hooking),
    link: linkHandler(linking),
    renew: renewHandler({ store, providers, clock, log }),
  };

  const replies = createReplies({ client, screen, people, random, log });
  const home = createHome({ people, lists, screen, client });
  const left = createLeftMessages(clock);
  const accounts = createAccounts({ signIns, people, providers, home, left });
  const historyParts = { history, providers, people, replies, clock };
  const commandParts = {
    lists,
    digests,
    schedules,
    people,
    history: sayHistory.bind(undefined, historyParts),
    accounts,
    replies,
  };
  registerRows(bolt.app, { clicks, edits, people, replies, screen, wake, clock, log });
  registerWhen(bolt.app, { clicks, people, replies, screen, client, wake, log });
  registerEdits(bolt.app, { clicks, edits, people, replies, screen, wake });
  registerFollowUp(bolt.app, { followUps, people, providers, replies, wake, clock, log });
  registerLists(bolt.app, { lists, views, people, replies, screen });
  registerSettings(bolt.app, { people, schedules, replies });
  registerHistory(bolt.app, historyParts);
  registerHome(bolt.app, home);
  registerAccounts(bolt.app, { links, signIns, people, providers, left, accounts, replies, wake });
  registerTeam(bolt.app, { links, people, providers, replies, wake });
  registerCommands(bolt.app, { ...commandParts, screen });
  registerTyped(bolt.app, { ...commandParts, client });
  registerMembers(bolt.app, { people, log });
  registerTokens(bolt.app, watch);
  bolt.app.error(async (error) => log.error({ err: error }, 'a listener failed'));

  const http = createHttpServer({
    port: config.port,
    ready: () => ready && !isStopping() && bolt.isUp() && watch.isFine(),
    taking: () => ready && !isStopping(),
    slack: bolt.requests,
    log,
    signatureHeader: (provider) => providers.get(provider)?.hooks?.signatureHeader,
    clock,
    startConsent: signIns.start,
    async consent(provider, answer) {
      const outcome = await signIns.callback(provider, answer);
      wake();
      if (outcome?.is === 'connected' && !outcome.again) {
        accounts.showConnected(outcome.rep, outcome.provider).catch((error) => {
          log.warn({ err: error, rep: outcome.rep.userId }, 'could not show a new connection');
        });
      }
      return outcome;
    },
    async handleWebhook(provider, request) {
      const taken = await handleWebhook(hooking, provider, request);
      wake();
      return taken;
    },
  });

  let retiring: Promise<void> | undefined;
  /** Not awaited: Slack's rate limit may make it slow. */
  function retire(team: string): void {
    retiring ??= retireDigests({ store, screen, clock, log }, team, () => !isStopping())
      .catch((error) => log.error({ err: error }, 'could not take the buttons off old digests'))
      .finally(() => {
        retiring = undefined;
      });
  }

  const tick = createTick({
    clock,
    log,
    async work() {
      if (teamId !== undefined) {
        await daily(hooking, teamId, config.retentionMs);
        await enqueueChecks(digesting, teamId);
        retire(teamId);
      }
      await store.consents.prune(clock());
      // Before the digests, because a digest without a tool moves to the next day.
      const welcomed = await welcomeReps(digesting);
      const claimed = await claimDueDigests(digesting);
      if (welcomed + claimed > 0) wake();
    },
  });

  /** A fingerprint of the company's credential. */
  const markOf = (provider: ProviderId) =>
    secrets.hash(JSON.stringify([provider, config.providers.get(provider)])).slice(0, 16);

  async function start(): Promise<void> {
    await migrate(db, { ...storeMigrations, ...queueMigrations }).catch((error) => {
      throw explainDatabase(error, pathOf(config.databaseUrl));
    });
    await refuseWrongKeys({ store, providers, log });
    port = await http.start();
    // Jobs from before a crash go on at once, even without Slack. Those that wait for a provider try it again.
    for (const provider of providers.keys()) await queue.hasten(provider, clock());
    worker.start((job) => runJob({ store, queue, handlers, clock, random, log }, job));
    teamId = await connectSlack(bolt, client, log, isStopping);
    if (isStopping()) return;
    ready = true;
    // The day's first start runs the daily sync anyway.
    if (!(await daily(hooking, teamId, config.retentionMs))) await enqueueLink(hooking, teamId, `start:${clock()}`);
    await enqueueHookChecks(hooking);
    await resumeRefusedKeys({ store, queue, clock, providers, log }, teamId, markOf);
    wake();
    tick.start();
    const requestUrl = bolt.requests && config.publicUrl && address(SLACK_EVENTS_PATH);
    log.info({ port, team: teamId, providers: [...providers.keys()], requestUrl }, 'Docket is up');
  }

  async function stop(graceMs = STOP_TIMEOUT_MS): Promise<void> {
    watch.stop();
    ending.abort();
    await bolt.disconnect().catch((error) => log.warn({ err: error }, 'the socket did not close'));
    const [ended] = await Promise.all([
      worker.stop(graceMs),
      within(bolt.settled(), graceMs),
      within(tick.stop(), graceMs),
    ]);
    if (!ended) log.warn({}, 'stopped with jobs in hand; they go on at the next start');
    await within(Promise.resolve(retiring), 1_000);
    await within(screen.settled(), 1_000);
    await http.stop();
    await db.destroy();
  }

  return {
    start,
    stop,
    get port() {
      return port;
    },
    tick: () => tick.now(),
    async idle() {
      await bolt.settled();
      await worker.idle();
      await retiring;
      await screen.settled();
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
