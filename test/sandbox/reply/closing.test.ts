import { describe, expect, it } from 'vitest';
import { ABROAD, ask, filter, ids, MAYA, NOW, start, THEO, task } from './reply.ts';

describe('complete (reply.md 4)', () => {
  it('finishes the task, sends nothing, and leaves the list of new ones', async () => {
    const reply = await start({ tasks: [task('1')] });

    const got = await ask(reply, 'POST', '/v3/tasks/1/complete', { body: {} });

    expect(got).toMatchObject({ status: 200, json: { id: 1, status: 1, finishedAt: '2026-03-09T12:00:00Z' } });
    expect(ids(await filter(reply, { status: 0 }))).toEqual([]);
    expect((await ask(reply, 'GET', '/v3/tasks/1')).json).toMatchObject({ status: 1 });
    expect(reply.effects).toEqual({
      completions: [{ taskId: '1', actingUserId: MAYA.id, at: NOW, finishProspectInSequence: false }],
      executions: [],
    });
    expect(reply.unexpected).toEqual([]);
  });

  it.each([
    ['seed', 0, 'positive'],
    ['seed', 1, 'toCall'],
    ['seed', 2, 'negative'],
    ['current', 1, 'toCall'],
  ] as const)('%s: takes the call result %s', async (dialect, callResolution, expected) => {
    const reply = await start({ dialect, tasks: [task('1')] });

    const got = await ask(reply, 'POST', '/v3/tasks/1/complete', {
      body: { callResolution, finishProspectInSequence: true },
    });

    expect(got.status).toBe(200);
    expect(reply.effects.completions).toMatchObject([{ callResolution: expected, finishProspectInSequence: true }]);
    expect(reply.unexpected).toEqual([]);
  });

  it.each(['finished', 'cancelled', 'sequenceDetached'] as const)('a second time, or when %s: 409', async (status) => {
    const reply = await start({ dialect: 'current', tasks: [task('1', { status })] });

    const got = await ask(reply, 'POST', '/v3/tasks/1/complete', { body: {} });

    expect(got).toMatchObject({ status: 409, json: { code: 'task.cannotComplete' } });
    expect(reply.effects.completions).toEqual([]);
    expect(reply.unexpected).toEqual([]);
  });

  it.each([
    ['no body', undefined],
    ['unknown result', { callResolution: 3 }],
    ['unknown word', { callResolution: 'Positive' }],
    ['null', { callResolution: null }],
    ['note', { note: 'x' }],
    ['finish as text', { finishProspectInSequence: 'true' }],
  ])('breach: %s', async (_, body) => {
    const reply = await start({ tasks: [task('1')] });

    expect((await ask(reply, 'POST', '/v3/tasks/1/complete', { body })).status).toBe(400);
    expect(reply.task('1')?.status).toBe('new');
    expect(reply.unexpected).toHaveLength(1);
  });
});

describe('execute (reply.md 4)', () => {
  it('sends to the contact, and is always a breach', async () => {
    const reply = await start({ tasks: [task('1', { taskType: 'sms' }), task('2')] });

    const sent = await ask(reply, 'POST', '/v3/tasks/1/execute', { body: {} });
    const call = await ask(reply, 'POST', '/v3/tasks/2/execute', { body: {} });
    const missing = await ask(reply, 'POST', '/v3/tasks/3/execute', { body: {} });

    expect([sent.status, call.status, missing.status]).toEqual([200, 409, 404]);
    expect(reply.effects.executions).toEqual([{ taskId: '1', actingUserId: MAYA.id, at: NOW }]);
    expect(reply.task('2')?.status).toBe('new');
    expect(reply.unexpected).toHaveLength(3);
  });
});

