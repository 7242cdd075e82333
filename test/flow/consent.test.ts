/** Signing in to Outreach: the way there and back, what it leaves behind, and what happens when it ends. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answerConsent } from '../../sandbox/browser.ts';
import { DAY, HOUR, MAYA, MAYA_OUTREACH, MINUTE, STEP_TASK, THEO, THEO_OUTREACH } from './cast.ts';
import { answered, digestOf, openHome, show, type } from './press.ts';
import { actionsAt, mustBe, posted, wordsOf } from './read.ts';
import { browse, browseModal, connectLink, returnTo, signIn } from './sign-in.ts';
import { createThree, morningOfThree } from './start.ts';
import type { World } from './world.ts';

const CONNECTED = 'Outreach is connected';
const NOT_CONNECTED = '*Outreach*: not connected';
const OVER = 'This link is over';

/** Presses the link as far as Outreach's page: where that is, and the state that it was given. */
async function pressed(link: string): Promise<{ page: URL; state: string }> {
  const answer = await fetch(link, { redirect: 'manual' });
  const page = new URL(mustBe(answer.headers.get('location') ?? undefined));
  return { page, state: mustBe(page.searchParams.get('state') ?? undefined) };
}

const asked = (world: World, path: string) =>
  world.outreach.requests.filter((request) => request.path.startsWith(path));
const tokensMinted = (world: World) => asked(world, '/oauth/token').length;
const callback = (world: World, query: Record<string, string>) =>
  returnTo(`${world.publicUrl}/oauth/outreach/callback?${new URLSearchParams(query)}`);
const accounts = async (world: World, who = MAYA) => (await type(world, 'connect', who)).words();
const rowsInList = async (world: World) => (await type(world, '')).rows().length;

async function unlinkOutreach(world: World): Promise<void> {
  const home = await openHome(world);
  const block = mustBe(home.blocks.find((each) => JSON.stringify(each).includes('Unlink Outreach')));
  await answered(world, () =>
    world.slack.act(MAYA.id, { home: true }, String(block.block_id), block.accessory as never),
  );
}

test('/tasks connect gives a link to sign in; the page, and the message with the link, say that it worked', async () => {
  const world = await createThree({ signedIn: [] });

  const url = await connectLink(world);
  expect(url.startsWith(`${world.publicUrl}/oauth/outreach/start?ticket=`)).toBe(true);
  const { page } = await pressed(url);
  expect(`${page.origin}${page.pathname}`).toBe(`${world.outreach.url}/oauth/authorize`);
  expect(page.searchParams.get('code_challenge_method')).toBe('S256');
  const message = show(world, mustBe(world.slack.messages(MAYA.id).at(-1)));
  const block = mustBe(message.blocks.find((each) => JSON.stringify(each).includes(JSON.stringify(url).slice(1, -1))));
  await world.slack.act(MAYA.id, { ts: message.ts }, String(block.block_id), block.accessory as never);
  // Whoever says no can press the same link again.
  expect((await browse(url, MAYA_OUTREACH, 'deny')).text).toContain('Nothing was connected');
  const back = await browse(url, MAYA_OUTREACH);

  expect(back.status).toBe(200);
  for (const said of [CONNECTED, 'Maya Lindqvist', 'Back to Slack']) expect(back.text).toContain(said);
  await expect.poll(() => message.words(), { timeout: 5_000 }).toContain('*Outreach is connected.*');
  expect(message.words()).toContain('connected by you as maya@northlight.example');
  expect(JSON.stringify(message.now().blocks)).not.toContain('/oauth/outreach/start');
  expect(await rowsInList(world)).toBe(5);
});

test('the page that is loaded again, or in three tabs at once, shows the same, and redeems nothing more', async () => {
  const world = await createThree({ signedIn: [] });
  const back = await answerConsent(await connectLink(world), MAYA_OUTREACH);
  world.outreach.fail({ on: 'POST /oauth/token', how: { kind: 'hold' } });

  const tabs = [returnTo(back), returnTo(back), returnTo(back)];
  await expect.poll(() => tokensMinted(world)).toBe(1);
  world.outreach.release();

  for (const tab of [...(await Promise.all(tabs)), await returnTo(back)]) expect(tab.text).toContain(CONNECTED);
  expect(tokensMinted(world)).toBe(1);
  await world.pass(10 * MINUTE);
  expect((await returnTo(back)).text).toContain(OVER);
});

