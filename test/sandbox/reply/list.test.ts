import { describe, expect, it } from 'vitest';
import type { ReplyTask } from '../../../sandbox/reply/types.ts';
import { ask, BOSS, filter, ids, NOW, start, THEO, task } from './reply.ts';

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
    task('3', { taskType: 'linkedIn', linkedInTaskType: 'connect', contact: { id: '901' } }),
    task('4', { assignedUserId: THEO.id }),
    task('5', { sequenceId: '70', sequenceStepId: '71', creationSource: 'sequence', dueTo: '2026-03-09T11:59:59Z' }),
    task('6', { status: 'sequenceDetached', contact: null }),
  ];

  it.each([
    [{}, '12356'],
    [{ status: 0 }, '135'],
    [{ status: 0, assignedUserId: 12 }, '135'],
    [{ status: 1 }, '2'],
    [{ taskType: 5 }, '3'],
    [{ taskType: 5, linkedInTaskType: 0 }, ''],
    [{ linkedInTaskType: 1 }, '3'],
    [{ contactId: 901 }, '3'],
    [{ sequenceIds: [69, 70] }, '5'],
    [{ sequenceStepIds: [71] }, '5'],
    [{ sequenceStepIds: [72] }, ''],
    [{ sequenceIds: [], status: 0 }, '135'],
    [{ overdue: true }, '5'],
    [{ overdue: false, status: 0 }, '13'],
    [{ overdue: null, status: 0 }, '135'],
    // A teammate's tasks are not a rep's to see.
    [{ assignedUserId: 13 }, ''],
    [{ timeZoneIds: [] }, '12356'],
  ])('seed: %o gives %o', async (body, expected) => {
    const reply = await start({ tasks });

    const got = await filter(reply, body);

    expect(got).toMatchObject({ status: 200, json: { hasMore: false } });
    expect(ids(got).toSorted().join('')).toBe(expected);
  });

  it.each(['current', 'mixed'] as const)('%s: takes and gives strings', async (dialect) => {
    const reply = await start({ tasks, dialect });

    const { json } = await filter(reply, { status: 'new', taskType: 'linkedIn' });

    expect(json.items).toMatchObject([{ id: 3, taskType: 'linkedIn', status: 'new', linkedInTaskType: 'connect' }]);
  });

  it.each([
    [{}, '23'],
    [{ from: '1990-01-01T00:00:00Z', to: '2031-01-01T01:00:00+01:00' }, '1234'],
    [{ to: '2026-12-31T00:00:00Z' }, '2'],
  ])('the window bounds startAt, not dueTo, and is 2000 to a year ahead unless told: %j', async (body, expected) => {
    const starts = ['1999-12-31T23:59:59Z', '2000-01-01T00:00:00Z', '2027-03-09T12:00:00Z', '2027-03-09T12:00:01Z'];
    const dueTo = '2032-01-01T00:00:00Z';
    const reply = await start({ tasks: starts.map((startAt, index) => task(String(index + 1), { startAt, dueTo })) });

    expect(
      ids(await filter(reply, body))
        .toSorted()
        .join(''),
    ).toBe(expected);
  });

  it('the other form of enums is refused with a pointer, but is no breach: clients have to find the dialect out', async () => {
    const reply = await start({ dialect: 'current' });

    const integers = await filter(reply, { status: 0, assignedUserId: 12 });
    reply.setDialect('seed');
    const strings = await filter(reply, { status: 'new', assignedUserId: 12 });

    expect(integers.headers.get('content-type')).toBe('application/problem+json');
    const errors = [{ pointer: '/status', detail: expect.stringContaining('new, finished') }];
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
    const reply = await start({ tasks: many(30) });

    const got = await filter(reply, {}, query);
    const all = ids(await filter(reply, {}, '?top=30'));

    expect(got.json).toEqual({ items: expect.any(Array), hasMore });
    expect(ids(got)).toEqual(all.slice(query === '?skip=25' ? 25 : 0).slice(0, size));
  });

  it('shift when a task closes in between', async () => {
    const reply = await start({ tasks: many(6) });

    const first = ids(await filter(reply, { status: 0 }, '?top=3'));
    await ask(reply, `POST /v3/tasks/${first[0]}/complete`, { body: {} });
    const second = ids(await filter(reply, { status: 0 }, '?top=3&skip=3'));

    expect(new Set([...first, ...second]).size).toBe(5);
  });

  it('hold no more than pageMax, whatever was asked for', async () => {
    const reply = await start({ tasks: many(5), pageMax: 2 });

    const got = await filter(reply, {}, '?top=1000');

    expect([ids(got).length, got.json.hasMore]).toEqual([2, true]);
  });

  it.each([2, 3, 5, 40])('of %i tasks never come in the order of the due dates', async (count) => {
    const tasks = many(count);
    const reply = await start({ tasks });

    const got = ids(await filter(reply, {}, '?top=100'));

    expect(got).not.toEqual(tasks.map(({ id }) => id));
    expect(got.toSorted()).toEqual(tasks.map(({ id }) => id));
  });
});

it('GET /v3/tasks knows no filter: closed ones come too, and teammates’ where the role allows it', async () => {
  const reply = await start({
    tasks: [task('1'), task('2', { status: 'finished' }), task('3', { assignedUserId: THEO.id })],
  });

  expect(ids(await ask(reply, 'GET /v3/tasks?top=10&skip=0')).toSorted()).toEqual(['1', '2']);
  expect(ids(await ask(reply, 'GET /v3/tasks', { as: BOSS.email })).toSorted()).toEqual(['1', '2', '3']);
});
