/** Stored messages together with their rep. */
import type { RepKey, TaskKey } from '../model/keys.ts';
import type { LoadedMessage } from '../model/message.ts';
import type { Recipient, Rep } from '../model/people.ts';
import { localDay, type RepTime } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import { weekOf } from './known.ts';

export interface View {
  message: LoadedMessage;
  rep: Rep;
  /** The current time in the rep's zone and working week, and their locale. */
  reader: RepTime;
  /** The rows of today's digest, where this is another message: the day has one count, wherever a rep looks. */
  morning?: LoadedMessage['items'] | undefined;
}

export type Views = ReturnType<typeof createViews>;

export function createViews({ store, calendar, clock }: Pick<Ports, 'store' | 'calendar' | 'clock'>) {
  /** `to`: its rep, if they were read already. */
  async function of(
    message: LoadedMessage,
    to?: Pick<Recipient, 'rep' | 'schedule'> | undefined,
  ): Promise<View | undefined> {
    const recipient = to ?? (await store.reps.recipient(message));
    if (!recipient) return undefined;
    const { rep } = recipient;
    const reader = await weekOf({ calendar }, recipient, clock());
    return { message, rep, reader, morning: await morningOf(message, reader) };
  }

  async function morningOf(message: LoadedMessage, { now, zone }: RepTime): Promise<View['morning']> {
    const today = await store.messages.digestsSince(message, localDay(now, zone).from);
    const first = today.at(-1);
    return first === undefined || first === message.id ? undefined : (await store.messages.load(first))?.items;
  }

  async function load(messageId: string): Promise<View | undefined> {
    const message = await store.messages.load(messageId);
    return message && of(message);
  }

  return {
    of,
    /** undefined: the message was deleted, or has no rep. */
    load,
    /** Only the rep's own message: an id from a button is never trusted. */
    async own({ teamId, userId }: RepKey, messageId: string): Promise<View | undefined> {
      const view = await load(messageId);
      return view?.message.teamId === teamId && view.message.userId === userId ? view : undefined;
    },
    showing: store.messages.showing,
    /** Only the newest list in Home is on the screen. */
    newestHome: (rep: RepKey) => store.messages.newest(rep, 'home'),
    latestAction: (task: TaskKey) => store.ledger.latest(task),
  };
}
