/** A Docket that serves two workspaces of one Slack, with the same people in both. */
import { createHmac } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createSlackFront } from '../../sandbox/slack/front.ts';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import type { Config } from '../../src/config.ts';
import { KEY, openUrl } from '../store/open.ts';
import { MAYA, THEO } from './cast.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export const OTHER_TEAM = 'T0OTHER';

/** `other`: the same world, seen from the workspace that installed the app. */
export async function createTwoWorkspaces(
  options: WorldOptions = {},
  users: SandboxUser[] = [MAYA, THEO],
): Promise<{ world: World; other: World; config: Config; restart: (more?: Partial<Config>) => Promise<void> }> {
  const env = { ...options.env, ENCRYPTION_KEY: KEY };
  const world = await createWorld({ ...options, http: true, start: false, env });
  const { signingSecret } = world.slack;
  const slack = await createSlackWorkspace({
    users,
    teamId: OTHER_TEAM,
    signingSecret,
    clock: world.now,
    http: { requestUrl: `${world.publicUrl}/slack/events` },
  });
  const front = await createSlackFront([world.slack, slack]);
  onTestFinished(async () => {
    await front.close();
    await slack.close();
  });
  const bot = { botId: 'B0', botUserId: 'U0BOT' };
  const install = { teamId: OTHER_TEAM, token: slack.botToken, ...bot, by: MAYA.id, at: 1 };
  await inStore(world, ({ store }) => store.installs.save(install));
  const config: Config = { ...world.config, slack: { ...world.config.slack, apiUrl: front.apiUrl } };
  const restart = (more: Partial<Config> = {}) => world.restart(0, { ...config, ...more });
  await restart();
  const other = Object.create(world, { slack: { value: slack } });
  return { world, other, config, restart };
}

/** Has another process get what Slack sent last, as if Slack had chosen that one. */
export async function sendAgainTo(port: number, { slack }: World): Promise<Response> {
  const body = new URLSearchParams(slack.sent.at(-1)?.payload as Record<string, string>).toString();
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', slack.signingSecret).update(`v0:${at}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': at,
    'x-slack-signature': `v0=${signature}`,
  };
  return fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body });
}

/** Does it as another process would. */
export async function inStore<T>(
  { config }: World,
  work: (opened: Awaited<ReturnType<typeof openUrl>>) => Promise<T>,
): Promise<T> {
  const opened = await openUrl(config.databaseUrl);
  return work(opened).finally(opened.close);
}
