/**
 * The list whose numbers a typed verb means: the rep's newest one with rows, whether a digest or an answer, as the store
 * has it. In Home's search field it is Home's.
 */
import type { Instant, RepKey } from '../model/keys.ts';
import type { LoadedMessage } from '../model/message.ts';
import { HOUR, localDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';

/** Where a line is typed. */
export type Place = 'messages' | 'home';

/** Lists without rows, and the message that closes a day, have no numbers. */
const MOST_LOOKED_AT = 10;

/** An older list is asked about: the rep may look at another. */
const FRESH_MS = 8 * HOUR;

export async function seenLast(
  { store }: Pick<Ports, 'store'>,
  rep: RepKey,
  place: Place,
): Promise<LoadedMessage | undefined> {
  const { messages } = store;
  if (place === 'home') {
    const home = await messages.newest(rep, 'home');
    return home === undefined ? undefined : messages.load(home);
  }
  const ids = await messages.newestLists(rep, MOST_LOOKED_AT);
  const loaded = await Promise.all(ids.map((id) => messages.load(id)));
  const numbered = loaded.filter(
    (message) => message !== undefined && message.items.length > 0 && !message.summary.day,
  );
  // Refresh brings an older one before the rep's eyes.
  return numbered.reduce<LoadedMessage | undefined>(
    (newest, each) => (each && (!newest || madeAt(each) > madeAt(newest)) ? each : newest),
    undefined,
  );
}

export function madeAt({ createdAt, summary }: Pick<LoadedMessage, 'createdAt' | 'summary'>): Instant {
  return Math.max(createdAt, summary.fetchedAt);
}

export function isOld(message: LoadedMessage, { now, zone }: { now: Instant; zone: string }): boolean {
  const at = madeAt(message);
  return now - at > FRESH_MS || localDate(at, zone) !== localDate(now, zone);
}
