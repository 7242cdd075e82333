/** What we say to someone who clicked, besides what the message itself shows. */
import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { LINKS, notDelivered, notRecorded, refusal, unexpected, windowClosed } from '../../../blocks/errors.ts';
import { findRow, type Refusal, type RowRef } from '../../core/clicks/record.ts';
import { DeliveryError, newReference } from '../../core/model/errors.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { patiently, TRIGGER_LIVES } from '../transport/patience.ts';
import type { Click } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import type { SlackContext } from './context.ts';
import { StrangerError } from './reps.ts';

export type ActionArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** A way to answer a click, which waits for a busy Slack. Clicks in Home carry no response_url. */
export function respondOf({ body, respond }: ActionArgs): Respond | undefined {
  return body.response_url ? patient(respond) : undefined;
}

export function patient(respond: Respond): Respond {
  return (content) => patiently(() => respond(content));
}

/** The click brought a way to edit its message. Edits do not wait in place: by then there may be more to show. */
export function noteReachable(context: SlackContext, { body, respond }: ActionArgs, messageId: string): void {
  if (body.response_url) context.screen.reachable(messageId, respond);
}

export async function tellRefusal(
  context: SlackContext,
  clicker: RepKey,
  refused: Refusal,
  respond: Respond | undefined,
): Promise<void> {
  const rep = await context.store.reps.find(clicker);
  const text = refusal(refused, { now: context.clock(), zone: rep?.zone ?? 'UTC' });
  await tell(context, clicker, respond, text);
}

/** Beside the message that was clicked, or as a message of its own. What cannot be told does not stop what follows. */
export async function tell(
  context: SlackContext,
  clicker: RepKey,
  respond: Respond | undefined,
  text: string,
): Promise<void> {
  try {
    if (respond) return void (await respond({ response_type: 'ephemeral', replace_original: false, text }));
  } catch (error) {
    context.log.warn({ err: toDeliveryError(error) }, 'a response_url did not work');
  }
  try {
    await patiently(() => context.client.chat.postMessage({ channel: clicker.userId, text }));
  } catch (error) {
    context.log.warn({ err: toDeliveryError(error), rep: clicker.userId }, 'could not tell a rep');
  }
}

/** For what changes nothing at a provider: whatever goes wrong, the rep hears of it, with a reference for the admin. */
export async function orApologise(
  context: SlackContext,
  clicker: RepKey,
  respond: Respond | undefined,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StrangerError) return tell(context, clicker, respond, LINKS.stranger);
    const reference = newReference(context);
    context.log.error({ err: error, reference, rep: clicker.userId }, 'could not answer');
    await tell(
      context,
      clicker,
      respond,
      error instanceof DeliveryError ? notDelivered(error.kind, reference) : unexpected(reference),
    );
  }
}

/** What must be written before it is acknowledged; `not_recorded`: it was not, and this is what to say. */
export async function orNotRecorded<T>(
  context: SlackContext,
  clicker: RepKey,
  record: () => Promise<T>,
): Promise<T | { is: 'not_recorded'; said: string }> {
  try {
    return await record();
  } catch (error) {
    const reference = newReference(context);
    context.log.error({ err: error, reference, rep: clicker.userId }, 'could not record');
    return { is: 'not_recorded', said: notRecorded(reference) };
  }
}

/** The clicker gets a window, or hears why not: a trigger lives three seconds. Returns the window's id. */
export async function openModal(
  context: SlackContext,
  args: ActionArgs,
  click: Click,
  view: ModalView,
): Promise<string | undefined> {
  try {
    const open = () => context.client.views.open({ trigger_id: click.triggerId, view });
    const opened = await patiently(open, TRIGGER_LIVES);
    return opened.view?.id;
  } catch (error) {
    const reference = newReference(context);
    context.log.warn({ err: toDeliveryError(error), reference, rep: click.clicker.userId }, 'could not open the modal');
    await tell(context, click.clicker, respondOf(args), windowClosed(reference));
    return undefined;
  }
}

/** False: whoever it was for has closed the window meanwhile, which is theirs to do. */
export async function updateModal(context: SlackContext, viewId: string, view: ModalView): Promise<boolean> {
  try {
    await patiently(() => context.client.views.update({ view_id: viewId, view }));
    return true;
  } catch (error) {
    context.log.info({ err: toDeliveryError(error) }, 'a window was closed, or could not be filled');
    return false;
  }
}

/** The clicker's own row, once the click is acknowledged; a click on anything else is answered here. */
export async function rowToOpen(context: SlackContext, args: ActionArgs, click: Click, ref: RowRef | undefined) {
  const found = ref ? await findRow(context, click.clicker, ref) : { refusal: { why: 'unknown_row' } as const };
  await args.ack();
  if (!ref || 'refusal' in found) {
    const refused = 'refusal' in found ? found.refusal : ({ why: 'unknown_row' } as const);
    await tellRefusal(context, click.clicker, refused, respondOf(args));
    return undefined;
  }
  noteReachable(context, args, ref.messageId);
  return found.row;
}
