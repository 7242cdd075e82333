import { App, type AppOptions, LogLevel } from '@slack/bolt';
import type { InputBlock, KnownBlock } from '@slack/types';
import { ErrorCode, WebClient } from '@slack/web-api';
import { expect, onTestFinished } from 'vitest';
import type { JsonObject, SandboxUser, SlackWorkspace, SlackWorkspaceOptions } from '../../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../../sandbox/slack/workspace.ts';
import { watch } from '../simulator.ts';

function user(id: string, name: string, realName: string, tz: string): SandboxUser & { email: string } {
  return { id, name, realName, email: `${name}@example.com`, tz };
}

export const ANN = user('U1ANN', 'ann', 'Ann Archer', 'Europe/Berlin');
export const BOB = user('U2BOB', 'bob', 'Bob Baker', 'America/New_York');

export async function workspace(options: Partial<SlackWorkspaceOptions> = {}): Promise<SlackWorkspace> {
  return watch(await createSlackWorkspace({ users: [ANN, BOB], ...options }));
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

const nothing = () => undefined;
export const SILENT = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing, setLevel: nothing, setName: nothing },
  getLevel: () => LogLevel.ERROR,
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

/** A workspace with an app that acknowledges everything, and what that app heard. */
export async function stage(options: Partial<SlackWorkspaceOptions> = {}) {
  const slack = await workspace(options);
  const seen: JsonObject[] = [];
  await socketApp(slack, (app) => {
    app.use(async ({ body, next }) => {
      seen.push(JSON.parse(JSON.stringify(body)));
      await next();
    });
    app.action(/.*/, async ({ ack }) => ack());
    app.command(/.*/, async ({ ack }) => ack());
    app.event(/.*/, async () => undefined);
    app.shortcut(/.*/, async ({ ack }) => ack());
  });
  const web = client(slack);
  const last = (): JsonObject | undefined => slack.sent.at(-1)?.payload;
  /** A message to Ann. */
  async function post(blocks: KnownBlock[] = row('go')) {
    const { ts = '', channel = '' } = await web.chat.postMessage({ channel: ANN.id, text: 'list', blocks });
    return { ts, channel };
  }
  const press = (ts: string, action: JsonObject = { action_id: 'go' }) => slack.act(ANN.id, { ts }, 'row', action);
  return { slack, web, seen, last, post, press };
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
  type Refusal = Error & { code?: string; data?: { error: string } };
  const refusal = await call.then(
    () => undefined,
    (error: Refusal) => error,
  );
  if (!refusal) return 'ok';
  return refusal.code === ErrorCode.RateLimitedError ? 'ratelimited' : (refusal.data?.error ?? refusal.message);
}

export async function post(url: string, body: JsonObject): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

export const until = (condition: () => boolean) => expect.poll(condition, { timeout: 5_000, interval: 5 }).toBe(true);

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const option = (value: string) => ({ text: plain(value), value });
export const button = (id: string) => ({ type: 'button' as const, action_id: id, value: 'v', text: plain(id) });

/** An input whose block is named as the control in it. */
export const input = (id: string, element: object, optional = false) =>
  ({ type: 'input', block_id: id, label: plain(id), optional, element: { action_id: id, ...element } }) as InputBlock;

/** One block of buttons. */
export function row(...actionIds: string[]) {
  return [{ type: 'actions' as const, block_id: 'row', elements: actionIds.map(button) }];
}
