import { queueContract } from '../contract/queue.ts';
import { MEMORY, openFile, openUrl } from '../store/open.ts';

queueContract('SQLite in memory', async (clock) => {
  const { store, queue, close } = await openUrl(MEMORY, { clock });
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
