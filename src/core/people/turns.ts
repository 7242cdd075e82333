/** SQLite gives the event loop no turn, so a loop over all members would delay acknowledgements for seconds. */

const AT_ONCE = 20;

/** Yields the items, with a turn of the event loop after every few. */
export async function* inTurns<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const [index, item] of items.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}
