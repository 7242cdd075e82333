/** A rep's actions, newest first. */
import type { Action } from '../model/action.ts';
import type { RepKey } from '../model/keys.ts';
import type { Store } from '../ports/store.ts';

export type History = ReturnType<typeof createHistory>;

export function createHistory({ ledger }: Pick<Store, 'ledger'>) {
  return {
    page: ledger.history,
    /** Only the rep's own action: an id from a button is never trusted. */
    async own({ teamId, userId }: RepKey, actionId: string): Promise<Action | undefined> {
      const action = await ledger.find(actionId);
      return action?.teamId === teamId && action.userId === userId ? action : undefined;
    },
  };
}
