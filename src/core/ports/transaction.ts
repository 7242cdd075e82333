/** An open transaction; only the store and the queue look inside. */
export type Tx = object;
