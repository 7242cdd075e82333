/** What a digest asks of the database: each thing once, however many parts of the digest need it. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { createViews } from '../../../src/core/digests/views.ts';
import { openUrl, temporaryFolder } from '../../store/open.ts';
import { ANN, createDocket } from '../docket.ts';

/** The statements of one digest, from its claim on: of the tick, of the job, and of drawing it for a rep who was read already. */
async function oneDigest(): Promise<{ claim: string[]; send: string[]; draw: string[] }> {
  const folder = temporaryFolder();
  const url = `file:${join(folder.path, 'docket.db')}`;
  const docket = await createDocket({ url, hasLooks: true });
  let statements: string[] = [];
  const taken = () => statements.splice(0);
  const opened = await openUrl(url, { clock: docket.deps.clock, log: ({ query }) => void statements.push(query.sql) });
  onTestFinished(async () => {
    await opened.close();
    folder.remove();
  });
  const { deps, runJob } = docket.over(opened);
  // Only Ann's is due.
  await deps.store.schedules.advance({ teamId: 'T1', userId: 'UBEN' }, { from: deps.clock(), to: deps.clock() + 1 });
  statements = [];
  expect(await claimDueDigests(deps)).toBe(1);
  const claim = taken();
  const [job] = await deps.queue.claim(deps.clock(), { limit: 1, leaseMs: 8_000 });
  if (!job) throw new Error('no job');
  statements = [];
  await runJob(job);
  const [posted = ''] = docket.screen.posted;
  const send = taken();
  const message = await deps.store.messages.load(posted);
  const recipient = await deps.store.reps.recipient(ANN);
  if (!message || !recipient) throw new Error('no digest');
  statements = [];
  expect(await createViews(deps).of(message, recipient)).toMatchObject({ message: { id: posted }, rep: ANN });
  return { claim, send, draw: taken() };
}

const of = (statements: readonly string[], table: string) =>
  statements.filter((sql) => sql.startsWith('select') && sql.includes(`"${table}"`));

test('a digest reads its rep, their schedule and their links once, and the schedule once more as it ends', async () => {
  const { send } = await oneDigest();

  expect(of(send, 'reps')).toHaveLength(1);
  expect(of(send, 'links')).toHaveLength(1);
  // The rep may have chosen otherwise meanwhile: what follows on that day is planned by what stands there then.
  expect(of(send, 'schedules')).toHaveLength(2);
  expect(of(send, 'schedules')[1]).not.toContain('"reps"');
});

test('a digest takes few statements', async () => {
  const { claim, send, draw } = await oneDigest();

  expect(claim.length).toBeLessThanOrEqual(7);
  expect(send.length).toBeLessThanOrEqual(22);
  // Whether there was another digest today.
  expect(draw).toHaveLength(1);
});
