/**
 * Shows people their tasks, and keeps what they see true. A message is always rendered whole from the store: the
 * message is a view, never the database. Renders of one message are serialised, and the latest state wins.
 *
 * Where Slack allows it, an edit goes through the click's own response_url (`reach.ts`). What no edit can reach, after a
 * restart for example, is told in a message of its own when something went wrong.
 */
import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import PQueue from 'p-queue';
import { failure, stale, undoFailure } from '../../blocks/errors.ts';
import { noticeMessage } from '../../blocks/notices.ts';
import { renderList, rowsThatFit } from '../../blocks/task-list.ts';
import { whoAndWhat } from '../../blocks/text.ts';
import type { Reader } from '../../blocks/words.ts';
import type { Clock, LoadedMessage, Log, Screen, Store } from '../core/ports.ts';
import type { TaskProvider } from '../core/provider.ts';
import { type Action, KEEP_TRUE_FOR, type ProviderId, type Rep, type TaskKey } from '../core/types.ts';
import { toDeliveryError } from './errors.ts';
import { createReach } from './reach.ts';
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

/**
 * What nobody waits for leaves `chat.update` to those who do: 30 edits a minute of the 50 that Slack allows the whole
 * workspace (slack.md section 1).
 */
const BACKGROUND_EDITS = { intervalCap: 5, interval: 10_000, concurrency: 1 };

/** The last one a minute or more after the first: Slack's own hiccups are shorter. */
const EDIT_ATTEMPTS = 6;

