/** What two processes on one database must not do to each other. `open`: two openings of an empty database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rollup } from '../../src/core/model/rollup.ts';
import type { NewSweep } from '../../src/core/model/sweep.ts';
import { succeed } from '../../src/core/model/transitions.ts';
import type { NewJob } from '../../src/core/ports/queue.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { Whom } from '../../src/core/ports/transaction.ts';
import { ANN, action, BEN, grant, link, message, rep, run, schedule, summary, task, tasks } from '../store/fixtures.ts';
import type { OpenStore } from './store.ts';

export interface OpenTwo {
  one: OpenStore;
  other: OpenStore;
  close(): Promise<void>;
}

const ROUNDS = 10;
const REPS = [ANN, BEN] as const;

export function sideBySideContract(name: string, open: () => Promise<OpenTwo>): void {
  describe(`store contract, two processes: ${name}`, () => {
    let opened: OpenTwo;
    beforeEach(async () => {
      opened = await open();
      for (const key of REPS) await opened.one.store.reps.save(rep(key));
    });
    afterEach(() => opened.close());

    /** Both do it at once. */
    const both = <T>(work: (opened: OpenStore, index: 0 | 1) => Promise<T>) =>
      Promise.all([work(opened.one, 0), work(opened.other, 1)]);

    describe('turns', () => turnsContract(both));
    describe('rows', () => rowsContract(() => opened.one.store, both));
    describe('firsts', () => firstsContract(() => opened.one.store, both));
  });
}

type Both = <T>(work: (opened: OpenStore, index: 0 | 1) => Promise<T>) => Promise<T[]>;

/** Between what a transaction reads and what it writes. */
const thinking = () => sleep(10);

function turnsContract(both: Both): void {
  it.each<[string, [Whom, Whom]]>([
    ['one rep', [ANN, ANN]],
    ['a rep and their whole team', [{ teamId: 'T1' }, ANN]],
    ['one team', [{ teamId: 'T1' }, { teamId: 'T1' }]],
  ])('transactions about %s come one after the other, so that what each has read stays true', async (_, whom) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const read = await both(({ store }, index) =>
        store.transact(
          async (tx) => {
            const before = (await store.schedules.find(ANN, tx))?.nextDueAt ?? 0;
            await thinking();
            await store.schedules.save(schedule(ANN, { nextDueAt: before + 1 }), tx);
            return before;
          },
          { of: whom[index] },
        ),
      );
      expect(read.toSorted()).toEqual([2 * round - 2, 2 * round - 1]);
    }
  });

  it('two reps who want the same user of a tool: one gets it', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const externalId = `user ${round}`;
      const took = await both(({ store }, index) =>
        store.transact(async (tx) => {
          const holders = await store.links.holders('T1', 'gong', externalId, tx);
          await thinking();
          if (holders.length > 0) return false;
          await store.links.save(link(REPS[index], { externalId }), tx);
          return true;
        }),
      );
      expect(took.toSorted()).toEqual([false, true]);
    }
  });
}

/** What a method reads and writes by itself. */
function rowsContract(store: () => Store, both: Both): void {
  it('one of two changes of an action is made', async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const recorded = await store().ledger.record(action(ANN, task('1'), round));
      const changed = await both((opened) =>
        opened.store.ledger.transition(recorded?.id ?? '', (now) => succeed(now, undefined, 9)),
      );
      expect(changed.filter((each) => each !== undefined)).toHaveLength(1);
    }
  });

  it('no revision of a message is lost', async () => {
    const { id } = await store().messages.create(message(ANN, { summary: summary({ fetchedAt: 0 }) }), tasks(3));
    for (let round = 0; round < ROUNDS; round += 1) {
      await both((opened) =>
        opened.store.messages.revise(id, (now) => ({ ...now.summary, fetchedAt: now.summary.fetchedAt + 1 })),
      );
    }
    expect((await store().messages.load(id))?.summary.fetchedAt).toBe(2 * ROUNDS);
  });

  it('a position in a message that both replace belongs to one task', async () => {
    const { id } = await store().messages.create(message(ANN), tasks(3));
    const owners = new Map<number, Set<string>>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const replaced = await both((opened, index) =>
        opened.store.messages.replace(id, summary(), [task(`${index} of ${round}`), task('1')]),
      );
      for (const { position, task } of replaced.flatMap((each) => each?.items ?? [])) {
        owners.set(position, (owners.get(position) ?? new Set()).add(task.id));
      }
    }
    expect(owners.size).toBe(2 * ROUNDS + 1);
    expect([...owners.values()].filter((ids) => ids.size > 1)).toEqual([]);
  });

  it('that a task is gone is not forgotten because someone else saw it change', async () => {
    const key = { ...ANN, provider: 'gong', taskId: '1' };
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await store().messages.create(message(ANN, { createdAt: round }), [task('1')]);
      await both((opened, index) =>
        index === 0
          ? opened.store.messages.noteSeen(key, { how: 'gone', at: 5 }, round)
          : opened.store.messages.noteSeen(key, { how: 'changed', at: 5, task: task('1', { dueAt: 9 }) }, round),
      );
      expect((await store().messages.row(id, 0))?.seen?.how).toBe('gone');
    }
  });

  it('who is new in a roll-up is told by one of two', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const rollup = await newRollup(store());
      const fresh = await both(({ store }) =>
        store.transact((tx) => store.rollups.setMembers(rollup, ['UANN', 'UBEN'], tx)),
      );
      expect(fresh.flat().toSorted()).toEqual(['UANN', 'UBEN']);
    }
  });

  it('both may replace what is in doubt at once', async () => {
    const doubt = { provider: 'gong', externalId: '7', reason: 'replaced', since: 1, lastDay: '2026-03-02' } as const;
    for (let round = 1; round <= ROUNDS; round += 1) {
      await both(({ store }) =>
        store.people.noteDoubts(
          'T1',
          'gong',
          REPS.map((key) => ({ ...doubt, ...key, looks: round })),
        ),
      );
      expect((await store().people.doubts('T1')).map(({ looks }) => looks)).toEqual([round, round]);
    }
  });
}

