/** What was read lately: names of contacts, details of tasks. */

const MOST_KEPT = 5_000;

export interface Memory<T> {
  keep(key: string, value: T): void;
  find(key: string): T | undefined;
}

/** Forgets what was kept the longest time ago. */
export function createMemory<T>(): Memory<T> {
  const kept = new Map<string, T>();
  return {
    keep(key, value) {
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    },
    find: (key) => kept.get(key),
  };
}
