import { expect, it } from 'vitest';
import { queueContract } from '../contract/queue.ts';
import { openFile } from '../store/open.ts';
import { expectSearches, watchPlans } from '../store/plans.ts';

const watched = watchPlans();

queueContract('SQLite in memory', async (clock) => {
  const { store, queue, close } = await watched.open(clock);
  return { queue, transact: store.transact, close };
});

// Fewer interleavings: here every commit waits for the disk.
queueContract(
  'SQLite in a file',
  async (clock) => {
    const { store, queue, close } = await openFile({ clock });
    return { queue, transact: store.transact, close };
  },
  15,
);

it('searches for jobs, whatever is asked, and never scans them', async () => {
  expect(watched.uncalled().filter((name) => name.startsWith('queue.'))).toEqual([]);
  expectSearches(await watched.plans());
});

it('looks for leases that have run out among held jobs alone, however many others are due', async () => {
  const looks = (await watched.plans()).filter(({ query }) => query.includes('order by "lapses"'));

  expect(looks.length).toBeGreaterThan(0);
  for (const { lines } of looks) {
    expect(lines).toContainEqual(
      expect.stringMatching(/^SEARCH jobs USING (COVERING )?INDEX jobs_lapsed \(lease_until<\?\)/),
    );
  }
});
