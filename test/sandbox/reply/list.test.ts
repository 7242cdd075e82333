import { describe, expect, it } from 'vitest';
import type { ReplyTask } from '../../../sandbox/reply/types.ts';
import { ask, BOSS, filter, ids, NOW, start, THEO, task } from './reply.ts';

const HOUR = 3_600_000;

function many(count: number, more: Partial<ReplyTask> = {}): ReplyTask[] {
  return Array.from({ length: count }, (_, index) => {
    const due = NOW + index * HOUR;
    const dates = { startAt: new Date(due - HOUR).toISOString(), dueTo: new Date(due).toISOString() };
    return task(String(500 + index), { ...dates, ...more });
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
    [{}, ['1', '2', '3', '5', '6']],
    [{ status: 0 }, ['1', '3', '5']],
    [{ status: 0, assignedUserId: 12 }, ['1', '3', '5']],
    [{ status: 1 }, ['2']],
    [{ taskType: 5 }, ['3']],
    [{ taskType: 5, linkedInTaskType: 0 }, []],
    [{ linkedInTaskType: 1 }, ['3']],
    [{ contactId: 901 }, ['3']],
    [{ sequenceIds: [69, 70] }, ['5']],
    [{ sequenceStepIds: [71] }, ['5']],
    [{ sequenceStepIds: [72] }, []],
    [{ sequenceIds: [], status: 0 }, ['1', '3', '5']],
    [{ overdue: true }, ['5']],
    [{ overdue: false, status: 0 }, ['1', '3']],
    [{ overdue: null, status: 0 }, ['1', '3', '5']],
    // A teammate's tasks are not a rep's to see.
    [{ assignedUserId: 13 }, []],
    [{ timeZoneIds: [] }, ['1', '2', '3', '5', '6']],
  ])('seed: %o gives %o', async (body, expected) => {
    const reply = await start({ tasks });

    const got = await filter(reply, body);

    expect(got.status).toBe(200);
    expect(ids(got).sort()).toEqual(expected);
    expect(got.json.hasMore).toBe(false);
    expect(reply.unexpected).toEqual([]);
  });

  it.each(['current', 'mixed'] as const)('%s: takes and gives strings', async (dialect) => {
    const reply = await start({ tasks, dialect });

    const got = await filter(reply, { status: 'new', taskType: 'linkedIn' });

    expect(got.json.items).toMatchObject([{ id: 3, taskType: 'linkedIn', status: 'new', linkedInTaskType: 'connect' }]);
    expect(reply.unexpected).toEqual([]);
  });

  it('the window bounds startAt, not dueTo, and reaches one year ahead unless told otherwise', async () => {
    const at = (id: string, startAt: string) => task(id, { startAt, dueTo: '2032-01-01T00:00:00Z' });
    const reply = await start({
      tasks: [
        at('1', '1999-12-31T23:59:59Z'),
        at('2', '2000-01-01T00:00:00Z'),
        at('3', '2027-03-09T12:00:00Z'),
        at('4', '2027-03-09T12:00:01Z'),
      ],
    });

    expect(ids(await filter(reply)).sort()).toEqual(['2', '3']);
    expect(ids(await filter(reply, { from: '1990-01-01T00:00:00Z', to: '2031-01-01T01:00:00+01:00' })).sort()).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
    expect(ids(await filter(reply, { to: '2026-12-31T00:00:00Z' }))).toEqual(['2']);
  });

  const wrong: [string, unknown][] = [
    ['unknown key', { state: 0 }],
    ['paging in the body', { top: 5 }],
    ['several statuses', { status: [0] }],
    ['status that is unassigned', { status: 2 }],
    ['type that is unassigned', { taskType: 3 }],
    ['user as text', { assignedUserId: '12' }],
    ['user 0', { assignedUserId: 0 }],
    ['sequences that are no array', { sequenceIds: 70 }],
    ['date without an offset', { from: '2026-03-09T12:00:00' }],
    ['overdue as text', { overdue: 'true' }],
    ['an array', []],
    ['no JSON', '{"status":'],
  ];
  it.each(wrong)('breach: %s', async (_, body) => {
    const reply = await start();

    const got = await ask(reply, 'POST', '/v3/tasks/filter', { body });

    expect(got).toMatchObject({ status: 400, json: { error: expect.any(String) } });
    expect(reply.unexpected).toEqual([expect.stringMatching(/^POST \/v3\/tasks\/filter: /)]);
  });

  it('needs a body', async () => {
    const reply = await start();

    expect((await ask(reply, 'POST', '/v3/tasks/filter')).status).toBe(400);
    expect(reply.unexpected).toEqual(['POST /v3/tasks/filter: body is required']);
  });

  it('the other form of enums is refused with a pointer, but is no breach: clients have to find the dialect out', async () => {
    const reply = await start({ dialect: 'current' });

    const integers = await filter(reply, { status: 0, assignedUserId: 12 });
    reply.setDialect('seed');
    const strings = await filter(reply, { status: 'new', assignedUserId: 12 });

    expect(integers.status).toBe(400);
    expect(integers.headers.get('content-type')).toBe('application/problem+json');
    expect(integers.json).toMatchObject({
      title: 'Bad Request',
      status: 400,
      errors: [{ pointer: '/status', detail: expect.stringContaining('new, finished') }],
    });
    expect(strings).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('/status must be one of 0') },
    });
    expect(reply.unexpected).toEqual([]);
  });

  it('the LinkedIn subtype is a filter in the old dialect only', async () => {
    const reply = await start({ dialect: 'current' });

    expect((await filter(reply, { linkedInTaskType: 'connect' })).status).toBe(400);
    expect(reply.unexpected).toHaveLength(1);
  });
});

