/** The message shortcut "Create a follow-up": a task about someone, at a provider where reps can create them. */
import type { App, MessageShortcut } from '@slack/bolt';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { INVALID, noCreator, notOnePerson } from '../../../blocks/errors.ts';
import { followUpModal } from '../../../blocks/follow-up-modal.ts';
import { BLOCK, SHORTCUT, VIEW } from '../../../blocks/ids.ts';
import { LIMITS } from '../../../blocks/limits.ts';
import { lookForPerson, requestTask } from '../../core/clicks/follow-up.ts';
import { usableLinks } from '../../core/clicks/target.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { snoozeUntil } from '../../core/model/time.ts';
import type { Creating, TaskProvider } from '../../core/ports/provider.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { patiently, TRIGGER_LIVES } from '../transport/patience.ts';
import { FollowUpSubmission, MessageAction } from '../transport/payloads.ts';
import type { SlackContext } from './context.ts';
import { orNotRecorded } from './replies.ts';
import { repTime } from './reps.ts';

const TITLE = 'Create a follow-up';

export function registerFollowUp(app: App, context: SlackContext): void {
  app.shortcut<MessageShortcut>(SHORTCUT.followUp, async ({ ack, body }) => {
    await ack();
    const { rep: key, triggerId, text } = MessageAction.parse(body);
    const view = await viewFor(context, key, text);
    try {
      await patiently(() => context.client.views.open({ trigger_id: triggerId, view }), TRIGGER_LIVES);
    } catch (error) {
      context.log.warn({ err: toDeliveryError(error) }, 'could not open the modal');
    }
  });

  app.view(VIEW.draft, async ({ ack, body }) => {
    const { team, user, view } = FollowUpSubmission.parse(body);
    const { values } = view.state;
    const submitter = { teamId: team.id, userId: user.id };
    const kind = values.draft_kind.draft_kind.selected_option?.value;
    const dueAt = (values.draft_due.draft_due.selected_date_time ?? 0) * 1_000;
    const email = values.draft_email.draft_email.value?.trim().toLowerCase() ?? '';
    const creator = (await creators(context, submitter)).find(({ id }) => id === view.private_metadata);
    const errors = {
      ...(!creator && { [BLOCK.email]: INVALID.unlinked }),
      ...(!email.includes('@') && { [BLOCK.email]: INVALID.email }),
      ...(!creator?.creating.kinds.some(({ value }) => value === kind) && { [BLOCK.kind]: INVALID.choice }),
      ...(dueAt <= context.clock() && { [BLOCK.due]: INVALID.past }),
    };
    if (!creator || kind === undefined || Object.keys(errors).length > 0) {
      return ack({ response_action: 'errors', errors });
    }
    const person = await lookForPerson(context, { ...submitter, provider: creator.id }, email);
    if (person && person.is !== 'one') {
      return ack({
        response_action: 'errors',
        errors: { [BLOCK.email]: notOnePerson(person.is, creator.name) },
      });
    }
    const draft = { email, kind, dueAt, note: values.draft_note.draft_note.value ?? '' };
    const result = await orNotRecorded(context, submitter, () =>
      requestTask(context, submitter, creator.id, draft, view.id),
    );
    if (result) return ack({ response_action: 'errors', errors: { [BLOCK.email]: result.said } });
    await ack();
    context.wake();
  });
}

type Creator = TaskProvider & { creating: Creating };

/** The rep's own linked providers where tasks can be created. */
async function creators(context: SlackContext, key: RepKey): Promise<Creator[]> {
  const links = await usableLinks(context, key);
  return links.flatMap(({ provider: id }) => {
    const provider = context.providers.get(id);
    return provider?.creating ? [{ ...provider, creating: provider.creating }] : [];
  });
}

async function viewFor(context: SlackContext, key: RepKey, text: string) {
  const [creator] = await creators(context, key);
  if (!creator) {
    const names = [...context.providers.values()]
      .flatMap(({ creating, name }) => (creating ? [name] : []))
      .join(' or ');
    return refusedModal(TITLE, noCreator(names));
  }
  const rep = await context.store.reps.find(key);
  // Slack's messages have up to 40,000 characters, more than the form takes and than is worth searching.
  const note = readable(text).slice(0, LIMITS.inputText);
  const email = note.match(EMAIL)?.find((address) => address.toLowerCase() !== rep?.email);
  return followUpModal({
    provider: creator,
    kinds: creator.creating.kinds,
    dueAt: snoozeUntil('tomorrow', await repTime(context, key)),
    email,
    note,
  });
}

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;

/** Slack's markup as someone would read it: `<mailto:a@b.example|a@b.example>` is the address. */
export function readable(text: string): string {
  return text
    .replace(/<mailto:[^|>]+\|([^>]+)>/g, '$1')
    .replace(/<(https?:[^|>]+)\|([^>]+)>/g, '$2 ($1)')
    .replace(/<(https?:[^|>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}
