import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storeContract } from '../contract/store.ts';
import { apartContract } from '../contract/store-apart.ts';
import { sideBySideContract } from '../contract/store-side-by-side.ts';
import { ANN, message, rep, tasks } from './fixtures.ts';
import { MEMORY, openFile, openUrl, temporaryFolder } from './open.ts';
import { expectSearches, watchPlans } from './plans.ts';

const watched = watchPlans();

storeContract('SQLite in memory', () => watched.open());
storeContract('SQLite in a file', () => openFile());
apartContract('SQLite', () => openUrl(MEMORY));

sideBySideContract('SQLite', async () => {
  const folder = temporaryFolder();
  const url = `file:${join(folder.path, 'docket.db')}`;
  const [one, other] = [await openUrl(url), await openUrl(url)];
  const close = async () => {
    await Promise.all([one.close(), other.close()]);
    folder.remove();
  };
  return { one, other, close };
});

it('the queries of the contract are all that the store has; they search, and never scan a table', async () => {
  expect(watched.uncalled().filter((name) => !name.startsWith('queue.'))).toEqual([]);
  expectSearches(await watched.plans());
});

it('the queries of the contract read a page of the history in its own order: nothing is sorted, however long it is', async () => {
  const pages = (await watched.plans()).filter(
    ({ query }) => /^select \* from "actions"/.test(query) && query.includes('order by "created_at" desc'),
  );

  expect(pages).toHaveLength(2);
  const search = 'USING INDEX actions_of_rep (team_id=? AND user_id=? AND created_at';
  for (const { lines } of pages) expect(lines).toEqual([expect.stringContaining(search)]);
});

it('the queries of the contract look for the actions of each row, and not for the row of each action of months', async () => {
  const ofRows = (await watched.plans()).filter(({ query }) =>
    query.startsWith('select "actions".* from "message_items"'),
  );

  expect(ofRows).toHaveLength(1);
  const [first = '', second = ''] = ofRows.flatMap(({ lines }) => lines);
  expect(first).toMatch(/^SEARCH item .*\(message_id=/);
  expect(second).toMatch(/^SEARCH actions .*provider=\? AND task_id=/);
});

it('the queries of the contract read a message in three, however many rows it has', async () => {
  let queries = 0;
  const { store, close } = await openUrl(MEMORY, {
    log: ({ query }) => {
      if (query.sql.startsWith('select')) queries += 1;
    },
  });
  await store.reps.save(rep(ANN));
  const { id } = await store.messages.create(message(ANN), tasks(2_000));
  queries = 0;
  await store.messages.load(id);

  expect(queries).toBe(3);
  await close();
});
