/** Deps whose every step takes a turn of fast-check's scheduler: each order that it picks is another interleaving. */
import type fc from 'fast-check';
import type { Deps } from '../docket.ts';

/** Between any two queries, and around every transaction, anyone else may get their turn; nobody has one within. */
export function interleaved(deps: Deps, scheduler: fc.Scheduler): Deps {
  const { queue, store } = deps;
  const { ledger, messages, links } = store;
  const inTurn =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await scheduler.schedule(Promise.resolve());
      return act(...args);
    };
  const [find, transition, linksOf] = [inTurn(ledger.find), inTurn(ledger.transition), inTurn(links.of)];
  const [complete, retry] = [inTurn(queue.complete), inTurn(queue.retry)];
  return {
    ...deps,
    store: {
      ...store,
      async transact(work) {
        await scheduler.schedule(Promise.resolve());
        return store.transact(work);
      },
      ledger: {
        ...ledger,
        find: (id, tx) => (tx ? ledger.find(id, tx) : find(id)),
        transition: (id, guard, patch, tx) =>
          tx ? ledger.transition(id, guard, patch, tx) : transition(id, guard, patch),
      },
      messages: {
        ...messages,
        row: inTurn(messages.row),
        load: inTurn(messages.load),
        noteSeen: inTurn(messages.noteSeen),
        digestsSince: inTurn(messages.digestsSince),
      },
      links: { ...links, of: (key, tx) => (tx ? links.of(key, tx) : linksOf(key)) },
    },
    queue: {
      ...queue,
      extend: inTurn(queue.extend),
      complete: (job, tx) => (tx ? queue.complete(job, tx) : complete(job)),
      retry: (job, again, tx) => (tx ? queue.retry(job, again, tx) : retry(job, again)),
    },
  };
}
