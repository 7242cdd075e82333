/** Words and windows for someone who clicked, besides what the message itself shows. */
import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { LINKS } from '../../../blocks/account-errors.ts';
import { notDelivered, notRecorded, unexpected, windowClosed } from '../../../blocks/delivery-errors.ts';
import { refusal } from '../../../blocks/refusals.ts';
import type { Clicks, Refusal, Row, RowRef } from '../../core/clicks/record.ts';
import { DeliveryError, newReference } from '../../core/model/errors.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { type People, StrangerError } from '../../core/people/people.ts';
import type { Log } from '../../core/ports/runtime.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { patiently, TRIGGER_LIVES } from '../transport/patience.ts';
import type { Click } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';

export type ActionArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** Answers a click, and waits for a busy Slack. Clicks in Home carry no response_url. */
export function respondOf({ body, respond }: ActionArgs): Respond | undefined {
  return body.response_url ? patient(respond) : undefined;
}

export function patient(respond: Respond): Respond {
  return (content) => patiently(() => respond(content));
}

export interface ReplyDeps {
  client: WebClient;
  screen: Pick<SlackScreen, 'reachable'>;
  people: Pick<People, 'readerOf'>;
  random: () => number;
  log: Log;
}

export interface Replies {
  /** Beside the message that was clicked, or as a message of its own. Never throws. */
  tell(clicker: RepKey, respond: Respond | undefined, text: string): Promise<void>;
  tellRefusal(clicker: RepKey, refused: Refusal, respond: Respond | undefined): Promise<void>;
  /** For work that changes nothing at a provider: whatever goes wrong, the rep hears of it, with a reference for the admin. */
  orApologise(clicker: RepKey, respond: Respond | undefined, work: () => Promise<void>): Promise<void>;
  /** For what must be written before it is acknowledged; `not_recorded`: it was not, and this is what to say. */
  orNotRecorded<T>(clicker: RepKey, record: () => Promise<T>): Promise<T | { is: 'not_recorded'; said: string }>;
  /** The clicker gets a window, or hears why not: a trigger lives three seconds. Returns the window's id. */
  openModal(args: ActionArgs, click: Click, view: ModalView): Promise<string | undefined>;
  /** Without anyone to tell. Returns the window's id. */
  openView(triggerId: string, view: ModalView): Promise<string | undefined>;
  /** Logs an error, and returns the reference that a rep can name to find it. */
  note(error: unknown, what: string): string;
  /** False: whoever it was for has closed the window meanwhile, which is theirs to do. */
  updateModal(viewId: string, view: ModalView): Promise<boolean>;
  /** The click brought a way to edit its message. Edits do not wait in place: by then there may be more to show. */
  noteReachable(args: ActionArgs, messageId: string): void;
}

export function createReplies(deps: ReplyDeps): Replies {
  const { client, log } = deps;
  const note = (error: unknown, what: string) => {
    const reference = newReference(deps);
    log.warn({ err: error, reference }, what);
    return reference;
  };
  const replies: Replies = {
    tell: (clicker, respond, text) => tell(deps, clicker, respond, text),
    async tellRefusal(clicker, refused, respond) {
      await tell(deps, clicker, respond, refusal(refused, await deps.people.readerOf(clicker)));
    },
    async orApologise(clicker, respond, work) {
      try {
        await work();
      } catch (error) {
        await tell(deps, clicker, respond, apology(deps, clicker, error));
      }
    },
    async orNotRecorded(clicker, record) {
      try {
        return await record();
      } catch (error) {
        const reference = newReference(deps);
        log.error({ err: error, reference, rep: clicker.userId }, 'could not record');
        return { is: 'not_recorded', said: notRecorded(reference) };
      }
    },
    async openModal(args, { clicker, triggerId }, view) {
      try {
        return await replies.openView(triggerId, view);
      } catch (error) {
        const reference = newReference(deps);
        log.warn({ err: toDeliveryError(error), reference, rep: clicker.userId }, 'could not open the modal');
        await tell(deps, clicker, respondOf(args), windowClosed(reference));
        return undefined;
      }
    },
    async openView(triggerId, view) {
      const opened = await patiently(() => client.views.open({ trigger_id: triggerId, view }), TRIGGER_LIVES);
      return opened.view?.id;
    },
    async updateModal(viewId, view) {
      try {
        await patiently(() => client.views.update({ view_id: viewId, view }));
        return true;
      } catch (error) {
        log.info({ err: toDeliveryError(error) }, 'a window was closed, or could not be filled');
        return false;
      }
    },
    note,
    noteReachable({ body, respond }, messageId) {
      if (body.response_url) deps.screen.reachable(messageId, respond);
    },
  };
  return replies;
}

async function tell(
  { client, log }: ReplyDeps,
  clicker: RepKey,
  respond: Respond | undefined,
  text: string,
): Promise<void> {
  try {
    if (respond) return void (await respond({ response_type: 'ephemeral', replace_original: false, text }));
  } catch (error) {
    log.warn({ err: toDeliveryError(error) }, 'a response_url did not work');
  }
  try {
    await patiently(() => client.chat.postMessage({ channel: clicker.userId, text }));
  } catch (error) {
    log.warn({ err: toDeliveryError(error), rep: clicker.userId }, 'could not tell a rep');
  }
}

function apology(deps: ReplyDeps, { userId }: RepKey, error: unknown): string {
  if (error instanceof StrangerError) return LINKS.stranger;
  const reference = newReference(deps);
  deps.log.error({ err: error, reference, rep: userId }, 'could not answer');
  return error instanceof DeliveryError ? notDelivered(error.kind, reference) : unexpected(reference);
}

/** The clicker's own row, once the click is acknowledged; a click on anything else is answered here. */
export async function rowToOpen(
  { clicks, replies }: { clicks: Pick<Clicks, 'row'>; replies: Replies },
  args: ActionArgs,
  { clicker }: Click,
  ref: RowRef | undefined,
): Promise<Row | undefined> {
  const found = ref && (await clicks.row(clicker, ref));
  await args.ack();
  if (!ref || !found || 'refusal' in found) {
    const refused = found && 'refusal' in found ? found.refusal : ({ why: 'unknown_row' } as const);
    await replies.tellRefusal(clicker, refused, respondOf(args));
    return undefined;
  }
  replies.noteReachable(args, ref.messageId);
  return found.row;
}
