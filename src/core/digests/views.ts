/** Stored messages as the screen shows them, and the rep who reads each. */
import type { Action } from '../model/action.ts';
import type { Instant, RepKey, TaskKey } from '../model/keys.ts';
import type { LoadedMessage } from '../model/message.ts';
import type { Rep } from '../model/people.ts';
import type { RepTime } from '../model/time.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';

export interface View {
  message: LoadedMessage;
  rep: Rep;
  /** Now, as the rep's clock and working week have it. */
  reader: RepTime;
}

export interface Views {
  /** undefined: the message was forgotten, or is nobody's. */
  load(messageId: string): Promise<View | undefined>;
  of(message: LoadedMessage): Promise<View | undefined>;
  /** Only if it is this rep's own: what a button carries is never trusted for identity. */
  own(rep: RepKey, messageId: string): Promise<View | undefined>;
  /** Ids of the messages that show a task and were made at or after `since`, newest first. */
  showing(task: TaskKey, since: Instant): Promise<string[]>;
  /** The rep's newest list in Home: only that one is on the screen. */
  newestHome(rep: RepKey): Promise<string | undefined>;
  latestAction(task: TaskKey): Promise<Action | undefined>;
}

export function createViews({ store, clock }: { store: Store; clock: Clock }): Views {
  async function of(message: LoadedMessage): Promise<View | undefined> {
    const [rep, schedule] = await Promise.all([store.reps.find(message), store.schedules.find(message)]);
    return rep && { message, rep, reader: { now: clock(), zone: rep.zone, days: schedule?.days ?? [] } };
  }

  async function load(messageId: string): Promise<View | undefined> {
    const message = await store.messages.load(messageId);
    return message && of(message);
  }

  return {
    of,
    load,
    async own({ teamId, userId }, messageId) {
      const view = await load(messageId);
      return view?.message.teamId === teamId && view.message.userId === userId ? view : undefined;
    },
    showing: (task, since) => store.messages.showing(task, since),
    newestHome: (rep) => store.messages.newest(rep, 'home'),
    latestAction: (task) => store.ledger.latest(task),
  };
}
