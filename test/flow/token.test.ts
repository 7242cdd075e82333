/** An error of our own token is about everyone: it is said once, nothing is skipped, and it is over by itself. */
import { expect, test, vi } from 'vitest';
import { MAYA, MINUTE, MONDAY_NINE, TASK_A, THEO, THEO_GONG } from './cast.ts';
import { pressOnly, type } from './press.ts';
import { posted } from './read.ts';
import { morning } from './start.ts';
import { createWorld, type World } from './world.ts';

/** Beside the one that digests are late. */
const errorsOf = (world: World) =>
  world.lines.filter(({ level, message }) => level === 'error' && !message.startsWith('digests are due'));
const readiness = (world: World) => world.status('/readyz');

async function becomesReady(world: World): Promise<void> {
  await vi.waitFor(async () => expect(await readiness(world)).toBe(200), { timeout: 20_000, interval: 100 });
  await world.pass(10 * MINUTE);
}

// slack.md 8.1: an error of our own token concerns everyone
test.each(['account_inactive', 'token_revoked', 'invalid_auth', 'org_login_required', 'team_access_not_granted'])(
  '%s at the hour of the digest: no day is skipped, the log says it once, Slack is not asked over and over, and the digests come when it is over',
  async (error) => {
    const theo = { ...THEO, tz: MAYA.tz };
    const world = await createWorld({ users: [MAYA, theo] });
    world.slack.refuseToken(error);

    await world.passTo(MONDAY_NINE);
    await world.pass(MINUTE, 10);

    expect(posted(world)).toEqual([]);
    const asked = world.slack.calls.filter(({ method }) => method === 'chat.postMessage');
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(errorsOf(world)).toMatchObject([
      { message: expect.stringContaining('Slack refuses our own token'), fields: { code: error } },
    ]);
    expect(await readiness(world)).toBe(503);
    expect(await world.status('/healthz')).toBe(200);

    world.slack.refuseToken(undefined);
    await becomesReady(world);

    for (const who of [MAYA, theo]) expect(posted(world, who)).toHaveLength(1);
    const messages = world.lines.map(({ message }) => message);
    expect(messages).not.toContain('digest given up');
    expect(messages).toContain('Slack takes our token again');
  },
  60_000,
);

test('a missing scope is named, stops only what needs it, and is over when the app was installed anew', async () => {
  const world = await createWorld();
  world.slack.grant('chat:write', false);
  await world.passTo(MONDAY_NINE);
  await world.pass(MINUTE);

  const fields = { code: 'missing_scope', needed: 'chat:write', method: 'chat.postMessage' };
  expect(errorsOf(world)).toMatchObject([{ fields }]);
  expect(await readiness(world)).toBe(503);
  expect((await type(world, 'status')).text).toBe('Your accounts and digests');
  // auth.test succeeds all the while.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await readiness(world)).toBe(503);

  world.slack.grant('chat:write', true);
  await becomesReady(world);
  expect(posted(world)).toHaveLength(1);
  expect(errorsOf(world)).toHaveLength(1);
}, 60_000);

test('a click is taken and goes to the tool while Slack refuses our token', async () => {
  const { world, digest } = await morning({ http: true });
  world.slack.refuseToken('account_inactive');
  await type(world, 'digest').catch(() => undefined);

  const { acked } = await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await world.idle();

  expect(acked).toBe(true);
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

test.each(['app_uninstalled', 'tokens_revoked'])(
  'the event %s has Slack asked, and believed; while the token works it changes nothing',
  async (type) => {
    const world = await createWorld();
    const event = { type, tokens: { oauth: [], bot: ['U0DOCKETBOT'] }, event_ts: '1.1' };
    await world.slack.event(event);
    await world.idle();
    expect(await readiness(world)).toBe(200);

    world.slack.refuseToken('account_inactive');
    await world.slack.event({ ...event, event_ts: '1.2' });

    await vi.waitFor(async () => expect(await readiness(world)).toBe(503), { timeout: 5_000 });
    expect(errorsOf(world)).toHaveLength(1);
  },
);

test('someone who cannot be written to is their own trouble', async () => {
  const world = await createWorld({ gongUsers: [THEO_GONG] });
  world.slack.failNext('chat.postMessage', { error: 'user_disabled' });

  await world.passTo(MONDAY_NINE);

  expect(await readiness(world)).toBe(200);
  expect(errorsOf(world)).toEqual([]);
});
