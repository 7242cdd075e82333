/** 009 on databases that older versions wrote themselves, and what today's code does with them then. */
import { describe, expect, it } from 'vitest';
import { renderList } from '../../blocks/task-list.ts';
import { ANN, DAY, HOUR, NEW_YORK, ref } from '../core/docket.ts';
import { task } from '../core/provider.ts';
import * as dump from './dumps.ts';
import {
  at,
  DISMISS,
  DONE,
  dropped,
  failed,
  GIVE,
  LATER,
  RESCHEDULE,
  SNOOZE,
  stale,
  succeeded,
  undone,
} from './dumps.ts';

const unavailableUntil = (ms: number) => ({ reason: 'unavailable', until: at(ms) }) as const;

/** The actions that the older versions wrote, by id. */
const ACTIONS: Record<number, dump.Written> = {
  1: [DONE, [0, 10, 1, 'request 2'], succeeded(10)],
  2: [{ ...DONE, ending: 'replied', note: 'They said yes.' }, [1_000, 1_010, 1, 'request 4'], succeeded(1_010)],
  3: [SNOOZE, [2_000, 2_010, 1, 'request 6'], { state: 'undoing', settledAt: at(2_010), undoAskedAt: at(42_590) }],
  4: [RESCHEDULE, [3_000, 3_010, 2, 'request 8'], undone(4_010, 'reversed', 4_000, 'request 10')],
  5: [{ verb: 'note', note: 'Ask for the "new" budget' }, [5_000, 5_010, 1, 'request 12'], succeeded(5_010)],
  6: [GIVE, [6_000, 16_010, 1, 'request 14'], succeeded(16_010)],
  7: [{ verb: 'rule', rule: 'rule-1' }, [16_010, undefined, 1, 'trace 1'], failed(16_020, 'forbidden')],
  8: [DONE, [17_010, 17_020, 2, 'trace 1'], failed(19_010, 'auth')],
  9: [DISMISS, [19_010], undone(21_020, 'withdrawn')],
  10: [{ ...DONE, note: 'No answer.' }, [22_020, undefined, 1, 'trace 1'], dropped(22_030, 'invalid')],
  11: [DONE, [23_030], stale(23_040, { how: 'gone' })],
  12: [DONE, [24_030], stale(24_040, { how: 'done', at: at(-HOUR) })],
  13: [{ ...DONE, ending: 'replied' }, [25_030], stale(25_040, { how: 'done' })],
  14: [RESCHEDULE, [26_030], stale(26_040, { how: 'moved', dueAt: LATER + HOUR })],
  15: [RESCHEDULE, [27_030], stale(27_040, { how: 'moved' })],
  16: [SNOOZE, [28_030, 28_040, 1, 'request 28'], stale(29_040, { how: 'gone' }, true)],
  17: [DONE, [30_030, 30_040, 2, 'request 31'], succeeded(30_040, { reason: 'conflict', reference: 'trace 1' })],
  18: [SNOOZE, [32_030, 32_040, 2, 'request 34'], succeeded(32_040, { reason: 'conflict' })],
  19: [RESCHEDULE, [34_030, 34_040, 1, 'request 37'], undone(35_040, 'reversed', 35_030)],
  20: [DONE, [36_030], { state: 'queued', waiting: { reason: 'rate_limited', until: at(3_636_040) } }],
  21: [{ ...DONE, note: 'Sent?' }, [37_030, 37_040, 1], { state: 'queued', waiting: unavailableUntil(937_040) }],
  22: [
    DONE,
    [38_030, 38_040, 2, 'request 44'],
    { state: 'undoing', settledAt: at(38_040), undoAskedAt: at(39_030), waiting: unavailableUntil(939_040) },
  ],
  23: [RESCHEDULE, [40_030, 40_040, 2, 'trace 1'], { state: 'queued' }],
  24: [SNOOZE, [42_040, 42_050], { state: 'queued' }],
  25: [DISMISS, [42_550], { state: 'queued', heldUntil: at(52_550) }],
  26: [{ verb: 'note', note: 'Under way' }, [42_560], { state: 'queued' }],
  27: [GIVE, [42_570], undone(42_580, 'withdrawn')],
  28: [DONE, [42_600], { state: 'queued' }],
};
const EXPECTED = Object.entries(ACTIONS).map(([id, written]) =>
  // The last one is the second of its task.
  dump.actionOf(Number(id), written, id === '28' ? { taskId: '10', task: task('10'), seq: 2 } : {}),
);

/** What the row of each task says. */
const ROWS: Record<number, string> = {
  2: 'Marked done in Fake, finished as replied, with your note',
  3: 'Undoing in Fake',
  4: 'Reschedule',
  7: 'Opportunity rule not changed',
  8: 'Not confirmed',
  10: 'Marking done in Fake',
  11: 'No longer open in Fake',
  12: 'Already done in Fake at 08:00',
  13: 'Already done in Fake.',
  14: 'was moved to',
  15: 'its due date was taken away',
  16: 'No longer open in Fake',
  17: 'Not undone',
  20: 'Docket goes on at',
  21: 'Docket keeps trying until',
  22: 'Docket keeps trying until',
  25: 'until then you can undo it',
  27: 'Dismiss',
};

