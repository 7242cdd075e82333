/** Looks at the database for `npm run doctor`, without changing it. */
import { sql } from 'kysely';
import { StartError } from '../core/model/errors.ts';
import type { Finding } from '../core/model/finding.ts';
import { checkSessions, explainDatabase, openDatabase } from './database.ts';
import { isPostgresUrl } from './postgres/url.ts';
import { checkFile } from './sqlite/check.ts';

const ABOUT = 'DATABASE_URL';

export async function checkDatabase(url: string): Promise<Finding[]> {
  return isPostgresUrl(url) ? [await checkServer(url)] : checkFile(url);
}

async function checkServer(url: string): Promise<Finding> {
  try {
    await checkSessions(url);
    const db = openDatabase(url);
    try {
      const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db);
      return { state: 'fine', about: ABOUT, text: `PostgreSQL ${rows[0]?.server_version} answers.` };
    } finally {
      await db.destroy();
    }
  } catch (error) {
    const explained = explainDatabase(error, url);
    return {
      state: 'to do',
      about: ABOUT,
      text: explained instanceof StartError ? explained.message : 'gives no answer.',
    };
  }
}
