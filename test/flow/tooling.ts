/** Two workspaces, each with a Gong of its own in which everything has the same ids; and what an admin does in the window. */
import { expect, onTestFinished } from 'vitest';
import { createGong } from '../../sandbox/gong/simulator.ts';
import type { GongSimulator } from '../../sandbox/gong/types.ts';
import { createOutreach } from '../../sandbox/outreach/simulator.ts';
import type { Delivery, JsonObject, SandboxUser } from '../../sandbox/slack/types.ts';
import type { Config } from '../../src/config.ts';
import { ADMIN, gongTask, MAYA, MAYA_GONG, OUTREACH, TASK_A, TASK_B, THEO, THEO_GONG } from './cast.ts';
import { answered } from './press.ts';
import { modalOf, mustBe, textOf, wordsOf } from './read.ts';
import { createTwoWorkspaces } from './workspaces.ts';
import type { World, WorldOptions } from './world.ts';

/** Neither may be seen anywhere. */
export const OTHER_KEY = 'other-gong-access-key-7Q2F';
export const OTHER_SECRET = 'other-gong-secret-nobody-may-see';

export interface Tooled {
  world: World;
  /** Seen from the workspace that installed the app; its `gong` is its own. */
  other: World;
  gong: GongSimulator;
  /** Of a process beside it. */
  config: Config;
  restart(more?: Partial<Config>): Promise<void>;
}

/** `isShared`: both workspaces are of the company of the first one's Gong, which enforces its limits then. */
export async function createTooled({
  overrides,
  isShared,
  ...more
}: WorldOptions & { isShared?: true } = {}): Promise<Tooled> {
  // By the machine's time: a call that a busy machine lets bunch up would wait for a time that no test lets pass.
  const options = { gongRateLimits: isShared === true, ...more };
  const gong = await createGong({
    users: [MAYA_GONG, THEO_GONG],
    tasks: [TASK_A, TASK_B].map((id) => gongTask({ id, title: `Of the other ${id.slice(-3)}` })),
    accessKey: OTHER_KEY,
    accessKeySecret: OTHER_SECRET,
    rateLimits: options.gongRateLimits,
  });
  onTestFinished(() => gong.close());
  // Read when a tool is connected: a test may name more of them later.
  const addresses: Record<string, string> = Object.assign(overrides?.addresses ?? {}, { GONG_API_URL: gong.url });
  const people = [MAYA, THEO, ADMIN];
  const { world, other, config, restart } = await createTwoWorkspaces(
    { users: people, ...options, overrides: { ...overrides, addresses } },
    people,
  );
  if (isShared) addresses.GONG_API_URL = world.gong.url;
  onTestFinished(() => {
    expect(gong.unexpected).toEqual([]);
    const { lines, slack } = other;
    const said = JSON.stringify([
      lines.map(({ fields, message }) => [message, String((fields as { err?: Error }).err?.stack), fields]),
      slack.calls.map(({ args }) => args),
      world.slack.calls.map(({ args }) => args),
    ]);
    expect([OTHER_SECRET, OTHER_KEY].filter((secret) => said.includes(secret))).toEqual([]);
  });
  return { world, other: Object.create(other, { gong: { value: gong } }), gong, config, restart };
}

export const GOOD = { GONG_ACCESS_KEY: OTHER_KEY, GONG_ACCESS_KEY_SECRET: OTHER_SECRET };

/** Types `/tasks tools`, and waits until every tool has answered. */
export async function openTools(world: World, who: SandboxUser = ADMIN): Promise<string> {
  await answered(world, () => world.slack.command(who.id, '/tasks', 'tools'));
  return seen(world, who);
}

export function seen(world: World, who: SandboxUser = ADMIN): string {
  return world.slack.modal(who.id) ? wordsOf({ blocks: modalOf(world, who) }) : '';
}

/** The labels of what can be pressed for a tool. */
export function offered(world: World, tool: string, who: SandboxUser = ADMIN): string[] {
  return buttonsOf(world, tool, who).buttons.map(({ text }) => textOf(text));
}

function buttonsOf(world: World, tool: string, who: SandboxUser): { block: string; buttons: JsonObject[] } {
  const blocks = modalOf(world, who);
  const at = blocks.findIndex((block) => block.type === 'section' && textOf(block.text).startsWith(`*${tool}*`));
  const next = blocks[at + 1];
  const buttons = at >= 0 && next?.type === 'actions' ? (next.elements as JsonObject[]) : [];
  return { block: String(next?.block_id), buttons };
}

export async function pressTool(world: World, tool: string, label: string, who: SandboxUser = ADMIN): Promise<void> {
  const { block, buttons } = buttonsOf(world, tool, who);
  const element = mustBe(buttons.find(({ text }) => textOf(text) === label));
  expect((await world.slack.act(who.id, { modal: true }, block, element)).acked).toBe(true);
  await world.idle();
}

/** Sends the form of a tool. */
export async function sendKey(
  world: World,
  settings: Record<string, string>,
  who: SandboxUser = ADMIN,
): Promise<Delivery> {
  const values = Object.entries(settings).map(([name, value]) => {
    const block = `tool_${name}`;
    return [block, { [block]: { type: 'plain_text_input', value } }];
  });
  const delivery = await world.slack.submit(who.id, Object.fromEntries(values));
  expect(delivery.acked).toBe(true);
  await world.idle();
  return delivery;
}

/** The whole way: opens the window, connects Gong, and returns what the window says then. */
export async function connectGong(world: World, settings: Record<string, string> = GOOD): Promise<string> {
  await openTools(world);
  await pressTool(world, 'Gong', 'Connect');
  await sendKey(world, settings);
  return seen(world);
}

const APPLICATION = { clientId: 'other-application', clientSecret: 'other-client-secret-nobody-may-see' };

/** Both workspaces have an Outreach of their own, with the same users and tasks, and Maya has signed in to both. */
export async function twoOutreaches() {
  const addresses = { OUTREACH_API_URL: '' };
  const { world, other, restart } = await createTooled({ tools: 'all', overrides: { addresses } });
  const outreach = await createOutreach({ ...OUTREACH, ...APPLICATION, clock: world.now });
  onTestFinished(async () => {
    await outreach.close();
    expect(outreach.unexpected).toEqual([]);
  });
  addresses.OUTREACH_API_URL = outreach.url;
  const there: World = Object.create(other, { outreach: { value: outreach } });
  await openTools(there);
  await pressTool(there, 'Outreach', 'Connect');
  expect(seen(there)).toContain(`${world.publicUrl}/oauth/outreach/callback`);
  const [id, secret] = [APPLICATION.clientId, APPLICATION.clientSecret];
  await sendKey(there, { OUTREACH_CLIENT_ID: id, OUTREACH_CLIENT_SECRET: secret });
  expect(seen(there)).toContain('*Outreach is connected.* Each rep signs in there for themselves');
  return { world, there, restart };
}
