/**
 * 003 to 013 on databases that the first versions wrote themselves: one before there were several providers, and one before
 * actions said what they wait for and what undid them.
 */
import { describe, expect, it } from 'vitest';
import { ANN, BEN, NEW_YORK } from '../core/docket.ts';
import { task } from '../core/provider.ts';
import * as dump from './dumps.ts';
import { at, DISMISS, DONE, dropped, failed, GIVE, RESCHEDULE, SNOOZE, stale, succeeded, undone } from './dumps.ts';
import { action } from './fixtures.ts';

/** Of what these versions left out, the safe reading is taken: for example, an Undo was asked for when it was done. */
const BOTH: dump.Written[] = [
  [DONE, [0, 10, 1, 'request 2'], succeeded(10)],
  [RESCHEDULE, [1_000, 1_010, 2, 'request 6'], undone(2_010, 'reversed')],
  [DISMISS, [3_000], undone(3_010, 'withdrawn')],
  [DONE, [4_010, undefined, 1, 'trace 1'], failed(4_020, 'forbidden')],
  [DONE, [5_010, undefined, 1, 'trace 1'], dropped(5_020, 'invalid')],
  [DONE, [6_020], stale(6_030, { how: 'gone' })],
  [SNOOZE, [7_020, 7_030, 1, 'request 13'], stale(8_030, { how: 'gone' })],
  [DONE, [9_020, 9_030, 2, 'trace 1'], succeeded(9_030, { reason: 'conflict' })],
  [DONE, [11_020, 11_030, 1, 'request 19'], { state: 'undoing', settledAt: at(11_030), undoAskedAt: at(11_030) }],
];
const EDITS: dump.Written[] = [
  [{ verb: 'note', note: 'Ask for the "new" budget' }, [12_020, 12_030, 1, 'request 21'], succeeded(12_030)],
  [GIVE, [13_020, undefined, 1, 'trace 1'], failed(23_030, 'auth')],
  [{ verb: 'rule', rule: 'rule-1' }, [23_030, 23_040, 1, 'request 25'], succeeded(23_040)],
];
const underway = (createdAt: number): dump.Written[] => [
  [SNOOZE, [createdAt, createdAt + 10], { state: 'queued' }],
  [DISMISS, [createdAt + 20], { state: 'queued', heldUntil: at(createdAt + 10_020) }],
];

interface Before {
  version: string;
  last: string;
  actions: dump.Written[];
  /** The next id. */
  end: number;
  externalId: string | undefined;
  announcedAt: number | undefined;
  events: number;
}

