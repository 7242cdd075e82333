/** Signing in to Outreach: the way there and back, what it leaves behind, and what happens when it ends. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answerConsent } from '../../sandbox/browser.ts';
import { DAY, HOUR, MAYA, MAYA_OUTREACH, STEP_TASK, THEO, THEO_OUTREACH } from './cast.ts';
import { answered, digestOf, openHome, press, pressButton, type } from './press.ts';
import { actionsAt, fresh, homeOf, mustBe, posted, rowsOf, wordsOf } from './read.ts';
import { browse, connectLink, linkOf, returnTo, signIn } from './sign-in.ts';
import { createThree } from './start.ts';
import type { World } from './world.ts';

/** Presses the link as far as Outreach's page: where that is, and the state that it was given. */
async function pressed(link: string): Promise<{ page: URL; state: string }> {
  const answer = await fetch(link, { redirect: 'manual' });
  const page = new URL(mustBe(answer.headers.get('location') ?? undefined));
  return { page, state: mustBe(page.searchParams.get('state') ?? undefined) };
}
/** What a browser fetches before, or without, anybody going there. */
const AHEAD: [string, RequestInit][] = [
  ['a prefetch', { headers: { 'Sec-Purpose': 'prefetch' } }],
  ['a prerender', { headers: { 'Sec-Purpose': 'prefetch;prerender' } }],
  ['an older prefetch', { headers: { Purpose: 'prefetch' } }],
  ['a preview', { headers: { 'X-Purpose': 'preview' } }],
  ['an old Firefox', { headers: { 'X-Moz': 'prefetch' } }],
  ['a link scanner', { method: 'HEAD' }],
];
const tokensMinted = (world: World) => world.outreach.requests.filter(({ path }) => path === '/oauth/token').length;
const callback = (world: World, query: Record<string, string>) =>
  returnTo(`${world.publicUrl}/oauth/outreach/callback?${new URLSearchParams(query)}`);

async function unlinkOutreach(world: World): Promise<void> {
  const block = mustBe(homeOf(world).blocks.find((each) => JSON.stringify(each).includes('Unlink Outreach')));
  await answered(world, () =>
    world.slack.act(MAYA.id, { home: true }, String(block.block_id), block.accessory as never),
  );
}

/** The database as bytes, the write-ahead log included. */
function databaseBytes({ config }: World): Buffer {
  const path = config.databaseUrl.slice('file:'.length);
  return Buffer.concat([path, `${path}-wal`].filter((file) => existsSync(file)).map((file) => readFileSync(file)));
}

async function texts(world: World, who = MAYA) {
  return world.slack.messages(who.id).map((message) => wordsOf(message));
}

test('/tasks connect gives a link to sign in; the page says what happened and how to go back', async () => {
  const world = await createThree({ signedIn: [] });

  const url = await connectLink(world);
  expect(url.startsWith(`${world.publicUrl}/oauth/outreach/start?ticket=`)).toBe(true);
  const { page } = await pressed(url);
  expect(`${page.origin}${page.pathname}`).toBe(`${world.outreach.url}/oauth/authorize`);
  expect(page.searchParams.get('code_challenge_method')).toBe('S256');
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
  expect(JSON.stringify(fresh(world, message).blocks)).not.toContain('/oauth/outreach/start');
});

test('the page that is loaded again shows the same, and redeems nothing', async () => {
  const world = await createThree({ signedIn: [] });
  const back = await browse(await connectLink(world), MAYA_OUTREACH);

  const again = await returnTo(back.url);

  expect([again.status, again.text]).toEqual([back.status, back.text]);
  expect(tokensMinted(world)).toBe(1);
  await world.pass(10 * 60_000);
  expect((await returnTo(back.url)).text).toContain('This link is over');
});

test('two tabs that come back at the same moment both show that it worked', async () => {
  const world = await createThree({ signedIn: [] });
  const back = await answerConsent(await connectLink(world), MAYA_OUTREACH);
  world.outreach.fail({ on: 'POST /oauth/token', how: { kind: 'hold' } });

  const tabs = [returnTo(back), returnTo(back), returnTo(back)];
  await expect.poll(() => tokensMinted(world)).toBe(1);
  world.outreach.release();

  for (const tab of await Promise.all(tabs)) expect(tab.text).toContain('Outreach is connected');
  expect(tokensMinted(world)).toBe(1);
});

