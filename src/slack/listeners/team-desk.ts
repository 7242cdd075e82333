/** `/tasks team` for admins: the table of reps, and one rep with everything that explains their digests. */
import type { App } from '@slack/bolt';
import { LINKS } from '../../../blocks/account-errors.ts';
import { type Block, context, section } from '../../../blocks/elements.ts';
import { ACTION } from '../../../blocks/ids.ts';
import { LIMITS, weightOf } from '../../../blocks/limits.ts';
import { teamBlocks } from '../../../blocks/team.ts';
import { repReport } from '../../../blocks/team-rep.ts';
import { decodeTeamPage, teamTable } from '../../../blocks/team-table.ts';
import { mrkdwn } from '../../../blocks/text.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { TeamRep } from '../../core/model/team.ts';
import type { RepTime } from '../../core/model/time.ts';
import type { People } from '../../core/people/people.ts';
import type { Team } from '../../core/people/team.ts';
import type { TeamDesk } from '../../core/people/team-rep.ts';
import type { Respond } from '../transport/respond.ts';
import { onPress, type Replies } from './replies.ts';

interface DeskParts {
  people: Pick<People, 'readerOf' | 'team'>;
  desk: TeamDesk;
  replies: Pick<Replies, 'orApologise'>;
  wake(): void;
}

/** `/tasks team`, alone or with a part of a name. */
export async function sayTeam(
  { people, desk }: Pick<DeskParts, 'people' | 'desk'>,
  by: RepKey,
  name: string,
  respond: Respond,
): Promise<void> {
  const [reps, team] = await Promise.all([desk.reps(by), people.team(by)]);
  if (!reps || !team) return void (await respond({ response_type: 'ephemeral', text: LINKS.notAdmin }));
  const reader = await people.readerOf(by);
  if (name === '') {
    const { text, blocks } = teamTable(reps, { filter: 'all', page: 0 }, reader);
    return void (await respond({ response_type: 'ephemeral', text, blocks: withDetails(blocks, team, reader) }));
  }
  const found = named(reps, name);
  const [only] = found;
  if (only && found.length === 1) return sayRep({ people, desk }, by, only.userId, respond, false);
  const said = only
    ? `${found.length} people are called “${mrkdwn(name, 80)}”:`
    : `Nobody here is called “${mrkdwn(name, 80)}”.`;
  const { blocks } = teamTable(only ? found : reps, { filter: 'all', page: 0 }, reader);
  await respond({ response_type: 'ephemeral', text: said, blocks: [section(said), ...blocks] });
}

/** A mention, where Slack makes one; else the beginning of a word of the name. */
function named(reps: readonly TeamRep[], text: string): readonly TeamRep[] {
  const [, id] = /^<?@([UW][A-Z0-9]+)(?:\|[^>]*)?>?$/.exec(text) ?? [];
  const words = text.replace(/^@/, '').toLowerCase();
  return reps.filter(({ userId, name }) => (id ? userId === id : ` ${name.toLowerCase()}`.includes(` ${words}`)));
}

/** What stands under the table, where both fit. */
function withDetails(table: Block[], team: Team, reader: RepTime): Block[] {
  const whole = [...table, ...teamBlocks(team, reader)];
  if (weightOf(whole) <= LIMITS.messageWeight) return whole;
  return [...table, context('Choose a person to see why they are not linked, and what changed.')];
}

async function sayRep(
  { people, desk }: Pick<DeskParts, 'people' | 'desk'>,
  by: RepKey,
  userId: string,
  respond: Respond,
  replace: boolean,
): Promise<void> {
  const report = await desk.report(by, userId);
  const [reader, theirs] = await Promise.all([people.readerOf(by), people.readerOf({ teamId: by.teamId, userId })]);
  const said =
    report === undefined
      ? { text: LINKS.notAdmin }
      : report === 'nobody'
        ? { text: LINKS.notMember }
        : repReport(report, reader, theirs);
  await respond({ response_type: 'ephemeral', replace_original: replace, ...said });
}

/** Presses in the table, and in what is said of one person. */
export function registerDesk(app: App, { people, desk, replies, wake }: DeskParts): void {
  const on = (action: string, work: Parameters<typeof onPress>[3]) => onPress(app, replies, action, work);
  const turn = async (by: RepKey, value: string, respond: Respond) => {
    const reps = await desk.reps(by);
    const shown = reps ? teamTable(reps, decodeTeamPage(value), await people.readerOf(by)) : { text: LINKS.notAdmin };
    await respond({ response_type: 'ephemeral', replace_original: true, ...shown });
  };
  for (const action of [ACTION.teamFilter, ACTION.teamPrevious, ACTION.teamNext]) on(action, turn);
  on(ACTION.teamRep, (by, userId, respond) => sayRep({ people, desk }, by, userId, respond, true));
  on(ACTION.teamRemind, async (by, userId, respond) => {
    const result = (await desk.remind(by, userId)) ?? 'not_admin';
    if (result === 'asked') wake();
    await respond({ response_type: 'ephemeral', replace_original: false, text: REMINDED[result] });
  });
  on(ACTION.teamTest, async (by, userId, respond) => {
    const result = (await desk.sendTest(by, userId)) ?? 'not_admin';
    await respond({ response_type: 'ephemeral', replace_original: false, text: TESTED[result] });
  });
}

const REMINDED = {
  asked: 'They are asked to connect, once a day at most.',
  connected: 'Nothing is missing any more: they have signed in.',
  nobody: LINKS.notMember,
  not_admin: LINKS.notAdmin,
} as const;

const TESTED = {
  sent: 'Sent: it is in their messages with Docket. The planned digest still comes.',
  unlinked: 'Nothing was sent, because no tool is linked.',
  outside: 'Nothing was sent, because they are not in the pilot.',
  not_admin: LINKS.notAdmin,
} as const;
