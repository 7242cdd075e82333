/** Changes of a task that were made elsewhere: an action found them before it was sent, or a later look saw them. */
import type { ActionIn, StaleCause } from '../src/core/model/action.ts';
import type { SeenChange } from '../src/core/model/message.ts';
import type { DoneBy, Operation } from '../src/core/model/task.ts';
import { NOT_DONE } from './row-errors.ts';
import { exactTime, momentOf, type Reader } from './text.ts';

/** Why nothing was sent. */
export function foundElsewhere(
  { found, change, sentAt }: Pick<ActionIn<'stale'>, 'found' | 'sentAt'> & { change: { verb: Operation } },
  provider: string,
  reader: Reader,
): string {
  if (found.how === 'moved') {
    return `${NOT_DONE[change.verb]}: ${movedTo(found, reader)} in ${provider} since this list was made. Choose again if you still want to.`;
  }
  const said = closedElsewhere(found, provider, reader);
  // An earlier attempt whose answer was lost may have changed something.
  return sentAt === undefined ? `${said} Nothing was changed.` : said;
}

function closedElsewhere(found: StaleCause, provider: string, reader: Reader): string {
  if (found.how !== 'done') {
    return `No longer open in ${provider}: it was done, dismissed or given to someone else there.`;
  }
  const when = found.at === undefined ? '' : ` at ${momentOf(found.at, reader)}`;
  return `Already done in ${provider}${byWhom(found.by)}${when}.`;
}

/** With a blank before it; empty where the provider does not say. */
export function byWhom(by: DoneBy | undefined): string {
  if (by === undefined) return '';
  return by === 'rep' ? ' by you' : ' by someone else';
}

export function movedTo({ dueAt }: Extract<StaleCause, { how: 'moved' }>, reader: Reader): string {
  return dueAt === undefined ? 'its due date was taken away' : `it was moved to ${exactTime(dueAt, reader)}`;
}

export function seenElsewhere(seen: SeenChange, provider: string, reader: Reader): string {
  switch (seen.how) {
    case 'done':
      return `Done in ${provider}${byWhom(seen.doneBy) || ' itself'} (${exactTime(seen.doneAt ?? seen.at, reader)}).`;
    case 'gone':
      return `No longer open for you in ${provider} (seen ${exactTime(seen.at, reader)}): it was done, deleted or given to someone else there.`;
    case 'changed':
      return `Changed in ${provider} since this list was made.`;
  }
}
