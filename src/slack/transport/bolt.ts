/** Bolt for each workspace on one connection, with Socket Mode or signed HTTP, and our logger. */
import type { RequestListener } from 'node:http';
import {
  App,
  type AppOptions,
  type Logger,
  LogLevel,
  type Receiver,
  type ReceiverEvent,
  SocketModeReceiver,
} from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { EnvHttpProxyAgent } from 'undici';
import type { Install } from '../../core/ports/installs.ts';
import { type Meter, NO_METER } from '../../core/ports/meter.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { fetchWithin } from './fetch.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { isEvent, isObject, noteRefusal, readWithCare, Unacknowledged } from './receive.ts';
import { responseUrlFetch } from './respond.ts';
import { createSocket } from './socket.ts';
import { asOurs, installsOf } from './whose.ts';

type SlackSettings = {
  /** undefined: every workspace is opened (`open`). */
  botToken: string | undefined;
  apiUrl: string;
  proxied: boolean;
  meter?: AckMeter;
  /** Called when an acknowledgement is under way; returns what to call when it is over. */
  beginAck?: BeginAck;
} & ({ appToken: string } | { signingSecret: string });

type BeginAck = () => () => void;

type AckMeter = Pick<Meter, 'acked' | 'notAcknowledged'>;

export interface BoltApp {
  app: App;
  /**
   * Another workspace on the same connection. Its payloads go to its own listeners, which are registered on what is returned.
   * `token`: as it is by then.
   */
  open(install: Omit<Install, 'token'>, token: () => string): App;
  /** Its payloads are acknowledged, and nobody hears of them. */
  close(teamId: string): void;
  /** Its clicks are not acknowledged, so that Slack tells people, until it is opened or closed. */
  refuse(teamId: string): void;
  /** The request listener; only in HTTP mode. */
  requests: RequestListener | undefined;
  /** Opens the socket; only in Socket Mode. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Clicks can arrive. In Socket Mode false after the socket has been down for a while. */
  isUp(): boolean;
  /** Resolves when no listener is running. */
  settled(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Rate-limited calls fail at once and we retry them: the SDK would block a click's feedback (slack.md 1). */
export function clientOptions(apiUrl: string, log: Log) {
  return {
    slackApiUrl: apiUrl,
    rejectRateLimitedCalls: true,
    fetch: fetchWithin(TIMEOUT_MS),
    // Its signals would hold on to each call and its body for as long as one may take.
    timeout: 0,
    // The SDK's retry after a lost answer could post a digest twice.
    retryConfig: { retries: 0 },
    logger: boltLogger(log),
  } satisfies WebClientOptions;
}

export function createBolt(settings: SlackSettings, log: Log, clock: Clock): BoltApp {
  const options = clientOptions(settings.apiUrl, log);
  const common = {
    meter: settings.meter ?? NO_METER,
    beginAck: settings.beginAck ?? (() => () => {}),
    token: settings.botToken,
    logger: boltLogger(log),
    deferInitialization: true,
    // Nothing is kept for a conversation.
    convoStore: false,
    clientOptions: { ...options, fetch: responseUrlFetch(settings.apiUrl, options.fetch) },
  } as const;
  return 'appToken' in settings ? overSocket(common, settings, log) : overHttp(common, settings, log, clock);
}

interface Watching {
  meter: AckMeter;
  beginAck: BeginAck;
}

type Common = AppOptions & Watching & { token: string | undefined; logger: Logger };

function overSocket(common: Common, settings: SlackSettings & { appToken: string }, log: Log): BoltApp {
  let isReopening = () => false;
  const receiver = new SocketModeReceiver({
    appToken: settings.appToken,
    logger: socketLogger(log, () => isReopening()),
    // The socket does not use the proxy by itself.
    ...(settings.proxied && { dispatcher: new EnvHttpProxyAgent() }),
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: { slackApiUrl: settings.apiUrl, timeout: 5_000, retryConfig: { retries: 0 } },
    },
    // Without an acknowledgement Slack shows the user an error. Events would only be sent again.
    processEventErrorHandler: async ({ error, event }) => {
      noteRefusal(log, error);
      if (isEvent(event.body)) await event.ack().catch(() => undefined);
      return false;
    },
  });
  readWithCare(receiver.client, log);
  const socket = createSocket(receiver.client, log);
  isReopening = socket.isReopening;
  const app = connectedApp(common, receiver);
  return {
    ...withOthers(app, common),
    requests: undefined,
    connect: socket.connect,
    disconnect: socket.disconnect,
    isUp: socket.isUp,
  };
}

function overHttp(common: Common, { signingSecret }: { signingSecret: string }, log: Log, clock: Clock): BoltApp {
  const { receiver, requests } = createHttpReceiver({ signingSecret, logger: common.logger, log, clock });
  const app = connectedApp(common, receiver);
  return {
    ...withOthers(app, common),
    requests,
    connect: async () => {},
    disconnect: async () => {},
    isUp: () => true,
  };
}

/** Gets everything that Slack sends. Without a token of its own it only passes it on. */
function connectedApp(common: Common, receiver: Receiver): WatchedApp {
  if (common.token !== undefined) return new WatchedApp({ ...common, receiver });
  const authorize = () => Promise.reject(new Error('nobody has this workspace'));
  return new WatchedApp({ ...common, authorize, receiver, teamId: NOBODY, deferInitialization: false });
}

/** The id of no workspace. */
const NOBODY = '';

/** The workspaces beside the one whose token is in the settings. */
function withOthers(app: WatchedApp, { token: _, ...common }: Common) {
  const { others, refused } = app;
  return {
    app,
    open({ teamId, enterpriseId, botId, botUserId }: Omit<Install, 'token'>, token: () => string): App {
      const ids = { teamId, ...(enterpriseId !== undefined && { enterpriseId }), botId, botUserId };
      const authorize = async () => ({ botToken: token(), ...ids });
      const other = new WatchedApp({
        ...common,
        ...{ token: undefined, authorize, receiver: UNCONNECTED, teamId, deferInitialization: false },
      });
      others.set(teamId, other);
      refused.delete(teamId);
      return other;
    },
    close(teamId: string): void {
      others.delete(teamId);
      refused.delete(teamId);
    },
    refuse: (teamId: string) => void refused.add(teamId),
    async settled() {
      await Promise.all([app, ...others.values()].map((each) => each.settled()));
    },
  };
}

/** Of an app that gets its payloads from another one. */
const UNCONNECTED: Receiver = { init() {}, start: async () => {}, stop: async () => {} };

/** Bolt's app, which also checks workspaces, running listeners and missing acknowledgements. */
class WatchedApp extends App {
  readonly #token: string | undefined;
  readonly #watching: Watching;
  readonly #running = new Set<Promise<void>>();
  #teamId: string | undefined;
  /** By workspace: who gets the payloads that are not ours. */
  readonly others = new Map<string, WatchedApp>();
  /** Workspaces that cannot be served just now. */
  readonly refused = new Set<string>();

