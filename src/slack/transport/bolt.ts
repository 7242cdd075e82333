/** Bolt for each workspace on one connection, with Socket Mode or signed HTTP, and our logger. */
import type { RequestListener } from 'node:http';
import { type App, type AppOptions, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { EnvHttpProxyAgent } from 'undici';
import type { Install } from '../../core/ports/installs.ts';
import { NO_METER } from '../../core/ports/meter.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { clientOptions } from './client-options.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { boltLogger, socketLogger } from './loggers.ts';
import { isEvent, noteRefusal, readWithCare } from './receive.ts';
import { responseUrlFetch } from './respond.ts';
import { createSocket } from './socket.ts';
import { type AckMeter, type BeginAck, NOBODY, WatchedApp, type Watching } from './watched-app.ts';

type SlackSettings = {
  /** undefined: every workspace is opened (`open`). */
  botToken: string | undefined;
  apiUrl: string;
  proxied: boolean;
  meter?: AckMeter;
  /** Called when an acknowledgement is under way; returns what to call when it is over. */
  beginAck?: BeginAck;
} & ({ appToken: string } | { signingSecret: string });

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
