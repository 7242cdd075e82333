/**
 * Shows people their tasks, and keeps what they see true. A message is always rendered whole from the store: the
 * message is a view, never the database. Renders of one message are serialised, and the latest state wins.
 *
 * Where Slack allows it, an edit goes through the click's own response_url, because `chat.update` is limited to 50 a
 * minute for the whole workspace (slack.md section 1). How to reach a response_url is kept in memory only: it is a
 * secret of half an hour's life, and what it cannot reach after a restart is told in a message of its own.
 */
import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { renderList, rowsThatFit } from '../../blocks/task-list.ts';
import { mrkdwn } from '../../blocks/text.ts';
import { failure, stale, undoFailure } from '../../blocks/words.ts';
import type { Log } from '../core/perform.ts';
import type { Clock, LoadedMessage, Screen, Store, TaskProvider } from '../core/ports.ts';
import { DAY, MINUTE } from '../core/time.ts';
import type { Action, Instant, ProviderId, Rep, TaskKey } from '../core/types.ts';
import { toDeliveryError } from './errors.ts';
import { createRenderQueue } from './render-queue.ts';

export interface ScreenDeps {
  store: Store;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  client: WebClient;
  clock: Clock;
  log: Log;
  /** Publishes a rep's Home from a stored list. */
  publishHome(message: LoadedMessage, rep: Rep): Promise<void>;
}

export interface SlackScreen extends Screen {
  /** A click on a message brought a way to edit it. */
  reachable(messageId: string, respond: RespondFn): void;
  /** Renders again after `delayMs`, unless something renders it sooner. */
  refresh(messageId: string, delayMs?: number): void;
  /** Answers a slash command or a click with a stored list. */
  answer(messageId: string, respond: RespondFn, options: { replace: boolean }): Promise<void>;
  /** Resolves when no render is waiting or running. */
  settled(): Promise<void>;
}

/** A response_url works five times within thirty minutes; the last use is kept for refusals. */
const USES = 4;
const USABLE_FOR = 29 * MINUTE;
/** Digests of the last days are kept true in the background; older ones are corrected when someone clicks on them. */
const KEEP_TRUE_FOR = 3 * DAY;

/** The last one a minute or more after the first: Slack's own hiccups are shorter. */
const EDIT_ATTEMPTS = 6;

interface Reach {
  respond: RespondFn;
  usesLeft: number;
  until: Instant;
}

