/** Shows messages. Each is always rendered whole from the store, one render at a time; the latest state wins. */
import PQueue from 'p-queue';
import type { Rendered } from '../../../blocks/elements.ts';
import type { Room } from '../../../blocks/limits.ts';
import { noticeMessage } from '../../../blocks/notices.ts';
import { renderList } from '../../../blocks/task-list.ts';
import { KEEP_UPDATED_MS } from '../../core/model/digest.ts';
import type { ProviderId, RepKey } from '../../core/model/keys.ts';
import type { LoadedMessage } from '../../core/model/message.ts';
import type { Priority } from '../../core/ports/provider.ts';
import type { Notice, Screen } from '../../core/ports/screen.ts';
import { toDeliveryError } from '../transport/errors.ts';
import type { Respond } from '../transport/respond.ts';
import { withRetries } from '../transport/retry.ts';
import { createCalm } from './calm.ts';
import { createEdits, type MessageEdits, type ScreenDeps } from './edits.ts';
import { createSharedGate, type Gate } from './gate.ts';
import { onTold, tell } from './others.ts';
import { createPosts, type Posts } from './posts.ts';
import { createRollupScreen } from './rollups.ts';
import { showSweep } from './sweeps.ts';
import { createWindows, type Windows } from './windows.ts';

/** A fast outcome replaces the row before "being done" shows, in one edit. */
export const SHOW_UNDERWAY_AFTER_MS = 500;

export interface SlackScreen extends Screen {
  /** Keeps a click's response_url for edits of its message. */
  addResponseUrl(messageId: string, respond: Respond): void;
  /** Renders again after `delayMs` at the latest. */
  refresh(messageId: string, delayMs?: number): void;
  /** Answers a command or a click with a stored list. */
  answer(message: LoadedMessage, respond: Respond, options: { replace: boolean }): Promise<void>;
  /** Windows that follow what becomes of tasks. */
  windows: Windows;
  /** Folds the cleared rows whose time has passed. */
  foldDue(): void;
  /** Resolves when no render waits or runs. */
  settled(): Promise<void>;
  /** Folds nothing any more. */
  stop(): void;
  /** Begins no render any more. */
  close(): void;
}

/** Background edits take 30 of the 50 `chat.update` calls a minute that a workspace has (slack.md 1). */
const BACKGROUND_EDITS = { intervalCap: 5, interval: 10_000, concurrency: 1 };

export function createScreen(deps: ScreenDeps): SlackScreen {
  const edits = createEdits(deps);
  const windows = createWindows(deps);
  const paced = backgroundGate(deps);
  const posts = createPosts(() => deps.isPaced?.() !== false, deps.sharePace);
  const unpaced = new PQueue({ concurrency: 1 });
  const background = () => (deps.isPaced?.() === false ? unpaced : paced);
  const editLater = createLaterEdits(deps, edits, background);
  const { others, log } = deps;
  onTold(others, (told) => {
    if ('message' in told) return edits.showIfClicked(told.message);
    windows.refreshOfTask(told.task);
    edits.showClicked(told.task).catch((error) => log.warn({ err: error }, 'could not show what was seen'));
  });
  const calm = createCalm(deps, edits, (edit) => background().add(edit));
  return {
    post: (message, priority, to) => post(deps, posts, priority, { message, to }),
    async showTask(task) {
      windows.refreshOfTask(task);
      tell(others, { task });
      await edits.showEverywhere(task);
    },
    async showCalmly(tasks, options) {
      for (const task of tasks) windows.refreshOfTask(task);
      await calm.show(tasks, options);
    },
    showInWindows: windows.refreshOfTask,
    showSweep: (progress) => showSweep(deps, background(), progress),
    async showLater(task) {
      for (const { id } of await deps.views.showing(task, deps.clock() - KEEP_UPDATED_MS)) editLater(id);
    },
    showMessageLater: async (messageId) => editLater(messageId),
    showAgain: (messageId) => background().add(() => edits.now(messageId)),
    notify: (key, notice) => notify(deps, key, notice),
    ...createRollupScreen(deps),
    editNotice: (key, notice, posted) => editNotice(deps, key, notice, posted),
    addResponseUrl: edits.addResponseUrl,
    refresh(messageId, delayMs = 0) {
      edits.refresh(messageId, delayMs);
      windows.refreshOfMessage(messageId, delayMs);
    },
    windows,
    async answer(message, respond, { replace }) {
      await deps.fit.send(await contentOf(deps, message), (content) =>
        respond({ response_type: 'ephemeral', replace_original: replace, ...content }),
      );
    },
    foldDue: edits.foldDue,
    stop: edits.stop,
    close() {
      edits.close();
      windows.close();
    },
    async settled() {
      await calm.settled();
      await Promise.all([paced.onIdle(), unpaced.onIdle()]);
      await edits.idle();
      await windows.idle();
    },
  };
}

