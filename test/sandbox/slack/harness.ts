import { App, type AppOptions, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { ErrorCode, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import type { JsonObject, SandboxUser, SlackWorkspace, SlackWorkspaceOptions } from '../../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../../sandbox/slack/workspace.ts';

export const ANN: SandboxUser = {
  id: 'U1ANN',
  name: 'ann',
  realName: 'Ann Archer',
  email: 'ann@example.com',
  tz: 'Europe/Berlin',
};
export const BOB: SandboxUser = {
  id: 'U2BOB',
  name: 'bob',
  realName: 'Bob Baker',
  email: 'bob@example.com',
  tz: 'America/New_York',
};

export async function workspace(options: Partial<SlackWorkspaceOptions> = {}): Promise<SlackWorkspace> {
  const slack = await createSlackWorkspace({ users: [ANN, BOB], ...options });
  onTestFinished(() => slack.close());
  return slack;
}

/** A real WebClient that fails at once instead of trying again. */
export function client(slack: SlackWorkspace, token = slack.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    logger: SILENT,
  });
}

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

type Setup = (app: App) => void;

function options(slack: SlackWorkspace): AppOptions {
  return { token: slack.botToken, logger: SILENT, clientOptions: { slackApiUrl: slack.apiUrl } };
}

/** The real Bolt app in Socket Mode. */
export async function socketApp(slack: SlackWorkspace, setup: Setup): Promise<App> {
  const app = new App({
    ...options(slack),
    appToken: slack.appToken,
    socketMode: true,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  setup(app);
  await app.start();
  onTestFinished(async () => void (await app.stop()));
  return app;
}

/** In Socket Mode too, but reconnecting after 20 ms instead of five seconds. */
export function quickSocketApp(slack: SlackWorkspace): App {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    clientPingTimeout: 20,
    logger: SILENT,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  return new App({ ...options(slack), receiver });
}

/** The real Bolt app in HTTP mode, on the port that the workspace posts to. */
export async function httpApp(slack: SlackWorkspace, port: number, setup: Setup): Promise<App> {
  const app = new App({ ...options(slack), signingSecret: slack.signingSecret });
  setup(app);
  await app.start(port);
  onTestFinished(async () => void (await app.stop()));
  return app;
}

/** Slack's error code, or `ok`. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    if ('data' in error && isData(error.data)) return error.data.error;
    return 'code' in error && error.code === ErrorCode.RateLimitedError ? 'ratelimited' : error.message;
  }
}

function isData(data: unknown): data is { error: string } {
  return typeof data === 'object' && data !== null && 'error' in data && typeof data.error === 'string';
}

export async function post(url: string, body: JsonObject): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function button(
  actionId: string,
  value = 'v',
): { type: 'button'; action_id: string; value: string; text: { type: 'plain_text'; text: string } } {
  return { type: 'button', action_id: actionId, value, text: { type: 'plain_text', text: actionId } };
}

/** One block of buttons. */
export function row(...actionIds: string[]) {
  return [{ type: 'actions' as const, block_id: 'row', elements: actionIds.map((id) => button(id)) }];
}

/** A clock that stands still until it is set forward. */
export function fakeClock(start = 1_790_000_000_000) {
  let now = start;
  function advance(ms: number): void {
    now += ms;
  }
  return { read: () => now, advance };
}
