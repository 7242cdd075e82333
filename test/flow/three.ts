/** A Docket with all three providers, and reps who sign in to Outreach as people do: through a browser. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { answerConsent } from '../../sandbox/browser.ts';
import { createOutreach } from '../../sandbox/outreach/simulator.ts';
import type { OutreachOptions, OutreachSimulator, OutreachTask } from '../../sandbox/outreach/types.ts';
import { createReply } from '../../sandbox/reply/simulator.ts';
import type { ReplyOptions, ReplySimulator, ReplyTask } from '../../sandbox/reply/types.ts';
import type { JsonObject, SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import {
  createWorld,
  freePort,
  gongTask,
  HOUR,
  MAYA,
  MONDAY_NINE,
  mustBe,
  TASK_A,
  THEO,
  type World,
  type WorldOptions,
  wordsOf,
} from './world.ts';

export const MAYA_OUTREACH = '7001';
export const THEO_OUTREACH = '7002';
export const MAYA_REPLY = '501';
export const THEO_REPLY = '502';
export const API_KEY = 'reply-master-key-nobody-may-see';
const CLIENT_SECRET = 'outreach-client-secret-nobody-may-see';
const KEY = Buffer.alloc(32, 7).toString('base64');

const AT = '2026-11-01T10:00:00Z';

/** Ids beyond 2^53 that differ in the last digit only. */
export const STEP_TASK = '9107199254740993001';
export const MANUAL_TASK = '9107199254740993002';

export function outreachTask(more: Partial<OutreachTask> & { id: string }): OutreachTask {
  return {
    ownerId: MAYA_OUTREACH,
    state: 'incomplete',
    taskType: 'manual',
    action: 'call',
    dueAt: new Date(MONDAY_NINE + HOUR).toISOString(),
    createdAt: AT,
    ...more,
  };
}

export function replyTask(more: Partial<ReplyTask> & { id: string }): ReplyTask {
  return {
    assignedUserId: MAYA_REPLY,
    taskType: 'call',
    status: 'new',
    contact: { id: '61', fullName: 'Priya Raman' },
    startAt: new Date(MONDAY_NINE).toISOString(),
    dueTo: new Date(MONDAY_NINE + 2 * HOUR).toISOString(),
    isScheduled: false,
    creationSource: 'sequence',
    sequenceId: '81',
    sequenceStepId: '82',
    sequenceStepDisplayName: 'Step 2 - Call',
    createdAt: AT,
    template: { body: 'Hi {{FirstName}}, a word about {{Company}}', subject: 'A word' },
    ...more,
  };
}

const OUTREACH = {
  users: [
    { id: MAYA_OUTREACH, email: 'Maya@Northlight.example', firstName: 'Maya', lastName: 'Lindqvist' },
    { id: THEO_OUTREACH, email: 'theo@northlight.example', firstName: 'Theo', lastName: 'Brandt' },
  ],
  accounts: [{ id: '31', name: 'Orrin Mills' }],
  prospects: [
    { id: '41', firstName: 'Ines', lastName: 'Calder', title: 'COO', emails: ['ines@orrin.example'], accountId: '31' },
    { id: '42', firstName: 'Bo', lastName: 'Tanaka', emails: ['bo@tanaka.example'] },
  ],
  sequences: [{ id: '51', name: 'Winter outbound' }],
  steps: [{ id: '52', sequenceId: '51', order: 4, displayName: 'Step 4: Call the COO', stepType: 'call' }],
  tasks: [
    outreachTask({
      id: STEP_TASK,
      taskType: 'sequence_step_call',
      prospectId: '41',
      accountId: '31',
      sequenceId: '51',
      sequenceStepId: '52',
    }),
    outreachTask({ id: MANUAL_TASK, prospectId: '42', note: 'Ask Bo about the <pilot> & terms' }),
  ],
} satisfies OutreachOptions;

const REPLY = {
  users: [
    { id: MAYA_REPLY, email: 'maya@northlight.example', name: 'Maya Lindqvist', teamId: '1', teamName: 'Sales' },
    { id: THEO_REPLY, email: 'theo@northlight.example', name: 'Theo Brandt', teamId: '1', teamName: 'Sales' },
  ],
  tasks: [
    replyTask({ id: '9001' }),
    replyTask({ id: '9002', taskType: 'manualEmail', contact: { id: '62', fullName: 'Odd Lund' } }),
  ],
} satisfies ReplyOptions;

export interface Three extends World {
  outreach: OutreachSimulator;
  reply: ReplySimulator;
  publicUrl: string;
}

export interface ThreeOptions extends WorldOptions {
  outreachOptions?: Partial<OutreachOptions>;
  replyOptions?: Partial<ReplyOptions>;
  /** Who has signed in to Outreach before the test begins; default Maya. */
  signedIn?: readonly SandboxUser[];
}

