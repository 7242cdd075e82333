/**
 * Long loops over everyone of a workspace. SQLite answers without giving the event loop a turn, so ten thousand awaits in a row
 * would hold it for many seconds, and no click would be acknowledged meanwhile.
 */

const AT_ONCE = 20;

/** The items in their order, with a turn of the event loop for others after every few. */
export async function* inTurns<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const [index, item] of items.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}
