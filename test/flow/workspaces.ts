/** A Docket that serves two workspaces of one Slack, with the same people in both. */
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
): Promise<{ world: World; other: World; restart: (more?: Partial<Config>) => Promise<void> }> {
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
  const { config } = world;
  const restart = (more: Partial<Config> = {}) =>
    world.restart(0, { ...config, ...more, slack: { ...config.slack, apiUrl: front.apiUrl } });
  await restart();
  const other = Object.create(world, { slack: { value: slack } });
  return { world, other, restart };
}

/** Does it as another process would. */
export async function inStore<T>(
  { config }: World,
  work: (opened: Awaited<ReturnType<typeof openUrl>>) => Promise<T>,
): Promise<T> {
  const opened = await openUrl(config.databaseUrl);
  return work(opened).finally(opened.close);
}
