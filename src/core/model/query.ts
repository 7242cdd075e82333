/** What a list is asked for. Each part that is given narrows it; without any it is all that is open. */
import type { ProviderId } from './keys.ts';
import type { TaskKind } from './task.ts';

/** Weeks begin on Monday. `week`: the next seven days. `before`: due before that local date, `YYYY-MM-DD`. */
export type When =
  | { is: 'overdue' | 'today' | 'tomorrow' | 'week' | 'this week' | 'next week' | 'no date' | 'snoozed' }
  | { is: 'before'; date: string };

/** Without one, the order of docs/ranking.md. */
export const SORTS = ['due', 'amount', 'account', 'age'] as const;

export type Sort = (typeof SORTS)[number];

export interface Query {
  when?: When;
  kinds?: readonly TaskKind[];
  tools?: readonly ProviderId[];
  /** What its tool calls urgent, critical or highest. */
  urgent?: true;
  /** In the contact, the company, the flow, the title or the note; case and accents do not matter. */
  text?: string;
  sort?: Sort;
}
