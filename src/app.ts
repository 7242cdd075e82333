/** Wires everything. `main.ts` and the tests both call this; nothing happens until `start`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { createTask } from './core/clicks/follow-up.ts';
import { giveUp } from './core/clicks/give-up.ts';
import { performAction } from './core/clicks/perform.ts';
import { resumeRefusedKeys } from './core/clicks/resume.ts';
import { showOutcome } from './core/clicks/settle.ts';
import { CLICK_JOB_PRIORITY } from './core/clicks/show.ts';
import { undoAction } from './core/clicks/undo.ts';
import { daily, enqueueLink } from './core/daily.ts';
import { createReadings } from './core/digests/listing.ts';
import { enqueueLooks, onTaskChanged, reconcile } from './core/digests/reconcile.ts';
import { retireDigests } from './core/digests/retire.ts';
import { claimDueDigests, sendDigest } from './core/digests/send.ts';
import { enqueueHookChecks, keepHook, takeDelivery } from './core/digests/webhooks.ts';
import { welcomeReps } from './core/digests/welcome.ts';
import { type Circuit, createCircuit } from './core/jobs/circuit.ts';
import { sendNotice, tryAgainLater } from './core/jobs/notices.ts';
import { DeliveryError, StartError } from './core/model/errors.ts';
import type { ProviderId } from './core/model/keys.ts';
import { checkKeys, grantsOf, renewGrants } from './core/people/grants.ts';
import { type ConsentAnswer, type ConsentOutcome, completeConsent, startConsent } from './core/people/sign-in.ts';
import { linkTeam } from './core/people/sync.ts';
import type { TaskProvider } from './core/ports/provider.ts';
import type { Job } from './core/ports/queue.ts';
import type { Clock, Log } from './core/ports/runtime.ts';
import { consentPath, createHttpServer, hookPath, SLACK_EVENTS_PATH, startPath } from './http/server.ts';
import { createTick } from './jobs/tick.ts';
import { createWorker } from './jobs/worker.ts';
import { PROVIDERS, type ProviderDeps, type ProviderModule } from './providers/index.ts';
import { queueMigrations } from './queue/migrations.ts';
import { createQueue } from './queue/queue.ts';
import { createSecrets } from './secrets.ts';
import { createDirectory } from './slack/directory.ts';
import { registerAccounts, showConnected } from './slack/listeners/accounts.ts';
import { registerCommands } from './slack/listeners/commands.ts';
import type { SlackContext } from './slack/listeners/context.ts';
import { registerEdits } from './slack/listeners/edits.ts';
import { registerFollowUp } from './slack/listeners/follow-up.ts';
import { registerHistory } from './slack/listeners/history.ts';
import { publishHome, registerHome } from './slack/listeners/home.ts';
import { registerLists } from './slack/listeners/lists.ts';
import { registerPeople } from './slack/listeners/members.ts';
import { registerRows } from './slack/listeners/rows.ts';
import { registerModals } from './slack/listeners/settings.ts';
import { registerTeam } from './slack/listeners/team.ts';
import { registerTyped } from './slack/listeners/typed.ts';
import { registerWhen } from './slack/listeners/when.ts';
import { createScreen } from './slack/screen/screen.ts';
import { createSignIns } from './slack/screen/sign-ins.ts';
import { clientOptions, createBolt } from './slack/transport/bolt.ts';
import { registerTokens, WatchedClient } from './slack/transport/client.ts';
import { connectSlack } from './slack/transport/connect.ts';
import { openDatabase, pathOf } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { storeMigrations } from './store/migrations.ts';
import { explainDatabase } from './store/start-problems.ts';
import { createStore } from './store/store.ts';
import { createVault } from './store/vault.ts';

/** What tests replace: time, randomness, the log, and providers that no vendor has. */
export interface Overrides {
  clock?: Clock;
  random?: () => number;
  /** For one answer of a provider. */
  timeoutMs?: number;
  providers?: ReadonlyMap<string, TaskProvider>;
}

export interface DocketApp {
  /** Resolves when Slack has accepted the token and the app takes clicks. Rejects with `StartError` if that cannot be. */
  start(): Promise<void>;
  /** Finishes what is in hand, at most so long. */
  stop(withinMs?: number): Promise<void>;
  /** The port of the HTTP server, once started. */
  readonly port: number;
  /** Runs one tick now. */
  tick(): Promise<void>;
  /** Resolves when no job is due or running and no message waits to be rendered. */
  idle(): Promise<void>;
}

const STOP_WITHIN = 7_000;

