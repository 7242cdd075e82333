/**
 * The floor of a digest, as a process: one list read, one message posted, one synced row, with the libraries that Docket uses, as they come.
 * It runs as JavaScript, so it imports only packages.
 */
import { WebClient } from '@slack/web-api';
import Database from 'better-sqlite3';
import { ofetch } from 'ofetch';

interface Digests {
  apiUrl: string;
  toolUrl: string;
  /** Of one digest. */
  blocks: string;
  count: number;
}

/** As many as Docket sends at once. */
const AT_ONCE = 8;

const database = new Database(process.env.ROWS_IN ?? '');
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('create table rows (id integer primary key, value text not null)');
const insert = database.prepare('insert into rows (value) values (?)');

/** Returns the processor time of one, in milliseconds. */
async function run({ apiUrl, toolUrl, blocks, count }: Digests): Promise<number> {
  const client = new WebClient('xoxb-bench', { slackApiUrl: apiUrl });
  let next = 0;
  const before = process.cpuUsage();
  async function work(): Promise<void> {
    for (let n = next++; n < count; n = next++) {
      await ofetch(`${toolUrl}/v2/tasks`, { method: 'POST', body: { filter: { userId: String(100_000 + n) } } });
      await client.apiCall('chat.postMessage', { channel: `D0FLOOR${n}`, text: 'tasks', blocks });
      insert.run(blocks);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}

process.on('message', async ({ id, details }: { id: number; details: Digests }) => {
  process.send?.({ id, value: await run(details) });
});
process.on('disconnect', () => process.exit());
