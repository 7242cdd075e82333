/** A whole Docket against simulators: real Bolt, real HTTP, real SQLite; only time and randomness are ours. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, onTestFinished, vi } from 'vitest';
import { createGong } from '../../sandbox/gong/simulator.ts';
import type { GongRequest, GongSimulator, GongTask, GongUser } from '../../sandbox/gong/types.ts';
import type {
  Delivery,
  Json,
  JsonObject,
  SandboxMessage,
  SandboxUser,
  SlackWorkspace,
  SlackWorkspaceOptions,
} from '../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import { createApp, type DocketApp, type Overrides } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { Log } from '../../src/core/ports/runtime.ts';
import { PROVIDERS } from '../../src/providers/index.ts';

/** A Monday, 09:00 in New York. */
export const MONDAY_NINE = Date.parse('2026-11-23T14:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const MAYA: SandboxUser = {
  id: 'U0MAYA',
  name: 'maya',
  realName: 'Maya Lindqvist',
  email: 'maya@northlight.example',
  tz: 'America/New_York',
};
export const THEO: SandboxUser = {
  id: 'U0THEO',
  name: 'theo',
  realName: 'Theo Brandt',
  email: 'theo@northlight.example',
  tz: 'Europe/Berlin',
};

export const MAYA_GONG: GongUser = {
  id: '23459948484842312345',
  emailAddress: 'Maya@Northlight.example',
  active: true,
  firstName: 'Maya',
  lastName: 'Lindqvist',
};
export const THEO_GONG: GongUser = {
  id: '234599484848424',
  emailAddress: 'theo@northlight.example',
  active: true,
  firstName: 'Theo',
  lastName: 'Brandt',
};

/** Ids beyond 2^53 that differ only in the last digit. */
export const TASK_A = '9007199254740993001';
export const TASK_B = '9007199254740993002';

export function gongTask(task: Partial<GongTask> & { id: string }, now = MONDAY_NINE): GongTask {
  return {
    userId: MAYA_GONG.id,
    status: 'OPEN',
    type: 'MANUAL',
    created: '2026-11-01T10:00:00Z',
    updated: '2026-11-01T10:00:00Z',
    dueDate: new Date(now + 3 * HOUR).toISOString(),
    title: `Call about ${task.id.slice(-3)}`,
    contact: { data: { firstName: 'Dana', lastName: `Whitfield ${task.id.slice(-3)}`, title: 'VP Operations' } },
    account: { name: 'Harbour Freight Lines' },
    ...task,
  };
}

export interface World {
  slack: SlackWorkspace;
  gong: GongSimulator;
  app: DocketApp;
  config: Config;
  /** What the app wrote to its log, newest last. */
  lines: { level: string; fields: object; message: string }[];
  now(): number;
  /** Lets time pass for the app and the simulators, then lets the app do what became due. */
  pass(ms: number): Promise<void>;
  /** Stops the app, and starts another on the same database after so long. */
  restart(afterMs?: number, config?: Config): Promise<void>;
  /** Resolves when nothing is waiting or running in the app. */
  idle(): Promise<void>;
}

export interface WorldOptions {
  users?: SandboxUser[];
  gongUsers?: GongUser[];
  tasks?: GongTask[];
  now?: number;
  http?: boolean;
  grid?: SlackWorkspaceOptions['grid'];
  env?: Record<string, string>;
  overrides?: Overrides;
  /** Requests that a test provokes on purpose. */
  allowUnexpected?: boolean;
  /** Leave the app to the test. */
  start?: boolean;
  /** More that nobody may see, besides Slack's and Gong's. */
  secrets?: () => readonly string[];
  /** Let the Gong simulator enforce its 3 calls a second; default true. */
  gongRateLimits?: boolean;
  /** Let the Slack simulator enforce its limits, a message a second in a conversation among them; default true. */
  slackRateLimits?: boolean;
  /** Takes what clears up, for a world that outlives its test; default: the test that is running, which does so at its end. */
  atEnd?: (clear: () => Promise<void>) => void;
}

