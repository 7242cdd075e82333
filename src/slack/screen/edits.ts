/** Edits messages: through a click's response_url, `chat.update`, or Home. */
import type { WebClient } from '@slack/web-api';
import PQueue from 'p-queue';
import { foldsAt } from '../../../blocks/cleared-rows.ts';
import type { Rendered } from '../../../blocks/elements.ts';
import type { Room } from '../../../blocks/limits.ts';
import { renderList } from '../../../blocks/task-list.ts';
import type { View, Views } from '../../core/digests/views.ts';
import type { SharePace } from '../../core/jobs/pace.ts';
import { KEEP_UPDATED_MS } from '../../core/model/digest.ts';
import type { DeliveryError } from '../../core/model/errors.ts';
import type { Instant, TaskKey } from '../../core/model/keys.ts';
import type { Message } from '../../core/model/message.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { isGone, toDeliveryError } from '../transport/errors.ts';
import type { Respond } from '../transport/respond.ts';
import { pauseAfter } from '../transport/retry.ts';
import type { Fit } from './fit.ts';
import { type Others, tell } from './others.ts';
import { createOutcomes } from './outcomes.ts';
import { createRenderQueue } from './render-queue.ts';
import { createResponseUrls } from './response-urls.ts';

export interface ScreenDeps {
  views: Views;
  people: Pick<People, 'readerOf'>;
  providers: Providers;
  client: WebClient;
  fit: Fit;
  clock: Clock;
  log: Log;
  /** Another limit of background edits. */
  backgroundEdits?: { intervalCap: number; interval: number } | undefined;
  /** False: they need not wait for it now. */
  isPaced?: (() => boolean) | undefined;
  /** Other processes edit and post in the same workspace. */
  sharePace?: SharePace | undefined;
  /** Processes beside this one. */
  others?: Others | undefined;
  /** Renders begin when this resolves. */
  turn?(): Promise<void>;
  /** Publishes a rep's Home from a stored list. */
  publishHome(view: View): Promise<void>;
}

export type MessageEdits = ReturnType<typeof createEdits>;

/**
 * Of different messages, at once. Each holds a list and its text until Slack has answered, and what changes while a message
 * waits is one render.
 */
const MOST_RENDERS = 32;

/** The last one comes a minute after the first; Slack's short failures are over by then. */
const EDIT_ATTEMPTS = 7;

