/** What a row's menus ask for in a window: done with a note, the task's note, its owner, its opportunity rule. */
import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import {
  doneModal,
  noteModal,
  PLAIN,
  readingModal,
  reassignModal,
  refusedModal,
  ruleModal,
} from '../../../blocks/edit-modals.ts';
import { explainAgain, INVALID, referred, stale, unexpected, unknownOwner } from '../../../blocks/errors.ts';
import { BLOCK, decodeEdit, type Form, VIEW } from '../../../blocks/ids.ts';
import { findRow, type RowRef, recordVerb } from '../../core/clicks/record.ts';
import { findTarget } from '../../core/clicks/target.ts';
import type { Change } from '../../core/model/capabilities.ts';
import { newReference, ProviderError } from '../../core/model/errors.ts';
import type { RepKey, TaskKey } from '../../core/model/keys.ts';
import { taskOf } from '../../core/model/message.ts';
import type { Task } from '../../core/model/task.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import { type Click, EditSubmission } from '../transport/payloads.ts';
import type { SlackContext } from './context.ts';
import { type ActionArgs, openModal, orNotRecorded, rowToOpen, updateModal } from './replies.ts';
import { plainRefusal } from './settings.ts';

/** How long a window shows that it asks, in milliseconds. */
const PATIENCE = 12_000;

const FIELD: Record<Form, string> = { done: BLOCK.note, note: BLOCK.note, reassign: BLOCK.owner, rule: BLOCK.rule };

export async function openForm(
  context: SlackContext,
  args: ActionArgs,
  click: Click,
  ref: RowRef,
  form: Form,
): Promise<void> {
  const row = await rowToOpen(context, args, click, ref);
  if (!row) return;
  const { provider, item, task: key } = row;
  const task = taskOf(item);
  if (form === 'done')
    return void (await openModal(context, args, click, doneModal(ref, task, provider.capabilities.of(task))));
  if (form === 'reassign') return void (await openModal(context, args, click, reassignModal(ref, task, provider.name)));
  const viewId = await openModal(context, args, click, readingModal(ref, form, task, provider.name));
  if (viewId === undefined) return;
  const view = await filled(context, provider, key, ref, form, task);
  await updateModal(context, viewId, view);
}

/** The form with what the provider holds now, or what is in the way. */
async function filled(
  context: SlackContext,
  provider: TaskProvider,
  key: TaskKey,
  ref: RowRef,
  form: 'note' | 'rule',
  task: Task,
): Promise<ModalView> {
  const title = form === 'note' ? 'Edit note' : 'Opportunity rule';
  try {
    const target = await findTarget(context, key);
    const { editing } = provider;
    if (!target || !editing) return refusedModal(title, explainAgain('not_linked', provider.name));
    const options = { priority: 'person', signal: AbortSignal.timeout(PATIENCE) } as const;
    const now = await editing.read(target.link, key.taskId, options);
    if (!now)
      return refusedModal(
        title,
        stale({ found: { how: 'gone' }, verb: form, sentAt: undefined }, provider.name, await readerOf(context, key)),
      );
    return form === 'note' ? noteModal(ref, task, now.note) : ruleModal(ref, task, editing.rules, now.rule);
  } catch (error) {
    const reference = newReference(context);
    context.log.warn({ err: error, reference }, 'could not read what a form starts from');
    if (error instanceof ProviderError) {
      return refusedModal(title, referred(explainAgain(error.kind, provider.name), reference));
    }
    return refusedModal(title, unexpected(reference));
  }
}

export function registerEdits(app: App, context: SlackContext): void {
  app.view(VIEW.edit, async ({ ack, body }) => {
    const { team, user, view } = EditSubmission.parse(body);
    const submitter = { teamId: team.id, userId: user.id };
    const target = decodeEdit(view.private_metadata);
    const reader = await readerOf(context, submitter);
    if (!target) return ack({ response_action: 'clear' });
    const refuse = (text: string) => ack({ response_action: 'errors', errors: { [FIELD[target.form]]: text } });
    const change = await changeOf(context, submitter, target.ref, target.form, view.state.values);
    if ('refused' in change) return refuse(change.refused);
    const result = await orNotRecorded(context, submitter, () => recordVerb(context, submitter, target.ref, change));
    if (result.is === 'not_recorded') return refuse(result.said);
    if (result.is === 'refused') {
      await refuse(plainRefusal(result.refusal, reader));
      context.screen.refresh(target.ref.messageId);
      return;
    }
    await ack();
    context.wake();
    context.screen.refresh(target.ref.messageId, 500);
  });
}

async function readerOf(context: SlackContext, key: RepKey) {
  const rep = await context.store.reps.find(key);
  return { now: context.clock(), zone: rep?.zone ?? 'UTC' };
}

type Values = EditSubmission['view']['state']['values'];

/** What was filled in, as a change of the row's task; or what is wrong with it. */
async function changeOf(
  context: SlackContext,
  submitter: RepKey,
  ref: RowRef,
  form: Form,
  values: Values,
): Promise<Change | { refused: string }> {
  const note = values.edit_note?.edit_note.value ?? '';
  if (form === 'note') return { verb: 'note', note };
  if (form === 'rule') {
    const rule = values.edit_rule?.edit_rule.selected_option?.value;
    return rule === undefined ? { refused: INVALID.choice } : { verb: 'rule', rule };
  }
  if (form === 'reassign')
    return newOwner(context, submitter, ref, values.edit_owner?.edit_owner.selected_user ?? undefined);
  const ending = values.edit_ending?.edit_ending.selected_option?.value;
  if (note.trim() === '') return { refused: INVALID.note };
  return { verb: 'done', note, ...(ending !== undefined && ending !== PLAIN && { ending }) };
}

/** Whom the provider knows the chosen person as comes from their link, never from the window. */
async function newOwner(
  context: SlackContext,
  submitter: RepKey,
  ref: RowRef,
  userId: string | undefined,
): Promise<Change | { refused: string }> {
  const found = await findRow(context, submitter, ref);
  if (userId === undefined) return { refused: INVALID.person };
  if ('refusal' in found) return { refused: plainRefusal(found.refusal, await readerOf(context, submitter)) };
  const { provider } = found.row;
  if (userId === submitter.userId) return { refused: INVALID.sameOwner };
  const key = { teamId: submitter.teamId, userId };
  const rep = await context.store.reps.find(key);
  const link = (await context.store.links.of(key)).find((each) => each.provider === provider.id);
  if (!rep?.active || !link) {
    return { refused: unknownOwner(provider.name) };
  }
  return { verb: 'reassign', to: { externalId: link.externalId, name: rep.name } };
}
