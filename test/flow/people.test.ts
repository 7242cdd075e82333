/** Who is who: links that are made by themselves, what reps and admins can do about them, and Slack's news of people. */
import { expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { ADMIN, DAY, HOUR, MAYA, MAYA_GONG, MAYA_OUTREACH, MONDAY_NINE, THEO, THEO_GONG } from './cast.ts';
import { answered, digestOf, openHome, show, type } from './press.ts';
import { homeOf, lastMessage, mustBe, posted, wordsOf } from './read.ts';
import { browse, browseModal, connectLink, signIn } from './sign-in.ts';
import { createThree, type ThreeOptions } from './start.ts';
import { createWorld, type World } from './world.ts';

const users = [MAYA, THEO, ADMIN];
const TEAM = { teamId: '1', teamName: 'S' };
const unsigned = (options: ThreeOptions = {}) => createThree({ signedIn: [], ...options });
/** Maya under another name at Reply.io. */
const RENAMED = {
  users,
  replyOptions: { users: [{ id: '501', email: 'm.lindqvist@reply.example', name: 'M. Lindqvist', ...TEAM }] },
};

const team = async (world: World) => (await type(world, 'team', ADMIN)).words();
const rowsFrom = async (world: World, tool: string) =>
  (await type(world, '')).rows().filter(({ text }) => text.includes(tool)).length;

async function change(world: World, user: SandboxUser): Promise<void> {
  await world.slack.setUser(user);
  await world.idle();
}

/** Fills in and sends the admin's form. */
async function sendSuggestion(world: World, who: SandboxUser, provider: string, address: string): Promise<void> {
  await (await type(world, 'team', ADMIN)).button('Suggest a link…');
  const text = provider === 'reply' ? 'Reply.io' : 'Outreach';
  const option = { text: { type: 'plain_text', text }, value: provider };
  const values = {
    suggest_member: { suggest_member: { type: 'users_select', selected_user: who.id } },
    suggest_provider: { suggest_provider: { type: 'static_select', selected_option: option } },
    suggest_address: { suggest_address: { type: 'email_text_input', value: address } },
  };
  expect((await world.slack.submit(ADMIN.id, values)).acked).toBe(true);
}

/** The same, and what its window says in the end. */
async function suggest(world: World, who: SandboxUser, provider: string, address: string): Promise<string> {
  await sendSuggestion(world, who, provider, address);
  const words = () => JSON.stringify(world.slack.modal(ADMIN.id)?.view ?? {});
  await expect.poll(words, { timeout: 10_000 }).not.toMatch(/_Looking in|suggest_member/);
  await world.idle();
  return words();
}

const question = (world: World) => show(world, mustBe(posted(world).at(-1)));

test('a link that a rep ends stays ended through daily looks, until they ask for it again', async () => {
  const world = await unsigned();
  const home = await openHome(world);
  const block = mustBe(home.blocks.find((each) => JSON.stringify(each).includes('Unlink Reply.io')));
  await answered(world, () =>
    world.slack.act(MAYA.id, { home: true }, String(block.block_id), block.accessory as never),
  );
  expect(wordsOf(homeOf(world))).toContain('*Reply.io*: not linked, as you chose.');

  await world.pass(DAY);
  await world.restart();
  expect(await rowsFrom(world, 'Reply.io')).toBe(0);

  await (await type(world, 'connect')).button('Look again');
  expect(await rowsFrom(world, 'Reply.io')).toBe(2);
});

test('an admin sees who could not be linked and why; nobody else does', async () => {
  const twin = { ...THEO_GONG, id: '23459948484842312399' };
  const gone = { ...MAYA_GONG, id: '23459948484842312398', emailAddress: ADMIN.email ?? '', active: false };
  const world = await unsigned({ users, gongUsers: [MAYA_GONG, THEO_GONG, twin, gone] });

  const words = await team(world);

  for (const said of [
    '*Gong*: 1 rep linked',
    `<@${THEO.id}> (theo@northlight.example): more than one active user in Gong has that address`,
    `<@${ADMIN.id}> (ada@northlight.example): their user in Gong is not active`,
    `<@${MAYA.id}> Gong: linked`,
  ]) {
    expect(words).toContain(said);
  }
  expect(lastMessage(world, ADMIN)?.ephemeral).toBe(true);
  const refusal = await type(world, 'team');
  expect(refusal.text).toContain('Only admins of this workspace');
  expect(JSON.stringify(refusal)).not.toContain('theo@');
});

test('an admin suggests a link; it takes effect when the rep confirms, and the audit says who did what', async () => {
  const world = await unsigned(RENAMED);

  expect(await suggest(world, MAYA, 'reply', 'nobody@reply.example')).toContain('nobody in Reply.io has that address');
  expect(await suggest(world, MAYA, 'reply', 'M.Lindqvist@reply.example')).toContain('Maya Lindqvist was asked');
  const asked = question(world);
  expect(asked.words()).toContain(`<@${ADMIN.id}> suggests that you are *M. Lindqvist* (m.lindqvist@reply.example)`);
  await world.pass(HOUR);
  expect(await rowsFrom(world, 'Reply.io')).toBe(0);

  await asked.button('Yes, this is me');

  expect(await rowsFrom(world, 'Reply.io')).toBe(2);
  await world.pass(DAY);
  expect(await rowsFrom(world, 'Reply.io')).toBe(2);
  const words = await team(world);
  expect(words).toContain(`<@${MAYA.id}> Reply.io: link suggested by <@${ADMIN.id}>`);
  expect(words).toContain(`<@${MAYA.id}> Reply.io: linked by <@${MAYA.id}>`);
  expect(world.reply.requests.at(-1)?.actingUser).toBe('m.lindqvist@reply.example');
});

test('a suggestion whose window the admin closes is told of all the same; one that the rep declines links nothing', async () => {
  const world = await unsigned(RENAMED);
  await sendSuggestion(world, MAYA, 'reply', 'm.lindqvist@reply.example');
  world.slack.closeModal(ADMIN.id);
  await world.idle();
  expect(lastMessage(world, ADMIN)?.text).toContain('Suggested. Maya Lindqvist was asked');
  expect(
    world.slack
      .messages(ADMIN.id)
      .map(({ text }) => text)
      .join(),
  ).not.toContain('could not');

  await question(world).button('Not me');

  expect((await type(world, 'connect')).words()).toContain('*Reply.io*: not linked');
  expect(await team(world)).toContain(`Reply.io: suggestion declined by <@${MAYA.id}>`);
});

test('for Outreach a confirmed suggestion says who the rep is once they have signed in', async () => {
  const world = await unsigned({
    users,
    outreachOptions: {
      users: [
        { id: MAYA_OUTREACH, email: 'maya.l@outreach.example', firstName: 'Maya', lastName: 'L' },
        { id: '7009', email: 'ada@northlight.example', firstName: 'Ada', lastName: 'F', admin: true },
      ],
    },
  });
  expect(await suggest(world, MAYA, 'outreach', 'maya.l@outreach.example')).toContain('connect your own account first');
  await browse(await connectLink(world, ADMIN), '7009');
  await world.idle();
  expect(await suggest(world, MAYA, 'outreach', 'maya.l@outreach.example')).toContain('Suggested.');

  await question(world).button('Yes, this is me');

  expect((await browseModal(world)).text).toContain('Outreach is connected');
  expect(await rowsFrom(world, 'Outreach')).toBe(2);
});

test('someone who joins is linked, and gets the next digest; someone who leaves gets none, and their links and consents are gone', async () => {
  const world = await createThree({ users: [THEO, ADMIN], signedIn: [THEO] });

  await change(world, MAYA);
  await world.passTo(MONDAY_NINE);
  expect(posted(world)).toHaveLength(1);
  await signIn(world);
  expect(await team(world)).toContain('*Outreach*: 2 reps linked');
  await change(world, { ...MAYA, deleted: true });
  await world.pass(DAY);

  expect(posted(world).filter((message) => wordsOf(message).includes('Tuesday'))).toHaveLength(0);
  const words = await team(world);
  expect(words).toContain('*Outreach*: 1 rep linked');
  expect(words).toContain(`<@${MAYA.id}> Outreach: link ended`);
});

test('the window to sign in opens before any provider is asked: a trigger lives three seconds', async () => {
  const world = await unsigned({ users });
  const home = await openHome(world, ADMIN);
  const known = world.gong.requests.length;

  await home.button('Connect Outreach');

  expect(world.slack.modal(ADMIN.id)?.view).toMatchObject({ title: { text: 'Connect Outreach' } });
  expect(world.gong.requests).toHaveLength(known);
});

/** Other odd answers: test/core/people/judging.test.ts, and the kinds in test/faults. */
test('a directory of which only the first page comes at the daily look takes nobody’s digest', async () => {
  const stranger = (n: number) => ({ ...THEO_GONG, id: `77${n}`, emailAddress: `u${n}@x.example` });
  const crowd = Array.from({ length: 120 }, (_, n) => stranger(n));
  const world = await unsigned({ gongUsers: [...crowd, MAYA_GONG, THEO_GONG] });
  world.gong.setDirectory('first page');
  world.reply.setDirectoryEmpty(true);
  await digestOf(world);
  await world.pass(DAY);

  expect(posted(world)).toHaveLength(2);
  expect(
    question(world)
      .rows()
      .some(({ text }) => text.includes('Gong')),
  ).toBe(true);
  expect((await type(world, 'status', THEO)).words()).toContain('*Gong*: linked by your address');
});

test('a rep whose user is not active any more is told why, and Look again brings the link back once that is mended', async () => {
  const world = await unsigned({ users });
  world.gong.putUser({ ...THEO_GONG, active: false });
  await world.pass(DAY);

  const notice = mustBe(posted(world, THEO).find((each) => wordsOf(each).includes('no longer linked')));
  expect(wordsOf(notice)).toContain('Gong says that your user there is not active any more.');
  expect(await team(world)).toContain(`<@${THEO.id}> (theo@northlight.example): their user in Gong is not active`);
  expect(world.lines.filter(({ message }) => message === 'reps linked').at(-1)?.level).toBe('warn');

  world.gong.putUser(THEO_GONG);
  await show(world, notice).button('Look again');
  expect((await type(world, 'status', THEO)).words()).toContain('*Gong*: linked by your address');
});

test('the digest has one line for Outreach until the rep has signed in, and its button opens the way there', async () => {
  const world = await unsigned();
  const digest = await digestOf(world);
  await digest.button('Connect');
  await browseModal(world);
  await world.pass(DAY);

  expect(wordsOf(digest).match(/Outreach is not connected/g)).toHaveLength(1);
  const next = question(world);
  expect(next.words()).not.toContain('not connected');
  expect(next.rows().some(({ text }) => text.includes('Outreach'))).toBe(true);
});

test('a rep whom no tool knows is welcomed once, and admins see who has not signed in', async () => {
  const world = await unsigned({ users, strangers: true });
  await type(world, '', ADMIN);
  const before = world.slack.messages(ADMIN.id).length;
  await world.passTo(MONDAY_NINE);
  await world.pass(DAY);
  const came = world.slack.messages(ADMIN.id).slice(before);

  expect(came.map(wordsOf)).toEqual([expect.stringContaining('Hello from Docket')]);
  await show(world, mustBe(came[0])).button('Connect Outreach');
  expect(world.slack.modal(ADMIN.id)?.view).toMatchObject({ title: { text: 'Connect Outreach' } });
  const words = await team(world);
  expect(words).toContain('*Gong*: 2 reps linked: ');
  expect(words).toContain(`Not signed in to Outreach: <@${ADMIN.id}>, <@${MAYA.id}>, <@${THEO.id}>`);
  expect(words).not.toContain('nobody');
});

const readings = (world: World) => world.slack.calls.filter(({ method }) => method === 'users.list').length;

test('everyone in the workspace is read at the first start, and once a day, whatever is restarted', async () => {
  const world = await createWorld({ start: false });

  await world.app.start();
  await world.pass(0);
  expect(readings(world)).toBe(1);
  await world.restart();
  await world.pass(0);
  expect(readings(world)).toBe(1);
  await world.pass(DAY);
  expect(readings(world)).toBe(2);
});

test('an app that waits for its turn to read keeps no stop waiting, and reads everyone at the next start', async () => {
  const world = await createWorld({ start: false });
  world.slack.failNext('users.list', { retryAfter: 600 });
  await world.app.start();
  await expect.poll(() => readings(world)).toBe(1);

  await world.restart(60_000);

  expect((await type(world, 'status')).words()).toContain('*Gong*: linked');
  expect(world.lines.filter(({ message }) => message.startsWith('stopped with jobs in hand'))).toEqual([]);
});
