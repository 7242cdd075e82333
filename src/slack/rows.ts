/** Clicks on a task's row. Each is recorded, then acknowledged, then shown; a worker does the rest. */
import type { AllMiddlewareArgs, App, BlockAction, RespondFn, SlackActionMiddlewareArgs } from '@slack/bolt';
import { ACTION, decodeRow, decodeSnooze, type RowRef } from '../../blocks/ids.ts';
import { whenModal } from '../../blocks/when-modal.ts';
import { refusal } from '../../blocks/words.ts';
import { type ClickResult, findRow, recordDrop, recordRetry, recordUndo, recordVerb } from '../core/click.ts';
import { DAY, snoozeUntil } from '../core/time.ts';
import type { RepKey } from '../core/types.ts';
import type { SlackContext } from './context.ts';
import { toDeliveryError } from './errors.ts';
import { Click } from './payloads.ts';

type ActionArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** A fast provider's answer replaces the row before "being done" would show, so both are one edit (DESIGN section 3). */
const SHOW_UNDERWAY_AFTER = 500;

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
    await openWhen(context, args, click, decodeRow(click.value), 'reschedule');
  });
  app.action<BlockAction>(UNKNOWN_ACTION, async (args) => {
    const { clicker } = Click.parse(args.body);
    await args.ack();
    await tellRefusal(context, clicker, { why: 'unknown_row' }, respondOf(args));
  });
}

/** Controls of messages that an older version sent, and forged ones. */
const UNKNOWN_ACTION = new RegExp(`^(?!(?:${Object.values(ACTION).join('|')})$)`);

async function onSnooze(context: SlackContext, args: ActionArgs): Promise<void> {
  const click = Click.parse(args.body);
  const chosen = decodeSnooze(click.value);
  if (chosen?.choice === 'pick') return openWhen(context, args, click, chosen.ref, 'snooze');
  const preset = chosen?.choice;
  const rep = await context.store.reps.find(click.clicker);
  await answerClick(context, args, click, preset && chosen.ref, (ref) => {
    const dueAt = snoozeUntil(preset ?? 'tomorrow', context.clock(), rep?.zone ?? 'UTC');
    return recordVerb(context, click.clicker, ref, { verb: 'snooze', dueAt });
  });
}

async function answerClick(
  context: SlackContext,
  args: ActionArgs,
  click: Click,
  ref: RowRef | undefined,
  record: (ref: RowRef) => Promise<ClickResult>,
): Promise<void> {
  // Not acknowledged when this throws: Slack then shows the rep that the click did not get through.
  const result: ClickResult = ref ? await record(ref) : { is: 'refused', refusal: { why: 'unknown_row' } };
  await args.ack();
  const respond = respondOf(args);
  if (result.is === 'refused') {
    context.log.info({ why: result.refusal.why, rep: click.clicker.userId }, 'click refused');
    await tellRefusal(context, click.clicker, result.refusal, respond);
    if (!ref || result.refusal.why === 'not_yours' || result.refusal.why === 'unknown_row') return;
  }
  if (ref && respond) context.screen.reachable(ref.messageId, respond);
  if (result.is === 'recorded') context.wake();
  const atOnce = result.is !== 'recorded' || result.action.state === 'undone' || result.action.state === 'dropped';
  if (ref) context.screen.refresh(ref.messageId, atOnce ? 0 : SHOW_UNDERWAY_AFTER);
}

/** Clicks in Home carry no response_url. */
function respondOf(args: ActionArgs): RespondFn | undefined {
  return args.body.response_url ? args.respond : undefined;
}

async function tellRefusal(
  context: SlackContext,
  clicker: RepKey,
  refused: Extract<ClickResult, { is: 'refused' }>['refusal'],
  respond: RespondFn | undefined,
): Promise<void> {
  const rep = await context.store.reps.find(clicker);
  const text = refusal(refused, { now: context.clock(), zone: rep?.zone ?? 'UTC' });
  await tell(context, clicker, respond, text);
}

/** Beside the message that was clicked, or as a message of its own. What cannot be told does not stop what follows. */
async function tell(
  context: SlackContext,
  clicker: RepKey,
  respond: RespondFn | undefined,
  text: string,
): Promise<void> {
  try {
    if (respond) return void (await respond({ response_type: 'ephemeral', replace_original: false, text }));
  } catch (error) {
    context.log.warn({ err: toDeliveryError(error) }, 'a response_url did not work');
  }
  try {
    await context.client.chat.postMessage({ channel: clicker.userId, text });
  } catch (error) {
    context.log.warn({ err: toDeliveryError(error), rep: clicker.userId }, 'could not tell a rep');
  }
}

/** Opens the modal first of all: a trigger lives three seconds (DESIGN section 3). */
async function openWhen(
  context: SlackContext,
  args: ActionArgs,
  click: Click,
  ref: RowRef | undefined,
  verb: 'snooze' | 'reschedule',
): Promise<void> {
  const found = ref ? await findRow(context, click.clicker, ref) : { refusal: { why: 'unknown_row' } as const };
  await args.ack();
  if (!ref || 'refusal' in found) {
    const refused = 'refusal' in found ? found.refusal : ({ why: 'unknown_row' } as const);
    return tellRefusal(context, click.clicker, refused, respondOf(args));
  }
  const respond = respondOf(args);
  if (respond) context.screen.reachable(ref.messageId, respond);
  const rep = await context.store.reps.find(click.clicker);
  const now = context.clock();
  const zone = rep?.zone ?? 'UTC';
  const { task } = found.row.item;
  const suggestion =
    task.dueAt !== undefined && task.dueAt > now ? task.dueAt + DAY : snoozeUntil('tomorrow', now, zone);
  try {
    await context.client.views.open({
      trigger_id: click.triggerId,
      view: whenModal(ref, verb, task, suggestion, { now, zone }),
    });
  } catch (error) {
    context.log.warn({ err: error }, 'could not open the modal');
    const text = 'Slack closed the window before it could open. Nothing was changed; press the button again.';
    await tell(context, click.clicker, respond, text);
  }
}
