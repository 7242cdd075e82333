/** The message shortcut "Create a follow-up". */
import type {
  AllMiddlewareArgs,
  App,
  BlockAction,
  MessageShortcut,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { choiceOf, followUpModal } from '../../../blocks/follow-up-modal.ts';
import { ASKED_BEFORE, CHOOSE_PERSON, INVALID, noCreator, noSuchPerson } from '../../../blocks/form-errors.ts';
import { ACTION, BLOCK, SHORTCUT, VIEW } from '../../../blocks/ids.ts';
import { LIMITS } from '../../../blocks/limits.ts';
import { decodeFollowUp, decodeKind, encodeKind } from '../../../blocks/row-ids.ts';
import type { AfterResult, FollowUps } from '../../core/clicks/follow-up.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { readable as readableLine } from '../../core/model/text.ts';
import { snoozeUntil } from '../../core/model/time.ts';
import type { People } from '../../core/people/people.ts';
import type { Draft, PersonFound, Providers } from '../../core/ports/provider.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { Click, type Inputs, MessageAction, Submission } from '../transport/payloads.ts';
import { type ActionArgs, type Replies, respondOf } from './replies.ts';

type ViewArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

interface FollowUpParts {
  followUps: FollowUps;
  people: Pick<People, 'find' | 'readerOf'>;
  providers: Providers;
  replies: Replies;
  screen: Pick<SlackScreen, 'refresh'>;
  wake(): void;
  clock: Clock;
  log: Log;
}

const TITLE = 'Create a follow-up';

type Creator = Awaited<ReturnType<FollowUps['creators']>>[number];

export function registerFollowUp(app: App, parts: FollowUpParts): void {
  const { replies, log } = parts;
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
  app.view<ViewSubmitAction>(VIEW.draft, (args) => onDraft(parts, args));
  app.action<BlockAction>(ACTION.followUp, (args) => onAfter(parts, args));
}

/** Everything that can be said now is said in the window, which keeps what was typed. */
async function onDraft(parts: FollowUpParts, { ack, body }: ViewArgs): Promise<void> {
  const { followUps, replies, wake } = parts;
  const { submitter, viewId, metadata: asked, inputs } = Submission.parse(body);
  const creators = await followUps.creators(submitter);
  const { creator, draft } = draftOf(inputs, creators, asked);
  const refuse = (errors: Record<string, string>) => ack({ response_action: 'errors', errors });
  const errors = problemsOf(draft, creator, parts.clock());
  if (!creator || Object.keys(errors).length > 0) return refuse(errors);
  const at = { ...submitter, provider: creator.id };
  const found = await followUps.findPerson(at, draft.email);
  if (found?.is === 'none') return refuse({ [BLOCK.email]: noSuchPerson(creator.name, draft.email) });
  if (found && !isMeant(found, draft)) {
    const isAsked = asked === choiceOf(creator.id, draft.email) && inputs[BLOCK.person];
    if (isAsked || found.is === 'one') return refuse({ [BLOCK.person]: CHOOSE_PERSON });
    const { email: who, dueAt, note } = draft;
    const kind = encodeKind(creator.id, draft.kind);
    const view = followUpModal({ creators, kind, dueAt, who, note, found: { provider: creator, ...found } });
    return ack({ response_action: 'update', view });
  }
  const result = await replies.orNotRecorded(submitter, () => followUps.request(at, draft, viewId));
  if (result) return refuse({ [BLOCK.email]: result.said });
  await ack();
  wake();
}

/** Whom the rep chose is still one of them; of several, nobody is meant before one is chosen. */
function isMeant(found: Exclude<PersonFound, { is: 'none' }>, { personId }: Draft): boolean {
  if (found.is === 'one') return personId === undefined || personId === found.id;
  return found.people.some(({ id }) => id === personId);
}

/** After Done. The outcome is told by a message, for the row has none for it. */
async function onAfter({ followUps, replies, screen, wake, log }: FollowUpParts, args: ActionArgs): Promise<void> {
  const { clicker, value } = Click.parse(args.body);
  const chosen = decodeFollowUp(value);
  const unknown: AfterResult = { is: 'refused', refusal: { why: 'unknown_row' } };
  const result = await replies.orNotRecorded(clicker, async () =>
    chosen ? followUps.after(clicker, chosen.ref, chosen.dueAt) : unknown,
  );
  // Without an acknowledgement Slack shows an error, and we explain it.
  if (result.is === 'not_recorded') return replies.tell(clicker, respondOf(args), result.said);
  await args.ack();
  if (result.is === 'recorded') return wake();
  if (result.is === 'repeated') return replies.tell(clicker, respondOf(args), ASKED_BEFORE);
  log.info({ why: result.refusal.why, rep: clicker.userId }, 'follow-up refused');
  await replies.tellRefusal(clicker, result.refusal, respondOf(args));
  if (!chosen || result.refusal.why === 'not_yours' || result.refusal.why === 'unknown_row') return;
  replies.keepResponseUrl(args, chosen.ref.messageId);
  screen.refresh(chosen.ref.messageId, 0);
}

/** `asked`: what the window's choice of people is about. A choice that was made for another name counts no more. */
function draftOf(
  inputs: Inputs,
  creators: readonly Creator[],
  asked: string,
): { creator: Creator | undefined; draft: Draft } {
  const chosen = decodeKind(inputs[BLOCK.kind]?.selected_option?.value);
  const email = inputs[BLOCK.email]?.value?.trim() ?? '';
  const isAbout = chosen !== undefined && asked === choiceOf(chosen.provider, email);
  const personId = isAbout ? inputs[BLOCK.person]?.selected_option?.value : undefined;
  const draft = {
    kind: chosen?.kind ?? '',
    dueAt: (inputs[BLOCK.due]?.selected_date_time ?? 0) * 1_000,
    email,
    note: inputs[BLOCK.draftNote]?.value ?? '',
    ...(personId !== undefined && { personId }),
  };
  return { creator: creators.find(({ id }) => id === chosen?.provider), draft };
}

function problemsOf(draft: Draft, creator: Creator | undefined, now: number): Record<string, string> {
  return {
    ...(!creator && { [BLOCK.email]: INVALID.unlinked }),
    ...(readableLine(draft.email) === '' && { [BLOCK.email]: INVALID.who }),
    ...(!creator?.creating.kinds.some(({ value }) => value === draft.kind) && { [BLOCK.kind]: INVALID.choice }),
    ...(draft.dueAt <= now && { [BLOCK.due]: INVALID.past }),
  };
}

async function viewFor({ followUps, people, providers }: FollowUpParts, key: RepKey, text: string) {
  const creators = await followUps.creators(key);
  if (creators.length === 0) {
    const names = [...providers.values()].flatMap(({ creating, name }) => (creating ? [name] : []));
    return refusedModal(TITLE, noCreator(names.join(' or ')));
  }
  const rep = await people.find(key);
  // Messages have up to 40,000 characters; the form takes fewer.
  const note = readable(text).slice(0, LIMITS.inputText);
  const who = note.match(EMAIL)?.find((address) => address.toLowerCase() !== rep?.email);
  const dueAt = snoozeUntil('tomorrow', await people.readerOf(key));
  return followUpModal({ creators, dueAt, who, note });
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