/** Lines that mean that something of ours broke, whatever the test was about. */
const BROKEN = new Set([
  'a listener failed',
  'command failed',
  'could not claim a digest run',
  'could not look for work',
  'could not render a message',
  'could not show a change',
  'job ended with an error',
  'tick failed',
]);

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  let now = options.now ?? MONDAY_NINE - 5 * 60_000;
  const clock = () => now;
  const folder = mkdtempSync(join(tmpdir(), 'docket-'));
  const port = options.http ? await freePort() : 0;
  const slack = await createSlackWorkspace({
    users: options.users ?? [MAYA, THEO],
    clock,
    rateLimits: options.slackRateLimits ?? true,
    ...(options.grid && { grid: options.grid }),
    ...(options.http && { http: { requestUrl: `http://127.0.0.1:${port}/slack/events` } }),
  });
  const gong = await createGong({
    users: options.gongUsers ?? [MAYA_GONG, THEO_GONG],
    tasks: options.tasks ?? [gongTask({ id: TASK_A }), gongTask({ id: TASK_B })],
    clock: Date.now,
    rateLimits: options.gongRateLimits ?? true,
  });
  const config = configOf({
    SLACK_BOT_TOKEN: slack.botToken,
    ...(options.http ? { SLACK_SIGNING_SECRET: slack.signingSecret } : { SLACK_APP_TOKEN: slack.appToken }),
    SLACK_API_URL: slack.apiUrl,
    PORT: String(port),
    DATABASE_URL: `file:${join(folder, 'docket.db')}`,
    GONG_ACCESS_KEY: gong.accessKey,
    GONG_ACCESS_KEY_SECRET: gong.accessKeySecret,
    GONG_API_URL: gong.url,
    ...options.env,
  });
  const lines: World['lines'] = [];
  const overrides = { clock, random: () => 0.5, ...options.overrides };
  let app = createApp(config, recordingLog(lines), overrides);
  const world: World = {
    slack,
    gong,
    get app() {
      return app;
    },
    config,
    lines,
    now: clock,
    async pass(ms) {
      now += ms;
      await app.tick();
      await app.idle();
    },
    async restart(afterMs = 0, settings = config) {
      await app.stop();
      // A process of its own begins with Gong's limit used up; this one lets the second of the calls before it pass.
      const left = (gong.requests.at(-1)?.at ?? 0) + 1_000 - Date.now();
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
      now += afterMs;
      app = createApp(settings, recordingLog(lines), overrides);
      await app.start();
      await app.tick();
      await app.idle();
    },
    idle: () => app.idle(),
  };
  (options.atEnd ?? onTestFinished)(async () => {
    await app.stop();
    await slack.close();
    await gong.close();
    rmSync(folder, { recursive: true, force: true });
    expectNoSecrets(world, options.secrets?.() ?? []);
    if (!options.allowUnexpected) {
      expect(slack.unexpected).toEqual([]);
      expect(gong.unexpected).toEqual([]);
      expect(lines.filter(({ message }) => BROKEN.has(message))).toEqual([]);
    }
  });
  if (options.start !== false) {
    await app.start();
    await app.idle();
  }
  return world;
}

let renewals = 0;

/** As if an admin had renewed the keys. The simulators know only these, so it is the addresses that are written differently. */
export function withOtherKeys(config: Config): Config {
  renewals += 1;
  const providers = [...config.providers].map(([id, values]) => {
    const written = Object.entries(values).map(([name, value]) => [
      name,
      name.endsWith('_URL') ? value + '/'.repeat(renewals) : value,
    ]);
    return [id, Object.fromEntries(written)] as const;
  });
  return { ...config, providers: new Map(providers) };
}

export function configOf(env: Record<string, string>): Config {
  const result = readConfig(env, PROVIDERS);
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result.config;
}

