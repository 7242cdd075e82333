/** Who is who: links that are made by themselves, what reps and admins can do about them, and Slack's news of people. */
import { expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { DAY, HOUR, MAYA, MAYA_GONG, MAYA_OUTREACH, MAYA_REPLY, MONDAY_NINE, THEO, THEO_GONG } from './cast.ts';
import { answered, digestOf, openHome, pressButton, type } from './press.ts';
import { homeOf, lastMessage, mustBe, posted, rowsOf, wordsOf } from './read.ts';
import { browse, connectLink, linkOf, signIn } from './sign-in.ts';
import { createThree } from './start.ts';
import { createWorld, type World } from './world.ts';

const ADA: SandboxUser = {
  id: 'U0ADA',
  name: 'ada',
  realName: 'Ada Fenwick',
  email: 'ada@northlight.example',
  tz: 'America/New_York',
  isAdmin: true,
};
const users = [MAYA, THEO, ADA];

async function change(world: World, user: SandboxUser): Promise<void> {
  await world.slack.setUser(user);
  await world.idle();
}

/** Fills in and sends the admin's form, and returns what its window says in the end. */
async function suggest(world: World, who: SandboxUser, provider: string, address: string): Promise<string> {
  await pressButton(world, await type(world, 'team', ADA), 'Suggest a link…', ADA);
  const option = {
    text: { type: 'plain_text', text: provider === 'reply' ? 'Reply.io' : 'Outreach' },
    value: provider,
  };
  const { acked } = await world.slack.submit(ADA.id, {
    suggest_member: { suggest_member: { type: 'users_select', selected_user: who.id } },
    suggest_provider: { suggest_provider: { type: 'static_select', selected_option: option } },
    suggest_address: { suggest_address: { type: 'email_text_input', value: address } },
  });
  expect(acked).toBe(true);
  const words = () => JSON.stringify(world.slack.modal(ADA.id)?.view ?? {});
  await expect.poll(words, { timeout: 10_000 }).not.toMatch(/_Looking in|suggest_member/);
  await world.idle();
  return words();
}

test('the first digest says how each link was made, and no later one does', async () => {
  const world = await createThree({ signedIn: [] });

  const first = await digestOf(world);
  await world.pass(DAY);
  const second = mustBe(posted(world).at(-1));

  expect(wordsOf(first)).toContain(
    'New: *Gong* and *Reply.io* are linked, because maya@northlight.example is your address there too.',
  );
  expect(second.ts).not.toBe(first.ts);
  expect(wordsOf(second)).not.toContain('New:');
});

test('a link that a rep ends stays ended through daily looks, until they ask for it again', async () => {
  const world = await createThree({ signedIn: [] });
  await openHome(world);
  const block = mustBe(homeOf(world).blocks.find((each) => JSON.stringify(each).includes('Unlink Reply.io')));
  await answered(world, () =>
    world.slack.act(MAYA.id, { home: true }, String(block.block_id), block.accessory as never),
  );
  expect(wordsOf(homeOf(world))).toContain('*Reply.io*: not linked, as you chose.');

  await world.pass(DAY);
  await world.restart();
  expect(rowsOf((await type(world, '')).blocks).some(({ text }) => text.endsWith('Reply.io'))).toBe(false);

  await pressButton(world, await type(world, 'connect'), 'Look again');
  expect(wordsOf(lastMessage(world))).toContain('Reply.io is linked.');
  expect(rowsOf((await type(world, '')).blocks).some(({ text }) => text.endsWith('Reply.io'))).toBe(true);
});

test('an admin sees who could not be linked and why; nobody else does', async () => {
  const twin = {
    id: '23459948484842312399',
    emailAddress: THEO.email ?? '',
    active: true,
    firstName: 'T',
    lastName: 'B',
  };
  const gone = {
    id: '23459948484842312398',
    emailAddress: ADA.email ?? '',
    active: false,
    firstName: 'A',
    lastName: 'F',
  };
  const world = await createThree({
    users,
    signedIn: [],
    gongUsers: [
      { id: '23459948484842312345', emailAddress: MAYA.email ?? '', active: true, firstName: 'M', lastName: 'L' },
      { id: '234599484848424', emailAddress: THEO.email ?? '', active: true, firstName: 'T', lastName: 'B' },
      twin,
      gone,
    ],
  });

  const team = wordsOf(await type(world, 'team', ADA));

  expect(team).toContain('*Gong*: 1 rep linked');
  expect(team).toContain(`<@${THEO.id}> (theo@northlight.example): more than one active user in Gong has that address`);
  expect(team).toContain(`<@${ADA.id}> (ada@northlight.example): their user in Gong is not active`);
  expect(team).toContain(`<@${MAYA.id}> Gong: linked`);
  expect(mustBe(lastMessage(world, ADA)).ephemeral).toBe(true);
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'team'));
  expect(mustBe(lastMessage(world)).text).toContain('Only admins of this workspace');
  expect(JSON.stringify(lastMessage(world))).not.toContain('theo@');
});

