/** An open transaction, opaque to core: only the store and the queue look inside. */
export type Tx = object;
