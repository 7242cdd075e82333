/** A rep's own lines of the ledger, newest first. */
import type { Action } from '../model/action.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import type { Store } from '../ports/store.ts';

export interface History {
  /** `before`: the last one of the page before. */
  page(rep: RepKey, page: { since: Instant; before?: Action; limit: number }): Promise<Action[]>;
  /** Only the rep's own: what a button carries is never trusted for identity. */
  own(rep: RepKey, actionId: string): Promise<Action | undefined>;
}

export function createHistory({ ledger }: Pick<Store, 'ledger'>): History {
  return {
    page: (rep, page) => ledger.history(rep, page),
    async own({ teamId, userId }, actionId) {
      const action = await ledger.find(actionId);
      return action?.teamId === teamId && action.userId === userId ? action : undefined;
    },
  };
}
