/** `npm run report -- --day 2026-11-27`: what became of each digest of a day. Acts on import. */
import { parseArgs } from 'node:util';
import { readDatabaseUrl } from './config.ts';
import { deliveriesOf } from './core/digests/deliveries.ts';
import { deliveryCsv, deliveryTable } from './core/digests/report.ts';
import { isDate } from './core/model/time.ts';
import { createCalendar } from './holidays.ts';
import { queueMigrations } from './queue/migrations.ts';
import { openExisting } from './store/database.ts';
import { isMigrated } from './store/migrate.ts';
import { storeMigrations } from './store/migrations.ts';
import { createStore } from './store/store.ts';
import { createVault } from './store/vault.ts';

const USAGE = 'Say which day: npm run report -- --day 2026-11-27 (with --csv for a spreadsheet)';

try {
  process.stdout.write(await report(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`There is no report. ${error instanceof Error ? error.message : 'Something failed.'}\n`);
  process.exitCode = 1;
}

async function report(args: readonly string[]): Promise<string> {
  const { day, csv } = optionsOf(args);
  const settings = readDatabaseUrl(process.env);
  if ('problem' in settings) throw new TypeError(settings.problem);
  const db = openExisting(settings.databaseUrl);
  try {
    // It runs beside the app, perhaps another version of it, so it changes nothing.
    if (!(await isMigrated(db, { ...storeMigrations, ...queueMigrations }))) {
      throw new TypeError('The database is of another version of Docket: start this version once, then ask again.');
    }
    const deps = { store: createStore(db, createVault([])), calendar: createCalendar(), clock: Date.now };
    const deliveries = await deliveriesOf(deps, day);
    return csv ? deliveryCsv(deliveries) : deliveryTable(day, deliveries);
  } finally {
    await db.destroy();
  }
}

function optionsOf(args: readonly string[]): { day: string; csv: boolean } {
  try {
    const { values } = parseArgs({ args: [...args], options: { day: { type: 'string' }, csv: { type: 'boolean' } } });
    if (values.day !== undefined && isDate(values.day)) return { day: values.day, csv: values.csv === true };
  } catch {}
  throw new TypeError(USAGE);
}
