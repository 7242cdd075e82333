/** Clicks on a task's row: recorded, acknowledged, shown. The worker does the rest. */
import type { App, BlockAction } from '@slack/bolt';
import { dismissModal } from '../../../blocks/dismiss-modal.ts';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { ACTION, VIEW } from '../../../blocks/ids.ts';
import { ASK } from '../../../blocks/query-ids.ts';
import { plainRefusal } from '../../../blocks/refusals.ts';
import { asks } from '../../../blocks/row-controls.ts';
import { decodeMenu, decodeRow, decodeSnooze, WINDOW_ACTION } from '../../../blocks/row-ids.ts';
import type { Edits } from '../../core/clicks/edits.ts';
import type { ClickResult, Clicks, Row, RowRef } from '../../core/clicks/record.ts';
import { isSkippedBy } from '../../core/model/action-rules.ts';
import type { VerbCapability } from '../../core/model/capabilities.ts';
import type { Instant, RepKey } from '../../core/model/keys.ts';
import { taskOf } from '../../core/model/message.ts';
import { DAY } from '../../core/model/time.ts';
import type { People } from '../../core/people/people.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { SHOW_UNDERWAY_AFTER_MS, type SlackScreen } from '../screen/screen.ts';
import { Click, Submission } from '../transport/payloads.ts';
import { openForm } from './edits.ts';
import { type ActionArgs, type Replies, respondOf, rowToOpen } from './replies.ts';
import type { TaskWindow } from './task-window.ts';
import { openWhen } from './when.ts';

interface RowParts {
  clicks: Clicks;
  edits: Edits;
  people: Pick<People, 'readerOf'>;
  replies: Replies;
  screen: Pick<SlackScreen, 'refresh'>;
  taskWindow: Pick<TaskWindow, 'open'>;
  /** Wakes the worker after a job was written. */
  wake(): void;
  log: Log;
}

/** The latest time in a menu is for someone who works one day a week. */
const FARTHEST_PRESET_MS = 14 * DAY;

export function registerRows(app: App, parts: RowParts): void {
  const { clicks } = parts;
  const on = (action: string, record: (clicker: RepKey, ref: RowRef) => Promise<ClickResult>) =>
    app.action<BlockAction>(action, async (args) => {
      const click = Click.parse(args.body);
      const ref = decodeRow(click.value);
      await answerClick(parts, args, { click, ref }, (known) => record(click.clicker, known));
    });
  on(ACTION.done, (clicker, ref) => clicks.change(clicker, ref, { verb: 'done' }));
  on(ACTION.dismiss, (clicker, ref) => clicks.change(clicker, ref, { verb: 'dismiss' }));
  on(ACTION.undo, clicks.undo);
  on(ACTION.undoOf, clicks.undo);
  on(ACTION.retry, clicks.retry);
  on(ACTION.another, clicks.drop);
  app.action<BlockAction>(ACTION.snooze, (args) => onSnooze(parts, args));
  app.action<BlockAction>(ACTION.reschedule, async (args) => {
    const click = Click.parse(args.body);
    await openWhen(parts, args, click, { ref: decodeRow(click.value), verb: 'reschedule' });
  });
  app.action<BlockAction>(new RegExp(`^(?:${ACTION.menu}|${ACTION.edit})$`), (args) => onMenu(parts, args));
  app.view(VIEW.dismiss, async ({ ack, body }) => {
    const { submitter, metadata } = Submission.parse(body);
    await submitDismiss(parts, submitter, decodeRow(metadata), {
      done: () => ack(),
      refuse: (text) => ack({ response_action: 'update', view: refusedModal('Not dismissed', text) }),
    });
  });
  app.action<BlockAction>(UNKNOWN_ACTION, async (args) => {
    const { clicker } = Click.parse(args.body);
    await args.ack();
    await parts.replies.tellRefusal(clicker, { why: 'unknown_row' }, respondOf(args));
  });
}

/** Buttons of older versions, forged ones, and inputs. */
const UNKNOWN_ACTION = new RegExp(
  `^(?!(?:${[...Object.values(ACTION), ...Object.values(ASK), WINDOW_ACTION].join('|')})$)`,
);

/** A menu option carries its time, so that the rep gets the time that they read. */
async function onSnooze(parts: RowParts, args: ActionArgs): Promise<void> {
  const click = Click.parse(args.body);
  const chosen = decodeSnooze(click);
  if (chosen?.choice === 'pick') return openWhen(parts, args, click, { ref: chosen.ref, verb: 'snooze' });
  await snooze(parts, args, click, chosen && { ref: chosen.ref, dueAt: chosen.choice });
}

async function snooze(
  parts: RowParts,
  args: ActionArgs,
  click: Click,
  chosen: { ref: RowRef; dueAt: Instant } | undefined,
): Promise<void> {
  const { clicks, people } = parts;
  const { now } = await people.readerOf(click.clicker);
  const dueAt = chosen?.dueAt ?? Number.POSITIVE_INFINITY;
  const isOffered = dueAt <= now + FARTHEST_PRESET_MS;
  const found = isOffered && chosen ? await clicks.row(click.clicker, chosen.ref) : undefined;
  if (chosen && found && 'row' in found && dueAt > now && isSkippedBy(dueAt, taskOf(found.row.item))) {
    return openWhen(parts, args, click, { ref: chosen.ref, verb: 'snooze', wanted: dueAt });
  }
  await answerClick(parts, args, { click, ref: isOffered ? chosen?.ref : undefined }, (ref) =>
    clicks.change(click.clicker, ref, { verb: 'snooze', dueAt }),
  );
}

