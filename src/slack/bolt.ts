/** Bolt, set up for one workspace: Socket Mode or signed HTTP, our logger, no surprises. */
import type { RequestListener } from 'node:http';
import { App, HTTPReceiver, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Log } from '../core/ports.ts';

export type SlackSettings = { botToken: string; apiUrl: string } & ({ appToken: string } | { signingSecret: string });

export interface BoltApp {
  app: App;
  /** In HTTP mode: what takes Slack's requests. */
  requests: RequestListener | undefined;
  /** In Socket Mode: opens the socket. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Resolves when no listener is at work. */
  settled(): Promise<void>;
}

/**
 * A call that Slack rate-limits is ours to put off: the SDK would wait on its own for as long as it takes, and a click's
 * feedback would wait with it (slack.md section 1).
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

export function createBolt(settings: SlackSettings, log: Log): BoltApp {
  const logger = boltLogger(log);
  const common = { token: settings.botToken, logger, deferInitialization: true } as const;
  const options = clientOptions(settings.apiUrl, log);
  if ('appToken' in settings) {
    const receiver = new SocketModeReceiver({
      appToken: settings.appToken,
      logger,
      // The SDK's own patience for reconnecting: a socket is worth waiting for.
      installerOptions: { clientOptions: { slackApiUrl: settings.apiUrl } },
    });
    const app = new App({ ...common, clientOptions: options, receiver });
    return {
      app,
      requests: undefined,
      connect: async () => void (await receiver.start()),
      disconnect: () => receiver.stop(),
      settled: trackListeners(app),
    };
  }
  const receiver = new HTTPReceiver({ signingSecret: settings.signingSecret, logger, bodyLimit: '1mb' });
  const app = new App({ ...common, clientOptions: options, receiver });
  return {
    app,
    requests: (request, response) => receiver.requestListener(request, response),
    connect: async () => {},
    disconnect: async () => {},
    settled: trackListeners(app),
  };
}

/** Most listeners go on after they have acknowledged; whoever stops the app must wait for them. */
function trackListeners(app: App): () => Promise<void> {
  const running = new Set<Promise<unknown>>();
  app.use(async ({ next }) => {
    const work = next();
    running.add(work);
    try {
      await work;
    } finally {
      running.delete(work);
    }
  });
  return async () => {
    while (running.size > 0) await Promise.allSettled(running);
  };
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