/** Every kind of prefetch: test/http/server.test.ts. */
test.each<[string, RequestInit]>([
  ['a prefetch', { headers: { 'Sec-Purpose': 'prefetch' } }],
  ['a link scanner', { method: 'HEAD' }],
])('%s uses nothing up: the person who comes then is connected', async (_name, ahead) => {
  const world = await createThree({ signedIn: [] });
  const link = await connectLink(world);
  await fetch(link, { ...ahead, redirect: 'manual' });
  const back = await answerConsent(link, MAYA_OUTREACH);
  const second = await fetch(back, ahead);

  expect([second.headers.get('cache-control'), await second.text()]).toEqual(['no-store', '']);
  expect(tokensMinted(world)).toBe(0);
  expect((await returnTo(back)).text).toContain(CONNECTED);
});

test('a link or a state that is a day old, changed, made up or missing connects nothing, and says what to do', async () => {
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
  for (const query of [{ state: 'made-up', code: 'c' }, { code: 'c' }, {}] as Record<string, string>[]) {
    expect((await callback(world, query)).text).toContain(OVER);
  }
  for (const path of ['start?ticket=x', 'callback?state=x&code=y']) {
    expect((await returnTo(`${world.publicUrl}/oauth/gong/${path}`)).status).toBe(404);
  }
  expect(world.outreach.requests).toEqual([]);
});

// outreach.md 7.4: GET /api/v2 says whose token it is: another address connects nothing
test('a link that somebody else follows connects nothing, and the rep hears who it was', async () => {
  const world = await createThree({ signedIn: [] });
  const link = await connectLink(world);

  const back = await browse(link, THEO_OUTREACH);
  await world.idle();

  expect(back.text).toContain('Another person signed in');
  const told = wordsOf(posted(world).at(-1));
  expect(told).toContain('Somebody else signed in to Outreach with your link');
  for (const said of [back.text, told]) expect(said).toContain('theo@northlight.example');
  for (const who of [MAYA, THEO]) expect(await accounts(world, who)).toContain(NOT_CONNECTED);
  // Nothing but the question who it was.
  expect(asked(world, '/api/').map(({ path }) => path)).toEqual(['/api/v2']);
  expect((await browse(link, MAYA_OUTREACH)).text).toContain(CONNECTED);
});

// outreach.md 7.5: meta.user is documented nowhere: without it the rep is asked before the token is used
test('where Outreach does not say who signed in, the rep is asked; no forgets it, and yes connects it', async () => {
  const world = await createThree({ signedIn: [], outreachOptions: { saysWho: false } });
  const link = await connectLink(world);
  const question = async () => {
    const back = await browse(link, MAYA_OUTREACH);
    await world.idle();
    expect(back.text).toContain('One more step in Slack');
    return { back, asked: show(world, mustBe(posted(world).at(-1))) };
  };

  const first = await question();
  expect(first.asked.words()).toContain('Did you just sign in to Outreach, as maya@northlight.example?');
  await first.asked.button('No');
  expect(first.asked.words()).toContain('that sign-in is forgotten');
  expect(asked(world, '/api/').map(({ path }) => path)).toEqual(['/api/v2']);
  expect(await accounts(world)).toContain(NOT_CONNECTED);

  await world.pass(61_000);
  const second = await question();
  // A yes can be given again when Outreach did not answer to it.
  world.outreach.fail({ on: 'GET /api/v2/users', how: { kind: 'answer', status: 503 } });
  await second.asked.button('Yes, that was me');
  expect(world.slack.messages(MAYA.id).at(-1)?.text).toContain('Nothing was connected yet');
  await second.asked.button('Yes, that was me');

  expect(second.asked.words()).toContain('*Outreach is connected.*');
  expect(await rowsInList(world)).toBe(5);
  expect((await returnTo(second.back.url)).text).toContain(CONNECTED);
});

const outage = (on: string, status: number) => (world: World) =>
  world.outreach.fail({ on, how: { kind: 'answer', status } });

test.each<[string, (world: World) => void, string | undefined, number, string]>([
  ['Outreach is busy when asked who signed in', outage('GET /api/v2', 429), undefined, 502, 'it is safe'],
  ['Outreach is away when asked who signed in', outage('GET /api/v2', 503), undefined, 502, 'it is safe'],
  ['Outreach does not take the code', () => {}, 'made-up', 502, 'could not be connected'],
  [
    'nobody at Outreach has the rep’s address any more',
    ({ outreach }) =>
      outreach.fail({ on: 'GET /api/v2/users', how: { kind: 'answer', status: 200, body: '{"data":[]}' } }),
    undefined,
    200,
    'No active user in Outreach has the address maya@northlight.example',
  ],
])('%s: nothing is connected, which the page says, and later it works', async (_name, happens, code, status, says) => {
  const world = await createThree({ signedIn: [] });
  const link = await connectLink(world);
  happens(world);

  const back =
    code === undefined
      ? await browse(link, MAYA_OUTREACH)
      : await callback(world, { code, state: (await pressed(link)).state });

  expect(back.status).toBe(status);
  expect(back.text).toContain(says);
  expect(await accounts(world)).toContain(NOT_CONNECTED);
  await world.pass(61_000);
  expect((await browse(link, MAYA_OUTREACH)).text).toContain(CONNECTED);
});

