/**
 * A process of its own for `processes.test.ts`. It says `ready`, waits for a line, and then does what its second
 * argument names, one line of output for each thing done.
 */
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handlers } from '../../src/core/jobs/kinds.ts';
import { runJob } from '../../src/core/jobs/run.ts';
import { createWorker } from '../../src/jobs/worker.ts';
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
    });
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

const roles: Record<string, () => Promise<void>> = { work, hang, write, count, poison };
say('ready');
await lines.next();
await roles[role]?.();
process.exit(0);
