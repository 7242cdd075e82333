import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Queue } from '../../src/core/ports/queue.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, action, grant, link, message, rep, run, schedule, summary, task, tasks } from './fixtures.ts';
import { MEMORY, openUrl } from './open.ts';

const KEY = { ...ANN, provider: 'gong', taskId: '1' };

async function everyStoreCall(store: Store): Promise<void> {
  const { reps, links, schedules, runs, messages, ledger } = store;
  await reps.save(rep(ANN));
  await reps.find(ANN);
  await reps.list('T1');
  await reps.markWelcomed(ANN, 1);
  await links.save(link(ANN));
  await links.markListed(ANN, 'gong', 1);
  await links.of(ANN);
  await links.find(ANN, 'gong');
  await links.list('T1');
  await links.holders('T1', 'gong', '7');
  await links.markAnnounced(ANN, ['gong', 'reply'], 1);
  await schedules.save(schedule(ANN));
  await schedules.find(ANN);
  await schedules.due(9_000, 10);
  await schedules.toWelcome(9_000, ['gong', 'outreach'], 10);
  await schedules.advance(ANN, { from: 1, to: 2 });
  await links.remove(ANN, 'gong');
  await ledger.record(action(ANN, task('1'), 1));
  await ledger.find('1');
  await ledger.latest(KEY);
  await ledger.transition('1', (now) => ({ ...now, attempts: 1 }));
  await ledger.history(ANN, { since: 0, limit: 10 });
  await ledger.history(ANN, { since: 0, before: { id: '1', createdAt: 1 }, limit: 10 });
  await ledger.failed({ teamId: 'T1', provider: 'gong' }, ['auth', 'disconnected'], 0);
  await ledger.failed({ ...ANN, provider: 'gong' }, ['auth'], 0);
  const { id } = await messages.create(message(ANN), tasks(3));
  await messages.markPosted(id, { channel: 'D1', ts: '1.1' });
  await messages.load(id);
  await messages.row(id, 0);
  await messages.replace(id, summary(), tasks(2));
  await messages.showing(KEY, 0);
  await messages.newest(ANN, 'list');
  await messages.watchers('gong', '1', 0);
  await messages.digestsSince(ANN, 0);
  await messages.toRetire('T1', 9, 10);
  await messages.markRetired(id);
  await messages.noteSeen(KEY, { how: 'gone', at: 1 }, 0);
  await runs.claim(run(ANN, '2026-03-02'));
  await runs.markPosted(ANN, '2026-03-02', { messageId: id, at: 1 });
  await runs.find(ANN, '2026-03-02');
  await runs.lastPosted(ANN);
  await messages.digestReaders('T1', 0);
  await ledger.before({ ...action(ANN, task('1'), 1), id: '1' });
  await runs.noteMessage(ANN, '2026-03-02', id);
  await runs.markSkipped(ANN, '2026-03-02');
  await messages.prune(1);
  await ledger.prune(1);
  await everyCallAboutPeople(store);
}

async function everyCallAboutPeople({ people, connections, consents, hooks }: Store): Promise<void> {
  const key = { ...ANN, provider: 'outreach' };
  await people.decline(ANN, 'gong', 1);
  await people.undecline(ANN, 'gong');
  await people.declined('T1');
  await people.suggest({ ...key, externalId: '1', email: undefined, name: 'A', suggestedBy: 'U', suggestedAt: 1 });
  await people.suggestions(ANN);
  await people.dropSuggestion(ANN, 'gong');
  await people.noteProblems('T1', 'gong', [{ ...key, reason: 'locked', name: 'Ann', email: undefined }]);
  await people.noteProblem({ ...key, reason: 'moved', name: 'Ann', email: undefined });
  await people.problems('T1');
  const doubt = { ...key, externalId: '7', reason: 'unnamed', since: 1, looks: 1, lastDay: '2026-11-23' } as const;
  await people.noteDoubts('T1', 'gong', [doubt]);
  await people.doubts('T1');
  await people.record({ ...key, event: 'linked', by: 'U', externalId: '1', origin: 'consent', at: 1 });
  await people.events('T1', { limit: 10 });
  await people.events('T1', { limit: 10, userId: 'UANN' });
  await people.pruneEvents(0);
  await connections.save({ ...ANN, provider: 'outreach', grant: grant(), at: 1 });
  const held = await connections.find(ANN, 'outreach');
  if (!held) throw new Error('not connected');
  await connections.lock(held, 'outreach', 1, 2);
  await connections.unlock(held, 'outreach');
  await connections.renew(held, 'outreach', grant());
  await connections.end(held, 'outreach');
  await connections.live('outreach');
  await connections.remove(ANN, 'outreach');
  await connections.unreadable('outreach');
  await consents.begin('hash', { ...key, codeVerifier: 'v', expiresAt: 9 });
  await consents.take('hash', 1);
  await consents.take('hash', 1);
  await consents.settle('hash', { is: 'denied' });
  await consents.hold({ ...key, stateHash: 'hash', grant: grant(), email: 'a', expiresAt: 9 });
  await consents.takeHeld(ANN, { provider: 'outreach', stateHash: 'hash' }, 1);
  await consents.prune(1);
  await hooks.save({ ...key, hookId: '1', url: 'https://docket.example/', secret: 's' });
  await hooks.find('outreach');
}