test('an admin suggests a link; it takes effect when the rep confirms, and the audit says who did what', async () => {
  const world = await createThree({
    users,
    signedIn: [],
    replyOptions: {
      users: [{ id: MAYA_REPLY, email: 'm.lindqvist@reply.example', name: 'M. Lindqvist', teamId: '1', teamName: 'S' }],
    },
  });
  const fromReply = async () => rowsOf((await type(world, '')).blocks).filter(({ text }) => text.endsWith('Reply.io'));

  expect(await suggest(world, MAYA, 'reply', 'nobody@reply.example')).toContain('nobody in Reply.io has that address');
  expect(await suggest(world, MAYA, 'reply', 'M.Lindqvist@reply.example')).toContain(
    'Suggested. Maya Lindqvist was asked',
  );
  const asked = mustBe(posted(world).at(-1));
  expect(wordsOf(asked)).toContain(
    `<@${ADA.id}> suggests that you are *M. Lindqvist* (m.lindqvist@reply.example) in Reply.io`,
  );
  await world.pass(HOUR);
  expect(await fromReply()).toHaveLength(0);

  await pressButton(world, asked, 'Yes, this is me');

  expect(await fromReply()).toHaveLength(2);
  await world.pass(DAY);
  expect(await fromReply()).toHaveLength(2);
  expect(wordsOf(await type(world, 'connect'))).toContain('linked, as you confirmed, as m.lindqvist@reply.example');
  const team = wordsOf(await type(world, 'team', ADA));
  expect(team).toContain(`<@${MAYA.id}> Reply.io: link suggested by <@${ADA.id}>`);
  expect(team).toContain(`<@${MAYA.id}> Reply.io: linked by <@${MAYA.id}>`);
  expect(world.reply.requests.at(-1)?.actingUser).toBe('m.lindqvist@reply.example');
});

test('a suggestion that the rep declines links nothing', async () => {
  const world = await createThree({
    users,
    signedIn: [],
    replyOptions: { users: [{ id: '77', email: 'm@reply.example', name: 'M', teamId: '1', teamName: 'S' }], tasks: [] },
  });
  await suggest(world, MAYA, 'reply', 'm@reply.example');

  await pressButton(world, mustBe(posted(world).at(-1)), 'Not me');

  expect(wordsOf(await type(world, 'connect'))).toContain('*Reply.io*: not linked');
  expect(wordsOf(await type(world, 'team', ADA))).toContain(`Reply.io: suggestion declined by <@${MAYA.id}>`);
});

test('nobody is suggested the user of someone else', async () => {
  const world = await createThree({ users, signedIn: [] });

  expect(await suggest(world, ADA, 'reply', 'theo@northlight.example')).toContain(
    'someone else here is linked to that user',
  );
});

test('for Outreach a confirmed suggestion says who the rep is once they have signed in', async () => {
  const world = await createThree({
    users,
    signedIn: [],
    outreachOptions: {
      users: [
        { id: MAYA_OUTREACH, email: 'maya.l@outreach.example', firstName: 'Maya', lastName: 'L' },
        { id: '7009', email: 'ada@northlight.example', firstName: 'Ada', lastName: 'F', admin: true },
      ],
    },
  });
  expect(await suggest(world, MAYA, 'outreach', 'maya.l@outreach.example')).toContain('connect your own account first');
  await browse(await connectLink(world, ADA), '7009');
  await world.idle();
  expect(await suggest(world, MAYA, 'outreach', 'maya.l@outreach.example')).toContain('Suggested.');

  await pressButton(world, mustBe(posted(world).at(-1)), 'Yes, this is me');
  const modal = mustBe(world.slack.modal(MAYA.id));
  const back = await browse(linkOf(modal.view.blocks as never, 'Sign in to Outreach'), MAYA_OUTREACH);

  expect(back.text).toContain('Outreach is connected');
  await world.idle();
  expect(rowsOf((await type(world, '')).blocks).filter(({ text }) => text.endsWith('Outreach'))).toHaveLength(2);
});

