/** `/tasks team`: who is linked and who is not, for admins of the workspace, and suggesting a link. */
import type { App, BlockAction } from '@slack/bolt';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { connectFirst, explainAgain, INVALID, LINKS } from '../../../blocks/errors.ts';
import { ACTION, BLOCK, VIEW } from '../../../blocks/ids.ts';
import { suggestModal, type Team, type TeamProvider, teamBlocks, whyNotLinked } from '../../../blocks/team.ts';
import { mrkdwn } from '../../../blocks/text.ts';
import type { ProviderId, RepKey } from '../../core/model/keys.ts';
import { suggestLink } from '../../core/people/decide.ts';
import { isOurs, saveRep } from '../../core/people/reps.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import { Click, SuggestSubmission } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import type { SlackContext } from './context.ts';
import { openModal, orApologise, respondOf, tell, updateModal } from './replies.ts';

const EVENTS = 10;

/** Asked of Slack each time: someone may have stopped being an admin since. */
async function isAdmin(context: SlackContext, key: RepKey): Promise<boolean> {
  const member = await context.directory.member(key);
  return member !== undefined && member.active !== false && member.admin;
}

export async function sayTeam(context: SlackContext, key: RepKey, respond: Respond): Promise<void> {
  if (!(await isAdmin(context, key))) return void (await respond({ response_type: 'ephemeral', text: LINKS.notAdmin }));
  const rep = await context.store.reps.find(key);
  const reader = { now: context.clock(), zone: rep?.zone ?? 'UTC' };
  const blocks = teamBlocks(await teamOf(context, key.teamId), reader);
  await respond({ response_type: 'ephemeral', text: 'Who is linked', blocks });
}

async function teamOf({ store, providers }: SlackContext, teamId: string): Promise<Team> {
  const links = await store.links.list(teamId);
  const reps = (await store.reps.list(teamId)).filter(({ active }) => active);
  const declined = await store.people.declined(teamId);
  const linkOf = ({ userId, provider }: { userId: string; provider: ProviderId }) =>
    links.find((link) => link.userId === userId && link.provider === provider);
  const problems = await store.people.problems(teamId);
  const listed: TeamProvider[] = [];
  for (const { id, name, consent } of providers.values()) {
    const live = consent ? await store.connections.live(id) : links;
    const isLive = (rep: RepKey) => live.some(({ teamId: team, userId }) => team === teamId && userId === rep.userId);
    const isDeclined = (rep: RepKey) =>
      declined.some(({ userId, provider }) => userId === rep.userId && provider === id);
    const linked = links.filter((link) => link.provider === id && isLive(link)).map(({ userId }) => userId);
    const unconnected = reps.filter((rep) => !linked.includes(rep.userId) && !isDeclined(rep));
    listed.push({ id, name, linked, unconnected: consent ? unconnected.map(({ userId }) => userId) : [] });
  }
  return {
    providers: listed,
    problems: problems.filter((problem) => !linkOf(problem)),
    clashes: problems.filter((problem) => linkOf(problem)?.origin === 'address'),
    doubts: (await store.people.doubts(teamId)).filter((doubt) => linkOf(doubt)?.externalId === doubt.externalId),
    events: await store.people.events(teamId, { limit: EVENTS }),
  };
}

export function registerTeam(app: App, context: SlackContext): void {
  app.action<BlockAction>(ACTION.suggest, async (args) => {
    const click = Click.parse(args.body);
    await args.ack();
    await orApologise(context, click.clicker, respondOf(args), async () => {
      if (!(await isAdmin(context, click.clicker)))
        return tell(context, click.clicker, respondOf(args), LINKS.notAdmin);
      await openModal(context, args, click, suggestModal([...context.providers.values()]));
    });
  });

  app.view(VIEW.suggest, async ({ ack, body }) => {
    const { team, user, view } = SuggestSubmission.parse(body);
    const { values } = view.state;
    const by = { teamId: team.id, userId: user.id };
    const provider = context.providers.get(values.suggest_provider.suggest_provider.selected_option?.value ?? '');
    const userId = values.suggest_member.suggest_member.selected_user ?? undefined;
    const address = values.suggest_address.suggest_address.value ?? '';
    if (!userId) return ack({ response_action: 'errors', errors: { [BLOCK.member]: INVALID.person } });
    if (!provider) return ack({ response_action: 'errors', errors: { [BLOCK.provider]: INVALID.choice } });
    // The provider may take longer to answer than Slack waits.
    await ack({ response_action: 'update', view: refusedModal(TITLE, `_Looking in ${provider.name} …_`) });
    await orApologise(context, by, undefined, async () => {
      const said = await suggest(context, by, userId, provider, address);
      if (!(await updateModal(context, view.id, refusedModal(TITLE, said)))) await tell(context, by, undefined, said);
    });
  });
}

const TITLE = 'Suggest a link';

async function suggest(
  context: SlackContext,
  by: RepKey,
  userId: string,
  provider: TaskProvider,
  address: string,
): Promise<string> {
  if (!(await isAdmin(context, by))) return LINKS.notAdmin;
  const key = { teamId: by.teamId, userId };
  const member = await context.directory.member(key);
  if (!member || member.active === false) return LINKS.notMember;
  if (!isOurs(member, await context.store.reps.find(key))) return LINKS.notMember;
  const rep = await saveRep(context, { teamId: by.teamId, ...member });
  const result = await suggestLink(context, by, rep, provider, address);
  switch (result.is) {
    case 'suggested':
      context.wake();
      return `Suggested. ${mrkdwn(rep.name, 80)} was asked whether they are *${mrkdwn(result.suggestion.name, 80)}* in ${provider.name}; nothing is linked before they say so.`;
    case 'refused':
      return `Nothing was suggested: ${whyNotLinked(result.why, provider.name)}. (${mrkdwn(address, 120)})`;
    case 'unreachable':
      return result.error.kind === 'disconnected'
        ? connectFirst(provider.name)
        : `Nothing was suggested. ${explainAgain(result.error.kind, provider.name)}`;
  }
}