describe.each([
  ['d95977f', '005_failing', ['UCAT', 'UDAN']],
  // It had welcomes itself, and had told nobody yet.
  ['34c3d24', '008_engine', ['UANN', 'UBEN', 'UCAT', 'UDAN', 'UEVE']],
])('a database that version %s wrote', (version, last, strangers) => {
  const untouched = ['7', '8', '10', '20', '21', '23', '24', '25', '26'].map((id) => task(id));
  const open = (more = '') =>
    dump.openDump(version, { ms: 42_700, open: [task('3', { dueAt: LATER }), ...untouched], more });

  it('is brought up to date, once', () => dump.expectMigrated(version, last));

  it('has every action as it was, in the new shape', async () => {
    const { store } = await open();

    expect(await store.ledger.history(ANN, { since: 0, limit: 100 })).toStrictEqual(EXPECTED.toReversed());
    const refused = await store.ledger.failed({ teamId: 'T1', provider: 'fake' }, ['auth', 'invalid'], 0);
    expect(refused).toStrictEqual([EXPECTED[7]]);
  });

  it('has every action where there are more of them than fit into one batch', async () => {
    const columns = `team_id, user_id, provider, verb, due_at, details, external_id, task, state, held_until, sent_at, attempts,
      failure, undo_failure, reference, created_at, settled_at, waiting, found, undo`;
    const { store } = await open(`with recursive n (i) as (select 1 union all select i + 1 from n where i < 600)
      insert into actions (task_id, seq, ${columns}) select 'more ' || i, 1, ${columns} from actions, n where id = 17`);

    const all = await store.ledger.history(ANN, { since: 0, limit: 1_000 });
    expect(all.filter(({ taskId }) => taskId.startsWith('more'))).toHaveLength(600);
    expect(new Set(all.map(({ seq, taskId }) => `${taskId} ${seq}`)).size).toBe(628);
    expect(all.filter((each) => each.state === 'succeeded' && each.undoFailure?.reference)).toHaveLength(601);
  });

  it('gives the next action an id that none had before, one that is forgotten by now included', async () => {
    const { store, clicks } = await open();

    expect(await store.ledger.find('29')).toBeUndefined();
    const next = await clicks.change(ANN, ref('1', 1, 3), DONE);
    expect(next).toMatchObject({ is: 'recorded', action: { id: '30', taskId: '4', seq: 2 } });
  });

  it('goes on with its open jobs: each change happens once, and each Undo', async () => {
    const { store, queue, docket, work, changes } = await open();
    docket.pass(2 * HOUR);
    await work();

    expect(changes()).toEqual([
      'dismiss 25 by ann at fake',
      'done 10 by ann at fake',
      'done 20 by ann at fake',
      'done 21 by ann at fake',
      'note 26 by ann at fake',
      'reschedule 23 by ann at fake',
      'snooze 24 by ann at fake',
      'undo done 22 by ann at fake',
      'undo snooze 3 by ann at fake',
    ]);
    for (const before of EXPECTED) {
      const now = await store.ledger.find(before.id);
      if (before.state === 'queued') expect(now).toMatchObject({ state: 'succeeded', change: before.change });
      else if (before.state === 'undoing') expect(now).toMatchObject({ state: 'undone', undo: { how: 'reversed' } });
      else expect(now).toStrictEqual(before);
    }

    docket.pass(DAY);
    await work();
    expect(await queue.open()).toBe(0);
    expect(docket.lines.filter((line) => line.startsWith('error'))).toEqual([]);
    expect(changes()).toHaveLength(9);
  });

  it.each([7, 8])('does what had failed once it is asked to again: action %i', async (id) => {
    const { store, clicks, work, changes, docket } = await open();

    expect(await clicks.retry(ANN, ref('1', 1, id - 1))).toMatchObject({ is: 'recorded' });
    docket.pass(1);
    await work();
    expect(await store.ledger.find(String(id))).toMatchObject({ state: 'succeeded' });
    expect(changes().filter((call) => call.includes(` ${id} `))).toHaveLength(1);
  });

  it('shows in its messages what became of each task', async () => {
    const { store, docket, deps } = await open();
    const message = await store.messages.load('1');
    if (!message) throw new Error('the digest is gone');
    const reader = { now: docket.deps.clock(), zone: NEW_YORK, days: [1, 2, 3, 4, 5] };

    expect(message.items.map(({ action }) => action?.id)).toEqual(
      [...EXPECTED.slice(0, 9), EXPECTED[27], ...EXPECTED.slice(10, 27), undefined].map((action) => action?.id),
    );
    const rows = message.items.map((item) => {
      const { blocks } = renderList({ message: { ...message, items: [item] } }, deps.providers, reader);
      return [Number(item.task.id), JSON.stringify(blocks)] as const;
    });
    for (const [id, row] of rows) expect(row, `row ${id}`).toContain(ROWS[id] ?? '');
    for (const id of ['2', '3']) {
      const other = await store.messages.load(id);
      if (other) expect(renderList({ message: other }, deps.providers, reader).blocks.length).toBeGreaterThan(1);
    }
  });

  it('welcomes nobody who has a link or had a digest before there was a welcome', async () => {
    const { store } =
      await open(`insert into reps (team_id, user_id, name, zone, active) values ('T2', 'UCAT', 'C', 'UTC', 1);
      insert into links (team_id, user_id, provider, external_id, linked_at) values ('T2', 'UCAT', 'fake', '8', 1)`);

    const unknown = await store.schedules.unwelcomed(['another'], { limit: 9 });
    expect(unknown.map(({ userId }) => userId).toSorted()).toEqual(strangers);
  });

  it('opens what was sealed', async () => {
    const { store, docket } = await open();

    const grant = { accessToken: 'access-1-of-ann', refreshToken: 'refresh-1-of-ann' };
    expect(await store.connections.find(ANN, 'fake')).toMatchObject({ grant, ended: false });
    const pending = { codeVerifier: 'verifier-1', ...ANN };
    expect(await store.consents.take('state-hash-1', docket.deps.clock())).toMatchObject({ is: 'new', pending });
    expect(await store.hooks.find('fake')).toMatchObject({ secret: 'shared-1' });
  });
});
