/** Bolt, set up for one workspace: Socket Mode or signed HTTP, our logger, no surprises. */
import type { RequestListener } from 'node:http';
import {
  App,
  type AppOptions,
  HTTPReceiver,
  type Logger,
  LogLevel,
  type ReceiverEvent,
  SocketModeReceiver,
} from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { EnvHttpProxyAgent } from 'undici';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import {
  BODY_LIMIT,
  createRequestListener,
  isEvent,
  isObject,
  noteRefusal,
  readWithCare,
  refuse,
  Unacknowledged,
} from './receive.ts';
import { responseUrlFetch } from './respond.ts';
import { createSocket } from './socket.ts';
import { asOurs } from './whose.ts';

export type SlackSettings = { botToken: string; apiUrl: string; proxied: boolean } & (
  | { appToken: string }
  | { signingSecret: string }
);

export interface BoltApp {
  app: App;
  /** In HTTP mode: what takes Slack's requests. */
  requests: RequestListener | undefined;
  /** In Socket Mode: opens the socket. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Clicks and commands can arrive; in Socket Mode false once the socket has been away for more than a moment. */
  isUp(): boolean;
  /** Resolves when no listener is at work. */
  settled(): Promise<void>;
}

/**
 * A call that Slack rate-limits is ours to put off: the SDK would wait on its own for as long as it takes, and a
 * click's feedback would wait with it (slack.md 1).
 */
export function clientOptions(apiUrl: string, log: Log): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    // Ours are the retries: what the SDK repeats by itself after a lost answer could post a digest twice.
    retryConfig: { retries: 0 },
    logger: boltLogger(log),
  };
}

export function createBolt(settings: SlackSettings, log: Log, clock: Clock): BoltApp {
  const logger = boltLogger(log);
  const common = { token: settings.botToken, logger, deferInitialization: true } as const;
  const options = { ...clientOptions(settings.apiUrl, log), fetch: responseUrlFetch(settings.apiUrl) };
  if ('appToken' in settings) {
    let isReopening = () => false;
    const receiver = new SocketModeReceiver({
      appToken: settings.appToken,
      logger: socketLogger(log, () => isReopening()),
      // The socket has an agent of its own, which knows no proxy.
      ...(settings.proxied && { dispatcher: new EnvHttpProxyAgent() }),
      autoReconnectEnabled: false,
      installerOptions: {
        clientOptions: { slackApiUrl: settings.apiUrl, timeout: 5_000, retryConfig: { retries: 0 } },
      },
      // Not acknowledged: Slack shows whoever clicked that it did not get through. Events would only come again.
      processEventErrorHandler: async ({ error, event }) => {
        noteRefusal(log, error);
        if (isEvent(event.body)) await event.ack().catch(() => undefined);
        return false;
      },
    });
    readWithCare(receiver.client, log);
    const socket = createSocket(receiver.client, log);
    isReopening = socket.isReopening;
    const app = new WatchedApp({ ...common, clientOptions: options, receiver });
    return {
      app,
      requests: undefined,
      connect: socket.connect,
      disconnect: socket.disconnect,
      isUp: socket.isUp,
      settled: () => app.settled(),
    };
  }
  const { signingSecret } = settings;
  const receiver = new HTTPReceiver({
    signingSecret,
    logger,
    bodyLimit: BODY_LIMIT,
    processEventErrorHandler: async ({ error, response }) => {
      noteRefusal(log, error);
      refuse(response, error instanceof Unacknowledged ? 404 : 400);
      return true;
    },
  });
  const app = new WatchedApp({ ...common, clientOptions: options, receiver });
  return {
    app,
    requests: createRequestListener(receiver, signingSecret, log, clock),
    connect: async () => {},
    disconnect: async () => {},
    isUp: () => true,
    settled: () => app.settled(),
  };
}

/** Bolt's app, which also knows whose payloads it takes, which listeners are at work, and whether any acknowledged. */
class WatchedApp extends App {
  readonly #token: string;
  readonly #running = new Set<Promise<void>>();
  #teamId: string | undefined;

  constructor(options: AppOptions & { token: string }) {
    super(options);
    this.#token = options.token;
  }

  override async init(): Promise<void> {
    await super.init();
    this.#teamId = (await this.client.auth.test({ token: this.#token })).team_id;
  }

  /** A receiver turns what this throws into a refusal, at once; Bolt alone would let Slack wait for three seconds. */
  override async processEvent(event: ReceiverEvent): Promise<void> {
    if (!isObject(event.body)) throw new TypeError('the payload is no object');
    // Until Slack has told which workspace is ours, nothing can be recorded, so nothing is acknowledged.
    if (this.#teamId === undefined) throw new Unacknowledged();
    const body = asOurs(event.body, this.#teamId);
    if (!body) return event.ack();
    // No window of ours asks to be told; should Slack tell us all the same, there is nothing to do.
    if (body.type === 'view_closed') return event.ack();
    let acknowledged = false;
    const ack: ReceiverEvent['ack'] = (answer) => {
      acknowledged = true;
      return event.ack(answer);
    };
    const work = super.processEvent({ ...event, body, ack });
    this.#running.add(work);
    try {
      await work;
    } finally {
      this.#running.delete(work);
    }
    if (!acknowledged) throw new Unacknowledged();
  }

  /** Most listeners go on after they have acknowledged; whoever stops the app must wait for them. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

/** Bolt's and the SDK's lines go to our log; their debug lines hold whole payloads and go nowhere. */
function boltLogger(log: Log): Logger {
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

/** What ends a socket is worth a line, and no error: it is opened again. Each try that fails is worth none (`socket.ts`). */
function socketLogger(log: Log, isReopening: () => boolean): Logger {
  const logger = boltLogger(log);
  const warn: Logger['warn'] = (...parts) => {
    if (!isReopening()) logger.warn(...parts);
  };
  return { ...logger, warn, error: warn };
}
