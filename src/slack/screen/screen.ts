/**
 * Shows people their tasks, and keeps what they see true. A message is always rendered whole from the store: the
 * message is a view, never the database. Renders of one message are serialised, and the latest state wins.
 *
 * Where Slack allows it, an edit goes through the click's own response_url (`reach.ts`). What no edit can reach, after a
 * restart for example, is told in a message of its own when something went wrong.
 */
import type { WebClient } from '@slack/web-api';
import PQueue from 'p-queue';
import { noticeMessage } from '../../../blocks/notices.ts';
import { type Rendered, type Room, renderList, rowsThatFit } from '../../../blocks/task-list.ts';
import { KEEP_TRUE_FOR } from '../../core/model/digest.ts';
import type { DeliveryError } from '../../core/model/errors.ts';
import type { ProviderId, TaskKey } from '../../core/model/keys.ts';
import type { Rep } from '../../core/model/people.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import type { Notice, Screen } from '../../core/ports/screen.ts';
import type { LoadedMessage, Store } from '../../core/ports/store.ts';
import { isGone, toDeliveryError } from '../transport/errors.ts';
import { patiently, pauseAfter } from '../transport/patience.ts';
import type { Respond } from '../transport/respond.ts';
import { createFit } from './fit.ts';
import { createOutcomes } from './outcomes.ts';
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
  reachable(messageId: string, respond: Respond): void;
  /** Renders again after `delayMs`, unless something renders it sooner. */
  refresh(messageId: string, delayMs?: number): void;
  /** Answers a slash command or a click with a stored list. */
  answer(messageId: string, respond: Respond, options: { replace: boolean }): Promise<void>;
  /** Resolves when no render is waiting or running. */
  settled(): Promise<void>;
}

/**
 * What nobody waits for leaves `chat.update` to those who do: 30 edits a minute of the 50 that Slack allows the whole
 * workspace (slack.md 1).
 */
const BACKGROUND_EDITS = { intervalCap: 5, interval: 10_000, concurrency: 1 };

/** The last one a minute after the first: Slack's own hiccups are shorter. */
const EDIT_ATTEMPTS = 7;

export function createScreen(deps: ScreenDeps): SlackScreen {
  const reach = createReach(deps.clock, deps.log);
  const fit = createFit(deps.log);
  const outcomes = createOutcomes(deps);
  /** Messages that Slack says are gone: no edit of them is tried again, unless a click proves them there. */
  const gone = new Set<string>();
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
    const content = await contentOf(message, rep);
    const edited = await reach.edit(messageId, (respond) => fit.send(content, respond));
    if (edited === 'done') return noteSeen(messageId);
    const { posted } = message;
    if (!posted) return edited === 'none' ? outcomes.tellUnseen(messageId, 'trouble') : editLater(messageId, edited);
    if (gone.has(messageId)) return outcomes.tellUnseen(messageId, 'everything');
    await persistently(messageId, () => update(posted, content));
  }

  function noteSeen(messageId: string): void {
    outcomes.noteSeen(messageId);
    failures.delete(messageId);
  }

  async function update(at: { channel: string; ts: string }, content: (room: Room) => Rendered): Promise<void> {
    await fit.send(content, ({ text, blocks }) => deps.client.chat.update({ ...at, text, blocks }));
  }

  /** A row that says "being done" has no buttons, so a Slack that is away for a moment must not leave it like that. */
  async function persistently(messageId: string, edit: () => Promise<void>): Promise<void> {
    try {
      await edit();
      noteSeen(messageId);
    } catch (error) {
      const failed = toDeliveryError(error);
      deps.log.warn({ err: failed, message: messageId }, 'could not edit a message');
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
    deps.log.error({ message: messageId }, 'gave up editing a message');
  }

  async function contentOf(message: LoadedMessage, rep: Rep): Promise<(room: Room) => Rendered> {
    const { days = [] } = (await deps.store.schedules.find(rep)) ?? {};
    const reader = { now: deps.clock(), zone: rep.zone, days };
    return (room) => renderList(message, deps.providers, reader, room);
  }

  async function loaded(messageId: string): Promise<{ message: LoadedMessage; rep: Rep }> {
    const message = await deps.store.messages.load(messageId);
    const rep = message && (await deps.store.reps.find(message));
    if (!message || !rep) throw new TypeError(`message ${messageId} is not in the store`);
    return { message, rep };
  }

  async function showEverywhere(task: TaskKey): Promise<void> {
    const ids = await deps.store.messages.showing(task, 0);
    const since = deps.clock() - KEEP_TRUE_FOR;
    let visible = false;
    const shown: Promise<void>[] = [];
    let old = false;
    let lost = false;
    for (const id of ids) {
      const clicked = reach.has(id);
      // What was just clicked is corrected however old it is. The newest come first, so after an old one all are old.
      if (old && !clicked) continue;
      const message = await deps.store.messages.load(id);
      if (!message) continue;
      old ||= message.createdAt < since;
      if (gone.has(id) && !clicked) {
        lost = true;
        continue;
      }
      // Neither can be edited: an ephemeral list that brought no click, and a digest that Slack never took.
      const editable = message.kind === 'home' || message.posted !== undefined || (message.kind === 'list' && clicked);
      if (!editable || (old && !clicked)) continue;
      if (message.kind !== 'home') outcomes.noteUnseen(id, task);
      visible = true;
      shown.push(queue.now(id));
    }
    await Promise.all(shown);
    if (!visible) await outcomes.tell(task, lost ? 'everything' : 'trouble');
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
    try {
      await update(message.posted, await contentOf(message, rep));
    } catch (error) {
      throw toDeliveryError(error);
    }
  }

  return {
    async post(messageId, priority) {
      const { message, rep } = await loaded(messageId);
      const place = { channel: rep.userId, unfurl_links: false, unfurl_media: false };
      const posted = await fit.send(await contentOf(message, rep), (content) => {
        const post = () => deps.client.chat.postMessage({ ...place, ...content });
        return priority === 'person' ? patiently(post) : post();
      });
      const { channel, ts } = posted;
      if (!channel || !ts) throw new TypeError('Slack did not say where the message landed');
      return { channel, ts };
    },
    showTask: showEverywhere,
    showLater,
    showAgain: (messageId) => background.add(() => editNow(messageId)),
    async notify(key, notice) {
      const rep = await deps.store.reps.find(key);
      const id = providerOf(notice);
      const name = deps.providers.get(id)?.name ?? id;
      const content = noticeMessage(notice, name, { now: deps.clock(), zone: rep?.zone ?? 'UTC' });
      try {
        await deps.client.chat.postMessage({ channel: key.userId, ...content });
      } catch (error) {
        throw toDeliveryError(error);
      }
    },
    rowsThatFit: (list, rep) => rowsThatFit(list, deps.providers, { now: deps.clock(), zone: rep.zone }, fit.room),
    reachable(messageId, respond) {
      gone.delete(messageId);
      reach.remember(messageId, respond);
    },
    refresh: (messageId, delayMs = 0) => queue.schedule(messageId, delayMs),
    async answer(messageId, respond, { replace }) {
      const { message, rep } = await loaded(messageId);
      await fit.send(await contentOf(message, rep), (content) =>
        respond({ response_type: 'ephemeral', replace_original: replace, ...content }),
      );
    },
    async settled() {
      await background.onIdle();
      await queue.idle();
    },
  };
}

/** A welcome brings its names along. */
function providerOf(notice: Notice): ProviderId {
  if (notice.about === 'welcome') return '';
  return notice.about === 'suggestion' ? notice.suggestion.provider : notice.provider;
}