test('a new time zone in Slack moves the digest at once', async () => {
  const world = await createThree({ signedIn: [] });

  await change(world, { ...MAYA, tz: 'Europe/Berlin' });

  expect(wordsOf(await type(world, 'status'))).toContain('Next digest: Tue 24 Nov, 09:00.');
  await world.pass(MONDAY_NINE - world.now());
  expect(posted(world)).toHaveLength(0);
});

test('a new address in Slack ends the links that the old one made, and makes those of the new one', async () => {
  const world = await createThree({ signedIn: [] });

  await change(world, { ...THEO, email: 'nobody@northlight.example' });
  expect(wordsOf(await type(world, 'status', THEO))).toContain('*Gong*: not linked');
  await change(world, { ...THEO, email: 'theo@northlight.example' });

  expect(wordsOf(await type(world, 'status', THEO))).toContain('*Gong*: linked by your address');
});

test('someone who joins is linked, and gets the next digest without having spoken to the app', async () => {
  const world = await createThree({ users: [THEO], signedIn: [] });

  await change(world, MAYA);
  await world.pass(MONDAY_NINE - world.now());

  expect(posted(world)).toHaveLength(1);
});

test('someone who leaves gets no digest, and their links and consents are gone', async () => {
  const world = await createThree({ users });
  await signIn(world, THEO);

  await change(world, { ...MAYA, deleted: true });
  await world.pass(MONDAY_NINE - world.now());

  expect(posted(world).filter((message) => wordsOf(message).includes('Monday'))).toHaveLength(0);
  const team = wordsOf(await type(world, 'team', ADA));
  expect(team).toContain('*Outreach*: 1 rep linked');
  expect(team).toContain(`<@${MAYA.id}> Outreach: link ended`);
});

test('an admin who closes the window hears all the same what became of the suggestion', async () => {
  const world = await createThree({
    users,
    signedIn: [],
    replyOptions: { users: [{ id: '77', email: 'm@reply.example', name: 'M', teamId: '1', teamName: 'S' }], tasks: [] },
  });
  await pressButton(world, await type(world, 'team', ADA), 'Suggest a link…', ADA);
  const option = { text: { type: 'plain_text', text: 'Reply.io' }, value: 'reply' };
  await world.slack.submit(ADA.id, {
    suggest_member: { suggest_member: { type: 'users_select', selected_user: MAYA.id } },
    suggest_provider: { suggest_provider: { type: 'static_select', selected_option: option } },
    suggest_address: { suggest_address: { type: 'email_text_input', value: 'm@reply.example' } },
  });
  world.slack.closeModal(ADA.id);
  await world.idle();

  expect(lastMessage(world, ADA)?.text).toContain('Suggested. Maya Lindqvist was asked');
  expect(world.slack.messages(ADA.id).map(({ text }) => text)).not.toContainEqual(expect.stringContaining('could not'));
});

test('the window to sign in opens before any provider is asked: a trigger lives three seconds', async () => {
  const world = await createThree({ users, signedIn: [] });
  await openHome(world, ADA);
  const asked = () => world.gong.requests.filter(({ path }) => path.startsWith('/v2/users')).length;
  const before = asked();
  await openHome(world, ADA);
  expect(asked()).toBeGreaterThan(before);
  const known = asked();

  await pressButton(world, 'home', 'Connect Outreach', ADA);

  expect(world.slack.modal(ADA.id)?.view).toMatchObject({ title: { text: 'Connect Outreach' } });
  expect(asked()).toBe(known);
});

