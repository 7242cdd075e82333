/** A whole working day of two reps in the real process, with every temptation. */
import { expect } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { gongTask, HOUR, MANUAL_TASK, MAYA, TASK_A, TASK_B, THEO, THEO_OUTREACH } from '../flow/cast.ts';
import { pressOnly } from '../flow/press.ts';
import { type DocketProcess, envOf, eventually, startReady } from '../flow/process.ts';
import { findRow, mustBe, rowsOf, wordsOf } from '../flow/read.ts';
import { browse, linkOf } from '../flow/sign-in.ts';
import { createThree } from '../flow/start.ts';
import type { World as Three } from '../flow/world.ts';
import { createTap, echo, refusal, slackRefusal, type Tap, TRICKS, UNFINISHED } from './taps.ts';

export interface Session {
  world: Three;
  taps: { slack: Tap; gong: Tap; outreach: Tap; reply: Tap };
  /** One after the other; the last one runs. */
  processes: DocketProcess[];
}

export const SIGNING_SECRET = 'signing-secret-nobody-may-see';

export async function begin(): Promise<Session> {
  const world = await createThree({
    start: false,
    signedIn: [],
    allowUnexpected: true,
    tasks: [gongTask({ id: TASK_A }), gongTask({ id: TASK_B })],
    outreachOptions: { rateLimits: false },
  });
  const taps = {
    slack: await createTap(world.slack.url),
    gong: await createTap(world.gong.url),
    outreach: await createTap(world.outreach.url),
    reply: await createTap(world.reply.url),
  };
  const session = { world, taps, processes: [] };
  await startAt(session, 0);
  return session;
}

/** Stops the process that runs, and starts the next one when so many hours have passed since the first one started. */
export async function startAt(session: Session, hours: number): Promise<void> {
  await stop(session);
  const { world, taps, processes } = session;
  const env = {
    SLACK_API_URL: `${taps.slack.url}/api/`,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    GONG_API_URL: taps.gong.url,
    OUTREACH_API_URL: taps.outreach.url,
    REPLY_API_URL: taps.reply.url,
    UNDO_WINDOW_SECONDS: '1',
    LOG_LEVEL: 'trace',
  };
  processes.push(await startReady(world, world.now() + hours * HOUR, { ...envOf(world), ...env }));
}

export async function stop({ processes }: Session): Promise<void> {
  const running = processes.at(-1);
  running?.kill('SIGTERM');
  if (running) expect(await running.exit).toBe(0);
}

/** Does something, and waits for the next thing that a rep sees. */
async function shown({ world }: Session, who: typeof MAYA, act: () => Promise<unknown>): Promise<SandboxMessage> {
  const before = world.slack.messages(who.id).length;
  await act();
  await eventually(() => expect(world.slack.messages(who.id).length).toBeGreaterThan(before));
  return mustBe(world.slack.messages(who.id).at(-1));
}

const typed = (session: Session, text: string, who = MAYA) =>
  shown(session, who, () => session.world.slack.command(who.id, '/tasks', text));

function now({ world }: Session, message: SandboxMessage): SandboxMessage {
  return mustBe(world.slack.messages(message.userId).find(({ ts }) => ts === message.ts));
}

async function says(session: Session, message: SandboxMessage, words: string): Promise<void> {
  await eventually(() => expect(wordsOf(now(session, message))).toContain(words));
}

export async function connect(session: Session, who: typeof MAYA, as: string): Promise<number> {
  const message = await typed(session, 'connect', who);
  return (await browse(linkOf(message.blocks, 'Connect Outreach'), as)).status;
}

/** Every verb at every provider, Undo, windows, a note, a follow-up, all commands, Home, and news from Outreach. */
export async function work(session: Session): Promise<SandboxMessage> {
  const { world } = session;
  await typed(session, 'digest');
  const digest = mustBe(
    world.slack.messages(MAYA.id).find(({ ephemeral, blocks }) => !ephemeral && rowsOf(blocks).length >= 5),
  );
  const press = (words: string, label: string, choice?: string) =>
    pressOnly(world, now(session, digest), words, label, choice);
  await press('Whitfield 001', 'Done');
  await says(session, digest, 'Marked done in Gong');
  await press('Whitfield 001', 'Undo');
  await eventually(() => expect(findRow(now(session, digest), 'Whitfield 001').controls.Done).toBeDefined());
  await press('Ines Calder', 'Done');
  await says(session, digest, 'Marked done in Outreach');
  await press('Bo Tanaka', 'Snooze', 'Tomorrow');
  await says(session, digest, 'Snoozed');
  await press('Priya Raman', 'Done');
  await says(session, digest, 'Marked done in Reply');
  // A compact row's menu cannot ask, so a window does.
  await press('Odd Lund', 'Dismiss');
  await eventually(() => expect(world.slack.modal(MAYA.id)).toBeDefined());
  await world.slack.submit(MAYA.id, {});
  await says(session, digest, 'Dismissed');
  await press('Whitfield 001', 'Reschedule');
  await eventually(() => expect(world.slack.modal(MAYA.id)).toBeDefined());
  await world.slack.submit(MAYA.id, { when_typed: { when_typed: { value: '2026-12-01 15:00' } } });
  await eventually(() => expect(findRow(now(session, digest), 'Whitfield 001').text).toContain('1 Dec'));
  const commands = ['', 'overdue', 'today', 'week', 'status', 'connect', 'team', 'help', 'Bo'];
  for (const text of [...commands, 'pause until 2026-12-24', 'resume']) await typed(session, text);
  await world.slack.command(MAYA.id, '/tasks', 'settings');
  await eventually(() => expect(world.slack.modal(MAYA.id)).toBeDefined());
  world.slack.closeModal(MAYA.id);
  await world.slack.openHome(MAYA.id);
  await eventually(() => expect(world.slack.home(MAYA.id)).toBeDefined());
  await followUp(session);
  world.outreach.complete(MANUAL_TASK);
  await world.outreach.settled();
  await says(session, digest, 'Done in Outreach by you');
  return digest;
}