describe('delete (reply.md 4)', () => {
  it.each([
    ['new', 'cancelled'],
    ['finished', 'archived'],
  ] as const)('a %s task becomes %s, and is not to be found any more', async (status, left) => {
    const reply = await start({ dialect: 'current', tasks: [task('1', { status })] });

    const got = await ask(reply, 'DELETE', '/v3/tasks/1');

    expect([got.status, got.text]).toEqual([204, '']);
    expect(reply.task('1')?.status).toBe(left);
    expect(ids(await filter(reply))).toEqual([]);
    expect(ids(await ask(reply, 'GET', '/v3/tasks'))).toEqual([]);
    expect((await ask(reply, 'GET', '/v3/tasks/1')).json).toMatchObject({ code: 'task.notFound' });
    expect((await ask(reply, 'DELETE', '/v3/tasks/1')).status).toBe(404);
    expect((await ask(reply, 'POST', '/v3/tasks/1/complete', { body: {} })).status).toBe(404);
    expect(reply.unexpected).toEqual([]);
  });

  it('is refused for other states, and of another’s', async () => {
    const reply = await start({
      dialect: 'current',
      tasks: [task('1', { status: 'sequenceDetached' }), task('2', { assignedUserId: THEO.id })],
    });

    expect(await ask(reply, 'DELETE', '/v3/tasks/1')).toMatchObject({ status: 400, json: { code: 'task.unknown' } });
    expect((await ask(reply, 'DELETE', '/v3/tasks/2')).status).toBe(404);
    expect(reply.task('2')?.status).toBe('new');
  });
});

describe('assign (reply.md 4)', () => {
  it('gives the task to a teammate, whose it then is', async () => {
    const reply = await start({ tasks: [task('1')] });

    const got = await ask(reply, 'PUT', '/v3/tasks/1/assigned-user', { body: { userId: Number(THEO.id) } });

    expect(got).toMatchObject({ status: 200, json: { assignedUserId: 13 } });
    expect((await ask(reply, 'GET', '/v3/tasks/1')).status).toBe(404);
    expect((await ask(reply, 'GET', '/v3/tasks/1', { as: THEO.email })).status).toBe(200);
  });

  it('someone of another team, or nobody: 403', async () => {
    const reply = await start({ dialect: 'current', tasks: [task('1')] });

    for (const userId of [Number(ABROAD.id), 404]) {
      const got = await ask(reply, 'PUT', '/v3/tasks/1/assigned-user', { body: { userId } });
      expect(got).toMatchObject({ status: 403, json: { code: 'task.forbidden' } });
    }
    expect(reply.task('1')?.assignedUserId).toBe(MAYA.id);
    expect(reply.unexpected).toEqual([]);
  });

  it('breach: a user as text, or another key', async () => {
    const reply = await start({ tasks: [task('1')] });

    for (const body of [{ userId: '13' }, { assignedUserId: 13 }]) {
      expect((await ask(reply, 'PUT', '/v3/tasks/1/assigned-user', { body })).status).toBe(400);
    }
    expect(reply.unexpected).toHaveLength(2);
  });
});

describe('what happens in Reply itself', () => {
  it('put shows a task again, remove takes it without a trace, and listeners hear of both', async () => {
    const reply = await start({ tasks: [task('1')] });
    let heard = 0;
    const stop = reply.onChange(() => {
      heard += 1;
    });
    await ask(reply, 'DELETE', '/v3/tasks/1');
    reply.put(task('1', { status: 'cancelled' }));

    expect((await ask(reply, 'GET', '/v3/tasks/1')).json).toMatchObject({ status: 3 });
    reply.remove('1');
    expect((await ask(reply, 'GET', '/v3/tasks/1')).status).toBe(404);
    expect([reply.task('1'), reply.tasks()]).toEqual([undefined, []]);
    expect(heard).toBe(3);
    stop();
    reply.put(task('2'));
    expect(heard).toBe(3);
    expect(reply.tasks(THEO.id)).toEqual([]);
  });

  it('gives copies, and refuses what could not be written', async () => {
    const reply = await start({ tasks: [task('1')] });
    const copy = reply.task('1');
    if (copy) copy.template.body = 'changed';

    expect(reply.task('1')?.template.body).toBe('Call {{FirstName}}');
    expect(() => reply.put(task('x1'))).toThrow(/text of digits/);
    expect(() => reply.put(task('2', { dueTo: '2026-03-09T15:00:00' }))).toThrow(/offset/);
  });
});
