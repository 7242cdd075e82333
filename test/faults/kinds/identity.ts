/** Who is who: nothing is done, or connected, as somebody else, and whoever is ours is known again. */
import { answerConsent } from '../../../sandbox/browser.ts';
import type { JsonObject } from '../../../sandbox/slack/types.ts';
import { MAYA, MAYA_OUTREACH, MONDAY_NINE, THEO, THEO_OUTREACH } from '../../flow/cast.ts';
import { answered, digestOf, pressButton, pressOnly, type } from '../../flow/press.ts';
import { findRow, mustBe, patches, posted, rowsOf, wordsOf } from '../../flow/read.ts';
import { browse, connectLink, returnTo } from '../../flow/sign-in.ts';
import { createThree } from '../../flow/start.ts';
import { createWorld, type World as Three } from '../../flow/world.ts';
import { ADA, createTeam, inWords, linkedAt, type Story, times, UNHURRIED } from './story.ts';

const ELSEWHERE = 'T0ELSEWHERE';
const HOME = 'T0HOME';

const tokens = ({ outreach }: Three) => outreach.requests.filter(({ path }) => path === '/oauth/token').length;
/** All that Outreach was asked with a token. */
const asked = ({ outreach }: Three) =>
  outreach.requests.flatMap(({ path }) => (path.startsWith('/api/') ? [path] : []));
const onlyWho = (world: Three) => asked(world).join() === '/api/v2';

async function connected(world: Three): Promise<string> {
  const pages = [await type(world, 'connect'), await type(world, 'connect', THEO)].map(wordsOf);
  const rows = rowsOf((await type(world, '')).blocks).filter(({ text }) => text.includes('Outreach'));
  const isNobody = pages.every((page) => page.includes('*Outreach*: not connected')) && rows.length === 0;
  return isNobody ? 'nothing connected' : `connected, ${rows.length} tasks listed`;
}

async function somebodyElse(): Promise<string> {
  const world = await createThree({ ...UNHURRIED, signedIn: [] });
  const back = await browse(await connectLink(world), THEO_OUTREACH);
  await world.idle();
  const told = wordsOf(posted(world).at(-1));
  const isNamed = [back.text, told].every((text) => text.includes('theo@northlight.example'));
  const wasOnlyAsked = onlyWho(world);
  return inWords(await connected(world), isNamed && 'told who signed in', wasOnlyAsked && 'their token not used');
}

async function prefetched(): Promise<string> {
  const world = await createThree({ ...UNHURRIED, signedIn: [] });
  const back = await answerConsent(await connectLink(world), MAYA_OUTREACH);
  const ahead = await fetch(back, { headers: { 'Sec-Purpose': 'prefetch' } });
  const spent = tokens(world) > 0 || (await ahead.text()) !== '';
  const page = await returnTo(back);
  await world.idle();
  return inWords(
    spent ? 'the code was spent' : 'nothing spent',
    page.text.includes('Outreach is connected') && `then ${await connected(world)}`,
  );
}

async function nobodySaid(): Promise<string> {
  const world = await createThree({ ...UNHURRIED, signedIn: [], outreachOptions: { saysWho: false } });
  await browse(await connectLink(world), MAYA_OUTREACH);
  await world.idle();
  const question = mustBe(posted(world).at(-1));
  const wasAsked = wordsOf(question).includes('Did you just sign in to Outreach');
  const before = await connected(world);
  const wasOnlyAsked = onlyWho(world);
  await pressButton(world, question, 'Yes, that was me');
  return inWords(
    wasAsked && 'asked in Slack',
    before,
    wasOnlyAsked && 'the token not used',
    `after yes ${await connected(world)}`,
  );
}