/** Verbs and endings are recorded at once; the rest opens a window. */
async function onMenu(parts: RowParts, args: ActionArgs): Promise<void> {
  const click = Click.parse(args.body);
  const chosen = decodeMenu(click);
  if (!chosen) return answerUnknown(parts, args, click);
  const { ref, choice } = chosen;
  const { clicks } = parts;
  const record = (change: (known: RowRef) => Promise<ClickResult>) => answerClick(parts, args, { click, ref }, change);
  if ('form' in choice) return openForm(parts, args, click, { ref, form: choice.form });
  if ('snooze' in choice) return snooze(parts, args, click, { ref, dueAt: choice.snooze });
  if ('ending' in choice) {
    return record((known) => clicks.change(click.clicker, known, { verb: 'done', ending: choice.ending }));
  }
  switch (choice.does) {
    case 'done':
      return record((known) => clicks.change(click.clicker, known, { verb: 'done' }));
    case 'dismiss':
      return onDismiss(parts, args, click, ref);
    case 'reschedule':
      return openWhen(parts, args, click, { ref, verb: 'reschedule' });
    case 'open':
      return parts.taskWindow.open(args, click, ref);
    case 'retry':
      return record((known) => clicks.retry(click.clicker, known));
    case 'another':
      return record((known) => clicks.drop(click.clicker, known));
    case 'undo':
      return record((known) => clicks.undo(click.clicker, known));
    case 'pick':
      return openWhen(parts, args, click, { ref, verb: 'snooze' });
  }
}

function answerUnknown(parts: RowParts, args: ActionArgs, click: Click): Promise<void> {
  return answerClick(parts, args, { click, ref: undefined }, () => Promise.reject(new TypeError('no row')));
}

/** A menu cannot ask, so where the provider cannot take it back, a window says the consequence and asks. */
async function onDismiss(parts: RowParts, args: ActionArgs, click: Click, ref: RowRef): Promise<void> {
  const found = await parts.clicks.row(click.clicker, ref);
  const verb = 'row' in found ? capabilityOf(found.row) : undefined;
  if (!verb || !asks(verb)) {
    return answerClick(parts, args, { click, ref }, (known) =>
      parts.clicks.change(click.clicker, known, { verb: 'dismiss' }),
    );
  }
  const row = await rowToOpen(parts, args, click, ref);
  if (row) await parts.replies.openModal(args, click, dismissModal(ref, taskOf(row.item), verb));
}

async function submitDismiss(
  { clicks, people, replies, screen, wake }: RowParts,
  submitter: RepKey,
  ref: RowRef | undefined,
  answer: { done(): Promise<void>; refuse(text: string): Promise<void> },
): Promise<void> {
  const unknown: ClickResult = { is: 'refused', refusal: { why: 'unknown_row' } };
  const result = await replies.orNotRecorded(submitter, async () =>
    ref ? clicks.change(submitter, ref, { verb: 'dismiss' }) : unknown,
  );
  if (result.is === 'not_recorded') return answer.refuse(result.said);
  if (result.is === 'refused') return answer.refuse(plainRefusal(result.refusal, await people.readerOf(submitter)));
  await answer.done();
  wake();
  if (ref) screen.refresh(ref.messageId, SHOW_UNDERWAY_AFTER_MS);
}

function capabilityOf({ item, provider }: Row): VerbCapability | undefined {
  return provider.capabilities.of(taskOf(item)).verbs.dismiss;
}

async function answerClick(
  { replies, screen, wake, log }: RowParts,
  args: ActionArgs,
  { click: { clicker }, ref }: { click: Click; ref: RowRef | undefined },
  record: (ref: RowRef) => Promise<ClickResult>,
): Promise<void> {
  const unknown: ClickResult = { is: 'refused', refusal: { why: 'unknown_row' } };
  const result = await replies.orNotRecorded(clicker, async () => (ref ? record(ref) : unknown));
  // Without an acknowledgement Slack shows an error, and we explain it.
  if (result.is === 'not_recorded') return replies.tell(clicker, respondOf(args), result.said);
  try {
    await args.ack();
  } catch (error) {
    // It is recorded and goes on; Slack shows the rep an error.
    log.warn({ err: error }, 'could not acknowledge a click');
  }
  if (result.is === 'refused') {
    log.info({ why: result.refusal.why, rep: clicker.userId }, 'click refused');
    await replies.tellRefusal(clicker, result.refusal, respondOf(args));
    if (!ref || result.refusal.why === 'not_yours' || result.refusal.why === 'unknown_row') return;
  }
  if (ref) replies.keepResponseUrl(args, ref.messageId);
  if (result.is === 'recorded') wake();
  const atOnce = result.is !== 'recorded' || result.action.state === 'undone' || result.action.state === 'dropped';
  if (ref) screen.refresh(ref.messageId, atOnce ? 0 : SHOW_UNDERWAY_AFTER_MS);
}
