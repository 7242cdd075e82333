/** Posts the outcome of a click that no edit can show: after a restart, or when the message is gone. */
import type { WebClient } from '@slack/web-api';
import { foundElsewhere } from '../../../blocks/elsewhere.ts';
import { failure, undoFailure } from '../../../blocks/row-errors.ts';
import { type Reader, whoAndWhat } from '../../../blocks/text.ts';
import { outcome, takenBack } from '../../../blocks/words.ts';
import type { Views } from '../../core/digests/views.ts';
import type { Action } from '../../core/model/action.ts';
import type { TaskKey } from '../../core/model/keys.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { withRetries } from '../transport/retry.ts';

interface OutcomesDeps {
  views: Pick<Views, 'latestAction'>;
  people: Pick<People, 'readerOf'>;
  providers: Providers;
  client: WebClient;
  log: Log;
}

/** `trouble`: only failures, for lists that are not on the screen for long. */
type Which = 'trouble' | 'everything';

/** Remembered outcomes; older ones may be posted again. */
const MOST_REMEMBERED = 1_000;

export function createOutcomes(deps: OutcomesDeps) {
  /** Message id -> tasks whose outcome it does not show yet. */
  const unseen = new Map<string, TaskKey[]>();
  const posted = new Set<string>();

  /** Once for each outcome. Throws `DeliveryError`. */
  async function tell(task: TaskKey, which: Which): Promise<void> {
    const action = await deps.views.latestAction(task);
    if (!action) return;
    const provider = deps.providers.get(task.provider)?.name ?? task.provider;
    const reader = await deps.people.readerOf(task);
    const said = troubleOf(action, provider, reader) ?? (which === 'everything' && successOf(action, provider, reader));
    const mark = [action.id, action.state, action.attempts].join();
    if (!said || posted.has(mark)) return;
    posted.add(mark);
    try {
      const text = `${whoAndWhat(action.task, ': ')}\n${said}`;
      await withRetries(() => deps.client.chat.postMessage({ channel: task.userId, text }));
    } catch (error) {
      posted.delete(mark);
      throw error;
    }
    for (const oldest of posted) {
      if (posted.size <= MOST_REMEMBERED) break;
      posted.delete(oldest);
    }
  }

  return {
    /** The message does not show the task's outcome yet. */
    markUnseen(messageId: string, task: TaskKey): void {
      unseen.set(messageId, [...(unseen.get(messageId) ?? []), task]);
    },
    /** The message was edited. */
    markSeen: (messageId: string) => void unseen.delete(messageId),
    /** The message can never be edited. */
    async tellUnseen(messageId: string, which: Which): Promise<void> {
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
