import { expect, it, onTestFinished } from 'vitest';
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

it('signals with the priority of what is due by now, and without one what is due in a moment', async () => {
  const { queue, close } = await openFile({ clock: () => 100_000 });
  onTestFinished(close);
  const heard: (number | undefined)[] = [];
  queue.onEnqueued((priority) => void heard.push(priority));
  for (const runAt of [100_000, 100_500]) {
    const payload = { kind: 'perform', actionId: '1' } as const;
    await queue.enqueue({ key: `at ${runAt}`, payload, priority: 7, runAt });
  }

  expect(heard).toEqual([7, undefined]);
});

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