test.each(['empty', 'first page', 'without active'] as const)(
  'a directory that answers oddly (%s) at the daily look takes nobody’s digest',
  async (how) => {
    const crowd = Array.from({ length: 120 }, (_, n) => ({
      ...THEO_GONG,
      id: `77${n}`,
      emailAddress: `u${n}@x.example`,
    }));
    const world = await createThree({ signedIn: [], gongUsers: [...crowd, MAYA_GONG, THEO_GONG] });
    world.gong.setDirectory(how);
    world.reply.setDirectoryEmpty(true);
    await digestOf(world);
    await world.pass(DAY);

    expect(posted(world)).toHaveLength(2);
    expect(rowsOf(mustBe(posted(world).at(-1)).blocks).some(({ text }) => text.endsWith('Gong'))).toBe(true);
    expect(wordsOf(await type(world, 'status', THEO))).toContain('*Gong*: linked by your address');
  },
);

test('a rep whose user is not active any more is told why, and Look again brings the link back once that is mended', async () => {
  const world = await createThree({ users, signedIn: [] });
  world.gong.putUser({ ...THEO_GONG, active: false });
  await world.pass(DAY);

  const notice = mustBe(posted(world, THEO).find((each) => wordsOf(each).includes('no longer linked')));
  expect(wordsOf(notice)).toContain('*Your Gong account is no longer linked*');
  expect(wordsOf(notice)).toContain('Gong says that your user there is not active any more.');
  expect(wordsOf(await type(world, 'team', ADA))).toContain(
    `<@${THEO.id}> (theo@northlight.example): their user in Gong is not active`,
  );
  expect(world.lines.filter(({ message }) => message === 'reps linked').at(-1)?.level).toBe('warn');

  world.gong.putUser(THEO_GONG);
  await pressButton(world, notice, 'Look again', THEO);
  expect(wordsOf(await type(world, 'status', THEO))).toContain('*Gong*: linked by your address');
});

test('the digest has one line for Outreach until the rep has signed in, and its button opens the way there', async () => {
  const world = await createThree({ signedIn: [] });
  const digest = await digestOf(world);
  await pressButton(world, digest, 'Connect');
  const modal = mustBe(world.slack.modal(MAYA.id));
  await browse(linkOf(modal.view.blocks as never, 'Sign in to Outreach'), MAYA_OUTREACH);
  await world.idle();
  await world.pass(DAY);

  expect(wordsOf(digest).match(/Outreach is not connected/g)).toHaveLength(1);
  expect(wordsOf(posted(world).at(-1))).not.toContain('not connected');
  expect(rowsOf(mustBe(posted(world).at(-1)).blocks).some(({ text }) => text.endsWith('Outreach'))).toBe(true);
});

test('a rep whom no tool knows is welcomed once, and admins see who has not signed in', async () => {
  const world = await createThree({ users, signedIn: [] });
  await type(world, '', ADA);
  const before = world.slack.messages(ADA.id).length;
  await world.pass(MONDAY_NINE - world.now());
  await world.pass(DAY);
  const came = world.slack.messages(ADA.id).slice(before);

  expect(came.map(wordsOf)).toEqual([expect.stringContaining('Hello from Docket')]);
  await pressButton(world, mustBe(came[0]), 'Connect Outreach', ADA);
  expect(world.slack.modal(ADA.id)?.view).toMatchObject({ title: { text: 'Connect Outreach' } });
  const team = wordsOf(await type(world, 'team', ADA));
  expect(team).toContain('*Gong*: 2 reps linked: ');
  expect(team).toContain(`Not signed in to Outreach: <@${ADA.id}>, <@${MAYA.id}>, <@${THEO.id}>`);
  expect(team).not.toContain('nobody');
});

test('everyone in the workspace is read once at a start, and once a day', async () => {
  const world = await createWorld({ start: false });
  const readings = () => world.slack.calls.filter(({ method }) => method === 'users.list').length;

  await world.app.start();
  await world.pass(0);
  const first = readings();
  await world.restart();
  const again = readings();
  await world.pass(DAY);

  expect([first, again, readings()]).toEqual([1, 2, 3]);
});

test('an app that waits for its turn to read keeps no stop waiting, and reads everyone at the next start', async () => {
  const world = await createWorld({ start: false });
  world.slack.failNext('users.list', { retryAfter: 600 });
  await world.app.start();
  await expect.poll(() => world.slack.calls.filter(({ method }) => method === 'users.list').length).toBe(1);

  await world.restart(60_000);

  expect(wordsOf(await type(world, 'status'))).toContain('*Gong*: linked');
  expect(world.lines.map(({ message }) => message)).not.toContain(
    'stopped with jobs in hand; they go on at the next start',
  );
});
