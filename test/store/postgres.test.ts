import { describe } from 'vitest';
import { queueContract } from '../contract/queue.ts';
import { storeContract } from '../contract/store.ts';
import { apartContract } from '../contract/store-apart.ts';
import { sideBySideContract } from '../contract/store-side-by-side.ts';
import { hasPostgres, openPostgres, postgresForEach } from './postgres.ts';

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  const open = postgresForEach();
  storeContract('PostgreSQL', () => open());
  apartContract('PostgreSQL', () => open());
  sideBySideContract('PostgreSQL', async () => {
    const one = await open();
    const other = await openPostgres(one.url, { isMigrated: true });
    const close = async () => void (await Promise.all([one.close(), other.close()]));
    return { one, other, close };
  });
  queueContract(
    'PostgreSQL',
    async (clock) => {
      const { store, queue, close } = await open(clock);
      return { queue, transact: store.transact, close };
    },
    25,
  );
});
