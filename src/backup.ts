/** `npm run backup -- FILE`: copies the database while the app runs. Acts on import. */
import { readDatabaseUrl } from './config.ts';
import { type Backup, backUp } from './store/sqlite/backup.ts';

const USAGE = 'Say where to write the copy: npm run backup -- FILE';

try {
  const { path, bytes } = copy(process.argv.slice(2));
  process.stdout.write(`Wrote ${path}: ${bytes.toLocaleString('en-US')} bytes, checked.\n`);
} catch (error) {
  process.stderr.write(`No backup was made. ${error instanceof Error ? error.message : 'Something failed.'}\n`);
  process.exitCode = 1;
}

function copy([file, ...others]: readonly string[]): Backup {
  if (!file || others.length > 0) throw new TypeError(USAGE);
  const settings = readDatabaseUrl(process.env);
  if ('problem' in settings) throw new TypeError(settings.problem);
  return backUp(settings.databaseUrl, file);
}