async function followUp(session: Session): Promise<void> {
  const { world } = session;
  await world.slack.say(MAYA.id, 'Bo <mailto:bo@tanaka.example|bo@tanaka.example> wants the deck');
  await world.slack.messageShortcut(MAYA.id, mustBe(world.slack.messages(MAYA.id).at(-1)).ts, 'create_follow_up');
  await eventually(() => expect(world.slack.modal(MAYA.id)).toBeDefined());
  const call = { text: { type: 'plain_text', text: 'Call, in Outreach' }, value: 'outreach.call' };
  const tomorrow = Math.floor(world.now() / 1_000) + 86_400;
  await shown(session, MAYA, () =>
    world.slack.submit(MAYA.id, {
      draft_email: { draft_email: { type: 'plain_text_input', value: 'bo@tanaka.example' } },
      draft_kind: { draft_kind: { type: 'static_select', selected_option: call } },
      draft_due: { draft_due: { type: 'datetimepicker', selected_date_time: tomorrow } },
      draft_note: { draft_note: { type: 'plain_text_input', value: 'Send the deck' } },
    }),
  );
}

/** Providers that hand back what they were given: to lists, to looks at who is who, and to a click. */
export async function providersEcho(session: Session, digest: SandboxMessage): Promise<void> {
  const { world, taps } = session;
  const { gong, outreach, reply } = taps;
  for (const by of TRICKS) {
    for (const tap of [gong, reply]) tap.trick = { on: '', by };
    outreach.trick = { on: 'GET /api', by };
    await Promise.all([typed(session, ''), typed(session, 'connect', THEO)]);
  }
  for (const tap of [gong, outreach, reply]) tap.trick = undefined;
  taps.gong.trick = { on: 'PATCH', by: echo(400) };
  await pressOnly(world, now(session, digest), 'Whitfield 002', 'Done');
  await says(session, digest, 'Not marked done.');
  taps.gong.trick = undefined;
}

/** Sign-ins that fail once there is a code, browsers and news that nobody waits for, and a renewal that is refused. */
export async function signInsFail(session: Session): Promise<void> {
  const { world, taps } = session;
  for (const by of [echo(400), UNFINISHED]) {
    taps.outreach.trick = { on: 'POST /oauth/token', by };
    expect(await connect(session, THEO, THEO_OUTREACH)).toBe(502);
  }
  const back = new URLSearchParams({ state: 'a-state-nobody-gave', code: 'a-code-nobody-gave' });
  expect((await fetch(`${world.publicUrl}/oauth/outreach/callback?${back}`)).status).toBe(400);
  const news = { method: 'POST', body: '{}', headers: { 'outreach-webhook-signature': 'of-nobody' } };
  expect((await fetch(`${world.publicUrl}/webhooks/outreach`, news)).status).toBe(401);
  const renewals = () => taps.outreach.heard.filter(({ body }) => body.includes('grant_type=refresh_token')).length;
  // A look at the digest may have come in between, and renewed.
  await startAt(session, 7);
  const before = renewals();
  taps.outreach.trick = { on: 'POST /oauth/token', by: refusal };
  await typed(session, '');
  await eventually(() => {
    expect(world.slack.messages(MAYA.id).map(wordsOf).join()).toContain('Your Outreach connection has ended');
  });
  taps.outreach.trick = undefined;
  expect(renewals()).toBe(before + 1);
}

export async function slackEchoes(session: Session): Promise<void> {
  const { world, taps } = session;
  for (const by of TRICKS) {
    taps.slack.trick = { on: 'POST /api/views.', by };
    await world.slack.command(MAYA.id, '/tasks', 'settings');
    await world.slack.openHome(MAYA.id);
  }
  // What HTTP refuses is asked for again for a quarter of a minute; what Slack's own words refuse is not.
  taps.slack.trick = { on: 'POST /api/users.', by: slackRefusal };
  await typed(session, 'team');
  taps.slack.trick = undefined;
  world.slack.failNext('response_url', { status: 500 });
  await world.slack.command(MAYA.id, '/tasks', 'help');
  world.slack.disconnect();
  await eventually(() => expect(world.slack.connected()).toBe(true));
  await typed(session, 'help');
}