test.each(AHEAD)('%s uses nothing up: the person who comes then is connected', async (_name, ahead) => {
  const world = await createThree({ signedIn: [] });
  const link = await connectLink(world);
  const first = await fetch(link, { ...ahead, redirect: 'manual' });
  const back = await answerConsent(link, MAYA_OUTREACH);
  const second = await fetch(back, ahead);

  for (const answer of [first, second]) {
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('location')).toBeNull();
    expect(await answer.text()).toBe('');
  }
  expect(tokensMinted(world)).toBe(0);
  expect((await returnTo(back)).text).toContain('Outreach is connected');
});

test('the same button leads to a sign-in again after Deny, and after ten minutes', async () => {
  const world = await createThree({ signedIn: [] });
  const link = await connectLink(world);
  const late = await answerConsent(link, MAYA_OUTREACH);

  const denied = await browse(link, MAYA_OUTREACH, 'deny');
  expect(denied.text).toContain('Nothing was connected');
  expect((await returnTo(denied.url)).text).toBe(denied.text);
  await world.pass(10 * 60_000);
  expect((await returnTo(late)).text).toContain('This link is over');

  expect((await browse(link, MAYA_OUTREACH)).text).toContain('Outreach is connected');
});

test('a link that is a day old, changed or made up says what to do', async () => {
  const world = await createThree({ signedIn: [] });
  const link = await connectLink(world);
  const start = `${world.publicUrl}/oauth/outreach/start`;
  const [ticket = ''] = link.split('.').slice(-2);
  const swapped = link.replace(ticket, [...ticket].toReversed().join(''));

  for (const url of [start, `${start}?ticket=`, `${start}?ticket=made.up`, `${link}x`, swapped]) {
    const page = await returnTo(url);
    expect(page.status, url).toBe(400);
    expect(page.text).toContain('type /tasks connect');
  }
  await world.pass(DAY);
  expect((await returnTo(link)).status).toBe(400);
  expect((await returnTo(`${world.publicUrl}/oauth/gong/start?ticket=x`)).status).toBe(404);
  expect(world.outreach.requests).toEqual([]);
});

// outreach.md 7.4: GET /api/v2 says whose token it is: another address connects nothing
test('a link that somebody else follows connects nothing, and the rep hears who it was', async () => {
  const world = await createThree({ signedIn: [] });
  const link = await connectLink(world);

  const back = await browse(link, THEO_OUTREACH);
  await world.idle();

  expect(back.text).toContain('Another person signed in');
  expect(back.text).toContain('theo@northlight.example');
  const told = wordsOf(posted(world).at(-1));
  expect(told).toContain('Somebody else signed in to Outreach with your link');
  expect(told).toContain('theo@northlight.example');
  expect(told).toContain('Do not forward the link');
  for (const who of [MAYA, THEO])
    expect(wordsOf(await type(world, 'connect', who))).toContain('*Outreach*: not connected');
  // Nothing but the question who it was.
  const asked = world.outreach.requests.filter(({ path }) => path.startsWith('/api/')).map(({ path }) => path);
  expect(asked).toEqual(['/api/v2']);
  expect((await browse(link, MAYA_OUTREACH)).text).toContain('Outreach is connected');
});

test('a link that somebody else follows leaves a connection that works as it is', async () => {
  const world = await createThree();
  const message = await type(world, 'connect');
  await pressButton(world, message, 'Sign in again');
  const modal = mustBe(world.slack.modal(MAYA.id));

  const back = await browse(linkOf(modal.view.blocks as never, 'Sign in to Outreach'), THEO_OUTREACH);
  await world.idle();

  expect(back.text).toContain('Another person signed in');
  expect(rowsOf((await type(world, '')).blocks)).toHaveLength(5);
  const asTheo = world.outreach.requests.filter(({ userId }) => userId === THEO_OUTREACH).map(({ path }) => path);
  expect(asTheo).toEqual(['/api/v2']);
});

/** Maya signed in at an Outreach that does not say so. */
async function unconfirmed() {
  const world = await createThree({ signedIn: [], outreachOptions: { saysWho: false } });
  const back = await browse(await connectLink(world), MAYA_OUTREACH);
  await world.idle();
  return { world, back, question: mustBe(posted(world).at(-1)) };
}

