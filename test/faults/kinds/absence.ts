/** What is not said is no news: links and zones stay as they are known, and end on a positive sign only. */
import type { GongUser } from '../../../sandbox/gong/types.ts';
import type { JsonObject, SandboxUser } from '../../../sandbox/slack/types.ts';
import { DAY, MAYA, MAYA_GONG, MONDAY_NINE, THEO, THEO_GONG } from '../../flow/cast.ts';
import { mustBe, posted, rowsOf, wordsOf } from '../../flow/read.ts';
import type { ThreeOptions } from '../../flow/start.ts';
import type { World as Three } from '../../flow/world.ts';
import { ADA, createTeam, inWords, linkedAt, SIMULATORS, type Story, type Tool } from './story.ts';

const CROWD: readonly GongUser[] = Array.from({ length: 120 }, (_, index) => ({
  id: `77${index}`,
  emailAddress: `nobody.${index}@northlight.example`,
  active: true,
  firstName: 'No',
  lastName: 'Body',
}));

/** From now on the directory answers like that: four daily looks, one more than any sign has to stand, and the digest then. */
async function looks(tool: Tool, odd: (world: Three) => void, options: ThreeOptions = {}): Promise<string> {
  const world = await createTeam(options);
  const before = await linkedAt(world, tool);
  odd(world);
  const asked = () => world[SIMULATORS[tool]].requests.filter(({ path }) => /\/users|whoami/.test(path)).length;
  const askedBefore = asked();
  await world.pass(MONDAY_NINE - world.now());
  for (let day = 0; day < 4; day += 1) await world.pass(DAY);
  const rows = rowsOf(mustBe(posted(world).at(-1)).blocks).filter(({ text }) => text.includes(tool));
  return inWords(
    asked() === askedBefore && 'the directory was not asked',
    `${await linkedAt(world, tool)} of ${before} links kept`,
    rows.length > 0 ? 'their tasks in the digest' : 'no tasks in the digest',
  );
}

const MORE: readonly SandboxUser[] = ['Ida', 'Bo'].map((name) => ({
  id: `U0${name.toUpperCase()}`,
  name,
  realName: name,
  email: `${name.toLowerCase()}@northlight.example`,
  tz: 'America/New_York',
}));
const MORE_GONG: readonly GongUser[] = MORE.map(({ realName, email }, index) => ({
  id: `88${index}`,
  emailAddress: mustBe(email),
  active: true,
  firstName: realName,
  lastName: 'Moe',
}));

async function inactive(left: readonly GongUser[]): Promise<string> {
  const world = await createTeam({
    users: [MAYA, THEO, ADA, ...MORE],
    gongUsers: [MAYA_GONG, THEO_GONG, ...MORE_GONG],
  });
  const before = await linkedAt(world, 'Gong');
  for (const user of left) world.gong.putUser({ ...user, active: false });
  await world.pass(DAY);
  const kept = await linkedAt(world, 'Gong');
  const told = world.slack.users.filter(({ id }) =>
    world.slack.messages(id).some((message) => {
      const text = wordsOf(message);
      return text.includes('no longer linked') && text.includes('not active any more');
    }),
  );
  const error = world.lines.some(
    ({ level, message }) => level === 'error' && message.includes('too many links at once'),
  );
  return inWords(
    `${before - kept} of ${before} links ended`,
    told.length > 0 ? `${told.map(({ realName }) => realName).join(' and ')} told why` : 'nobody told',
    error && 'an error in the log',
  );
}

/** News of a rep that leave something out. Slack says no more when it is asked, which happens so many times. */
async function news(more: JsonObject, { asked }: { asked: number }): Promise<string> {
  const world = await createTeam();
  const before = await linkedAt(world, 'Gong');
  const full = {
    id: MAYA.id,
    team_id: world.slack.teamId,
    deleted: false,
    real_name: MAYA.realName,
    tz: MAYA.tz,
    tz_offset: -18_000,
    is_admin: false,
    profile: { real_name: MAYA.realName, email: mustBe(MAYA.email) },
  };
  world.slack.failNext('users.info', { error: 'user_not_found' }, asked);
  await world.slack.event({ type: 'user_change', user: { ...full, ...more } });
  await world.idle();
  const ended = before - (await linkedAt(world, 'Gong'));
  await world.pass(MONDAY_NINE - world.now());
  const digests = posted(world).filter((message) => wordsOf(message).includes('Monday'));
  return inWords(
    ended === 0 ? 'link kept' : `${ended} of ${before} links ended`,
    digests.length === 1 ? 'digest at nine of their zone' : 'no digest',
  );
}

const ALL_KEPT = '2 of 2 links kept, their tasks in the digest';
const NEWS_KEPT = 'link kept, digest at nine of their zone';
const NO_ADDRESS = { real_name: MAYA.realName };
const NOTHING = { real_name: null, tz: null, tz_offset: null, is_admin: null, profile: null };

export const ABSENCE: readonly Story[] = [
  {
    row: 'the directory names nobody at four daily looks',
    column: 'Gong',
    comes: ALL_KEPT,
    play: () => looks('Gong', ({ gong }) => gong.setDirectory('empty')),
  },
  {
    row: 'the directory names nobody at four daily looks',
    column: 'Reply.io',
    comes: ALL_KEPT,
    play: () => looks('Reply.io', ({ reply }) => reply.setDirectoryEmpty(true)),
  },
  {
    row: 'the directory ends after its first page',
    column: 'Gong',
    comes: ALL_KEPT,
    play: () =>
      looks('Gong', ({ gong }) => gong.setDirectory('first page'), { gongUsers: [...CROWD, MAYA_GONG, THEO_GONG] }),
  },
  {
    row: 'the directory does not say who is active',
    column: 'Gong',
    comes: ALL_KEPT,
    play: () => looks('Gong', ({ gong }) => gong.setDirectory('without active')),
  },
  {
    row: 'half of the linked users are inactive at once',
    column: 'Gong',
    comes: '0 of 4 links ended, nobody told, an error in the log',
    play: () => inactive([THEO_GONG, mustBe(MORE_GONG[0])]),
  },
  {
    row: 'one of the linked users is inactive',
    column: 'Gong',
    comes: '1 of 4 links ended, Theo Brandt told why',
    play: () => inactive([THEO_GONG]),
  },
  {
    row: 'news of a rep without an address',
    column: 'Slack',
    comes: NEWS_KEPT,
    play: () => news({ profile: NO_ADDRESS }, { asked: 1 }),
  },
  {
    row: 'news of a rep without a zone',
    column: 'Slack',
    comes: NEWS_KEPT,
    play: () => news({ tz: null, tz_offset: null }, { asked: 1 }),
  },
  {
    row: 'news of a rep with null in every field but the id',
    column: 'Slack',
    comes: NEWS_KEPT,
    play: () => news({ ...NOTHING, deleted: null }, { asked: 1 }),
  },
  {
    row: 'news that a rep has left, with null in every other field',
    column: 'Slack',
    comes: '1 of 2 links ended, no digest',
    play: () => news({ ...NOTHING, deleted: true }, { asked: 0 }),
  },
];
