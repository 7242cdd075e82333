/**
 * Shows people their tasks, and keeps what they see true. A message is always rendered whole from the store: the
 * message is a view, never the database. Renders of one message are serialised, and the latest state wins.
 *
 * Where Slack allows it, an edit goes through the click's own response_url (`reach.ts`). What no edit can reach, after
 * a restart for example, is told in a message of its own when something went wrong.
 */
import type { WebClient } from '@slack/web-api';
import PQueue from 'p-queue';
import type { Rendered } from '../../../blocks/elements.ts';
import type { Room } from '../../../blocks/limits.ts';
import { noticeMessage } from '../../../blocks/notices.ts';
import { renderList } from '../../../blocks/task-list.ts';
import type { View, Views } from '../../core/digests/views.ts';
import { KEEP_UPDATED_MS } from '../../core/model/digest.ts';
import type { ProviderId, TaskKey } from '../../core/model/keys.ts';
import type { LoadedMessage } from '../../core/model/message.ts';
import type { People } from '../../core/people/people.ts';
import type { Priority, TaskProvider } from '../../core/ports/provider.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import type { Notice, Screen } from '../../core/ports/screen.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { patiently } from '../transport/patience.ts';
import type { Respond } from '../transport/respond.ts';
import { createEdits, type MessageEdits } from './edits.ts';
import type { Fit } from './fit.ts';

export interface ScreenDeps {
  views: Views;
  people: Pick<People, 'readerOf'>;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  client: WebClient;
  fit: Fit;
  clock: Clock;
  log: Log;
  /** Publishes a rep's Home from a stored list. */
  publishHome(view: View): Promise<void>;
}

export interface SlackScreen extends Screen {
  /** A click on a message brought a way to edit it. */
  reachable(messageId: string, respond: Respond): void;
  /** Renders again after `delayMs`, unless something renders it sooner. */
  refresh(messageId: string, delayMs?: number): void;
  /** Answers a slash command or a click with a stored list. */
  answer(message: LoadedMessage, respond: Respond, options: { replace: boolean }): Promise<void>;
  /** Resolves when no render is waiting or running. */
  settled(): Promise<void>;
}

/**
 * What nobody waits for leaves `chat.update` to those who do: 30 edits a minute of the 50 that Slack allows the whole
 * workspace (slack.md 1).
 */
const BACKGROUND_EDITS = { intervalCap: 5, interval: 10_000, concurrency: 1 };

export function createScreen(deps: ScreenDeps): SlackScreen {
  const edits = createEdits(deps);
  const background = new PQueue(BACKGROUND_EDITS);
  const waiting = new Set<string>();
  return {
    post: (message, priority) => post(deps, message, priority),
    showTask: edits.showEverywhere,
    showLater: (task) => showLater(deps, edits, background, { task, waiting }),
    showAgain: (messageId) => background.add(() => edits.now(messageId)),
    notify: async ({ teamId, userId }, notice) => notify(deps, { teamId, userId }, notice),
    reachable: edits.reachable,
    refresh: (messageId, delayMs = 0) => edits.refresh(messageId, delayMs),
    async answer(message, respond, { replace }) {
      await deps.fit.send(await contentOf(deps, message), (content) =>
        respond({ response_type: 'ephemeral', replace_original: replace, ...content }),
      );
    },
    async settled() {
      await background.onIdle();
      await edits.idle();
    },
  };
}

/** What a message comes to in a given room. */
async function contentOf({ views, providers }: ScreenDeps, message: LoadedMessage): Promise<(room: Room) => Rendered> {
  const view = await views.of(message);
  if (!view) throw new TypeError(`message ${message.id} is nobody's`);
  return (room) => renderList(message, providers, view.reader, room);
}

async function post(
  deps: ScreenDeps,
  message: LoadedMessage,
  priority: Priority,
): Promise<{ channel: string; ts: string }> {
  const place = { channel: message.userId, unfurl_links: false, unfurl_media: false };
  const { channel, ts } = await deps.fit.send(await contentOf(deps, message), (content) => {
    const send = () => deps.client.chat.postMessage({ ...place, ...content });
    return priority === 'person' ? patiently(send) : send();
  });
  if (!channel || !ts) throw new TypeError('Slack did not say where the message landed');
  return { channel, ts };
}

/** However often a message changed meanwhile, it waits once. */
async function showLater(
  { views, clock, log }: ScreenDeps,
  edits: MessageEdits,
  background: PQueue,
  { task, waiting }: { task: TaskKey; waiting: Set<string> },
): Promise<void> {
  for (const id of await views.showing(task, clock() - KEEP_UPDATED_MS)) {
    if (waiting.has(id)) continue;
    waiting.add(id);
    background
      .add(() => {
        waiting.delete(id);
        return edits.showIfPossible(id);
      })
      .catch((error: unknown) => log.warn({ err: error, message: id }, 'could not show what was seen'));
  }
}

async function notify(
  { people, providers, client }: ScreenDeps,
  key: { teamId: string; userId: string },
  notice: Notice,
) {
  const id = providerOf(notice);
  const name = providers.get(id)?.name ?? id;
  const content = noticeMessage(notice, name, await people.readerOf(key));
  try {
    await client.chat.postMessage({ channel: key.userId, ...content });
  } catch (error) {
    throw toDeliveryError(error);
  }
}

/** A welcome brings its names along. */
function providerOf(notice: Notice): ProviderId {
  if (notice.about === 'welcome') return '';
  return notice.about === 'suggestion' ? notice.suggestion.provider : notice.provider;
}
