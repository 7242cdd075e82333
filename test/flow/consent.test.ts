/** Signing in to Outreach: the way there and back, what it leaves behind, and what happens when it ends. */
import { expect, test } from 'vitest';
import {
  actionsAt,
  browse,
  connectLink,
  createThree,
  databaseBytes,
  linkOf,
  MAYA_OUTREACH,
  returnTo,
  STEP_TASK,
  signIn,
  type Three,
} from './three.ts';
import {
  answered,
  DAY,
  digestOf,
  fresh,
  HOUR,
  homeOf,
  MAYA,
  mustBe,
  openHome,
  posted,
  press,
  pressButton,
  rowsOf,
  THEO,
  type,
  wordsOf,
} from './world.ts';

const stateOf = (url: string) => mustBe(new URL(url).searchParams.get('state') ?? undefined);
const callback = (world: Three, query: Record<string, string>) =>
  returnTo(`${world.publicUrl}/oauth/outreach/callback?${new URLSearchParams(query)}`);

async function unlinkOutreach(world: Three): Promise<void> {
  const block = mustBe(homeOf(world).blocks.find((each) => JSON.stringify(each).includes('Unlink Outreach')));
  await answered(world, () =>
    world.slack.act(MAYA.id, { home: true }, String(block.block_id), block.accessory as never),
  );
}

async function texts(world: Three, who = MAYA) {
  return world.slack.messages(who.id).map((message) => wordsOf(message));
}

test('/tasks connect gives a link to sign in; the page says what happened and how to go back', async () => {
  const world = await createThree({ signedIn: [] });

  const url = await connectLink(world);
  expect(url.startsWith(`${world.outreach.url}/oauth/authorize?`)).toBe(true);
  expect(new URL(url).searchParams.get('code_challenge_method')).toBe('S256');
  const back = await browse(url, MAYA_OUTREACH);

  expect(back.status).toBe(200);
  expect(back.text).toContain('Outreach is connected');
  expect(back.text).toContain('Maya Lindqvist');
  expect(back.text).toContain('Back to Slack');
  await world.idle();
  expect(rowsOf((await type(world, '')).blocks)).toHaveLength(5);
  expect(wordsOf(await type(world, 'connect'))).toContain('*Outreach*: connected by you as maya@northlight.example');
});

test('the message from which a rep went to sign in shows that it worked', async () => {
  const world = await createThree({ signedIn: [] });
  const link = await connectLink(world);
  const message = mustBe(world.slack.messages(MAYA.id).at(-1));
  const block = mustBe(message.blocks.find((each) => JSON.stringify(each).includes(JSON.stringify(link).slice(1, -1))));
  await world.slack.act(MAYA.id, { ts: message.ts }, String(block.block_id), block.accessory as never);

  await answered(world, async () => {
    await browse(link, MAYA_OUTREACH);
    return { acked: true, ackMs: 0, ackBody: {} };
  });

  await expect.poll(() => wordsOf(fresh(world, message)), { timeout: 5_000 }).toContain('*Outreach is connected.*');
  expect(wordsOf(fresh(world, message))).toContain('connected by you as maya@northlight.example');
  expect(JSON.stringify(fresh(world, message).blocks)).not.toContain('/oauth/authorize');
});

