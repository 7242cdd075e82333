/**
 * A process of its own for `processes.test.ts`. It says `ready`, waits for a line, and then does what its second
 * argument names, one line of output for each thing done.
 */
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handlers } from '../../src/core/jobs/kinds.ts';
import { runJob } from '../../src/core/jobs/run.ts';
import { about } from '../../src/core/ports/transaction.ts';
import { createWorker } from '../../src/jobs/worker.ts';
import { JOBS_CHANNEL } from '../../src/queue/engine.ts';
import { openSignals } from '../../src/store/database.ts';
import { createSockets } from '../../src/store/postgres/sockets.ts';
import { ANN, action, rep, task } from '../store/fixtures.ts';
import { openUrl } from '../store/open.ts';

const [url = '', role = '', later = '0'] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Claims and completes until nothing is open. */
async function work(): Promise<void> {
  const { queue, close } = await openUrl(url);
  while ((await queue.open()) > 0) {
    for (const job of await queue.claim(Date.now(), { limit: 3, leaseMs: 60_000 })) {
      await sleep(1);
      if (await queue.complete(job)) say(job.key);
    }
  }
  await close();
}

/** Claims one job and never comes back. */
async function hang(): Promise<void> {
  const { queue } = await openUrl(url);
  const jobs = await queue.claim(1_000, { limit: 1, leaseMs: 5_000 });
  say(jobs.map((job) => job.key).join());
  await sleep(60_000);
}

/** Claims one job, and ends it when it is told to, with what it writes. */
async function slow(): Promise<void> {
  const { store, queue } = await openUrl(url);
  const [job] = await queue.claim(1_000, { limit: 1, leaseMs: 5_000 });
  if (!job) return;
  say(job.key);
  await lines.next();
  const ended = store.transact(async (tx) => {
    await store.ledger.record(action(ANN, task('slow'), 1), tx);
    if (!(await queue.complete(job, tx))) throw new Error('lost');
    return 'ended';
  });
  say(await ended.catch((error: Error) => error.message));
}

/** The app's own worker, which hears of new jobs as the app does. */
async function serve(): Promise<void> {
  const signals = openSignals({
    url,
    channel: JOBS_CHANNEL,
    sockets: createSockets(),
    log: { warn: (_, what) => say(what) },
  });
  const { store, queue } = await openUrl(url, { hear: signals.hear });
  const link: Handlers['link'] = async ({ teamId }) => ({
    async run() {
      say(teamId);
      return {};
    },
  });
  const log = { info() {}, warn() {}, error: (_: object, what: string) => say(what) };
  const worker = createWorker({ queue, kinds: ['link'], clock: Date.now, log, urgentPriority: 10 });
  const handlers = { link } as Handlers;
  worker.start((job) => runJob({ store, queue, handlers, clock: Date.now, random: () => 0, log }, job));
  const connected = new Promise<void>((resolve) => signals.hear(resolve));
  signals.start();
  await connected;
  say('listens');
  await sleep(60_000);
}

/** Leaves a transaction open, half of it written; what was committed before must stay. */
async function write(): Promise<void> {
  const { store, queue } = await openUrl(url);
  await store.reps.save(rep(ANN));
  await store.ledger.record(action(ANN, task('kept'), 1));
  await store.transact(async (tx) => {
    await store.ledger.record(action(ANN, task('lost'), 1), tx);
    await queue.enqueue({ key: 'lost', payload: { kind: 'link', teamId: 'T1' }, priority: 0, runAt: 0 }, tx);
    say('written');
    await sleep(60_000);
  });
}

/** Opens and migrates, and counts by reading first and writing what it read plus one. */
async function count(): Promise<void> {
  const { store, close } = await openUrl(url);
  await store.reps.save(rep(ANN));
  for (let round = 0; round < 20; round++) {
    await store.transact(async (tx) => {
      const last = await store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' }, tx);
      const written = await store.ledger.record(action(ANN, task('1'), (last?.seq ?? 0) + 1), tx);
      say(String(written?.seq));
    }, about(ANN));
  }
  await close();
}

/** The app's own worker, on a queue with a job that kills whichever process runs it. `later`: the clock, ahead by so much. */
async function poison(): Promise<void> {
  const { store, queue, close } = await openUrl(url);
  const clock = () => Date.now() + Number(later);
  const link: Handlers['link'] = async ({ teamId }) => ({
    async run() {
      if (teamId === 'poison') process.kill(process.pid, 'SIGKILL');
      await sleep(20);
      return { after: async () => say(teamId) };
    },
  });
  const log = {
    info() {},
    warn() {},
    error: (fields: { key?: string }, what: string) => say(`${what}: ${fields.key}`),
  };
  const worker = createWorker({ queue, kinds: ['link'], clock, log, urgentPriority: 10 });
  const handlers = { link } as Handlers;
  worker.start((job) => runJob({ store, queue, handlers, clock, random: () => 0, log }, job));
  await worker.idle();
  await worker.stop(1_000);
  await close();
}

const roles: Record<string, () => Promise<void>> = { work, hang, slow, serve, write, count, poison };
say('ready');
await lines.next();
await roles[role]?.();
process.exit(0);
