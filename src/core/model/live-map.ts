/** A map whose contents are replaced as a whole. Who is going through it goes on through what it was. */
export interface LiveMap<Key, Value> {
  /** For readers; it stays the same. */
  map: ReadonlyMap<Key, Value>;
  replace(contents: ReadonlyMap<Key, Value>): void;
}

export function createLiveMap<Key, Value>(contents: ReadonlyMap<Key, Value> = new Map()): LiveMap<Key, Value> {
  let now = contents;
  const map: ReadonlyMap<Key, Value> = {
    get size() {
      return now.size;
    },
    get: (key) => now.get(key),
    has: (key) => now.has(key),
    keys: () => now.keys(),
    values: () => now.values(),
    entries: () => now.entries(),
    forEach(work) {
      for (const [key, value] of now) work(value, key, map);
    },
    [Symbol.iterator]: () => now[Symbol.iterator](),
  };
  return {
    map,
    replace(next) {
      now = next;
    },
  };
}