/** Done on a task, with what Slack says of the person and the workspace replaced. */
async function clickOf(said: (teamId: string) => JsonObject): Promise<string> {
  const world = await createWorld(UNHURRIED);
  const digest = await digestOf(world);
  await answered(world, () => pressOnly(world, digest, 'Whitfield 002', 'Reschedule'));
  world.slack.closeModal(MAYA.id);
  const { response_url: _, ...mould } = mustBe(world.slack.sent.at(-1)).payload;
  const { element, blockId } = mustBe(findRow(digest, 'Whitfield 001').controls.Done);
  const action = { ...element, block_id: blockId, action_ts: '1.1' };
  const { acked } = await world.slack.deliver('interactive', {
    ...mould,
    actions: [action],
    ...said(world.slack.teamId),
  });
  await world.idle();
  const done = patches(world).length;
  return inWords(acked && 'acknowledged', done === 0 ? 'nothing changed' : `done ${times(done)}`);
}

async function leaver(): Promise<string> {
  const world = await createTeam();
  const before = await linkedAt(world, 'Gong');
  await world.slack.event({
    type: 'user_change',
    user: {
      id: MAYA.id,
      team_id: HOME,
      deleted: true,
      profile: {},
      enterprise_user: { id: 'W0MAYA', teams: [HOME, world.slack.teamId] },
    },
  });
  await world.idle();
  const ended = before - (await linkedAt(world, 'Gong'));
  await world.pass(MONDAY_NINE - world.now());
  const digests = posted(world).filter((message) => wordsOf(message).includes('Monday')).length;
  return inWords(`${ended} of ${before} links ended`, digests === 0 ? 'no digest' : 'a digest came');
}

/** Someone with an address that Gong knows, who is not one of ours. */
async function stranger(user: JsonObject): Promise<string> {
  const world = await createTeam({ users: [THEO, ADA] });
  for (const event of ['team_join', 'user_change']) {
    const profile = { real_name: 'Maya Lindqvist', email: mustBe(MAYA.email) };
    await world.slack.event({ type: event, user: { id: MAYA.id, deleted: false, tz: MAYA.tz, profile, ...user } });
    await world.idle();
  }
  await world.pass(MONDAY_NINE - world.now());
  const links = await linkedAt(world, 'Gong');
  const written = world.slack.calls.filter(
    ({ method, args }) => /^(chat|conversations|views)\./.test(method) && JSON.stringify(args).includes(MAYA.id),
  );
  return inWords(links === 1 ? 'not linked' : 'linked', written.length === 0 ? 'not written to' : 'written to');
}

export const IDENTITY: readonly Story[] = [
  {
    row: "somebody else signs in with a rep's link",
    column: 'Outreach',
    comes: 'nothing connected, told who signed in, their token not used',
    play: somebodyElse,
  },
  {
    row: 'the way back from a sign-in is prefetched first',
    column: 'Outreach',
    comes: 'nothing spent, then connected, 2 tasks listed',
    play: prefetched,
  },
  {
    row: 'the tool does not say who signed in',
    column: 'Outreach',
    comes: 'asked in Slack, nothing connected, the token not used, after yes connected, 2 tasks listed',
    play: nobodySaid,
  },
  {
    row: 'a click from another workspace',
    column: 'Slack',
    comes: 'acknowledged, nothing changed',
    play: () => clickOf(() => ({ team: { id: ELSEWHERE }, user: { id: MAYA.id, team_id: ELSEWHERE } })),
  },
  {
    row: 'a click on Grid: `team` is null, `user.team_id` is ours',
    column: 'Slack',
    comes: 'acknowledged, done once',
    play: () => clickOf((teamId) => ({ team: null, user: { id: MAYA.id, team_id: teamId } })),
  },
  {
    row: 'someone leaves whom Slack counts to another workspace of the Grid',
    column: 'Slack',
    comes: '1 of 2 links ended, no digest',
    play: leaver,
  },
  {
    row: 'a stranger of a shared channel is told of',
    column: 'Slack',
    comes: 'not linked, not written to',
    play: () => stranger({ is_stranger: true }),
  },
  {
    row: 'a member of another workspace is told of',
    column: 'Slack',
    comes: 'not linked, not written to',
    play: () => stranger({ team_id: ELSEWHERE }),
  },
];