test('the link works once', async () => {
  const world = await createThree({ signedIn: [] });
  const back = await browse(await connectLink(world), MAYA_OUTREACH);

  const again = await returnTo(back.url);

  expect(again.status).toBe(400);
  expect(again.text).toContain('This link is over');
  expect(world.outreach.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
});

test('the link works for ten minutes', async () => {
  const world = await createThree({ signedIn: [] });
  const url = await connectLink(world);

  await world.pass(10 * 60_000);
  const back = await browse(url, MAYA_OUTREACH);

  expect(back.text).toContain('This link is over');
  expect(wordsOf(await type(world, 'connect'))).toContain('*Outreach*: not connected');
});

test('a state that nobody was given, or none at all, connects nothing', async () => {
  const world = await createThree({ signedIn: [] });

  for (const query of [{ state: 'made-up', code: 'c' }, { code: 'c' }, {}] as Record<string, string>[]) {
    expect((await callback(world, query)).text).toContain('This link is over');
  }
  expect((await returnTo(`${world.publicUrl}/oauth/gong/callback?state=x&code=y`)).status).toBe(404);
  expect(world.outreach.requests).toEqual([]);
});

test('whoever says no is told that nothing was connected, and can try again', async () => {
  const world = await createThree({ signedIn: [] });

  const back = await browse(await connectLink(world), MAYA_OUTREACH, 'deny');

  expect(back.text).toContain('Nothing was connected');
  expect((await signIn(world)).text).toContain('Outreach is connected');
});

test('a code that Outreach does not take leaves nothing behind', async () => {
  const world = await createThree({ signedIn: [] });
  const state = stateOf(await connectLink(world));

  const back = await callback(world, { state, code: 'made-up' });

  expect(back.status).toBe(502);
  expect(back.text).toContain('Outreach could not be connected');
  expect(wordsOf(await type(world, 'connect'))).toContain('*Outreach*: not connected');
});

test('a rep whose address nobody has at Outreach is told so, and no token is kept', async () => {
  const world = await createThree({
    signedIn: [],
    outreachOptions: { users: [{ id: '9', email: 'm.lindqvist@other.example', firstName: 'M', lastName: 'L' }] },
  });

  const back = await browse(await connectLink(world), '9');

  expect(back.text).toContain('No active user in Outreach has the address maya@northlight.example');
  expect(wordsOf(await type(world, 'connect'))).toContain('*Outreach*: not connected');
});

test('tokens are encrypted in the database, and a restart goes on with them', async () => {
  const world = await createThree();
  await world.restart();

  expect(rowsOf((await type(world, '')).blocks)).toHaveLength(5);

  const bytes = databaseBytes(world);
  expect(bytes.includes('eyJhbGciOiJkaXIi')).toBe(true);
  const spoken = world.outreach.requests.filter(({ path }) => path === '/oauth/token').map(({ body }) => String(body));
  const codes = spoken.flatMap((body) => [...new URLSearchParams(body).values()]).filter((value) => value.length > 20);
  expect(codes.length).toBeGreaterThan(0);
  for (const secret of [...codes, 'accessToken', 'refreshToken']) expect(bytes.includes(secret)).toBe(false);
});

test('an access token that ended is renewed once, however many calls find it so, and the new refresh token is kept', async () => {
  const world = await createThree();
  await world.pass(2 * 60_000);
  world.outreach.expireAccess(MAYA_OUTREACH);
  const minted = () => world.outreach.requests.filter(({ path }) => path === '/oauth/token').length;
  const before = minted();

  await Promise.all([type(world, ''), openHome(world), type(world, 'today')]);
  expect(minted()).toBe(before + 1);
  await world.restart(3 * HOUR);
  expect(wordsOf(await type(world, ''))).toContain('Ines Calder');
  expect(minted()).toBe(before + 2);
});

test('a connection that nobody uses is renewed before it ends', async () => {
  const world = await createThree();
  await type(world, 'pause');

  await world.pass(8 * DAY);
  await world.pass(8 * DAY);

  expect(rowsOf((await type(world, '')).blocks).some(({ text }) => text.includes('Outreach'))).toBe(true);
});

test('a connection that Outreach ended is told once, with the way back, and lists say so', async () => {
  const world = await createThree();
  await digestOf(world);
  world.outreach.revoke(MAYA_OUTREACH);

  await type(world, '');
  const list = await type(world, '');

  expect(wordsOf(list)).toContain('Outreach could not be reached');
  expect(wordsOf(list)).toContain('Your connection has ended');
  const told = () => posted(world).filter((message) => wordsOf(message).includes('Your Outreach connection has ended'));
  expect(told()).toHaveLength(1);
  await world.pass(2 * HOUR);
  expect(told()).toHaveLength(1);

  await answered(world, () => {
    const message = mustBe(told()[0]);
    const block = mustBe(message.blocks.find((each) => each.type === 'actions'));
    const [button] = block.elements as { [key: string]: string }[];
    return world.slack.act(MAYA.id, { ts: message.ts }, String(block.block_id), mustBe(button));
  });
  const modal = mustBe(world.slack.modal(MAYA.id));
  const back = await browse(linkOf(modal.view.blocks as never, 'Sign in to Outreach'), MAYA_OUTREACH);
  expect(back.text).toContain('Outreach is connected');
  await world.idle();
  expect(rowsOf((await type(world, '')).blocks)).toHaveLength(5);
});

test('a click on a task whose connection has ended says the way back, and is done by itself once the rep is back', async () => {
  const world = await createThree({ env: { UNDO_WINDOW_SECONDS: '0' } });
  const digest = await digestOf(world);
  world.outreach.revoke(MAYA_OUTREACH);

  await press(world, digest, 'Ines Calder', 'Done');

  expect(wordsOf(fresh(world, digest))).toContain('*Not marked done.* Your Outreach connection has ended.');
  expect(wordsOf(fresh(world, digest))).toContain('Docket then does this by itself.');
  await signIn(world, MAYA, 'Sign in to Outreach again');

  expect(wordsOf(fresh(world, digest))).toContain('Marked done in Outreach');
  expect(world.outreach.task(STEP_TASK)?.state).toBe('complete');
  expect(actionsAt(world)).toHaveLength(1);
});

test('Unlink in Home forgets the consent; the tasks leave, and signing in again brings them back', async () => {
  const world = await createThree();
  await openHome(world);

  await unlinkOutreach(world);

  expect(wordsOf(homeOf(world))).toContain('*Outreach*: not connected');
  expect(rowsOf(homeOf(world).blocks).every(({ text }) => !text.endsWith('Outreach'))).toBe(true);
  // Outreach gives one token a minute.
  await world.pass(61_000);
  await pressButton(world, 'home', 'Connect Outreach');
  const modal = mustBe(world.slack.modal(MAYA.id));
  await browse(linkOf(modal.view.blocks as never, 'Sign in to Outreach'), MAYA_OUTREACH);
  await world.idle();
  expect(rowsOf((await type(world, '')).blocks)).toHaveLength(5);
});

test('a sign-in within the minute that Outreach asks for is said to be too soon, and works after it', async () => {
  const world = await createThree();
  await openHome(world);
  await unlinkOutreach(world);

  const soon = await browse(await connectLink(world), MAYA_OUTREACH);
  expect(soon.text).toContain('gives one sign-in a minute');
  expect(wordsOf(await type(world, 'connect'))).toContain('*Outreach*: not connected');
  await world.pass(61_000);

  expect((await signIn(world)).text).toContain('Outreach is connected');
});

test('one rep’s sign-in gives another nothing', async () => {
  const world = await createThree();

  expect(wordsOf(await type(world, 'connect', THEO))).toContain('*Outreach*: not connected');
  expect(wordsOf(await type(world, '', THEO))).not.toContain('Ines Calder');
  expect((await texts(world, THEO)).join()).not.toContain('Bo Tanaka');
});