export function createApp(config: Config, log: Log, overrides: Overrides = {}): DocketApp {
  // Without a public address, at least a browser on this machine finds its way back.
  const publicUrl = (port: number) => (config.publicUrl ?? `http://localhost:${port}`).replace(/\/+$/, '');
  const clock = overrides.clock ?? Date.now;
  const random = overrides.random ?? Math.random;
  const db = openDatabase(config.databaseUrl);
  const store = createStore(db, createVault(config.encryptionKeys));
  const queue = createQueue(db, clock);
  const circuits = new Map<ProviderId, Circuit>();
  /** Whoever waits for a provider need not wait for longer than it is away. */
  const goOn = (provider: ProviderId) =>
    queue
      .hasten(provider, clock())
      .then((jobs) => {
        log.info({ provider, jobs }, 'a provider answers again');
        worker.wake();
      })
      .catch((error) => log.error({ err: error, provider }, 'jobs go on later than they could'));
  const circuitOf = (provider: ProviderId): Circuit => {
    const circuit = createCircuit(clock, () => void goOn(provider));
    circuits.set(provider, circuit);
    return circuit;
  };
  const depsOf = (provider: ProviderId): ProviderDeps => ({
    clock,
    circuit: circuitOf(provider),
    ...(overrides.timeoutMs !== undefined && { timeoutMs: overrides.timeoutMs }),
    grants: grantsOf({ store, queue, clock, log }, provider),
    redirectUri: publicUrl(config.port) + consentPath(provider),
  });
  const providers = overrides.providers ?? createProviders(config, depsOf);
  const client = new WatchedClient(config.slack.botToken, clientOptions(config.slack.apiUrl, log), log);
  const { watch } = client;
  const ending = new AbortController();
  const bolt = createBolt({ ...config.slack, proxied: config.proxied }, log, clock);
  const screen = createScreen({
    store,
    providers,
    client,
    clock,
    log,
    publishHome: (message, rep) => publishHome(context, message, rep),
  });
  const context: SlackContext = {
    store,
    queue,
    providers,
    screen,
    client,
    signIns: createSignIns(clock),
    clock,
    random,
    log,
    readings: createReadings(),
    undoWindowMs: config.undoWindowMs,
    circuits,
    directory: createDirectory({ client, clock, log, sleep: (ms) => untilStopped(ms, ending.signal) }),
    defaultDigestTime: config.defaultDigestTime,
    zonesLogged: new Set(),
    secrets: createSecrets(),
    startUrl: (provider) => publicUrl(port) + startPath(provider),
    redirectUri: (provider) => publicUrl(port) + consentPath(provider),
    hookUrl: (provider) => config.publicUrl && publicUrl(port) + hookPath(provider),
    wake: () => worker.wake(),
  };
  const worker = createWorker({
    queue,
    clock,
    log,
    urgentPriority: CLICK_JOB_PRIORITY,
    giveUp: (job) => giveUp(context, job),
    handlers: {
      perform: (job, { actionId }) => performAction(context, job, actionId),
      undo: (job, { actionId }) => undoAction(context, job, actionId),
      digest: (job, { localDate, ...rep }) => sendDigest(context, job, rep, localDate),
      show: (job, { kind: _, ...task }) => showOutcome(context, job, task),
      link: (job, { teamId }) => link(context, job, teamId),
      notify: (job, { notice, ...rep }) => sendNotice(context, job, rep, notice),
      changed: (job, change) => onTaskChanged(context, job, change),
      reconcile: (job, rep) => reconcile(context, job, rep),
      create: (job, request) => createTask(context, job, request),
      hook: (job, { provider }) => keepHook(context, job, provider),
      renew: (job) => renewGrants(context, job),
    },
  });
  /** By what the company's credential is known: never it itself. */
  const markOf = (provider: ProviderId) =>
    context.secrets.hash(JSON.stringify([provider, config.providers.get(provider)])).slice(0, 16);
  let teamId: string | undefined;
  let retiring: Promise<void> | undefined;
  /** Takes as long as Slack lets it, so nothing waits for it. */
  const retire = (team: string) => {
    retiring ??= retireDigests(context, team, () => !stopping)
      .catch((error) => log.error({ err: error }, 'could not take the buttons off old digests'))
      .finally(() => {
        retiring = undefined;
      });
  };
  const tick = createTick({
    clock,
    log,
    work: async () => {
      if (teamId !== undefined) {
        await daily(context, teamId, config.retentionMs);
        await enqueueLooks(context, teamId);
        retire(teamId);
      }
      await store.consents.prune(clock());
      // First, for a digest that finds no tool to ask moves on to the next day.
      const welcomed = await welcomeReps(context);
      const claimed = await claimDueDigests(context);
      if (welcomed + claimed > 0) worker.wake();
    },
  });
  let ready = false;
  let stopping = false;
  let port = config.port;
  const http = createHttpServer({
    port: config.port,
    ready: () => ready && !stopping && bolt.isUp() && watch.isFine(),
    taking: () => ready && !stopping,
    slack: bolt.requests,
    log,
    signatureHeader: (provider) => providers.get(provider)?.hooks?.signatureHeader,
    clock,
    startConsent: (provider, ticket) => consentStarted(context, provider, ticket),
    consent: (provider, answer) => consentAnswered(context, provider, answer),
    delivery: async (provider, delivery) => {
      const taken = await takeDelivery(context, provider, delivery);
      worker.wake();
      return taken;
    },
  });
  registerRows(bolt.app, context);
  registerModals(bolt.app, context);
  registerWhen(bolt.app, context);
  registerLists(bolt.app, context);
  registerHistory(bolt.app, context);
  registerHome(bolt.app, context);
  registerCommands(bolt.app, context);
  registerEdits(bolt.app, context);
  registerAccounts(bolt.app, context);
  registerTeam(bolt.app, context);
  registerFollowUp(bolt.app, context);
  registerPeople(bolt.app, context);
  registerTokens(bolt.app, watch);
  registerTyped(bolt.app, context);
  bolt.app.error(async (error) => log.error({ err: error }, 'a listener failed'));

  return {
    async start() {
      await migrate(db, { ...storeMigrations, ...queueMigrations }).catch((error) => {
        throw explainDatabase(error, pathOf(config.databaseUrl));
      });
      await lookAtKeys(context);
      port = await http.start();
      // Clicks that were acknowledged before a crash go on at once, whether Slack can be reached or not, and so do those that
      // wait for a provider: whether it is still away only asking it tells.
      for (const provider of providers.keys()) await queue.hasten(provider, clock());
      worker.start();
      teamId = await connectSlack(bolt, client, log, () => stopping);
      if (stopping) return;
      ready = true;
      // The first start of a day is its daily look too: reading everyone twice would take twice as long.
      if (!(await daily(context, teamId, config.retentionMs))) await enqueueLink(context, teamId, `start:${clock()}`);
      await enqueueHookChecks(context);
      await resumeRefusedKeys(context, teamId, markOf);
      worker.wake();
      tick.start();
      const requestUrl = bolt.requests && config.publicUrl && publicUrl(port) + SLACK_EVENTS_PATH;
      log.info({ port, team: teamId, providers: [...providers.keys()], requestUrl }, 'Docket is up');
    },
    async stop(withinMs = STOP_WITHIN) {
      stopping = true;
      watch.stop();
      ending.abort();
      await bolt.disconnect().catch((error) => log.warn({ err: error }, 'the socket did not close'));
      const [ended] = await Promise.all([
        worker.stop(withinMs),
        within(bolt.settled(), withinMs),
        within(tick.stop(), withinMs),
      ]);
      if (!ended) log.warn({}, 'stopped with jobs in hand; they go on at the next start');
      await within(Promise.resolve(retiring), 1_000);
      await within(screen.settled(), 1_000);
      await http.stop();
      await db.destroy();
    },
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

/** A pause that ends with the app: what waits is given back to the queue at once. */
async function untilStopped(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw new DeliveryError('unavailable', 'Docket is stopping');
  });
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())]);
}

