/** The window that asks for a time: opened, read back while someone types, submitted, and asked once more if need be. */
import type { App, BlockAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { INVALID, typedPreview, typedRefusal } from '../../../blocks/errors.ts';
import { ACTION, BLOCK, decodeWhen, VIEW, type WhenTarget } from '../../../blocks/ids.ts';
import { skippedFirstModal, whenModal } from '../../../blocks/when-modal.ts';
import { findRow, type RowRef, recordVerb } from '../../core/clicks/record.ts';
import type { Instant, RepKey } from '../../core/model/keys.ts';
import { type MessageItem, taskOf } from '../../core/model/message.ts';
import { DAY, type RepTime, snoozeUntil } from '../../core/model/time.ts';
import { parseTypedDate } from '../../core/model/typed-date.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import { type Click, SureSubmission, Typing, WhenSubmission } from '../transport/payloads.ts';
import type { SlackContext } from './context.ts';
import { type ActionArgs, openModal, orNotRecorded, rowToOpen } from './replies.ts';
import { repTime } from './reps.ts';
import { plainRefusal } from './settings.ts';

export function registerWhen(app: App, context: SlackContext): void {
  app.view(VIEW.when, async ({ ack, body }) => {
    const { team, user, view } = WhenSubmission.parse(body);
    const submitter = { teamId: team.id, userId: user.id };
    const { when_typed: typed, when_picker: picker } = view.state.values;
    const target = decodeWhen(view.private_metadata);
    const time = await repTime(context, submitter);
    const refuse = (text: string) => ack({ response_action: 'errors', errors: { [BLOCK.picker]: text } });
    if (!target) return refuse(plainRefusal({ why: 'unknown_row' }, time));
    const picked = picker.when_picker.selected_date_time ?? undefined;
    const chosen = chooseTime(typed.when_typed.value ?? '', picked, time);
    if ('errors' in chosen) return ack({ response_action: 'errors', errors: chosen.errors });
    await submit(
      context,
      submitter,
      { ...target, dueAt: chosen.at },
      {
        done: () => ack(),
        ask: (question) => ack({ response_action: 'update', view: question }),
        refuse,
      },
    );
  });

  app.view(VIEW.sure, async ({ ack, body }) => {
    const { team, user, view } = SureSubmission.parse(body);
    const submitter = { teamId: team.id, userId: user.id };
    const target = decodeWhen(view.private_metadata);
    const time = await repTime(context, submitter);
    const refuse = (text: string) => ack({ response_action: 'update', view: refusedModal('Not changed', text) });
    if (target?.dueAt === undefined) return refuse(plainRefusal({ why: 'unknown_row' }, time));
    await submit(
      context,
      submitter,
      { ...target, dueAt: target.dueAt, skippedFirst: true },
      {
        done: () => ack(),
        ask: (question) => ack({ response_action: 'update', view: question }),
        refuse,
      },
    );
  });

  app.action<BlockAction>(ACTION.typed, async ({ ack, body }) => {
    await ack();
    await preview(context, body);
  });
}

/** What becomes of the window. */
interface Answer {
  done(): Promise<void>;
  ask(question: ModalView): Promise<void>;
  refuse(text: string): Promise<void>;
}

async function submit(
  context: SlackContext,
  submitter: RepKey,
  { ref, ...change }: WhenTarget & { dueAt: Instant; skippedFirst?: true },
  answer: Answer,
): Promise<void> {
  const result = await orNotRecorded(context, submitter, () => recordVerb(context, submitter, ref, change));
  if (result.is === 'not_recorded') return answer.refuse(result.said);
  if (result.is === 'refused') {
    const time = await repTime(context, submitter);
    if (result.refusal.why === 'skipped_first') {
      return answer.ask(skippedFirstModal({ ref, verb: change.verb }, result.refusal, time));
    }
    await answer.refuse(plainRefusal(result.refusal, time));
    context.screen.refresh(ref.messageId);
    return;
  }
  await answer.done();
  context.wake();
  context.screen.refresh(ref.messageId, 500);
}

/** A typed date wins over the picker; the past, and what is not understood, are refused next to the field. */
function chooseTime(
  typed: string,
  picked: number | undefined,
  time: RepTime,
): { at: Instant } | { errors: Record<string, string> } {
  if (typed.trim() !== '') {
    const read = parseTypedDate(typed, time);
    return 'at' in read ? read : { errors: { [BLOCK.typed]: typedRefusal(read, time) } };
  }
  if (picked === undefined) return { errors: { [BLOCK.picker]: INVALID.when } };
  const at = picked * 1_000;
  return at > time.now ? { at } : { errors: { [BLOCK.picker]: INVALID.past } };
}

/** Opens the modal first of all: a trigger lives three seconds (slack.md 2). `wanted`: chosen already. */
export async function openWhen(
  context: SlackContext,
  args: ActionArgs,
  click: Click,
  { ref, verb, wanted }: { ref: RowRef | undefined; verb: 'snooze' | 'reschedule'; wanted?: Instant },
): Promise<void> {
  const row = await rowToOpen(context, args, click, ref);
  if (!row || !ref) return;
  const time = await repTime(context, click.clicker);
  const form = formOf({ ref, verb }, row, time);
  const suggestion = wanted ?? form.suggestion;
  await openModal(context, args, click, whenModal({ ...form, suggestion }, time));
}

function formOf({ ref, verb }: WhenTarget, row: { item: MessageItem; provider: TaskProvider }, time: RepTime) {
  const task = taskOf(row.item);
  const suggestion =
    task.dueAt !== undefined && task.dueAt > time.now ? task.dueAt + DAY : snoozeUntil('tomorrow', time);
  const { consequence } = row.provider.capabilities.of(task).verbs[verb] ?? {};
  return { ref, verb, task, provider: row.provider.name, suggestion, consequence };
}

/** Shows under the field how the text is read. Whoever types on needs no news of a preview that failed. */
async function preview(context: SlackContext, body: unknown): Promise<void> {
  try {
    const { clicker, typed, view } = Typing.parse(body);
    const target = decodeWhen(view.metadata);
    const time = await repTime(context, clicker);
    const said = typedPreview(typed, parseTypedDate(typed, time), time);
    if (!target || said === view.preview) return;
    const found = await findRow(context, clicker, target.ref);
    if ('refusal' in found) return;
    const form = { ...formOf(target, found.row, time), preview: said };
    // The hash lets an update of an older text lose against that of a newer one.
    await context.client.views.update({ view_id: view.id, hash: view.hash, view: whenModal(form, time) });
  } catch (error) {
    context.log.info({ err: error }, 'could not show how a typed date is read');
  }
}
