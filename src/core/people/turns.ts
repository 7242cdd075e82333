/** SQLite gives the event loop no turn, so a loop over all members would delay acknowledgements for seconds. */

const AT_ONCE = 20;

/** Yields the items, with a turn of the event loop after every few. */
export async function* inTurns<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for await (const batch of batchesOf(items)) yield* batch;
}

/**
 * Does the work for every item, a few at a time: what these write at once shares a commit (`src/store/sqlite/groups.ts`).
 * A failure is thrown once those beside it have ended.
 */
export async function fewAtOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  for await (const batch of batchesOf(items)) {
    const results = await Promise.allSettled(batch.map(work));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

async function* batchesOf<Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    yield items.slice(from, from + AT_ONCE);
  }
}
