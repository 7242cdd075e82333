import { sql } from 'kysely';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { allMigrations } from '../store/open.ts';

/** The same database, for a process that records clicks and claims no job. */
export async function claimingNothing(url: string): Promise<string> {
  const idle = new URL(url);
  idle.searchParams.set('application_name', 'idle');
  const db = openDatabase(url);
  await migrate(db, allMigrations);
  await sql`create function leave() returns trigger language plpgsql
    as 'begin if current_setting(''application_name'') = ''idle'' then return null; end if; return new; end'`.execute(
    db,
  );
  await sql`create trigger leave before update on jobs for each row when (new.state = 'held') execute function leave()`.execute(
    db,
  );
  await db.destroy();
  return idle.href;
}