function recordingLog(lines: World['lines']): Log {
  const write = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/**
 * A port for a server that starts later. Below those that the system gives to outgoing connections (Linux: from 32,768 on),
 * or one of these might have it by then; each worker begins elsewhere.
 */
let nextPort = 12_000 + ((process.pid * 97) % 200) * 100;
export async function freePort(): Promise<number> {
  for (;;) {
    nextPort = nextPort >= 32_000 ? 12_000 : nextPort + 1;
    if (await isFree(nextPort)) return nextPort;
  }
}

async function isFree(port: number): Promise<boolean> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/** Lets five minutes pass, so that it is nine in New York, and returns what came. */
export async function digestOf(world: World, who: SandboxUser = MAYA): Promise<SandboxMessage> {
  await world.pass(MONDAY_NINE - world.now());
  return mustBe(lastMessage(world, who));
}

export function mustBe<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing there');
  return value;
}

/** The message as it looks now. */
export function fresh(world: World, message: SandboxMessage): SandboxMessage {
  return mustBe(world.slack.messages(message.userId).find(({ ts }) => ts === message.ts));
}

export function patches(world: World): readonly GongRequest[] {
  return world.gong.requests.filter(({ method }) => method === 'PATCH');
}

export function lists(world: World): readonly GongRequest[] {
  return world.gong.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/tasks');
}

export function dueAt(world: World, id: string): string | undefined {
  const due = world.gong.task(id)?.dueDate;
  return due === undefined ? undefined : new Date(due).toISOString();
}

/** Digests, the ephemeral ones left out. */
export function posted(world: World, who: SandboxUser = MAYA): SandboxMessage[] {
  return world.slack.messages(who.id).filter(({ ephemeral, author }) => !ephemeral && author !== 'person');
}

/** A task's row as a person sees it: its words, and the controls under it. */
export interface SeenRow {
  text: string;
  /** Control label -> the element and its block. */
  controls: Record<string, { blockId: string; element: JsonObject }>;
}

export function rowsOf(blocks: readonly JsonObject[]): SeenRow[] {
  const rows: SeenRow[] = [];
  for (const [index, block] of blocks.entries()) {
    const previous = blocks[index - 1];
    if (block.type !== 'actions' || previous?.type !== 'section') continue;
    const corner = previous.accessory as JsonObject | undefined;
    const controls = controlsOf(block);
    if (corner?.type === 'overflow') controls.edit = { blockId: String(previous.block_id), element: corner };
    rows.push({ text: textOf(previous.text), controls });
  }
  return rows;
}

/** The controls of an actions block by what they read; an overflow menu, which reads nothing, by `more`. */
function controlsOf(block: JsonObject): SeenRow['controls'] {
  const controls: SeenRow['controls'] = {};
  for (const element of (block.elements ?? []) as JsonObject[]) {
    const label = element.type === 'overflow' ? 'more' : textOf(element.text ?? element.placeholder);
    controls[label] = { blockId: String(block.block_id), element };
  }
  return controls;
}

function textOf(value: Json | undefined): string {
  return String((value as JsonObject | undefined)?.text ?? '');
}

export function findRow(message: { blocks: JsonObject[] } | undefined, words: string): SeenRow {
  const row = rowsOf(message?.blocks ?? []).find(({ text }) => text.includes(words));
  if (!row) throw new Error(`no row with "${words}" in ${JSON.stringify(message?.blocks, null, 1)}`);
  return row;
}

/** The text of every block, for assertions about what a rep reads. */
export function wordsOf(message: { blocks: JsonObject[] } | undefined): string {
  return (message?.blocks ?? [])
    .flatMap((block) => [textOf(block.text), ...((block.elements ?? []) as JsonObject[]).map(wordsOfElement)])
    .filter(Boolean)
    .join('\n');
}

function wordsOfElement(element: JsonObject): string {
  return typeof element.text === 'string' ? element.text : textOf(element.text);
}

/** Presses a control of a row, and waits until the app has nothing left to do. */
export async function press(
  world: World,
  message: SandboxMessage | 'home' | undefined,
  words: string,
  label: string,
  choice?: string,
  who: SandboxUser = MAYA,
): Promise<void> {
  const { acked } = await pressOnly(world, message, words, label, choice, who);
  expect(acked).toBe(true);
  await world.idle();
}

