/**
 * What became of a click, told in a message of its own where no edit can show it: after a restart, for a list that only
 * the rep sees, or when Slack says that the message is gone.
 */
import type { WebClient } from '@slack/web-api';
import { foundElsewhere } from '../../../blocks/elsewhere.ts';
import { failure, undoFailure } from '../../../blocks/row-errors.ts';
import { type Reader, whoAndWhat } from '../../../blocks/text.ts';
import { outcome, takenBack } from '../../../blocks/words.ts';
import type { Views } from '../../core/digests/views.ts';
import type { Action } from '../../core/model/action.ts';
import type { ProviderId, TaskKey } from '../../core/model/keys.ts';
import type { People } from '../../core/people/people.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { patiently } from '../transport/patience.ts';

export interface OutcomesDeps {
  views: Pick<Views, 'latestAction'>;
  people: Pick<People, 'readerOf'>;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  client: WebClient;
  log: Log;
}

/** `trouble`: success is not worth a message, for the click was on a list that is not on the screen for long. */
type Which = 'trouble' | 'everything';

export interface Outcomes {
  /** A message does not show yet what became of a task. */
  noteUnseen(messageId: string, task: TaskKey): void;
  /** An edit of the message succeeded. */
  noteSeen(messageId: string): void;
  /** No edit will ever succeed. */
  tellUnseen(messageId: string, which: Which): Promise<void>;
  /** Once for each outcome. Throws `DeliveryError`. */
  tell(task: TaskKey, which: Which): Promise<void>;
}

/** Outcomes that are remembered as told; an older one is told again at the worst. */
const MOST_TOLD = 1_000;

export function createOutcomes(deps: OutcomesDeps): Outcomes {
  /** Message id -> tasks whose outcome its reader does not see yet. */
  const unseen = new Map<string, TaskKey[]>();
  const told = new Set<string>();

  async function tell(task: TaskKey, which: Which): Promise<void> {
    const action = await deps.views.latestAction(task);
    if (!action) return;
    const provider = deps.providers.get(task.provider)?.name ?? task.provider;
    const reader = await deps.people.readerOf(task);
    const said = troubleOf(action, provider, reader) ?? (which === 'everything' && successOf(action, provider, reader));
    const mark = [action.id, action.state, action.attempts].join();
    if (!said || told.has(mark)) return;
    told.add(mark);
    try {
      const text = `${whoAndWhat(action.task, ': ')}\n${said}`;
      await patiently(() => deps.client.chat.postMessage({ channel: task.userId, text }));
    } catch (error) {
      told.delete(mark);
      throw error;
    }
    for (const oldest of told) {
      if (told.size <= MOST_TOLD) break;
      told.delete(oldest);
    }
  }

  return {
    noteUnseen(messageId, task) {
      unseen.set(messageId, [...(unseen.get(messageId) ?? []), task]);
    },
    noteSeen: (messageId) => void unseen.delete(messageId),
    async tellUnseen(messageId, which) {
      const tasks = unseen.get(messageId) ?? [];
      unseen.delete(messageId);
      for (const task of tasks) {
        await tell(task, which).catch((error) =>
          deps.log.error({ err: toDeliveryError(error), message: messageId }, 'could not tell what became of a click'),
        );
      }
    },
    tell,
  };
}

function troubleOf(action: Action, provider: string, reader: Reader): string | undefined {
  if (action.state === 'failed') return failure(action, provider);
  if (action.state === 'stale') return foundElsewhere(action, provider, reader);
  const failed = action.state === 'succeeded' ? action.undoFailure : undefined;
  return failed && undoFailure(action, failed, provider);
}

function successOf(action: Action, provider: string, reader: Reader): string | undefined {
  if (action.state === 'succeeded') return `${outcome(action, provider, reader)}.`;
  if (action.state === 'undone') return takenBack(action, provider);
  return undefined;
}