describe('pages (reply.md 3)', () => {
  it('hold 25 unless told otherwise, and say whether there is more', async () => {
    const reply = await start({ tasks: many(30) });

    const first = await filter(reply);
    const second = await filter(reply, {}, '?skip=25');
    const all = await filter(reply, {}, '?top=30');

    expect([ids(first).length, first.json.hasMore]).toEqual([25, true]);
    expect([ids(second).length, second.json.hasMore]).toEqual([5, false]);
    expect([ids(all).length, all.json.hasMore]).toEqual([30, false]);
    expect([...ids(first), ...ids(second)]).toEqual(ids(all));
    expect(all.json).not.toHaveProperty('total');
  });

  it('shift when a task closes in between', async () => {
    const reply = await start({ tasks: many(6) });

    const first = ids(await filter(reply, { status: 0 }, '?top=3'));
    await ask(reply, 'POST', `/v3/tasks/${first[0]}/complete`, { body: {} });
    const second = ids(await filter(reply, { status: 0 }, '?top=3&skip=3'));

    expect(new Set([...first, ...second]).size).toBe(5);
  });

  it('hold no more than pageMax, whatever was asked for', async () => {
    const reply = await start({ tasks: many(5), pageMax: 2 });

    const got = await filter(reply, {}, '?top=1000');

    expect([ids(got).length, got.json.hasMore]).toEqual([2, true]);
  });

  it.each(['?top=0', '?top=1001', '?top=-1', '?skip=-1', '?top=x', '?top=1&top=2', '?limit=5'])(
    'breach: %s',
    async (query) => {
      const reply = await start({ dialect: 'current' });

      const got = await filter(reply, {}, query);

      expect(got.status).toBe(400);
      if (!/limit|&/.test(query)) expect(got.json.code).toBe('task.invalidPagination');
      expect(reply.unexpected).toHaveLength(1);
    },
  );

  it('never come in the order of the due dates', async () => {
    for (const count of [2, 3, 5, 40]) {
      const tasks = many(count);
      const reply = await start({ tasks });

      const got = ids(await filter(reply, {}, '?top=100'));

      expect(got).not.toEqual(tasks.map(({ id }) => id));
      expect([...got].sort()).toEqual(tasks.map(({ id }) => id));
    }
  });
});

describe('GET /v3/tasks (reply.md 3)', () => {
  it('knows no filter: closed ones come too, and teammates’ where the role allows it', async () => {
    const reply = await start({
      tasks: [task('1'), task('2', { status: 'finished' }), task('3', { assignedUserId: THEO.id })],
    });

    const own = await ask(reply, 'GET', '/v3/tasks?top=10&skip=0');
    const team = await ask(reply, 'GET', '/v3/tasks', { as: BOSS.email });

    expect(ids(own).sort()).toEqual(['1', '2']);
    expect(ids(team).sort()).toEqual(['1', '2', '3']);
    expect(reply.unexpected).toEqual([]);
  });

  it('refuses a filter in the query', async () => {
    const reply = await start();

    expect((await ask(reply, 'GET', '/v3/tasks?status=0')).status).toBe(400);
    expect(reply.unexpected).toHaveLength(1);
  });
});
