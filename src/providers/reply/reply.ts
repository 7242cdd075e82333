/**
 * Reply.io (contracts section 3). One Master key acts as whoever is named in `X-User-Email`; the name comes from a link,
 * never from a button, and no call about tasks goes out without it.
 */

import type { Capabilities, TaskCapabilities, VerbCapability } from '../../core/model/capabilities.ts';
import type { Task } from '../../core/model/task.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import { toSecond } from '../times.ts';
import { createReplyClient, type ReplySettings } from './client.ts';
import { createReading, refusal } from './tasks.ts';
import { createUsers } from './users.ts';
import { CALL_ENDINGS, complete, move, remove } from './verbs.ts';

/** The row of the registry. */
export const replyModule = {
  name: 'Reply.io',
  required: ['REPLY_API_KEY'],
  optional: { REPLY_API_URL: 'https://api.reply.io' },
  create(
    env: Record<'REPLY_API_KEY' | 'REPLY_API_URL', string>,
    deps: Pick<ReplySettings, 'clock' | 'circuit' | 'timeoutMs'>,
  ): TaskProvider {
    return createReply({ apiKey: env.REPLY_API_KEY, apiUrl: env.REPLY_API_URL, ...deps });
  },
} as const;

export function createReply(settings: ReplySettings): TaskProvider {
  const client = createReplyClient(settings);

  return {
    id: 'reply',
    name: 'Reply.io',
    capabilities: CAPABILITIES,
    ...createReading(client, settings.clock),
    async perform(account, task, change, options) {
      switch (change.verb) {
        case 'done':
          if (change.note !== undefined) throw refusal('done', 'Reply keeps no completion note');
          if (!allowsEnding(task, change.ending)) throw refusal('done', 'this task has no such ending');
          return complete(client, account, task.id, change.ending, options);
        case 'dismiss':
          return remove(client, account, task.id, options);
        case 'snooze':
        case 'reschedule':
          return move(client, account, task.id, toSecond(change.dueAt), options);
        default:
          throw refusal(change.verb, `Reply has no ${change.verb}`);
      }
    },
    async undo(account, before, verb, options) {
      if (verb !== 'snooze' && verb !== 'reschedule') throw refusal(verb, `Reply takes back no ${verb}`);
      if (before.dueAt === undefined) throw refusal(verb, 'no earlier due date to go back to');
      return move(client, account, before.id, before.dueAt, options);
    },
    ...createUsers(client, settings.clock),
  };
}

/** Statuses are read-only at Reply: what is finished or deleted stays so (contracts 3.4). */
const DONE: VerbCapability = { reversible: false, repeatable: false };
/** Absolute values: sent twice they have the effect of once. */
const MOVED: VerbCapability = { reversible: true, repeatable: true };
const MOVED_WITH_ITS_START: VerbCapability = {
  ...MOVED,
  consequence: 'Reply.io runs this task by itself at its start time: moving it moves that too.',
};

const CAPABILITIES: Capabilities = { noun: 'tasks', of: capabilitiesOf };

function capabilitiesOf(task: Task): TaskCapabilities {
  const moved = task.facts?.scheduled ? MOVED_WITH_ITS_START : MOVED;
  const dismiss = { ...DONE, consequence: deletionOf(task) };
  const closes = { done: DONE, dismiss };
  // Reply would refuse it (`verbs.ts`), and what can be known before need not be tried.
  const verbs = task.facts?.fixed ? closes : { ...closes, snooze: moved, reschedule: moved };
  return task.facts?.kind === 'call' ? { verbs, endings: CALL_ENDINGS } : { verbs };
}

const MOST_NAME = 100;

/** No more than is known (contracts R2). */
function deletionOf({ contact, facts }: Task): string {
  if (!facts?.step) return 'Deletes the task in Reply.io. It cannot be brought back.';
  const name = contact ? [...contact.name].slice(0, MOST_NAME).join('') : 'the contact';
  return `Deletes the task in Reply.io. It cannot be brought back. The sequence of ${name} may stop here, or go on without this step: look at it in Reply.io afterwards.`;
}

function allowsEnding(task: Task, ending: string | undefined): boolean {
  return ending === undefined || (capabilitiesOf(task).endings ?? []).some(({ id }) => id === ending);
}
