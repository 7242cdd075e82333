/** Windows of a row's menu: done with a note, note, owner, opportunity rule. */
import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { referred, unexpected } from '../../../blocks/delivery-errors.ts';
import {
  doneModal,
  noteModal,
  PLAIN,
  readingModal,
  reassignModal,
  refusedModal,
  ruleModal,
} from '../../../blocks/edit-modals.ts';
import { foundElsewhere } from '../../../blocks/elsewhere.ts';
import { INVALID, unknownOwner } from '../../../blocks/form-errors.ts';
import { BLOCK, VIEW } from '../../../blocks/ids.ts';
import { explainAgain } from '../../../blocks/reasons.ts';
import { plainRefusal } from '../../../blocks/refusals.ts';
import { decodeEdit, type Form } from '../../../blocks/row-ids.ts';
import type { Edits } from '../../core/clicks/edits.ts';
import type { Clicks, Row, RowRef } from '../../core/clicks/record.ts';
import type { Change } from '../../core/model/capabilities.ts';
import { ProviderError } from '../../core/model/errors.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { taskOf } from '../../core/model/message.ts';
import type { People } from '../../core/people/people.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { type Click, type Inputs, Submission } from '../transport/payloads.ts';
import { type ActionArgs, type Replies, rowToOpen } from './replies.ts';

interface FormParts {
  clicks: Clicks;
  edits: Edits;
  people: Pick<People, 'readerOf'>;
  replies: Replies;
}

const FIELD: Record<Form, string> = { done: BLOCK.note, note: BLOCK.note, reassign: BLOCK.owner, rule: BLOCK.rule };

export async function openForm(
  parts: FormParts,
  args: ActionArgs,
  click: Click,
  { ref, form }: { ref: RowRef; form: Form },
): Promise<void> {
  const row = await rowToOpen(parts, args, click, ref);
  if (!row) return;
  const { provider, item } = row;
  const task = taskOf(item);
  const open = (view: ModalView) => parts.replies.openModal(args, click, view);
  if (form === 'done') return void (await open(doneModal(ref, task, provider.capabilities.of(task))));
  if (form === 'reassign') return void (await open(reassignModal(ref, task, provider.name)));
  const viewId = await open(readingModal(ref, form, task, provider.name));
  if (viewId !== undefined) await parts.replies.updateModal(viewId, await filled(parts, row, { ref, form }));
}

/** The form with the provider's current values, or the reason why there is none. */
async function filled(
  { edits, people, replies }: FormParts,
  { provider, item, task: key }: Row,
  { ref, form }: { ref: RowRef; form: 'note' | 'rule' },
): Promise<ModalView> {
  const title = form === 'note' ? 'Edit note' : 'Opportunity rule';
  const task = taskOf(item);
  try {
    const now = await edits.read(key);
    if (now.is === 'read') return form === 'note' ? noteModal(ref, task, now.note) : ruleModal(ref, task, now);
    if (now.is === 'not_linked') return refusedModal(title, explainAgain('not_linked', provider.name));
    const gone = { found: { how: 'gone' }, change: { verb: form }, sentAt: undefined } as const;
    return refusedModal(title, foundElsewhere(gone, provider.name, await people.readerOf(key)));
  } catch (error) {
    const reference = replies.logError(error, 'could not read what a form starts from');
    if (!(error instanceof ProviderError)) return refusedModal(title, unexpected(reference));
    return refusedModal(title, referred(explainAgain(error.kind, provider.name), reference));
  }
}

interface EditParts extends FormParts {
  screen: Pick<SlackScreen, 'refresh'>;
  wake(): void;
}

export function registerEdits(app: App, parts: EditParts): void {
  const { clicks, people, replies, screen, wake } = parts;
  app.view(VIEW.edit, async ({ ack, body }) => {
    const { submitter, metadata, inputs } = Submission.parse(body);
    const target = decodeEdit(metadata);
    if (!target) return ack({ response_action: 'clear' });
    const { ref, form } = target;
    const refuse = (text: string) => ack({ response_action: 'errors', errors: { [FIELD[form]]: text } });
    const change = await changeOf(parts, submitter, target, inputs);
    if ('refused' in change) return refuse(change.refused);
    const result = await replies.orNotRecorded(submitter, () => clicks.change(submitter, ref, change));
    if (result.is === 'not_recorded') return refuse(result.said);
    if (result.is === 'refused') {
      await refuse(plainRefusal(result.refusal, await people.readerOf(submitter)));
      screen.refresh(ref.messageId);
      return;
    }
    await ack();
    wake();
    screen.refresh(ref.messageId, 500);
  });
}

/** The submission as a change, or its error. */
async function changeOf(
  parts: FormParts,
  submitter: RepKey,
  { ref, form }: { ref: RowRef; form: Form },
  inputs: Inputs,
): Promise<Change | { refused: string }> {
  const note = inputs[BLOCK.note]?.value ?? '';
  if (form === 'note') return { verb: 'note', note };
  if (form === 'rule') {
    const rule = inputs[BLOCK.rule]?.selected_option?.value;
    return rule === undefined ? { refused: INVALID.choice } : { verb: 'rule', rule };
  }
  if (form === 'reassign') {
    return newOwner(parts, submitter, ref, inputs[BLOCK.owner]?.selected_user ?? undefined);
  }
  const ending = inputs[BLOCK.ending]?.selected_option?.value;
  if (note.trim() === '') return { refused: INVALID.note };
  return { verb: 'done', note, ...(ending !== undefined && ending !== PLAIN && { ending }) };
}

/** The new owner's provider id comes from their link, never from the window. */
async function newOwner(
  { clicks, edits, people }: FormParts,
  submitter: RepKey,
  ref: RowRef,
  userId: string | undefined,
): Promise<Change | { refused: string }> {
  if (userId === undefined) return { refused: INVALID.person };
  const found = await clicks.row(submitter, ref);
  if ('refusal' in found) return { refused: plainRefusal(found.refusal, await people.readerOf(submitter)) };
  const { provider } = found.row;
  if (userId === submitter.userId) return { refused: INVALID.sameOwner };
  const to = await edits.owner({ teamId: submitter.teamId, userId }, provider.id);
  return to ? { verb: 'reassign', to } : { refused: unknownOwner(provider.name) };
}
