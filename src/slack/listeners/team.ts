/** What admins decide with `/tasks team`: to suggest a link, and to stop all digests. */
import type { App, BlockAction } from '@slack/bolt';
import { connectFirst, LINKS } from '../../../blocks/account-errors.ts';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { INVALID } from '../../../blocks/form-errors.ts';
import { ACTION, BLOCK, VIEW } from '../../../blocks/ids.ts';
import { switched, switchQuestion } from '../../../blocks/off-switch.ts';
import { explainAgain } from '../../../blocks/reasons.ts';
import { suggestModal, whyNotLinked } from '../../../blocks/team.ts';

import { mrkdwn } from '../../../blocks/text.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { LinkDecisions, SuggestResult } from '../../core/people/decide.ts';
import type { DigestSwitch } from '../../core/people/off-switch.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import { Click, Submission } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import { type Replies, respondOf } from './replies.ts';

/** What stops many people's digests is asked first. */
export async function askToSwitch(
  { digestSwitch, people }: { digestSwitch: DigestSwitch; people: Pick<People, 'readerOf'> },
  by: RepKey,
  wanted: 'off' | 'on',
  respond: Respond,
): Promise<void> {
  const state = await digestSwitch.look(by);
  if (!state) return void (await respond({ response_type: 'ephemeral', text: LINKS.notAdmin }));
  await respond({ response_type: 'ephemeral', ...switchQuestion(wanted, state, await people.readerOf(by)) });
}

interface TeamParts {
  digestSwitch: DigestSwitch;
  links: Pick<LinkDecisions, 'suggest'>;
  people: Pick<People, 'isAdmin' | 'readerOf'>;
  providers: Providers;
  replies: Replies;
  wake(): void;
}

const TITLE = 'Suggest a link';

export function registerTeam(app: App, parts: TeamParts): void {
  const { links, people, providers, replies, wake, digestSwitch } = parts;
  app.action<BlockAction>(ACTION.switchDigests, async (args) => {
    const { clicker, value } = Click.parse(args.body);
    await args.ack();
    const respond = respondOf(args);
    await replies.orApologise(clicker, respond, async () => {
      const state = await digestSwitch.turn(clicker, value === 'off' ? 'off' : 'on');
      const text = state ? switched(state, await people.readerOf(clicker)) : LINKS.notAdmin;
      if (respond) await respond({ response_type: 'ephemeral', replace_original: true, text });
      else await replies.tell(clicker, undefined, text);
    });
  });

  app.action<BlockAction>(ACTION.suggest, async (args) => {
    const click = Click.parse(args.body);
    await args.ack();
    const { clicker } = click;
    await replies.orApologise(clicker, respondOf(args), async () => {
      if (!(await people.isAdmin(clicker))) return replies.tell(clicker, respondOf(args), LINKS.notAdmin);
      await replies.openModal(args, click, suggestModal([...providers.values()]));
    });
  });

  app.view(VIEW.suggest, async ({ ack, body }) => {
    const { submitter: by, viewId, inputs } = Submission.parse(body);
    const provider = providers.get(inputs[BLOCK.provider]?.selected_option?.value ?? '');
    const userId = inputs[BLOCK.member]?.selected_user;
    const address = inputs[BLOCK.address]?.value ?? '';
    if (!userId) return ack({ response_action: 'errors', errors: { [BLOCK.member]: INVALID.person } });
    if (!provider) return ack({ response_action: 'errors', errors: { [BLOCK.provider]: INVALID.choice } });
    // The provider may be slower than Slack's time-out.
    await ack({ response_action: 'update', view: refusedModal(TITLE, `_Looking in ${provider.name} …_`) });
    await replies.orApologise(by, undefined, async () => {
      const result = await links.suggest(by, userId, provider, address);
      if (result.is === 'suggested') wake();
      const said = answerOf(result, provider.name, address);
      if (!(await replies.updateModal(viewId, refusedModal(TITLE, said)))) await replies.tell(by, undefined, said);
    });
  });
}

function answerOf(result: SuggestResult, provider: string, address: string): string {
  switch (result.is) {
    case 'not_admin':
      return LINKS.notAdmin;
    case 'not_member':
      return LINKS.notMember;
    case 'suggested':
      return `Suggested. ${mrkdwn(result.rep.name, 80)} was asked whether they are *${mrkdwn(result.suggestion.name, 80)}* in ${provider}; nothing is linked before they say so.`;
    case 'refused':
      return `Nothing was suggested: ${whyNotLinked(result.why, provider)}. (${mrkdwn(address, 120)})`;
    case 'unreachable':
      return result.error.kind === 'disconnected'
        ? connectFirst(provider)
        : `Nothing was suggested. ${explainAgain(result.error.kind, provider)}`;
  }
}
