/** The window for a date: opening, preview while typing, submission, and a confirmation if needed. */
import type { App, BlockAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { INVALID, typedPreview, typedRefusal } from '../../../blocks/form-errors.ts';
import { ACTION, BLOCK, VIEW } from '../../../blocks/ids.ts';
import { plainRefusal } from '../../../blocks/refusals.ts';
import { decodeWhen, type WhenTarget } from '../../../blocks/row-ids.ts';
import { skippedFirstModal, whenModal } from '../../../blocks/when-modal.ts';
import type { Clicks, Row, RowRef } from '../../core/clicks/record.ts';
import type { Instant, RepKey } from '../../core/model/keys.ts';
import { taskOf } from '../../core/model/message.ts';
import { DAY, type RepTime, snoozeUntil } from '../../core/model/time.ts';
import { parseTypedDate } from '../../core/model/typed-date.ts';
import type { People } from '../../core/people/people.ts';
import type { Log } from '../../core/ports/runtime.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { type Click, Submission, Typing } from '../transport/payloads.ts';
import { type ActionArgs, type Replies, rowToOpen } from './replies.ts';

interface WhenParts {
  clicks: Clicks;
  people: Pick<People, 'readerOf'>;
  replies: Replies;
  screen: Pick<SlackScreen, 'refresh'>;
  client: WebClient;
  wake(): void;
  log: Log;
}

export function registerWhen(app: App, parts: WhenParts): void {
  app.view(VIEW.when, async ({ ack, body }) => {
    const { submitter, metadata, inputs } = Submission.parse(body);
    const target = decodeWhen(metadata);
    const time = await parts.people.readerOf(submitter);
    const refuse = (text: string) => ack({ response_action: 'errors', errors: { [BLOCK.picker]: text } });
    if (!target) return refuse(plainRefusal({ why: 'unknown_row' }, time));
    const picked = inputs[BLOCK.picker]?.selected_date_time ?? undefined;
    const chosen = chooseTime(inputs[BLOCK.typed]?.value ?? '', picked, time);
    if ('errors' in chosen) return ack({ response_action: 'errors', errors: chosen.errors });
    const ask = (question: ModalView) => ack({ response_action: 'update', view: question });
    await submit(parts, submitter, { ...target, dueAt: chosen.at }, { done: () => ack(), ask, refuse });
  });

  app.view(VIEW.sure, async ({ ack, body }) => {
    const { submitter, metadata } = Submission.parse(body);
    const target = decodeWhen(metadata);
    const ask = (question: ModalView) => ack({ response_action: 'update', view: question });
    const refuse = (text: string) => ask(refusedModal('Not changed', text));
    if (target?.dueAt === undefined) {
      return refuse(plainRefusal({ why: 'unknown_row' }, await parts.people.readerOf(submitter)));
    }
    const sure = { ...target, dueAt: target.dueAt, skippedFirst: true };
    await submit(parts, submitter, sure, { done: () => ack(), ask, refuse });
  });

  app.action<BlockAction>(ACTION.typed, async ({ ack, body }) => {
    await ack();
    await preview(parts, body);
  });
}

/** The response to the window's submission. */
interface Answer {
  done(): Promise<void>;
  ask(question: ModalView): Promise<void>;
  refuse(text: string): Promise<void>;
}

async function submit(
  { clicks, people, replies, screen, wake }: WhenParts,
  submitter: RepKey,
  { ref, verb, dueAt, skippedFirst = false }: WhenTarget & { dueAt: Instant; skippedFirst?: boolean },
  answer: Answer,
): Promise<void> {
  const result = await replies.orNotRecorded(submitter, () =>
    clicks.change(submitter, ref, { verb, dueAt }, { skippedFirst }),
  );
  if (result.is === 'not_recorded') return answer.refuse(result.said);
  if (result.is === 'refused') {
    const time = await people.readerOf(submitter);
    if (result.refusal.why === 'skipped_first') {
      return answer.ask(skippedFirstModal({ ref, verb }, result.refusal, time));
    }
    await answer.refuse(plainRefusal(result.refusal, time));
    screen.refresh(ref.messageId);
    return;
  }
  await answer.done();
  wake();
  screen.refresh(ref.messageId, 500);
}

/** A typed date wins over the picker. Past and unreadable dates are refused beside the field. */
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

/** Opens the window first: a trigger lives three seconds (slack.md 2). `wanted`: a time chosen already. */
export async function openWhen(
  parts: Pick<WhenParts, 'clicks' | 'people' | 'replies'>,
  args: ActionArgs,
  click: Click,
  { ref, verb, wanted }: { ref: RowRef | undefined; verb: 'snooze' | 'reschedule'; wanted?: Instant },
): Promise<void> {
  const row = await rowToOpen(parts, args, click, ref);
  if (!row || !ref) return;
  const time = await parts.people.readerOf(click.clicker);
  const form = formOf({ ref, verb }, row, time);
  const suggestion = wanted ?? form.suggestion;
  await parts.replies.openModal(args, click, whenModal({ ...form, suggestion }, time));
}

function formOf({ ref, verb }: WhenTarget, { item, provider }: Row, time: RepTime) {
  const task = taskOf(item);
  const suggestion =
    task.dueAt !== undefined && task.dueAt > time.now ? task.dueAt + DAY : snoozeUntil('tomorrow', time);
  const { consequence } = provider.capabilities.of(task).verbs[verb] ?? {};
  return { ref, verb, task, provider: provider.name, suggestion, consequence };
}

/** Shows under the field how the text is read. A failed preview is only logged. */
async function preview({ clicks, people, client, log }: WhenParts, body: unknown): Promise<void> {
  try {
    const { clicker, typed, view } = Typing.parse(body);
    const target = decodeWhen(view.metadata);
    const time = await people.readerOf(clicker);
    const said = typedPreview(typed, parseTypedDate(typed, time), time);
    if (!target || said === view.preview) return;
    const found = await clicks.row(clicker, target.ref);
    if ('refusal' in found) return;
    const form = { ...formOf(target, found.row, time), preview: said };
    // With the hash, an outdated preview does not replace a newer one.
    await client.views.update({ view_id: view.id, hash: view.hash, view: whenModal(form, time) });
  } catch (error) {
    log.info({ err: error }, 'could not show how a typed date is read');
  }
}