function createProviders(config: Config, depsOf: (provider: ProviderId) => ProviderDeps): Map<string, TaskProvider> {
  const providers = new Map<string, TaskProvider>();
  const modules: Record<string, ProviderModule> = PROVIDERS;
  for (const [id, module] of Object.entries(modules)) {
    const settings = config.providers.get(id);
    if (settings) providers.set(id, module.create(settings, depsOf(id)));
  }
  return providers;
}

async function link(context: SlackContext, job: Job, teamId: string): Promise<void> {
  try {
    const report = await linkTeam(context, teamId);
    context.log[report.removed > 0 || report.held > 0 ? 'warn' : 'info']({ ...report }, 'reps linked');
    await context.queue.complete(job);
  } catch (error) {
    await tryAgainLater(context, job, error, 'could not link reps');
  }
}

/** A wrong key must not look like reps who have to sign in again, whose good tokens would then be replaced. */
async function lookAtKeys(context: SlackContext): Promise<void> {
  const withConsent = [...context.providers.values()].flatMap(({ id, consent }) => (consent ? [id] : []));
  const { stored, unreadable } = await checkKeys(context, withConsent);
  if (unreadable.length === 0) return;
  if (unreadable.length === stored) {
    throw new StartError(
      `ENCRYPTION_KEY opens none of ${stored} stored sign-ins: put the key first that sealed them (several keys are separated by commas). If it is lost, see "A key that is lost" in docs/running.md.`,
    );
  }
  context.log.warn(
    { stored, unreadable: unreadable.length },
    'ENCRYPTION_KEY does not open all stored sign-ins: add the key that sealed the others, behind a comma. Until then those reps have to sign in again',
  );
}

/** The link in Slack was pressed. */
async function consentStarted(
  context: SlackContext,
  providerId: ProviderId,
  ticket: string | undefined,
): Promise<{ url: string } | ConsentOutcome | undefined> {
  const provider = context.providers.get(providerId);
  if (!provider?.consent) return undefined;
  const url = await startConsent(context, provider, ticket);
  return url === undefined ? { is: 'expired', provider: provider.name } : { url };
}

/** A rep's browser is back; what it brought decides what the page says, and Home shows it too. */
async function consentAnswered(
  context: SlackContext,
  providerId: ProviderId,
  answer: ConsentAnswer,
): Promise<ConsentOutcome | undefined> {
  const provider = context.providers.get(providerId);
  if (!provider?.consent) return undefined;
  const outcome = await completeConsent(context, provider, answer);
  // A notice may have been written.
  context.wake();
  if (outcome.is === 'connected' && !outcome.again) {
    showConnected(context, outcome.rep, outcome.provider).catch((error) =>
      context.log.warn({ err: error, rep: outcome.rep.userId }, 'could not show a new connection'),
    );
  }
  return outcome;
}