  constructor({
    meter,
    beginAck,
    token,
    teamId,
    ...options
  }: AppOptions & Watching & { token: string | undefined; teamId?: string }) {
    // Bolt takes either.
    super(token === undefined ? options : { ...options, token });
    this.#token = token;
    this.#watching = { meter, beginAck };
    this.#teamId = teamId;
  }

  override async init(): Promise<void> {
    await super.init();
    this.#teamId ??= (await this.client.auth.test(this.#token === undefined ? {} : { token: this.#token })).team_id;
  }

  /** The receiver turns an error into a refusal at once; Bolt alone would let Slack wait three seconds. */
  override async processEvent(event: ReceiverEvent): Promise<void> {
    if (!isObject(event.body)) throw new TypeError('the payload is no object');
    // Without our workspace's id nothing can be recorded, so nothing is acknowledged.
    if (this.#teamId === undefined) throw this.#unacknowledged(kindOf(event.body));
    const served = installsOf(event.body).find((id) => id === this.#teamId || this.others.has(id));
    const other = served === undefined ? undefined : this.others.get(served);
    if (other) return other.processEvent(event);
    const body = asOurs(event.body, this.#teamId);
    if (!body) return this.#passOver(event);
    if (this.#teamId === NOBODY) throw this.#unacknowledged(kindOf(body));
    let acknowledged = false;
    const kind = kindOf(body);
    const from = performance.now();
    const endAck = this.#watching.beginAck();
    const ack: ReceiverEvent['ack'] = (answer) => {
      if (!acknowledged) this.#watching.meter.acked(kind, performance.now() - from);
      acknowledged = true;
      endAck();
      return event.ack(answer);
    };
    const work = super.processEvent({ ...event, body, ack });
    this.#running.add(work);
    try {
      await work;
    } finally {
      endAck();
      this.#running.delete(work);
    }
    if (acknowledged) return;
    throw this.#unacknowledged(kind);
  }

  /** Payloads of nobody's are acknowledged. So are events of a refused workspace: Slack would send them again, and at last send none. */
  async #passOver({ body, ack }: ReceiverEvent): Promise<void> {
    const kind = kindOf(body);
    if (kind !== 'event' && installsOf(body).some((id) => this.refused.has(id))) throw this.#unacknowledged(kind);
    return ack();
  }

  #unacknowledged(kind: string): Unacknowledged {
    this.#watching.meter.notAcknowledged(kind);
    return new Unacknowledged();
  }

  /** Most listeners run on after their acknowledgement. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

const KINDS = ['block_actions', 'block_suggestion', 'message_action', 'shortcut', 'view_submission', 'view_closed'];

/** Of a few kinds: whoever signs a request chooses its type. */
function kindOf({ type, command }: Record<string, unknown>): string {
  if (typeof command === 'string') return 'command';
  if (type === 'event_callback') return 'event';
  return KINDS.find((kind) => kind === type) ?? 'other';
}

/** Bolt's and the SDK's log lines. Their debug lines hold whole payloads and are dropped. */
export function boltLogger(log: Log): Logger {
  const text = (parts: unknown[]) =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug() {},
    info: (...parts) => log.info({ from: 'slack' }, text(parts)),
    warn: (...parts) => log.warn({ from: 'slack' }, text(parts)),
    error: (...parts) => log.error({ from: 'slack' }, text(parts)),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  };
}

/** A lost socket is a warning, not an error, because it is reopened. Failed attempts are not logged (`socket.ts`). */
function socketLogger(log: Log, isReopening: () => boolean): Logger {
  const logger = boltLogger(log);
  const warn: Logger['warn'] = (...parts) => {
    if (!isReopening()) logger.warn(...parts);
  };
  return { ...logger, warn, error: warn };
}
