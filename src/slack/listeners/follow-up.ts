/** The message shortcut "Create a follow-up". */
import type { App, MessageShortcut } from '@slack/bolt';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { followUpModal } from '../../../blocks/follow-up-modal.ts';
import { INVALID, noCreator, notOnePerson } from '../../../blocks/form-errors.ts';
import { BLOCK, SHORTCUT, VIEW } from '../../../blocks/ids.ts';
import { LIMITS } from '../../../blocks/limits.ts';
import type { FollowUps } from '../../core/clicks/follow-up.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { snoozeUntil } from '../../core/model/time.ts';
import type { People } from '../../core/people/people.ts';
import type { Draft, Providers } from '../../core/ports/provider.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { type Inputs, MessageAction, Submission } from '../transport/payloads.ts';
import type { Replies } from './replies.ts';

interface FollowUpParts {
  followUps: FollowUps;
  people: Pick<People, 'find' | 'readerOf'>;
  providers: Providers;
  replies: Replies;
  wake(): void;
  clock: Clock;
  log: Log;
}

const TITLE = 'Create a follow-up';

type Creator = Awaited<ReturnType<FollowUps['creators']>>[number];

export function registerFollowUp(app: App, parts: FollowUpParts): void {
  const { followUps, replies, wake, log } = parts;
  app.shortcut<MessageShortcut>(SHORTCUT.followUp, async ({ ack, body }) => {
    await ack();
    const { rep: key, triggerId, text } = MessageAction.parse(body);
    const view = await viewFor(parts, key, text);
    try {
      await replies.openView(triggerId, view);
    } catch (error) {
      log.warn({ err: toDeliveryError(error) }, 'could not open the modal');
    }
  });

  app.view(VIEW.draft, async ({ ack, body }) => {
    const { submitter, viewId, metadata, inputs } = Submission.parse(body);
    const draft = draftOf(inputs);
    const creator = (await followUps.creators(submitter)).find(({ id }) => id === metadata);
    const refuse = (errors: Record<string, string>) => ack({ response_action: 'errors', errors });
    const errors = problemsOf(draft, creator, parts.clock());
    if (!creator || Object.keys(errors).length > 0) return refuse(errors);
    const at = { ...submitter, provider: creator.id };
    const person = await followUps.findPerson(at, draft.email);
    if (person && person.is !== 'one') return refuse({ [BLOCK.email]: notOnePerson(person.is, creator.name) });
    const result = await replies.orNotRecorded(submitter, () => followUps.request(at, draft, viewId));
    if (result) return refuse({ [BLOCK.email]: result.said });
    await ack();
    wake();
  });
}

function draftOf(inputs: Inputs): Draft {
  return {
    kind: inputs[BLOCK.kind]?.selected_option?.value ?? '',
    dueAt: (inputs[BLOCK.due]?.selected_date_time ?? 0) * 1_000,
    email: inputs[BLOCK.email]?.value?.trim().toLowerCase() ?? '',
    note: inputs[BLOCK.draftNote]?.value ?? '',
  };
}

function problemsOf(draft: Draft, creator: Creator | undefined, now: number): Record<string, string> {
  return {
    ...(!creator && { [BLOCK.email]: INVALID.unlinked }),
    ...(!draft.email.includes('@') && { [BLOCK.email]: INVALID.email }),
    ...(!creator?.creating.kinds.some(({ value }) => value === draft.kind) && { [BLOCK.kind]: INVALID.choice }),
    ...(draft.dueAt <= now && { [BLOCK.due]: INVALID.past }),
  };
}

async function viewFor({ followUps, people, providers }: FollowUpParts, key: RepKey, text: string) {
  const [creator] = await followUps.creators(key);
  if (!creator) {
    const names = [...providers.values()].flatMap(({ creating, name }) => (creating ? [name] : []));
    return refusedModal(TITLE, noCreator(names.join(' or ')));
  }
  const rep = await people.find(key);
  // Messages have up to 40,000 characters; the form takes fewer.
  const note = readable(text).slice(0, LIMITS.inputText);
  const email = note.match(EMAIL)?.find((address) => address.toLowerCase() !== rep?.email);
  const dueAt = snoozeUntil('tomorrow', await people.readerOf(key));
  return followUpModal({ provider: creator, kinds: creator.creating.kinds, dueAt, email, note });
}

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;

/** Slack's markup as plain text: `<mailto:a@b.example|a@b.example>` is the address. */
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