describe.each<Before>([
  {
    ...{ version: '632ba45', last: '002_queue', actions: [...BOTH, ...underway(12_020)], end: 12_050, events: 0 },
    // Nobody noted then as whom an action was asked for; and whoever had a link had long seen the tasks that it brings.
    ...{ externalId: undefined, announcedAt: 1 },
  },
  {
    ...{ version: '11b83ef', last: '003_people', actions: [...BOTH, ...EDITS, ...underway(24_030)], end: 24_060 },
    ...{ externalId: 'ann at fake', announcedAt: undefined, events: 2 },
  },
])('a database that version $version wrote', ({ version, last, actions, end, externalId, announcedAt, events }) => {
  const [snooze, dismiss] = [String(actions.length - 1), String(actions.length)];
  const open = () => dump.openDump(version, { ms: end, open: [task(snooze), task(dismiss)] });

  it('is brought up to date, once', () => dump.expectMigrated(version, last));

  it('keeps its actions, every field', async () => {
    const { store } = await open();

    const expected = actions.map((each, index) => {
      // The first version kept the mark of what was sent and refused.
      const sent = version === '632ba45' && each[1][3] === 'trace 1' && { sentAt: at(each[1][0] + 10) };
      return dump.actionOf(index + 1, each, { externalId, ...sent });
    });
    expect(await store.ledger.history(ANN, { since: 0, limit: 100 })).toStrictEqual(expected.toReversed());
    const next = await store.ledger.record(action(ANN, task('1'), 2));
    expect(next).toMatchObject({ id: String(actions.length + 1) });
  });

  it('keeps its jobs, with their attempts: their trouble, if any, begins with the next failure', async () => {
    const { queue, docket } = await open();
    docket.pass(1_000);
    const claim = () => queue.claim(docket.deps.clock(), { limit: 10, leaseMs: 1 });
    const job = (await claim()).find(({ key }) => key === `perform:${snooze}:0`);
    if (!job) throw new Error('the job is gone');

    expect(job).toMatchObject({ attempt: 2, enqueuedAt: at(end - 30), failingSince: undefined, lapses: 0 });
    await queue.retry(job, { runAt: docket.deps.clock(), free: false, error: 'again' });
    expect(await claim()).toContainEqual(
      expect.objectContaining({ key: job.key, attempt: 3, failingSince: docket.deps.clock() }),
    );
  });

  it('goes on with what was under way, once', async () => {
    const { docket, work, changes, store } = await open();
    docket.pass(11_000);
    await work();

    const by = 'by ann at fake';
    expect(changes()).toEqual([`dismiss ${dismiss} ${by}`, `snooze ${snooze} ${by}`, `undo done 9 ${by}`]);
    for (const id of [snooze, dismiss]) expect(await store.ledger.find(id)).toMatchObject({ state: 'succeeded' });
    expect(await store.ledger.find('9')).toMatchObject({ state: 'undone', undo: { how: 'reversed' } });
  });

  it('keeps its links: made by address', async () => {
    const { links } = (await open()).store;

    expect(await links.list('T1')).toMatchObject([
      { userId: 'UANN', externalId: 'ann at fake', origin: 'address', linkedAt: 1, lastListedAt: at(end), announcedAt },
      { userId: 'UBEN', externalId: 'ben at fake', origin: 'address', lastListedAt: undefined },
      { userId: 'UCAT', externalId: '10', origin: 'address', email: undefined },
    ]);
    expect((await links.of(ANN))[0]?.email).toMatch(/^uann@x\.example$/i);
    // The same user id in another team has an address of its own.
    expect(await links.of({ teamId: 'T2', userId: 'UANN' })).toMatchObject([{ email: 'another@x.example' }]);
  });

  it('keeps its reps, of whom no locale is known until Slack says one', async () => {
    const { reps } = (await open()).store;

    expect((await reps.list('T1')).map(({ locale }) => locale)).toEqual([undefined, undefined, undefined]);
    const ann = await reps.find(ANN);
    expect(ann).toMatchObject({ ...ANN, zone: NEW_YORK, active: true });
    if (ann) await reps.save({ ...ann, locale: 'en-GB' });
    expect(await reps.find(ANN)).toEqual({ ...ann, locale: 'en-GB' });
  });

  it('keeps its schedules: in the zone of Slack, and without holidays, until the rep chooses', async () => {
    const { schedules } = (await open()).store;

    expect(await schedules.find(ANN)).toMatchObject({ time: '09:00', ownZone: undefined, country: undefined });
    expect(await schedules.countries()).toEqual([]);
  });

  it('keeps its messages: nothing was seen of their tasks yet, and only digests of the last days lose their buttons', async () => {
    const { store, docket, work } = await open();
    const { messages } = store;

    const shown = (await messages.load('3'))?.items ?? [];
    expect(shown.map((item) => item.action?.id)).toEqual(
      Array.from({ length: 14 }, (_, index) => (index < actions.length ? String(index + 1) : undefined)),
    );
    expect(shown.some((item) => 'seen' in item)).toBe(false);
    const toRetire = async () => (await messages.toRetire('T1', at(1), 10)).map(({ id }) => id);
    expect(await toRetire()).toEqual(['2']);
    docket.pass(11_000);
    await work();
    expect(await toRetire()).toEqual(['3', '2']);
    expect(await messages.noteSeen({ ...ANN, provider: 'fake', taskId: '1' }, { how: 'gone', at: 9 }, 0)).toBe(true);
  });

  it('keeps its audit, and knows of no doubts', async () => {
    const { people } = (await open()).store;

    expect(await people.events('T1', { limit: 10 })).toHaveLength(events);
    expect(await people.doubts('T1')).toEqual([]);
    expect(await people.suggestions(BEN)).toEqual([]);
  });
});