// outreach.md 7.5: meta.user is documented nowhere: without it the rep is asked before the token is used
test('where Outreach does not say who signed in, the rep is asked, and yes connects it', async () => {
  const { world, back, question } = await unconfirmed();
  const callsBefore = world.outreach.requests.map(({ path }) => path).filter((path) => path.startsWith('/api/'));

  expect(back.text).toContain('One more step in Slack');
  expect(wordsOf(question)).toContain('Did you just sign in to Outreach, as maya@northlight.example?');
  expect(callsBefore).toEqual(['/api/v2']);
  expect(wordsOf(await type(world, 'connect'))).toContain('*Outreach*: not connected');
  await pressButton(world, question, 'Yes, that was me');

  expect(wordsOf(fresh(world, question))).toContain('*Outreach is connected.*');
  expect(rowsOf((await type(world, '')).blocks)).toHaveLength(5);
  expect((await returnTo(back.url)).text).toContain('Outreach is connected');
});

test('where Outreach does not say who signed in, no forgets it', async () => {
  const { world, question } = await unconfirmed();

  await pressButton(world, question, 'No');

  expect(wordsOf(fresh(world, question))).toContain('that sign-in is forgotten');
  expect(wordsOf(fresh(world, question))).toContain('*Outreach*: not connected');
  expect(world.outreach.requests.filter(({ path }) => path.startsWith('/api/'))).toHaveLength(1);
});

test('where Outreach does not say who signed in, the rep can answer again when it did not answer', async () => {
  const { world, question } = await unconfirmed();
  world.outreach.fail({ on: 'GET /api/v2/users', how: { kind: 'answer', status: 503 } });

  await pressButton(world, question, 'Yes, that was me');
  expect(world.slack.messages(MAYA.id).at(-1)?.text).toContain('Nothing was connected yet');
  await pressButton(world, fresh(world, question), 'Yes, that was me');

  expect(wordsOf(fresh(world, question))).toContain('*Outreach is connected.*');
});

test('where Outreach does not say who signed in, an hour without an answer forgets it', async () => {
  const { world, question } = await unconfirmed();

  await world.pass(HOUR);
  await pressButton(world, question, 'Yes, that was me');

  expect(wordsOf(fresh(world, question))).toContain('forgotten after an hour');
  expect(wordsOf(fresh(world, question))).toContain('*Outreach*: not connected');
});

test.each([429, 500, 503])(
  'an Outreach that answers %i when asked who signed in connects nothing; later it does',
  async (status) => {
    const world = await createThree({ signedIn: [] });
    const link = await connectLink(world);
    world.outreach.fail({ on: 'GET /api/v2', how: { kind: 'answer', status } });

    const back = await browse(link, MAYA_OUTREACH);

    expect(back.status).toBe(502);
    expect(back.text).toContain('it is safe');
    expect(wordsOf(await type(world, 'connect'))).toContain('*Outreach*: not connected');
    await world.pass(61_000);
    expect((await browse(link, MAYA_OUTREACH)).text).toContain('Outreach is connected');
  },
);

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
  const { state } = await pressed(await connectLink(world));

  const back = await callback(world, { state, code: 'made-up' });

  expect(back.status).toBe(502);
  expect(back.text).toContain('Outreach could not be connected');
  expect(wordsOf(await type(world, 'connect'))).toContain('*Outreach*: not connected');
});

test('a rep whose address nobody has at Outreach is told so, and no token is kept', async () => {
  const world = await createThree({ signedIn: [] });
  // Hers until a moment ago.
  world.outreach.fail({ on: 'GET /api/v2/users', how: { kind: 'answer', status: 200, body: '{"data":[]}' } });

  const back = await browse(await connectLink(world), MAYA_OUTREACH);

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

// outreach.md 1.13: each call runs as the rep who consented
test('one rep’s sign-in gives another nothing', async () => {
  const world = await createThree();

  expect(wordsOf(await type(world, 'connect', THEO))).toContain('*Outreach*: not connected');
  expect(wordsOf(await type(world, '', THEO))).not.toContain('Ines Calder');
  expect((await texts(world, THEO)).join()).not.toContain('Bo Tanaka');
});