function backgroundGate({ backgroundEdits, sharePace }: ScreenDeps): Gate {
  const { intervalCap, interval, concurrency } = { ...BACKGROUND_EDITS, ...backgroundEdits };
  if (!sharePace) return new PQueue({ intervalCap, interval, concurrency });
  return createSharedGate(sharePace, 'slack edits', [{ calls: intervalCap, windowMs: interval, concurrency }]);
}

/** Renders a message for a given size limit. */
async function contentOf(
  { views, providers }: ScreenDeps,
  message: LoadedMessage,
  to?: Parameters<Screen['post']>[2],
): Promise<(room: Room) => Rendered> {
  const view = await views.of(message, to);
  if (!view) throw new TypeError(`message ${message.id} is nobody's`);
  return (room) => renderList(view, providers, view.reader, room);
}

async function post(
  deps: ScreenDeps,
  posts: Posts,
  priority: Priority,
  { message, to }: { message: LoadedMessage; to: Parameters<Screen['post']>[2] },
): Promise<{ channel: string; ts: string }> {
  const place = { channel: message.userId, unfurl_links: false, unfurl_media: false };
  const { channel, ts } = await deps.fit.send(await contentOf(deps, message, to), (content) => {
    const send = () => deps.client.chat.postMessage({ ...place, ...content });
    return priority === 'person' ? withRetries(send) : posts.add(send);
  });
  if (!channel || !ts) throw new TypeError('Slack did not say where the message landed');
  return { channel, ts };
}

/** Edits a message when the limit of background edits lets it. Each message waits only once. */
function createLaterEdits(
  { log }: ScreenDeps,
  edits: MessageEdits,
  background: () => Gate,
): (messageId: string) => void {
  const waiting = new Set<string>();
  return (id) => {
    if (waiting.has(id)) return;
    waiting.add(id);
    background()
      .add(() => {
        waiting.delete(id);
        return edits.showIfPossible(id);
      })
      .catch((error: unknown) => log.warn({ err: error, message: id }, 'could not show what was seen'));
  };
}

async function notify(deps: ScreenDeps, key: RepKey, notice: Notice): Promise<{ channel: string; ts: string }> {
  const content = await noticeContent(deps, key, notice);
  try {
    const { channel, ts } = await deps.client.chat.postMessage({ channel: key.userId, ...content });
    if (!channel || !ts) throw new TypeError('Slack did not say where the message landed');
    return { channel, ts };
  } catch (error) {
    throw error instanceof TypeError ? error : toDeliveryError(error);
  }
}

async function editNotice(deps: ScreenDeps, key: RepKey, notice: Notice, posted: { channel: string; ts: string }) {
  const content = await noticeContent(deps, key, notice);
  try {
    await withRetries(() => deps.client.chat.update({ ...posted, ...content }));
  } catch (error) {
    throw toDeliveryError(error);
  }
}

async function noticeContent({ people, providers }: ScreenDeps, key: RepKey, notice: Notice): Promise<Rendered> {
  const id = providerOf(notice);
  return noticeMessage(notice, providers.get(id)?.name ?? id, await people.readerOf(key));
}

/** Empty of those about no tool, and of those that name their tools themselves. */
function providerOf(notice: Notice): ProviderId {
  if (notice.about === 'suggestion') return notice.suggestion.provider;
  return 'provider' in notice ? notice.provider : '';
}