export async function createThree(options: ThreeOptions = {}): Promise<Three> {
  let world: World | undefined;
  const clock = () => world?.now() ?? MONDAY_NINE - 5 * 60_000;
  const port = await freePort();
  const outreach = await createOutreach({
    ...OUTREACH,
    clock,
    clientSecret: CLIENT_SECRET,
    ...options.outreachOptions,
  });
  const reply = await createReply({ ...REPLY, clock, apiKey: API_KEY, ...options.replyOptions });
  (options.atEnd ?? onTestFinished)(async () => {
    await outreach.close();
    await reply.close();
    if (options.allowUnexpected) return;
    expect(outreach.unexpected).toEqual([]);
    expect(reply.unexpected).toEqual([]);
  });
  const publicUrl = `http://127.0.0.1:${port}`;
  world = await createWorld({
    tasks: [gongTask({ id: TASK_A })],
    secrets: () => [API_KEY, CLIENT_SECRET, KEY, ...tokensOf(outreach)],
    ...options,
    env: {
      PORT: String(port),
      PUBLIC_URL: publicUrl,
      ENCRYPTION_KEY: KEY,
      OUTREACH_CLIENT_ID: outreach.clientId,
      OUTREACH_CLIENT_SECRET: outreach.clientSecret,
      OUTREACH_API_URL: outreach.url,
      REPLY_API_KEY: reply.apiKey,
      REPLY_API_URL: reply.url,
      ...options.env,
    },
  });
  const three = Object.assign(world, { outreach, reply, publicUrl });
  if (options.start !== false) for (const who of options.signedIn ?? [MAYA]) await signIn(three, who);
  return three;
}

/** Every token and code that Outreach ever gave out, as its answers and the browser held them. */
function tokensOf(outreach: OutreachSimulator): string[] {
  return outreach.requests
    .filter(({ path }) => path.startsWith('/oauth/token'))
    .flatMap(({ body }) => [...new URLSearchParams(String(body)).entries()])
    .flatMap(([name, value]) =>
      ['code', 'refresh_token', 'code_verifier', 'client_secret'].includes(name) ? [value] : [],
    );
}

/** The database as bytes, the write-ahead log included. */
export function databaseBytes(world: World): Buffer {
  const path = world.config.databaseUrl.slice('file:'.length);
  const read = (file: string) => {
    try {
      return readFileSync(file.startsWith('//') ? fileURLToPath(`file:${file}`) : file);
    } catch {
      return Buffer.alloc(0);
    }
  };
  return Buffer.concat([read(path), read(`${path}-wal`)]);
}

/** A button with a link, wherever it stands in a message or window. */
export function linkOf(blocks: readonly JsonObject[], label: string): string {
  const elements = blocks.flatMap((block) => [block.accessory, ...((block.elements ?? []) as JsonObject[])]);
  const found = (elements as (JsonObject | undefined)[]).find(
    (element) => (element?.text as JsonObject | undefined)?.text === label && typeof element?.url === 'string',
  );
  return String(mustBe(found).url);
}

/** Opens the link, chooses who they are there, allows or denies, comes back. */
export async function browse(url: string, as: string, decision: 'allow' | 'deny' = 'allow') {
  return returnTo(await answerConsent(url, as, decision));
}

export async function returnTo(url: string) {
  const answer = await fetch(url);
  return { status: answer.status, url, text: await answer.text(), headers: answer.headers };
}

/** Types `/tasks connect` and returns the link that it gives. */
export async function connectLink(world: Three, who: SandboxUser = MAYA, label = 'Connect Outreach'): Promise<string> {
  const before = world.slack.messages(who.id).length;
  await world.slack.command(who.id, '/tasks', 'connect');
  await expect.poll(() => world.slack.messages(who.id).length, { timeout: 15_000 }).toBeGreaterThan(before);
  await world.idle();
  return linkOf(mustBe(world.slack.messages(who.id).at(-1)).blocks, label);
}

export async function signIn(world: Three, who: SandboxUser = MAYA, label = 'Connect Outreach') {
  const back = await browse(await connectLink(world, who, label), who.id === THEO.id ? THEO_OUTREACH : MAYA_OUTREACH);
  await world.idle();
  await world.outreach.settled();
  return back;
}

/** Lets the undo window pass, so that what was held back is sent. */
export async function afterWindow(world: Three): Promise<void> {
  await world.pass(11_000);
  await world.outreach.settled();
  await world.idle();
}

export function actionsAt({ outreach }: Three): string[] {
  return outreach.requests
    .filter(({ method, path }) => method !== 'GET' && /^\/api\/v2\/tasks/.test(path))
    .map(({ method, path }) => `${method} ${decodeURIComponent(path.replace('/api/v2', ''))}`);
}

export function changesAt({ reply }: Three): string[] {
  return reply.requests
    .filter(({ method, path }) => method !== 'GET' && !path.startsWith('/v3/tasks/filter'))
    .map(({ method, path }) => `${method} ${path.replace('/v3', '')}`);
}

export function said(message: SandboxMessage | undefined): string {
  return wordsOf(message);
}