export function createScreen(deps: ScreenDeps): SlackScreen {
  const reach = createReach(deps.clock, deps.log);
  /** Message id -> changes that its reader does not see before an edit of it succeeds; for lists, which only a
   * response_url can edit. */
  const unseen = new Map<string, TaskKey[]>();
  /** Message id -> edits in a row that failed. */
  const failures = new Map<string, number>();
  const queue = createRenderQueue((messageId) => render(messageId), deps.log);
  const background = new PQueue(BACKGROUND_EDITS);
  const waiting = new Set<string>();

  async function render(messageId: string): Promise<void> {
    const message = await deps.store.messages.load(messageId);
    const rep = message && (await deps.store.reps.find(message));
    if (!message || !rep) return;
    if (message.kind === 'home') return persistently(messageId, () => deps.publishHome(message, rep));
    const content = contentOf(message, rep);
    const { posted } = message;
    const edited = await reach.edit(messageId, content);
    if (edited === 'done') {
      unseen.delete(messageId);
      failures.delete(messageId);
      return;
    }
    if (!posted) return edited === 'failed' ? editLater(messageId) : tellUnseen(messageId);
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
      deps.log.warn({ err: failed, message: messageId }, 'could not edit a message');
      if (failed.kind === 'rate_limited') queue.schedule(messageId, failed.retryAfterMs ?? 5_000);
      else if (failed.kind === 'unavailable') editLater(messageId);
    }
  }

  function editLater(messageId: string): void {
    const times = (failures.get(messageId) ?? 0) + 1;
    failures.set(messageId, times);
    if (times < EDIT_ATTEMPTS) {
      queue.schedule(messageId, 1_000 * 2 ** times);
      return;
    }
    failures.delete(messageId);
    deps.log.error({ message: messageId }, 'gave up editing a message');
  }

  async function tellUnseen(messageId: string): Promise<void> {
    const tasks = unseen.get(messageId) ?? [];
    unseen.delete(messageId);
    for (const task of tasks) await tell(task);
  }

  function contentOf(message: LoadedMessage, rep: Rep): ReturnType<typeof renderList> {
    return renderList(message, deps.providers, { now: deps.clock(), zone: rep.zone });
  }

  async function showEverywhere(task: TaskKey): Promise<void> {
    const ids = await deps.store.messages.showing(task, 0);
    const since = deps.clock() - KEEP_TRUE_FOR;
    let visible = false;
    const shown: Promise<void>[] = [];
    let old = false;
    for (const id of ids) {
      const clicked = reach.has(id);
      // What was just clicked is corrected however old it is. The newest come first, so after an old one all are old.
      if (old && !clicked) continue;
      const message = await deps.store.messages.load(id);
      if (!message) continue;
      old ||= message.createdAt < since;
      // Neither can be edited: an ephemeral list that brought no click, and a digest that Slack never took.
      if ((old || message.kind === 'list') && !clicked) continue;
      if (message.kind === 'digest' && !message.posted) continue;
      if (message.kind === 'list') unseen.set(id, [...(unseen.get(id) ?? []), task]);
      visible = true;
      shown.push(queue.now(id));
    }
    await Promise.all(shown);
    if (!visible) await tell(task);
  }

  /** However often a message changed meanwhile, it waits once. */
  async function showLater(task: TaskKey): Promise<void> {
    for (const id of await deps.store.messages.showing(task, deps.clock() - KEEP_TRUE_FOR)) {
      if (waiting.has(id)) continue;
      waiting.add(id);
      background
        .add(() => {
          waiting.delete(id);
          return showOne(id);
        })
        .catch((error: unknown) => deps.log.warn({ err: error, message: id }, 'could not show what was seen'));
    }
  }

  async function showOne(id: string): Promise<void> {
    const message = await deps.store.messages.load(id);
    const editable = message && (message.kind === 'home' || message.posted !== undefined || reach.has(id));
    if (editable) await queue.now(id);
  }

  /** Where whoever asked sees to it that it is tried again. */
  async function editNow(messageId: string): Promise<void> {
    const message = await deps.store.messages.load(messageId);
    const rep = message && (await deps.store.reps.find(message));
    if (!message?.posted || !rep) return;
    const { channel, ts } = message.posted;
    try {
      await deps.client.chat.update({ channel, ts, ...contentOf(message, rep) });
    } catch (error) {
      throw toDeliveryError(error);
    }
  }

  /** Nothing on the rep's screen can be edited any more, so what went wrong is said in a message of its own. */
  async function tell(task: TaskKey): Promise<void> {
    const action = await deps.store.ledger.latest(task);
    const rep = await deps.store.reps.find(task);
    const reader = { now: deps.clock(), zone: rep?.zone ?? 'UTC' };
    const trouble = action && troubleOf(action, deps.providers.get(task.provider)?.name ?? task.provider, reader);
    if (!action || !trouble) return;
    const text = `${whoAndWhat(action.task, ': ')}\n${trouble}`;
    try {
      await deps.client.chat.postMessage({ channel: task.userId, text });
    } catch (error) {
      throw toDeliveryError(error);
    }
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
    showTask: showEverywhere,
    showLater,
    showAgain: (messageId) => background.add(() => editNow(messageId)),
    async notify(key, notice) {
      const rep = await deps.store.reps.find(key);
      const id = notice.about === 'suggestion' ? notice.suggestion.provider : notice.provider;
      const name = deps.providers.get(id)?.name ?? id;
      const content = noticeMessage(notice, name, { now: deps.clock(), zone: rep?.zone ?? 'UTC' });
      try {
        await deps.client.chat.postMessage({ channel: key.userId, ...content });
      } catch (error) {
        throw toDeliveryError(error);
      }
    },
    rowsThatFit: (list, rep) => rowsThatFit(list, deps.providers, { now: deps.clock(), zone: rep.zone }),
    reachable: (messageId, respond) => reach.remember(messageId, respond),
    refresh: (messageId, delayMs = 0) => queue.schedule(messageId, delayMs),
    async answer(messageId, respond, { replace }) {
      const message = await deps.store.messages.load(messageId);
      const rep = message && (await deps.store.reps.find(message));
      if (!message || !rep) throw new TypeError(`message ${messageId} is not in the store`);
      await respond({ response_type: 'ephemeral', replace_original: replace, ...contentOf(message, rep) });
    },
    async settled() {
      await background.onIdle();
      await queue.idle();
    },
  };
}

function troubleOf(action: Action, provider: string, reader: Reader): string | undefined {
  if (action.state === 'failed') return failure(action, provider);
  if (action.state === 'stale') return stale(action, provider, reader);
  if (action.state === 'succeeded' && action.undoFailure) return undoFailure(action, provider);
  return undefined;
}