function newRollup(store: Store): Promise<Rollup> {
  const about = { groups: [], userIds: ['UANN'] };
  const when = { day: 1, time: '09:00', zone: 'UTC', nextDueAt: 100 } as const;
  return store.rollups.create({ teamId: 'T1', about, to: 'C1', by: 'UADMIN', ...when });
}

/** What whoever comes first does, and nobody else. Each gets the round, and something that the round began with. */
function firstsContract(store: () => Store, both: Both): void {
  beforeEach(async () => {
    await store().schedules.save(schedule(ANN, { nextDueAt: 0 }));
    await store().connections.noteCredential({ teamId: 'T1', provider: 'gong' }, 'the first');
  });

  it.each<[string, (opened: OpenStore, round: number) => Promise<boolean>]>([
    ['enqueues a job', ({ queue }, round) => queue.enqueue(newJob(round))],
    ['records an action', async ({ store }, n) => Boolean(await store.ledger.record(action(ANN, task('1'), n)))],
    ['claims a run', ({ store }, round) => store.runs.claim(run(ANN, `2026-03-${round + 10}`))],
    ['moves a schedule on', ({ store }, to) => store.schedules.advance(ANN, { from: to - 1, to })],
    ['begins a sweep', async ({ store }, round) => (await store.sweeps.create(newSweep(round))).isNew],
    ['finds that a credential is new', noteCredential],
  ])('one of two %s', async (_, work) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      expect((await both((opened) => work(opened, round))).toSorted()).toEqual([false, true]);
    }
  });

  function noteCredential({ store }: OpenStore, round: number): Promise<boolean> {
    const note = (tx: object) =>
      store.connections.noteCredential({ teamId: 'T1', provider: 'gong' }, `mark ${round}`, tx);
    return store.transact(note, { of: { teamId: 'T1' } });
  }

  it('one of two cancels a job that waits', async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      await both(({ queue }) => queue.enqueue(newJob(round)));
      expect((await both(({ queue }) => queue.cancel(newJob(round).key))).toSorted()).toEqual([false, true]);
    }
  });

  it('one of two renews a grant, and one uses a consent', async () => {
    await store().connections.save({ ...ANN, provider: 'outreach', grant: grant(), at: 1 });
    const consent = { ...ANN, provider: 'outreach', codeVerifier: 'verifier', expiresAt: 9_000 };
    for (let round = 1; round <= ROUNDS; round += 1) {
      const held = await store().connections.find(ANN, 'outreach');
      if (!held) throw new Error('the grant is gone');
      const locked = await both((opened) => opened.store.connections.lock(held, 'outreach', 10, 20));
      expect(locked.toSorted()).toEqual([false, true]);
      const renewed = await both((opened) => opened.store.connections.renew(held, 'outreach', grant()));
      expect(renewed.toSorted()).toEqual([false, true]);
      await store().consents.begin(`hash ${round}`, consent);
      const taken = await both((opened) => opened.store.consents.take(`hash ${round}`, 1));
      expect(taken.map((each) => each?.is).toSorted()).toEqual(['new', 'used']);
    }
  });
}

function newJob(round: number): NewJob {
  return { key: `job ${round}`, payload: { kind: 'link', teamId: 'T1' }, priority: 0, runAt: 0 };
}

function newSweep(round: number): NewSweep {
  return { ...ANN, kind: 'sweep', key: `window ${round}`, messageId: '1', change: { verb: 'done' }, createdAt: 1 };
}
