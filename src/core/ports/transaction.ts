/** An open transaction; only the store and the queue look inside. */
export type Tx = object;

/** A rep, or with all of their reps a team. */
export interface Whom {
  teamId: string;
  userId?: string;
}

/** For `Store.transact`. */
export function about(of: Whom): { of: Whom } {
  return { of };
}