export function createScreen(deps: ScreenDeps): SlackScreen {
  const reach = new Map<string, Reach>();
  /** Message id -> changes that its reader does not see before an edit of it succeeds; for lists, which only a
   * response_url can edit. */
  const unseen = new Map<string, TaskKey[]>();
  /** Message id -> edits in a row that failed. */
  const failures = new Map<string, number>();
  /** Changes that are on their way to the messages that show them. */
  const changes = new Set<Promise<void>>();
  const queue = createRenderQueue((messageId) => render(messageId), deps.log);

  async function render(messageId: string): Promise<void> {
    const message = await deps.store.messages.load(messageId);
    const rep = message && (await deps.store.reps.find(message));
    if (!message || !rep) return;
    if (message.kind === 'home') return persistently(messageId, () => deps.publishHome(message, rep));
    const content = contentOf(message, rep);
    if (await throughResponseUrl(messageId, content)) {
      unseen.delete(messageId);
      return;
    }
    const { posted } = message;
    if (!posted) return tellUnseen(messageId);
    await persistently(messageId, async () => {
      await deps.client.chat.update({ channel: posted.channel, ts: posted.ts, ...content });
    });
  }

  /** A row that says "being done" has no buttons, so a Slack that is away for a moment must not leave it like that. */
  async function persistently(messageId: string, edit: () => Promise<void>): Promise<void> {
    try {
      await edit();
      failures.delete(messageId);
    } catch (error) {
      const failed = toDeliveryError(error);
      const times = (failures.get(messageId) ?? 0) + (failed.kind === 'rate_limited' ? 0 : 1);
      const again = failed.kind !== 'permanent' && times < EDIT_ATTEMPTS;
      deps.log.warn({ err: failed, message: messageId, again }, 'could not edit a message');
      failures.set(messageId, times);
      if (again) queue.schedule(messageId, failed.retryAfterMs ?? 1_000 * 2 ** times);
      else failures.delete(messageId);
    }
  }

  async function tellUnseen(messageId: string): Promise<void> {
    const tasks = unseen.get(messageId) ?? [];
    unseen.delete(messageId);
    for (const task of tasks) await tell(task);
  }

  function contentOf(message: LoadedMessage, rep: Rep): ReturnType<typeof renderList> {
    return renderList(message, deps.providers, { now: deps.clock(), zone: rep.zone });
  }

  async function throughResponseUrl(messageId: string, content: ReturnType<typeof renderList>): Promise<boolean> {
    const way = reach.get(messageId);
    if (!way) return false;
    if (way.usesLeft <= 0 || way.until <= deps.clock()) {
      reach.delete(messageId);
      return false;
    }
    way.usesLeft -= 1;
    try {
      await way.respond({ replace_original: true, ...content });
      return true;
    } catch (error) {
      reach.delete(messageId);
      deps.log.warn({ err: toDeliveryError(error), message: messageId }, 'a response_url did not work');
      return false;
    }
  }

  async function showEverywhere(task: TaskKey): Promise<void> {
    const ids = await deps.store.messages.showing(task, 0);
    const since = deps.clock() - KEEP_TRUE_FOR;
    let visible = false;
    let old = false;
    for (const id of ids) {
      const clicked = reach.has(id);
      // What was just clicked is corrected however old it is. The newest come first, so after an old one all are old.
      if (old && !clicked) continue;
      const message = await deps.store.messages.load(id);
      if (!message) continue;
      old ||= message.createdAt < since;
      if ((old || message.kind === 'list') && !clicked) continue;
      if (message.kind === 'list') unseen.set(id, [...(unseen.get(id) ?? []), task]);
      visible = true;
      queue.schedule(id, 0);
    }
    if (!visible) await tell(task);
  }

  /** Nothing on the rep's screen can be edited any more, so what went wrong is said in a message of its own. */
  async function tell(task: TaskKey): Promise<void> {
    const action = await deps.store.ledger.latest(task);
    const trouble = action && troubleOf(action, deps.providers.get(task.provider)?.name ?? task.provider);
    if (!action || !trouble) return;
    const name = action.task.contact?.name ?? action.task.account?.name;
    const text = `${mrkdwn(name ? `${name}: ${action.task.title}` : action.task.title, 200)}\n${trouble}`;
    await deps.client.chat.postMessage({ channel: task.userId, text });
  }

  return {
    async post(messageId) {
      const message = await deps.store.messages.load(messageId);
      const rep = message && (await deps.store.reps.find(message));
      if (!message || !rep) throw new TypeError(`message ${messageId} is not in the store`);
      try {
        const posted = await deps.client.chat.postMessage({
          channel: rep.userId,
          unfurl_links: false,
          unfurl_media: false,
          ...contentOf(message, rep),
        });
        if (!posted.channel || !posted.ts) throw new TypeError('Slack did not say where the message landed');
        return { channel: posted.channel, ts: posted.ts };
      } catch (error) {
        throw toDeliveryError(error);
      }
    },
    taskChanged(task) {
      const change = showEverywhere(task)
        .catch((error) => deps.log.error({ err: error }, 'could not show a change'))
        .finally(() => changes.delete(change));
      changes.add(change);
    },
    rowsThatFit: (list, rep) => rowsThatFit(list, deps.providers, { now: deps.clock(), zone: rep.zone }),
    reachable(messageId, respond) {
      const now = deps.clock();
      for (const [id, way] of reach) if (way.until <= now) reach.delete(id);
      reach.set(messageId, { respond, usesLeft: USES, until: deps.clock() + USABLE_FOR });
    },
    refresh: (messageId, delayMs = 0) => queue.schedule(messageId, delayMs),
    async answer(messageId, respond, { replace }) {
      const message = await deps.store.messages.load(messageId);
      const rep = message && (await deps.store.reps.find(message));
      if (!message || !rep) throw new TypeError(`message ${messageId} is not in the store`);
      await respond({ response_type: 'ephemeral', replace_original: replace, ...contentOf(message, rep) });
    },
    async settled() {
      while (changes.size > 0) await Promise.all(changes);
      await queue.idle();
    },
  };
}

function troubleOf(action: Action, provider: string): string | undefined {
  if (action.state === 'failed') return failure(action, provider);
  if (action.state === 'stale') return stale(provider);
  if (action.state === 'succeeded' && action.undoFailure) return undoFailure(action, provider);
  return undefined;
}
