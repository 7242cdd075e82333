import { describe } from 'vitest';
import { queueContract } from '../contract/queue.ts';
import { storeContract } from '../contract/store.ts';
import { hasPostgres, postgresForEach } from './postgres.ts';

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  const open = postgresForEach();
  storeContract('PostgreSQL', () => open());
  queueContract(
    'PostgreSQL',
    async (clock) => {
      const { store, queue, close } = await open(clock);
      return { queue, transact: store.transact, close };
    },
    40,
  );
});