/** The database as bytes, the write-ahead log included. */
function databaseBytes({ config }: World): Buffer {
  const path = config.databaseUrl.slice('file:'.length);
  return Buffer.concat([path, `${path}-wal`].filter((file) => existsSync(file)).map((file) => readFileSync(file)));
}

test('tokens are encrypted in the database, and a restart goes on with them', async () => {
  const world = await createThree();
  await world.restart();
  expect(await rowsInList(world)).toBe(5);
  // The access token is over: it is renewed, and the new refresh token is kept.
  await world.restart(3 * HOUR);
  expect(await rowsInList(world)).toBe(5);
  expect(tokensMinted(world)).toBe(2);

  const bytes = databaseBytes(world);
  expect(bytes.includes('eyJhbGciOiJkaXIi')).toBe(true);
  const spoken = asked(world, '/oauth/token').flatMap(({ body }) => [...new URLSearchParams(String(body)).values()]);
  const codes = spoken.filter((value) => value.length > 20);
  expect(codes.length).toBeGreaterThan(0);
  for (const secret of [...codes, 'accessToken', 'refreshToken']) expect(bytes.includes(secret)).toBe(false);
});

test('a connection that nobody uses is renewed before it ends', async () => {
  const world = await createThree();
  await type(world, 'pause');

  await world.pass(8 * DAY, 2);

  expect(await rowsInList(world)).toBe(5);
});

test('a connection that Outreach ended is told once, with the way back, and lists say so', async () => {
  const world = await createThree();
  await digestOf(world);
  world.outreach.revoke(MAYA_OUTREACH);

  await type(world, '');
  const list = await type(world, '');

  expect(list.words()).toContain('Outreach could not be reached');
  expect(list.words()).toContain('Your connection has ended');
  await world.pass(2 * HOUR);
  const told = posted(world).filter((message) => wordsOf(message).includes('Your Outreach connection has ended'));
  expect(told).toHaveLength(1);

  const message = mustBe(told[0]);
  const block = mustBe(message.blocks.find((each) => each.type === 'actions'));
  const [button] = block.elements as { [key: string]: string }[];
  await answered(world, () => world.slack.act(MAYA.id, { ts: message.ts }, String(block.block_id), mustBe(button)));
  expect((await browseModal(world)).text).toContain(CONNECTED);
  expect(await rowsInList(world)).toBe(5);
});

test('a click on a task whose connection has ended says the way back, and is done by itself once the rep is back', async () => {
  const { world, digest } = await morningOfThree({ env: { UNDO_WINDOW_SECONDS: '0' } });
  world.outreach.revoke(MAYA_OUTREACH);

  await digest.press('Ines Calder', 'Done');

  expect(digest.words()).toContain('*Not marked done.* Your Outreach connection has ended.');
  await signIn(world, MAYA, 'Sign in to Outreach again');

  expect(digest.words()).toContain('Marked done in Outreach');
  expect(world.outreach.task(STEP_TASK)?.state).toBe('complete');
  expect(actionsAt(world)).toHaveLength(1);
});

test('Unlink in Home forgets the consent; a sign-in within the minute that Outreach asks for is too soon, and later brings the tasks back', async () => {
  const world = await createThree();
  await unlinkOutreach(world);

  const home = await openHome(world);
  expect(home.words()).toContain(NOT_CONNECTED);
  expect(home.rows()).toHaveLength(3);
  const soon = await browse(await connectLink(world), MAYA_OUTREACH);
  expect(soon.text).toContain('gives one sign-in a minute');
  expect(await accounts(world)).toContain(NOT_CONNECTED);

  await world.pass(61_000);
  await home.button('Connect Outreach');
  await browseModal(world);
  expect(await rowsInList(world)).toBe(5);
});

// outreach.md 1.13: each call runs as the rep who consented
test('one rep’s sign-in gives another nothing', async () => {
  const world = await createThree();

  expect(await accounts(world, THEO)).toContain(NOT_CONNECTED);
  await type(world, '', THEO);
  expect(world.slack.messages(THEO.id).map(wordsOf).join()).not.toMatch(/Ines Calder|Bo Tanaka/);
});