export async function pressOnly(
  world: World,
  message: SandboxMessage | 'home' | undefined,
  words: string,
  label: string,
  choice?: string,
  who: SandboxUser = MAYA,
) {
  const control = findRow(message === 'home' ? homeOf(world, who) : message, words).controls[label];
  if (!message || !control) throw new Error(`no control "${label}" at "${words}"`);
  const action = { ...control.element };
  if (choice !== undefined) {
    const option = ((action.options ?? []) as JsonObject[]).find((candidate) =>
      textOf(candidate.text).startsWith(choice),
    );
    if (!option) throw new Error(`no option "${choice}"`);
    action.selected_option = option;
  }
  const where = message === 'home' ? ({ home: true } as const) : { ts: message.ts };
  return world.slack.act(who.id, where, control.blockId, action);
}

/** Presses a button of the list as a whole, or of Home, and waits until the app has nothing left to do. */
export async function pressButton(
  world: World,
  place: SandboxMessage | 'home',
  label: string,
  who: SandboxUser = MAYA,
): Promise<void> {
  const blocks = place === 'home' ? homeOf(world, who).blocks : place.blocks;
  const where = place === 'home' ? ({ home: true } as const) : { ts: place.ts };
  for (const block of blocks) {
    const elements = block.type === 'section' ? [block.accessory] : ((block.elements ?? []) as Json[]);
    for (const element of elements as (JsonObject | undefined)[]) {
      if (element?.type !== 'button' || textOf(element.text) !== label) continue;
      return answered(world, () => world.slack.act(who.id, where, String(block.block_id), element));
    }
  }
  throw new Error(`no button "${label}" in ${JSON.stringify(blocks, null, 1)}`);
}

export function homeOf(world: World, who: SandboxUser = MAYA): { blocks: JsonObject[] } {
  return { blocks: (world.slack.home(who.id)?.view.blocks ?? []) as JsonObject[] };
}

/** Types a command, and returns the newest message on the person's screen once the app has answered. */
export async function type(world: World, text: string, who: SandboxUser = MAYA): Promise<SandboxMessage> {
  await answered(world, () => world.slack.command(who.id, '/tasks', text));
  return mustBe(lastMessage(world, who));
}

export async function openHome(world: World, who: SandboxUser = MAYA): Promise<{ blocks: JsonObject[] }> {
  await answered(world, () => world.slack.openHome(who.id));
  return homeOf(world, who);
}

const ANSWERS = new Set(['response_url', 'views.open', 'views.publish', 'chat.update']);

/** Some things are acknowledged first and answered later: waits for the next thing that the app shows. */
export async function answered(world: World, act: () => Promise<Delivery>): Promise<void> {
  const shown = () => world.slack.calls.filter(({ method, result }) => ANSWERS.has(method) && result !== '').length;
  const before = shown();
  const { acked } = await act();
  expect(acked).toBe(true);
  await vi.waitFor(() => expect(shown()).toBeGreaterThan(before), { timeout: 15_000, interval: 10 });
  await world.idle();
}

/** What the reps see, what Slack was told and what the log says: no secret is in any of it. */
function expectNoSecrets(world: World, more: readonly string[]): void {
  const said = JSON.stringify([
    world.lines.map(({ level, fields, message }) => [level, message, inspect(fields, { depth: 12 })]),
    world.slack.users.map(({ id }) => world.slack.messages(id)),
    world.slack.calls.map(({ args }) => args),
  ]);
  const secrets = [
    world.slack.botToken,
    world.slack.appToken,
    world.slack.signingSecret,
    world.gong.accessKeySecret,
    Buffer.from(`${world.gong.accessKey}:${world.gong.accessKeySecret}`).toString('base64'),
    `${world.slack.url}/actions/`,
    ...more,
  ];
  expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
}

export function lastMessage(world: World, who: SandboxUser = MAYA): SandboxMessage | undefined {
  return world.slack.messages(who.id).at(-1);
}
