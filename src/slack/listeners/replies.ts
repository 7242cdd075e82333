/** Messages and windows for the clicker. */
import type { AllMiddlewareArgs, App, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { LINKS } from '../../../blocks/account-errors.ts';
import { maybeRecorded, notDelivered, notRecorded, unexpected, windowClosed } from '../../../blocks/delivery-errors.ts';
import { refusal } from '../../../blocks/refusals.ts';
import type { Clicks, Refusal, Row, RowRef } from '../../core/clicks/record.ts';
import { DeliveryError, MaybeRecorded, newReference } from '../../core/model/errors.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { type People, StrangerError } from '../../core/people/people.ts';
import type { Log } from '../../core/ports/runtime.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { Click } from '../transport/payloads.ts';
import { recordInTime } from '../transport/record-in-time.ts';
import type { Respond } from '../transport/respond.ts';
import { TRIGGER_TIMEOUT_MS, withRetries } from '../transport/retry.ts';

export type ActionArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** Answers a click, with retries. Clicks in Home have no response_url. */
export function respondOf({ body, respond }: ActionArgs): Respond | undefined {
  return body.response_url ? retrying(respond) : undefined;
}

export function retrying(respond: Respond): Respond {
  return (content) => withRetries(() => respond(content));
}

/** A press that is answered beside the pressed message, or in its place: acknowledged first, and any error is said. */
export function onPress(
  app: App,
  replies: Pick<Replies, 'orApologise'>,
  action: string,
  work: (by: RepKey, value: string, respond: Respond) => Promise<void>,
): void {
  app.action<BlockAction>(action, async (args) => {
    const { clicker, value = '' } = Click.parse(args.body);
    await args.ack();
    const respond = respondOf(args);
    await replies.orApologise(clicker, respond, async () => {
      if (respond) await work(clicker, value, respond);
    });
  });
}

interface ReplyDeps {
  client: WebClient;
  screen: Pick<SlackScreen, 'addResponseUrl'>;
  people: Pick<People, 'readerOf'>;
  mayRecord(): boolean;
  random: () => number;
  log: Log;
}

export type Replies = ReturnType<typeof createReplies>;

export function createReplies(deps: ReplyDeps) {
  const { client, log } = deps;
  /** Returns the window's id. `onTop`: of the window that was clicked in. */
  async function openView(triggerId: string, view: ModalView, onTop = false): Promise<string | undefined> {
    const asked = { trigger_id: triggerId, view };
    const open = () => (onTop ? client.views.push(asked) : client.views.open(asked));
    return (await withRetries(open, TRIGGER_TIMEOUT_MS)).view?.id;
  }
  return {
    openView,
    /** Beside the clicked message, or as a message of its own. Never throws. */
    tell: (clicker: RepKey, respond: Respond | undefined, text: string) => tell(deps, clicker, respond, text),
    async tellRefusal(clicker: RepKey, refused: Refusal, respond: Respond | undefined): Promise<void> {
      await tell(deps, clicker, respond, refusal(refused, await deps.people.readerOf(clicker)));
    },
    /** For work without a change at a provider: any error is reported to the rep, with a reference. */
    async orApologise(clicker: RepKey, respond: Respond | undefined, work: () => Promise<void>): Promise<void> {
      try {
        await work();
      } catch (error) {
        await tell(deps, clicker, respond, apology(deps, clicker, error));
      }
    },
    /** For writes before an acknowledgement. `not_recorded`: the write failed; `said` is for the rep. */
    async orNotRecorded<T>(
      clicker: RepKey,
      record: () => Promise<T>,
    ): Promise<T | { is: 'not_recorded'; said: string }> {
      try {
        if (!deps.mayRecord()) throw new Error('the clock of this machine is wrong');
        return await recordInTime(record);
      } catch (error) {
        const reference = newReference(deps);
        log.error({ err: error, reference, rep: clicker.userId }, 'could not record');
        const said = error instanceof MaybeRecorded ? maybeRecorded(reference) : notRecorded(reference);
        return { is: 'not_recorded', said };
      }
    },
    /** Opens a window, or tells the clicker why not. Returns the window's id. */
    async openModal(
      args: ActionArgs,
      { clicker, triggerId, windowId }: Click,
      view: ModalView,
    ): Promise<string | undefined> {
      try {
        return await openView(triggerId, view, windowId !== undefined);
      } catch (error) {
        const reference = newReference(deps);
        log.warn({ err: toDeliveryError(error), reference, rep: clicker.userId }, 'could not open the modal');
        await tell(deps, clicker, respondOf(args), windowClosed(reference));
        return undefined;
      }
    },
    /** False: the window was closed meanwhile. */
    async updateModal(viewId: string, view: ModalView): Promise<boolean> {
      try {
        await withRetries(() => client.views.update({ view_id: viewId, view }));
        return true;
      } catch (error) {
        log.info({ err: toDeliveryError(error) }, 'a window was closed, or could not be filled');
        return false;
      }
    },
    /** Logs an error; returns its reference for the rep. */
    logError(error: unknown, what: string): string {
      const reference = newReference(deps);
      log.warn({ err: error, reference }, what);
      return reference;
    },
    /** Keeps the click's response_url for edits of its message. Those do not retry: newer content may follow. */
    keepResponseUrl({ body, respond }: ActionArgs, messageId: string): void {
      if (body.response_url) deps.screen.addResponseUrl(messageId, respond);
    },
  };
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
    await withRetries(() => client.chat.postMessage({ channel: clicker.userId, text }));
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

/** Acknowledges the click and returns the clicker's row; a refusal is answered here. */
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
  replies.keepResponseUrl(args, ref.messageId);
  return found.row;
}
