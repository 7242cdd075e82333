/** Edits of messages that are on someone's screen: through a click's response_url, `chat.update`, or Home. */
import type { WebClient } from '@slack/web-api';
import type { Rendered } from '../../../blocks/elements.ts';
import type { Room } from '../../../blocks/limits.ts';
import { renderList } from '../../../blocks/task-list.ts';
import type { View, Views } from '../../core/digests/views.ts';
import { KEEP_UPDATED_MS } from '../../core/model/digest.ts';
import type { DeliveryError } from '../../core/model/errors.ts';
import type { ProviderId, TaskKey } from '../../core/model/keys.ts';
import type { LoadedMessage } from '../../core/model/message.ts';
import type { People } from '../../core/people/people.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { isGone, toDeliveryError } from '../transport/errors.ts';
import { pauseAfter } from '../transport/patience.ts';
import type { Respond } from '../transport/respond.ts';
import type { Fit } from './fit.ts';
import { createOutcomes } from './outcomes.ts';
import { createReach } from './reach.ts';
import { createRenderQueue } from './render-queue.ts';

interface EditDeps {
  views: Views;
  people: Pick<People, 'readerOf'>;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  client: WebClient;
  fit: Fit;
  clock: Clock;
  log: Log;
  publishHome(view: View): Promise<void>;
}

export interface MessageEdits {
  reachable(messageId: string, respond: Respond): void;
  refresh(messageId: string, delayMs: number): void;
  /** Once, where whoever asked sees to it that it is tried again. Throws `DeliveryError`. */
  now(messageId: string): Promise<void>;
  /** Every message that shows the task. Resolves when those edits have ended or wait to be tried again. */
  showEverywhere(task: TaskKey): Promise<void>;
  /** Nothing happens for a message that no edit can reach. */
  showIfPossible(messageId: string): Promise<void>;
  /** Resolves when no edit is waiting or running. */
  idle(): Promise<void>;
}

/** The last one a minute after the first: Slack's own hiccups are shorter. */
const EDIT_ATTEMPTS = 7;

export function createEdits(deps: EditDeps): MessageEdits {
  const { views, fit, clock, log } = deps;
  const reach = createReach(clock, log);
  const outcomes = createOutcomes(deps);
  /** Messages that Slack says are gone: no edit of them is tried again, unless a click proves them there. */
  const gone = new Set<string>();
  /** Message id -> edits in a row that failed. */
  const failures = new Map<string, number>();
  const queue = createRenderQueue((messageId) => render(messageId), log);

  async function render(messageId: string): Promise<void> {
    const view = await views.load(messageId);
    if (!view) return;
    if (view.message.kind === 'home') return persistently(messageId, () => deps.publishHome(view));
    const edited = await reach.edit(messageId, (respond) => fit.send(contentOf(deps, view), respond));
    if (edited === 'done') return noteSeen(messageId);
    const { posted } = view.message;
    if (!posted) return edited === 'none' ? outcomes.tellUnseen(messageId, 'trouble') : editLater(messageId, edited);
    if (gone.has(messageId)) return outcomes.tellUnseen(messageId, 'everything');
    await persistently(messageId, () => update(deps, view));
  }

  function noteSeen(messageId: string): void {
    outcomes.noteSeen(messageId);
    failures.delete(messageId);
  }

  /** A row that says "being done" has no buttons, so a Slack that is away for a moment must not leave it like that. */
  async function persistently(messageId: string, edit: () => Promise<void>): Promise<void> {
    try {
      await edit();
      noteSeen(messageId);
    } catch (error) {
      const failed = toDeliveryError(error);
      log.warn({ err: failed, message: messageId }, 'could not edit a message');
      if (failed.kind !== 'permanent') return editLater(messageId, failed);
      if (isGone(failed)) gone.add(messageId);
      failures.delete(messageId);
      await outcomes.tellUnseen(messageId, 'everything');
    }
  }

  /** Being told to wait is no failure. */
  function editLater(messageId: string, failed: DeliveryError): void {
    const times = (failures.get(messageId) ?? 0) + (failed.kind === 'rate_limited' ? 0 : 1);
    const pause = pauseAfter(failed, Math.max(times, 1));
    if (pause !== undefined && times < EDIT_ATTEMPTS) {
      failures.set(messageId, times);
      queue.schedule(messageId, pause);
      return;
    }
    failures.delete(messageId);
    log.error({ message: messageId }, 'gave up editing a message');
  }

  async function showEverywhere(task: TaskKey): Promise<void> {
    const since = clock() - KEEP_UPDATED_MS;
    const shown: Promise<void>[] = [];
    let old = false;
    let lost = false;
    for (const id of await views.showing(task, 0)) {
      const clicked = reach.has(id);
      // What was just clicked is corrected however old it is. The newest come first, so after an old one all are old.
      if (old && !clicked) continue;
      const message = (await views.load(id))?.message;
      if (!message) continue;
      old ||= message.createdAt < since;
      const isLost = gone.has(id) && !clicked;
      lost ||= isLost;
      if (isLost || !isEditable(message, clicked) || (old && !clicked)) continue;
      if (message.kind !== 'home') outcomes.noteUnseen(id, task);
      shown.push(queue.now(id));
    }
    await Promise.all(shown);
    if (shown.length === 0) await outcomes.tell(task, lost ? 'everything' : 'trouble');
  }

  return {
    reachable(messageId, respond) {
      gone.delete(messageId);
      reach.remember(messageId, respond);
    },
    refresh: (messageId, delayMs) => queue.schedule(messageId, delayMs),
    async now(messageId) {
      const view = await views.load(messageId);
      if (!view?.message.posted) return;
      try {
        await update(deps, view);
      } catch (error) {
        throw toDeliveryError(error);
      }
    },
    showEverywhere,
    async showIfPossible(messageId) {
      const view = await views.load(messageId);
      if (view && isEditable(view.message, reach.has(messageId))) await queue.now(messageId);
    },
    idle: () => queue.idle(),
  };
}

/** Neither can be edited: an ephemeral list that brought no click, and a digest that Slack never took. */
function isEditable({ kind, posted }: LoadedMessage, clicked: boolean): boolean {
  return kind === 'home' || posted !== undefined || (kind === 'list' && clicked);
}

function contentOf({ providers }: EditDeps, { message, reader }: View): (room: Room) => Rendered {
  return (room) => renderList(message, providers, reader, room);
}

async function update(deps: EditDeps, view: View): Promise<void> {
  const { posted } = view.message;
  if (!posted) return;
  await deps.fit.send(contentOf(deps, view), ({ text, blocks }) =>
    deps.client.chat.update({ ...posted, text, blocks }),
  );
}
