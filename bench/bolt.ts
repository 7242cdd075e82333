/**
 * The floor, as a process: a Bolt app that acknowledges clicks. With `ROWS_IN` it writes a row first, synced before the
 * answer, into the database of that name. It runs as JavaScript, so it imports only packages.
 */
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';

const { SLACK_BOT_TOKEN: token = '', SLACK_SIGNING_SECRET: signingSecret = '', SLACK_API_URL = '' } = process.env;
const port = Number(process.env.PORT);
const write = await createWriter();

const receiver = new HTTPReceiver({
  signingSecret,
  port,
  logLevel: LogLevel.ERROR,
  customRoutes: [{ path: '/readyz', method: ['GET'], handler: (_, response) => void response.end('ready') }],
});
const clientOptions = { slackApiUrl: SLACK_API_URL };
const app = new App({ token, receiver, logLevel: LogLevel.ERROR, clientOptions });
app.action(/./, async ({ ack, body }) => {
  write?.(body.user.id);
  await ack();
});
await app.start(port);

async function createWriter(): Promise<((value: string) => void) | undefined> {
  const file = process.env.ROWS_IN;
  if (!file) return undefined;
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('create table rows (id integer primary key, value text not null)');
  const insert = database.prepare('insert into rows (value) values (?)');
  return (value) => void insert.run(value);
}