export function createEdits(deps: ScreenDeps) {
  const { views, fit, clock, log } = deps;
  const responseUrls = createResponseUrls(clock, log);
  const outcomes = createOutcomes(deps);
  /** Messages that Slack reported as gone, until a click on one of them. */
  const gone = new Set<string>();
  /** Message id -> failed edits in a row. */
  const failures = new Map<string, number>();
  /** Message id -> the edit that folds its cleared rows. */
  const folds = new Map<string, { at: Instant; timer: NodeJS.Timeout }>();
  const renders = new PQueue({ concurrency: MOST_RENDERS });
  const queue = createRenderQueue((messageId) => renders.add(() => inTurn(messageId)), log);

  async function inTurn(messageId: string): Promise<void> {
    await deps.turn?.();
    await render(messageId);
  }

  async function render(messageId: string): Promise<void> {
    const view = await views.load(messageId);
    if (!view) return;
    if (view.message.kind === 'home') return persistently(view, () => deps.publishHome(view));
    const edited = await responseUrls.edit(messageId, (respond) => fit.send(contentOf(deps, view), respond));
    if (edited === 'done') {
      foldLater(view);
      markSeen(messageId);
      return lookAgain(view);
    }
    const { posted } = view.message;
    if (!posted) return edited === 'none' ? outcomes.tellUnseen(messageId, 'trouble') : editLater(messageId, edited);
    if (gone.has(messageId)) return outcomes.tellUnseen(messageId, 'everything');
    await persistently(view, () => update(deps, view));
  }

  /** Another process may have read later and sent sooner: then what Slack shows is older than what is stored. */
  async function lookAgain(sent: View): Promise<void> {
    if (!deps.others) return;
    const latest = await views.load(sent.message.id);
    if (latest && stateOf(latest) !== stateOf(sent)) queue.schedule(sent.message.id, 0);
  }

  /**
   * Cleared rows fold once the rep pauses. Only through a response_url, because that costs none of the workspace's edits;
   * otherwise they fold with the next edit.
   */
  function foldLater({ message: { id, items } }: View): void {
    clearTimeout(folds.get(id)?.timer);
    folds.delete(id);
    const at = foldsAt(items);
    if (at === undefined || at <= clock()) return;
    folds.set(id, { at, timer: setTimeout(() => fold(id), at - clock()).unref() });
  }

  function fold(id: string): void {
    clearTimeout(folds.get(id)?.timer);
    folds.delete(id);
    if (responseUrls.has(id)) queue.schedule(id, 0);
  }

  function markSeen(messageId: string): void {
    outcomes.markSeen(messageId);
    failures.delete(messageId);
  }

  /** Retries, because a row that says "being done" has no buttons. */
  async function persistently(view: View, edit: () => Promise<void>): Promise<void> {
    const messageId = view.message.id;
    try {
      await edit();
      markSeen(messageId);
      await lookAgain(view);
    } catch (error) {
      const failed = toDeliveryError(error);
      log.warn({ err: failed, message: messageId }, 'could not edit a message');
      if (failed.kind !== 'permanent') return editLater(messageId, failed);
      if (isGone(failed)) gone.add(messageId);
      failures.delete(messageId);
      await outcomes.tellUnseen(messageId, 'everything');
    }
  }

  /** A rate limit is no failure. */
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

  /** Every message that shows the task. Resolves when all edits have ended or wait for a retry. */
  async function showEverywhere(task: TaskKey): Promise<void> {
    const since = clock() - KEEP_UPDATED_MS;
    const shown: Promise<void>[] = [];
    let old = false;
    let lost = false;
    for (const message of await views.showing(task, 0)) {
      const { id } = message;
      const clicked = responseUrls.has(id);
      // A clicked message is edited at any age. Newest first, so after an old one all are old.
      if (old && !clicked) continue;
      old ||= message.createdAt < since;
      const isLost = gone.has(id) && !clicked;
      lost ||= isLost;
      if (isLost || !isEditable(message, clicked) || (old && !clicked)) continue;
      if (message.kind !== 'home') outcomes.markUnseen(id, task);
      shown.push(queue.now(id));
    }
    await Promise.all(shown);
    if (shown.length === 0) await outcomes.tell(task, lost ? 'everything' : 'trouble');
  }

  return {
    addResponseUrl(messageId: string, respond: Respond): void {
      gone.delete(messageId);
      responseUrls.remember(messageId, respond);
    },
    refresh: queue.schedule,
    /** One attempt, for a caller that retries. Throws `DeliveryError`. */
    async now(messageId: string): Promise<void> {
      const view = await views.load(messageId);
      if (!view?.message.posted) return;
      try {
        await update(deps, view);
      } catch (error) {
        throw toDeliveryError(error);
      }
      await lookAgain(view);
    },
    showEverywhere,
    /** Shows the task in the clicked messages that no other process can edit. */
    async showClicked(task: TaskKey): Promise<void> {
      if (!responseUrls.isAny()) return;
      const clicked = (await views.showing(task, 0)).filter(({ id, posted }) => !posted && responseUrls.has(id));
      for (const { id } of clicked) queue.schedule(id, 0);
    },
    showIfClicked(messageId: string): void {
      if (responseUrls.has(messageId)) queue.schedule(messageId, 0);
    },
    /** Does nothing for a message that cannot be edited. `isOften`: nor for one that takes only a few edits. */
    async showIfPossible(messageId: string, { isOften } = { isOften: false }): Promise<void> {
      const view = await views.load(messageId);
      const takesFew = view?.message.posted === undefined && view?.message.kind !== 'home';
      if (!view || (isOften && takesFew)) return;
      if (isEditable(view.message, responseUrls.has(messageId))) await queue.now(messageId);
      else tell(deps.others, { message: messageId });
    },
    idle: queue.idle,
    /** A timer is late after the machine slept or the clock was set: folds what is due. */
    foldDue(): void {
      const now = clock();
      for (const [id, { at }] of folds) if (at <= now) fold(id);
    },
    /** Folds nothing any more. */
    stop(): void {
      for (const { timer } of folds.values()) clearTimeout(timer);
      folds.clear();
    },
    close: queue.close,
  };
}

/** What a message is rendered from, but for the time. */
function stateOf({ message, rep, reader: { now: _, ...reader }, morning }: View): string {
  return JSON.stringify([message, rep, reader, morning]);
}

/** An ephemeral list without a click and an unposted digest cannot be edited. */
function isEditable({ kind, posted }: Pick<Message, 'kind' | 'posted'>, clicked: boolean): boolean {
  return kind === 'home' || posted !== undefined || (kind === 'list' && clicked);
}

function contentOf({ providers }: ScreenDeps, view: View): (room: Room) => Rendered {
  return (room) => renderList(view, providers, view.reader, room);
}

async function update(deps: ScreenDeps, view: View): Promise<void> {
  const { posted } = view.message;
  if (!posted) return;
  await deps.fit.send(contentOf(deps, view), ({ text, blocks }) =>
    deps.client.chat.update({ ...posted, text, blocks }),
  );
}
