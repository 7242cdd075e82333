/** A core whose every step takes a turn of fast-check's scheduler: each order that it picks is another interleaving. */
import type fc from 'fast-check';
import type { Core, Docket } from '../docket.ts';

/** Between any two queries, and around every transaction, anyone else may get their turn; nobody has one within. */
export function interleaved({ deps, over }: Pick<Docket, 'deps' | 'over'>, scheduler: fc.Scheduler): Core {
  const { queue, store } = deps;
  const { ledger, messages, links } = store;
  const inTurn =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await scheduler.schedule(Promise.resolve());
      return act(...args);
    };
  const [find, transition, findLink] = [inTurn(ledger.find), inTurn(ledger.transition), inTurn(links.find)];
  const [complete, retry] = [inTurn(queue.complete), inTurn(queue.retry)];
  return over({
    store: {
      ...store,
      async transact(work, options) {
        await scheduler.schedule(Promise.resolve());
        return store.transact(work, options);
      },
      ledger: {
        ...ledger,
        find: (id, tx) => (tx ? ledger.find(id, tx) : find(id)),
        transition: (id, next, tx) => (tx ? ledger.transition(id, next, tx) : transition(id, next)),
      },
      messages: {
        ...messages,
        row: inTurn(messages.row),
        load: inTurn(messages.load),
        noteSeen: inTurn(messages.noteSeen),
        digestsSince: inTurn(messages.digestsSince),
      },
      links: { ...links, find: (key, provider, tx) => (tx ? links.find(key, provider, tx) : findLink(key, provider)) },
    },
    queue: {
      ...queue,
      extend: inTurn(queue.extend),
      complete: (job, tx) => (tx ? queue.complete(job, tx) : complete(job)),
      retry: (job, again, tx) => (tx ? queue.retry(job, again, tx) : retry(job, again)),
    },
  });
}
