/** An error of our own token is about everyone: it is said once, nothing is skipped, and it is over by itself. */
import { expect, test, vi } from 'vitest';
import { MAYA, MONDAY_NINE, TASK_A, THEO, THEO_GONG } from './cast.ts';
import { pressOnly, type } from './press.ts';
import { posted } from './read.ts';
import { morning } from './start.ts';
import { createWorld, type World } from './world.ts';

const REFUSED = 'Slack refuses our own token';

async function readiness(world: World): Promise<number> {
  return await world.status('/readyz');
}

const errorsOf = (world: World) => world.lines.filter(({ level }) => level === 'error');

// slack.md 8.1: an error of our own token concerns everyone
test.each(['account_inactive', 'token_revoked', 'invalid_auth', 'org_login_required', 'team_access_not_granted'])(
  '%s at the hour of the digest: no day is skipped, the log says it once, and the digests come when it is over',
  async (error) => {
    const inNewYork = { ...THEO, tz: 'America/New_York' };
    const world = await createWorld({ users: [MAYA, inNewYork] });
    world.slack.refuseToken(error);

    await world.passTo(MONDAY_NINE);
    await world.pass(60_000, 3);

    expect(posted(world)).toEqual([]);
    expect(errorsOf(world)).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(REFUSED),
        fields: expect.objectContaining({ code: error }),
      }),
    ]);
    expect(await readiness(world)).toBe(503);
    expect(await world.status('/healthz')).toBe(200);

    world.slack.refuseToken(undefined);
    await vi.waitFor(async () => expect(await readiness(world)).toBe(200), { timeout: 20_000, interval: 100 });
    await world.pass(10 * 60_000);

    expect(posted(world, MAYA)).toHaveLength(1);
    expect(posted(world, inNewYork)).toHaveLength(1);
    expect(world.lines.filter(({ message }) => message === 'digest given up')).toEqual([]);
    expect(world.lines.map(({ message }) => message)).toContain('Slack takes our token again');
  },
  60_000,
);

test('while the token is refused Slack is not asked over and over', async () => {
  const world = await createWorld();
  world.slack.refuseToken('token_expired');
  await world.passTo(MONDAY_NINE);
  await world.pass(60_000, 10);

  expect(world.slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
}, 60_000);

test('a missing scope is named, stops only what needs it, and is over when the app was installed anew', async () => {
  const world = await createWorld();
  world.slack.grant('chat:write', false);
  await world.passTo(MONDAY_NINE);
  await world.pass(60_000);

  expect(errorsOf(world)).toEqual([
    expect.objectContaining({ fields: { code: 'missing_scope', needed: 'chat:write', method: 'chat.postMessage' } }),
  ]);
  expect(await readiness(world)).toBe(503);
  expect((await type(world, 'status')).text).toBe('Your accounts and digests');
  // auth.test succeeds all the while.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await readiness(world)).toBe(503);

  world.slack.grant('chat:write', true);
  await vi.waitFor(async () => expect(await readiness(world)).toBe(200), { timeout: 20_000, interval: 100 });
  await world.pass(10 * 60_000);
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

test.each(['app_uninstalled', 'tokens_revoked'])('the event %s has Slack asked, and believed', async (event) => {
  const world = await createWorld();
  world.slack.refuseToken('account_inactive');

  await world.slack.event({ type: event, tokens: { oauth: [], bot: ['U0DOCKETBOT'] }, event_ts: '1.1' });

  await vi.waitFor(async () => expect(await readiness(world)).toBe(503), { timeout: 5_000 });
  expect(errorsOf(world)).toHaveLength(1);
});

test('an event that says so while the token works changes nothing', async () => {
  const world = await createWorld();

  await world.slack.event({ type: 'tokens_revoked', tokens: { oauth: ['U0MAYA'] }, event_ts: '1.1' });
  await world.idle();

  expect(await readiness(world)).toBe(200);
});

test('someone who cannot be written to is their own trouble', async () => {
  const world = await createWorld({ gongUsers: [THEO_GONG], users: [MAYA, THEO] });
  world.slack.failNext('chat.postMessage', { error: 'user_disabled' });

  await world.passTo(MONDAY_NINE);

  expect(await readiness(world)).toBe(200);
  expect(errorsOf(world)).toEqual([]);
});