async function everyQueueCall(queue: Queue): Promise<void> {
  await queue.enqueue({ key: 'a', payload: { kind: 'link', teamId: 'T1' }, priority: 0, runAt: 0 });
  for (const job of await queue.claim(0, { limit: 1, leaseMs: 1 })) {
    await queue.extend(job, 5);
    await queue.retry(job, { runAt: 0, free: true, error: '' });
    await queue.complete(job);
  }
  await queue.cancel('a');
  await queue.open();
  await queue.prune(0);
}

/** Every query of the store and the queue, with how SQLite would go about it. */
async function plans(): Promise<{ query: string; plan: string[] }[]> {
  const queries: CompiledQuery[] = [];
  let listening = false;
  const { db, store, queue, close } = await openUrl(MEMORY, {
    log: (event) => {
      if (listening) queries.push(event.query);
    },
  });
  listening = true;
  await everyStoreCall(store);
  await everyQueueCall(queue);
  listening = false;
  const explained = [];
  for (const { sql, parameters } of queries.filter((query) => !/^(begin|commit)/.test(query.sql))) {
    const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await db.executeQuery<{ detail: string }>(explain);
    explained.push({ query: sql, plan: rows.map((row) => row.detail) });
  }
  await close();
  return explained;
}

/** Few rows: consents live for ten minutes, unconfirmed grants for an hour, and connections are gone through once a day. */
const SMALL = ['SCAN consents', 'SCAN unconfirmed_grants', 'SCAN connections', 'USE TEMP B-TREE FOR ORDER BY'];

describe('query plans', () => {
  it('search, and never scan a table', async () => {
    const explained = await plans();
    // The rows of an insert are "scanned" as well.
    const scans = explained.filter(({ plan }) => plan.some((line) => /^SCAN (?!.*VALUES CLAUSE)/.test(line)));

    expect(explained.length).toBeGreaterThan(80);
    expect(explained.filter(({ plan }) => plan.some((line) => line.startsWith('SEARCH'))).length).toBeGreaterThan(65);
    expect(scans.flatMap(({ plan }) => plan).filter((line) => !SMALL.includes(line))).toEqual([]);
  });

  it('read a page of the history in its own order: nothing is sorted, however long it is', async () => {
    const pages = (await plans()).filter(
      ({ query }) => /^select \* from "actions"/.test(query) && query.includes('order by "created_at" desc'),
    );

    expect(pages).toHaveLength(2);
    const search = 'USING INDEX actions_of_rep (team_id=? AND user_id=? AND created_at';
    for (const { plan } of pages) expect(plan).toEqual([expect.stringContaining(search)]);
  });

  it('read a message in three queries, however many rows it has', async () => {
    let queries = 0;
    const { store, close } = await openUrl(MEMORY, {
      log: (event) => {
        if (event.query.sql.startsWith('select')) queries += 1;
      },
    });
    await store.reps.save(rep(ANN));
    const { id } = await store.messages.create(message(ANN), tasks(2_000));
    queries = 0;
    await store.messages.load(id);

    expect(queries).toBe(3);
    await close();
  });
});
