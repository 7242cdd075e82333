/**
 * A database of many reps and months: Docket itself writes one rep's day, a digest and a click, and SQL copies its rows
 * for every rep and working day. So each row is one that Docket writes, and it takes seconds.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { clickBody, donesIn, type Seen, send } from './clicks.ts';
import { DAY, DIGEST_TIME, nextMorning } from './mornings.ts';
import { people } from './people.ts';
import { temporaryFolder, until } from './processes.ts';
import { createSlackServer } from './slack-server.ts';
import { createToolServer } from './tool-server.ts';
import { APP, gongEnv, startDocketProcess } from './world.ts';

export interface History {
  databaseUrl: string;
  digests: number;
}

const TASKS_EACH = 5;
/** docs/running.md: finished jobs are kept for 30 days, and digests have buttons for three. */
const JOBS_DAYS = 30;
const BUTTONS_DAYS = 3;

export async function createHistory(reps: number, days: number): Promise<History> {
  const file = join(temporaryFolder(), 'docket.db');
  const databaseUrl = `file:${file}`;
  await writeOneDay(databaseUrl);
  const database = new DatabaseSync(file);
  database.exec('pragma synchronous = OFF; pragma cache_size = -500000; begin');
  const morning = nextMorning();
  const back = Array.from({ length: days }, (_, n) => n + 1).filter((n) => isWorkingDay(morning - n * DAY));
  for (const table of ['reps', 'links', 'schedules']) copy(database, { table, reps, daysBack: 0 });
  for (const daysBack of back) {
    for (const table of ['messages', 'message_items', 'runs', 'actions']) copy(database, { table, reps, daysBack });
    if (daysBack < JOBS_DAYS) copy(database, { table: 'jobs', reps, daysBack });
  }
  database.exec(`update messages set retired = 1 where created_at < ${Date.now() - BUTTONS_DAYS * DAY}; commit`);
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
  return { databaseUrl, digests: reps * back.length };
}

function isWorkingDay(at: number): boolean {
  return ![0, 6].includes(new Date(at).getUTCDay());
}

/** The first rep's. */
async function writeOneDay(databaseUrl: string): Promise<void> {
  const reps = people(1);
  const slack = await createSlackServer(reps);
  const tool = await createToolServer({ people: reps, tasksEach: TASKS_EACH });
  let digest: Seen | undefined;
  slack.onCall(({ method, userId, ts, blocks }) => {
    const shown = method === 'chat.postMessage' ? blocks() : [];
    if (userId && donesIn(shown).length > 0) digest = { userId, ts, blocks: shown };
  });
  const env = { ...gongEnv(tool.url), DATABASE_URL: databaseUrl, DEFAULT_DIGEST_TIME: DIGEST_TIME, UNPACED: 'yes' };
  const docket = await startDocketProcess(slack, APP, env);
  await docket.ask('idle');
  welcome(databaseUrl);
  await docket.ask('ahead', nextMorning() - Date.now());
  await docket.ask('tick');
  const seen = await until(() => digest);
  const [done] = donesIn(seen.blocks);
  if (!done) throw new Error('the digest has no row');
  await send(docket.port, clickBody(slack, seen, done));
  await docket.ask('idle');
  await docket.stop();
  await slack.close();
  await tool.close();
}

/** Everyone had their welcome: before it there is no digest, and it comes to a few a minute. */
export function welcome(databaseUrl: string): void {
  const database = new DatabaseSync(databaseUrl.slice('file:'.length), { timeout: 10_000 });
  database.exec(`update reps set welcomed_at = ${Date.now() - DAY}`);
  database.close();
}

interface Copy {
  table: string;
  reps: number;
  daysBack: number;
}

/** More than one day of one rep has of anything. */
const IDS_A_DAY = 100;

/** Rows of the first rep on the first day are copied for every rep, and dated back. */
function copy(database: DatabaseSync, { table, reps, daysBack }: Copy): void {
  const columns = database.prepare(`select name from pragma_table_info('${table}')`).all();
  const names = columns.map(({ name }) => String(name));
  const from = `(select * from ${table} where ${ofTemplate(names, table)})`;
  const values = names.map((name) => copied(name, daysBack, reps));
  const first = daysBack === 0 ? 1 : 0;
  database.exec(`
    with recursive n(n) as (select ${first} union all select n + 1 from n where n < ${reps - 1})
    insert into ${table} (${names.join(', ')}) select ${values.join(', ')} from n cross join ${from}`);
}

const TEMPLATE = people(1)[0];

/** Ids of the first day are small. */
function ofTemplate(names: readonly string[], table: string): string {
  const isRep = `user_id = '${TEMPLATE?.id}'`;
  if (table === 'runs') return `${isRep} and message_id < ${IDS_A_DAY}`;
  if (table === 'message_items') return `message_id < ${IDS_A_DAY}`;
  if (table === 'jobs') return `id < ${IDS_A_DAY} and kind in ('digest', 'perform', 'show')`;
  return names.includes('id') ? `${isRep} and id < ${IDS_A_DAY}` : isRep;
}

function copied(name: string, daysBack: number, reps: number): string {
  const offset = `(${daysBack * reps} + n) * ${IDS_A_DAY}`;
  switch (name) {
    case 'id':
    case 'message_id':
      return `${name} + ${offset}`;
    case 'user_id':
      return `printf('U0B%07d', n)`;
    case 'email':
      return `'rep' || n || '@northlight.example'`;
    case 'external_id':
      return `cast(100000 + n as text)`;
    case 'task_id':
      return `cast(${name} + n * 1000 as text)`;
    case 'seq':
      // A task has each number once.
      return daysBack === 0 ? name : `${name} + ${daysBack}`;
    case 'key':
      return `${name} || ':' || n || ':' || ${daysBack}`;
    case 'local_date':
      return `date(${name}, '-${daysBack} days')`;
    default:
      return /_at$|_until$|_since$/.test(name) && name !== 'next_due_at' ? `${name} - ${daysBack * DAY}` : name;
  }
}
