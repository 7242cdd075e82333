/** Clicks on a task's row. Each is recorded, then acknowledged, then shown; a worker does the rest. */
import type { App, BlockAction } from '@slack/bolt';
import { ACTION, decodeMenu, decodeRow, decodeSnooze } from '../../../blocks/ids.ts';
import {
  type ClickResult,
  findRow,
  type RowRef,
  recordDrop,
  recordRetry,
  recordUndo,
  recordVerb,
} from '../../core/clicks/record.ts';
import { isSkippedBy } from '../../core/model/action-rules.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { taskOf } from '../../core/model/message.ts';
import { DAY } from '../../core/model/time.ts';
import { Click } from '../transport/payloads.ts';
import type { SlackContext } from './context.ts';
import { openForm } from './edits.ts';
import { type ActionArgs, noteReachable, orNotRecorded, respondOf, tell, tellRefusal } from './replies.ts';
import { openWhen } from './when.ts';

/** A fast provider's answer replaces the row before "being done" would show, so both are one edit. */
const SHOW_UNDERWAY_AFTER = 500;

/** Someone who works on one day of the week finds no later time in the menu. */
const FARTHEST_PRESET = 14 * DAY;

export function registerRows(app: App, context: SlackContext): void {
  const on = (action: string, record: (clicker: RepKey, ref: RowRef) => Promise<ClickResult>) =>
    app.action<BlockAction>(action, async (args) => {
      const click = Click.parse(args.body);
      await answerClick(context, args, click, decodeRow(click.value), (ref) => record(click.clicker, ref));
    });
  on(ACTION.done, (clicker, ref) => recordVerb(context, clicker, ref, { verb: 'done' }));
  on(ACTION.dismiss, (clicker, ref) => recordVerb(context, clicker, ref, { verb: 'dismiss' }));
  on(ACTION.undo, (clicker, ref) => recordUndo(context, clicker, ref));
  on(ACTION.retry, (clicker, ref) => recordRetry(context, clicker, ref));
  on(ACTION.another, (clicker, ref) => recordDrop(context, clicker, ref));
  app.action<BlockAction>(ACTION.snooze, (args) => onSnooze(context, args));
  app.action<BlockAction>(ACTION.reschedule, async (args) => {
    const click = Click.parse(args.body);
    await openWhen(context, args, click, { ref: decodeRow(click.value), verb: 'reschedule' });
  });
  app.action<BlockAction>(new RegExp(`^(?:${ACTION.menu}|${ACTION.edit})$`), (args) => onMenu(context, args));
  app.action<BlockAction>(UNKNOWN_ACTION, async (args) => {
    const { clicker } = Click.parse(args.body);
    await args.ack();
    await tellRefusal(context, clicker, { why: 'unknown_row' }, respondOf(args));
  });
}

/** Controls of messages that an older version sent, forged ones, and inputs, which nobody presses. */
const UNKNOWN_ACTION = new RegExp(`^(?!(?:${Object.values(ACTION).join('|')})$)`);

/** An option of the menu names its own time: what was read is what is meant, however long it stood there. */
async function onSnooze(context: SlackContext, args: ActionArgs): Promise<void> {
  const click = Click.parse(args.body);
  const chosen = decodeSnooze(click.value);
  if (chosen?.choice === 'pick') return openWhen(context, args, click, { ref: chosen.ref, verb: 'snooze' });
  const dueAt = chosen?.choice ?? Number.POSITIVE_INFINITY;
  const isOffered = dueAt <= context.clock() + FARTHEST_PRESET;
  const found = isOffered && chosen ? await findRow(context, click.clicker, chosen.ref) : undefined;
  if (chosen && found && 'row' in found && dueAt > context.clock() && isSkippedBy(dueAt, taskOf(found.row.item))) {
    return openWhen(context, args, click, { ref: chosen.ref, verb: 'snooze', wanted: dueAt });
  }
  await answerClick(context, args, click, isOffered ? chosen?.ref : undefined, (ref) =>
    recordVerb(context, click.clicker, ref, { verb: 'snooze', dueAt }),
  );
}

/** Another way to be done goes out like Done itself; the rest asks for more in a window first. */
async function onMenu(context: SlackContext, args: ActionArgs): Promise<void> {
  const click = Click.parse(args.body);
  const chosen = decodeMenu(click.value);
  if (chosen && 'form' in chosen.choice) return openForm(context, args, click, chosen.ref, chosen.choice.form);
  const ending = chosen && 'ending' in chosen.choice ? chosen.choice.ending : undefined;
  await answerClick(context, args, click, ending === undefined ? undefined : chosen?.ref, (ref) =>
    recordVerb(context, click.clicker, ref, { verb: 'done', ...(ending !== undefined && { ending }) }),
  );
}

export async function answerClick(
  context: SlackContext,
  args: ActionArgs,
  click: Click,
  ref: RowRef | undefined,
  record: (ref: RowRef) => Promise<ClickResult>,
): Promise<void> {
  const unknown: ClickResult = { is: 'refused', refusal: { why: 'unknown_row' } };
  const result = await orNotRecorded(context, click.clicker, async () => (ref ? record(ref) : unknown));
  // Not acknowledged: Slack shows the rep that the click did not get through, and we say what that means.
  if (result.is === 'not_recorded') return tell(context, click.clicker, respondOf(args), result.said);
  try {
    await args.ack();
  } catch (error) {
    // It is recorded, so it goes on; Slack tells the rep that it did not hear from us.
    context.log.warn({ err: error }, 'could not acknowledge a click');
  }
  const respond = respondOf(args);
  if (result.is === 'refused') {
    context.log.info({ why: result.refusal.why, rep: click.clicker.userId }, 'click refused');
    await tellRefusal(context, click.clicker, result.refusal, respond);
    if (!ref || result.refusal.why === 'not_yours' || result.refusal.why === 'unknown_row') return;
  }
  if (ref) noteReachable(context, args, ref.messageId);
  if (result.is === 'recorded') context.wake();
  const atOnce = result.is !== 'recorded' || result.action.state === 'undone' || result.action.state === 'dropped';
  if (ref) context.screen.refresh(ref.messageId, atOnce ? 0 : SHOW_UNDERWAY_AFTER);
}
