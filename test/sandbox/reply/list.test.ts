import { describe, expect, it } from 'vitest';
import type { ReplyTask } from '../../../sandbox/reply/types.ts';
import { BOSS, filter, ids, MAYA, NOW, start, THEO, task } from './reply.ts';

const HOUR = 3_600_000;

function many(count: number): ReplyTask[] {
  return Array.from({ length: count }, (_, index) => {
    const due = NOW + index * HOUR;
    const dates = { startAt: new Date(due - HOUR).toISOString(), dueTo: new Date(due).toISOString() };
    return task(String(500 + index), dates);
  });
}

describe('filtering (reply.md 3)', () => {
  const tasks = [
    task('1'),
    task('2', { status: 'finished', finishedAt: '2026-03-09T10:00:00Z' }),
    task('3', { taskType: 'linkedIn', linkedInTaskType: 'connect' }),
    task('4', { assignedUserId: THEO.id }),
    task('6', { status: 'sequenceDetached', contact: null }),
  ];

  it.each([
    ['one’s own that are open', MAYA, MAYA, '13'],
    // A teammate's tasks are not a rep's to see.
    ['none of a teammate’s', MAYA, THEO, ''],
    ['a teammate’s to a manager', BOSS, THEO, '4'],
  ])('gives %s', async (_, as, { id }, expected) => {
    const reply = await start({ tasks });

    const got = await filter(reply, { assignedUserId: Number(id) }, '', as.email);

    expect(got).toMatchObject({ status: 200, json: { hasMore: false } });
    expect(ids(got).toSorted().join('')).toBe(expected);
  });

  it.each([
    ['2031-01-01T01:00:00+01:00', '234'],
    ['2026-12-31T00:00:00Z', '2'],
  ])('the window bounds startAt, not dueTo, and begins with 2000: until %s', async (to, expected) => {
    const starts = ['1999-12-31T23:59:59Z', '2000-01-01T00:00:00Z', '2027-03-09T12:00:00Z', '2031-01-01T00:00:00Z'];
    const dueTo = '2032-01-01T00:00:00Z';
    const reply = await start({ tasks: starts.map((startAt, index) => task(String(index + 1), { startAt, dueTo })) });

    const got = ids(await filter(reply, { to }));

    expect(got.toSorted().join('')).toBe(expected);
  });

  it('the other form of enums is refused with a pointer, but is no breach: clients have to find the dialect out', async () => {
    const reply = await start({ dialect: 'current' });

    const integers = await filter(reply, { status: 0 });
    reply.setDialect('seed');
    const strings = await filter(reply, { status: 'new' });

    expect(integers.headers.get('content-type')).toBe('application/problem+json');
    const errors = [{ pointer: '/status', detail: 'must be one of new' }];
    expect(integers).toMatchObject({ status: 400, json: { title: 'Bad Request', status: 400, errors } });
    expect(strings).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('/status must be one of 0') },
    });
  });
});

describe('pages (reply.md 3)', () => {
  it.each([
    ['', 25, true],
    ['?skip=25', 5, false],
    ['?top=30', 30, false],
  ])('hold 25 unless told otherwise, and say whether there is more: %s', async (query, size, hasMore) => {
    const got = await filter(await start({ tasks: many(30) }), {}, query);

    expect([got.json.items.length, got.json.hasMore]).toEqual([size, hasMore]);
  });

  it.each([2, 3, 5, 40])('of %i tasks never come in the order of the due dates', async (count) => {
    const tasks = many(count);
    const reply = await start({ tasks });

    const got = ids(await filter(reply, {}, '?top=100'));

    expect(got).not.toEqual(tasks.map(({ id }) => id));
    expect(got.toSorted()).toEqual(tasks.map(({ id }) => id));
  });
});
