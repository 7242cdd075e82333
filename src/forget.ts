/** `npm run forget-sign-ins`: starts over when an `ENCRYPTION_KEY` is lost. Acts on import. */
import { readConfig } from './config.ts';
import { checkKeys, forgetUnreadable } from './core/people/grants.ts';
import { PROVIDERS } from './providers/index.ts';
import { queueMigrations } from './queue/migrations.ts';
import { createQueue } from './queue/queue.ts';
import { openDatabase } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { storeMigrations } from './store/migrations.ts';
import { createStore } from './store/store.ts';
import { createVault } from './store/vault.ts';

try {
  process.stdout.write(`${await forget(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`Nothing was forgotten. ${error instanceof Error ? error.message : 'Something failed.'}\n`);
  process.exitCode = 1;
}

async function forget(args: readonly string[]): Promise<string> {
  const sure = args.length === 1 && args[0] === '--yes';
  if (args.length > 0 && !sure) throw new TypeError('Only --yes is known: npm run forget-sign-ins -- --yes');
  const read = readConfig(process.env, PROVIDERS);
  if ('problems' in read) throw new TypeError(`Fix these settings first: ${read.problems.join('; ')}`);
  const { databaseUrl, encryptionKeys, providers } = read.config;
  const withConsent = Object.entries(PROVIDERS).flatMap(([id, module]) =>
    'consent' in module && providers.has(id) ? [id] : [],
  );
  const db = openDatabase(databaseUrl);
  try {
    await migrate(db, { ...storeMigrations, ...queueMigrations });
    const deps = {
      store: createStore(db, createVault(encryptionKeys)),
      queue: createQueue(db, Date.now),
      clock: Date.now,
    };
    const { stored, unreadable } = await checkKeys(deps, withConsent);
    const opened = `ENCRYPTION_KEY opens ${stored - unreadable.length} of ${stored} stored sign-ins.`;
    if (unreadable.length === 0) return `${opened} There is nothing to forget.`;
    if (!sure) {
      return `${opened} To forget the other ${unreadable.length} for good, and have those reps told to sign in again: npm run forget-sign-ins -- --yes`;
    }
    await forgetUnreadable(deps, unreadable);
    return `${opened} The other ${unreadable.length} are forgotten; Docket tells those reps to sign in again once it runs.`;
  } finally {
    await db.destroy();
  }
}
