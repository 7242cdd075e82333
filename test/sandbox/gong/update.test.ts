import { describe, expect, it } from 'vitest';
import { ask, ids, list, OTHER, OWNER, patch, start, task } from './gong.ts';

const NOW = Date.UTC(2026, 2, 9, 14, 0, 0);
const LATER = '2026-03-12T09:30:00+01:00';

describe('updating a task (gong.md 3)', () => {
  it.each(['DONE', 'DISMISSED'])('%s takes it off the list', async (status) => {
    const gong = await start({ tasks: [task('7304958120347716181'), task('7304958120347716182')], clock: () => NOW });

    const reply = await patch(gong, '7304958120347716181', { status });

    expect(reply.status).toBe(200);
    expect(reply.requestId).toEqual(expect.any(String));
    expect(reply.text).toContain(`"tasks":[{"id":7304958120347716181,"userId":${OWNER},`);
    expect(reply.text).toContain(`"status":"${status}"`);
    expect(ids(await list(gong))).toEqual(['7304958120347716182']);
    expect(gong.task('7304958120347716181')).toMatchObject({ status, updated: '2026-03-09T14:00:00.000Z' });
    expect(gong.unexpected).toEqual([]);
  });

  it('OPEN puts it back, and may be repeated', async () => {
    const gong = await start({ tasks: [task('1', { status: 'DISMISSED' })] });

    await patch(gong, '1', { status: 'OPEN' });
    const again = await patch(gong, '1', { status: 'OPEN' });

    expect(again.status).toBe(200);
    expect(ids(await list(gong))).toEqual(['1']);
  });

  it.each([LATER, '2026-03-12T08:30:00Z', '2026-03-12T08:30:00.250Z'])('moves it to %s', async (dueDate) => {
    const gong = await start({ tasks: [task('1')] });

    const reply = await patch(gong, '1', { dueDate });

    expect(reply.status).toBe(200);
    expect(reply.text).toContain(`"dueDate":"${dueDate}"`);
    expect(gong.task('1')).toMatchObject({ dueDate, status: 'OPEN' });
  });

  it('takes a date in the past, which Undo of a moved overdue task needs', async () => {
    const gong = await start({ tasks: [task('1')], clock: () => NOW });

    expect((await patch(gong, '1', { dueDate: '2026-03-01T09:00:00Z' })).status).toBe(200);
  });

  it('reopens and moves in one call', async () => {
    const gong = await start({ tasks: [task('1', { status: 'DONE' })] });

    const reply = await patch(gong, '1', { status: 'OPEN', dueDate: LATER });

    expect(reply.status).toBe(200);
    expect(gong.task('1')).toMatchObject({ status: 'OPEN', dueDate: LATER });
  });

  it.each([{ dueDate: LATER }, { dueDate: LATER, status: 'DONE' }])('does not move a closed task: %j', async (body) => {
    const gong = await start({ tasks: [task('1', { status: 'DONE' })] });

    const reply = await patch(gong, '1', body);

    expect(reply.status).toBe(400);
    expect(gong.task('1')).toEqual(task('1', { status: 'DONE' }));
    // The world may have changed under a correct client: no breach of the contract.
    expect(gong.unexpected).toEqual([]);
  });

  it('refuses whoever is not the owner', async () => {
    const gong = await start({ tasks: [task('1')] });

    const reply = await patch(gong, '1', { userId: OTHER, status: 'DONE' });

    expect(reply.status).toBe(403);
    expect(reply.errors).toEqual([expect.any(String)]);
    expect(gong.task('1')?.status).toBe('OPEN');
    expect(gong.unexpected).toEqual([]);
  });

  it('does not find a task whose id differs in the last digit only', async () => {
    const gong = await start({ tasks: [task('7304958120347716181')] });

    const reply = await patch(gong, '7304958120347716182', { status: 'DONE' });

    expect(reply.status).toBe(404);
    expect(reply.errors).toEqual([expect.any(String)]);
    expect(gong.unexpected).toEqual([]);
  });
});

describe('an update that breaks the contract', () => {
  const wrong: [string, object][] = [
    ['neither status nor date', {}],
    ['no user', { userId: undefined, status: 'DONE' }],
    ['user as a number', { userId: 234599484848423, status: 'DONE' }],
    ['unknown status', { status: 'CLOSED' }],
    ['lower-case status', { status: 'done' }],
    ['null status', { status: null, dueDate: LATER }],
    ['priority', { status: 'DONE', priority: 'MEDIUM' }],
    ['unknown field', { status: 'DONE', note: 'x' }],
    ['date without a time', { dueDate: '2026-03-12' }],
    ['date without an offset', { dueDate: '2026-03-12T09:30:00' }],
    ['date without seconds', { dueDate: '2026-03-12T09:30Z' }],
    ['date with a zone name', { dueDate: '2026-03-12T09:30:00+01:00[Europe/Berlin]' }],
    ['date that does not exist', { dueDate: '2026-02-30T09:30:00Z' }],
    ['date as a number', { dueDate: NOW }],
  ];

  it.each(wrong)('%s', async (_, body) => {
    const gong = await start({ tasks: [task('1')] });

    const reply = await patch(gong, '1', body);

    expect(reply.status).toBe(400);
    expect(reply.errors).toEqual(expect.arrayContaining([expect.any(String)]));
    expect(gong.unexpected).toEqual([expect.stringMatching(/^PATCH \/v2\/tasks\/1: /)]);
    expect(gong.task('1')).toEqual(task('1'));
  });

  it.each(['abc', '1.5', '7.304958120347716e18', '-1'])('task id %s', async (id) => {
    const gong = await start();

    expect((await patch(gong, id, { status: 'DONE' })).status).toBe(400);
    expect(gong.unexpected).toHaveLength(1);
  });

  it('wrong content type', async () => {
    const gong = await start({ tasks: [task('1')] });

    const reply = await ask(gong, 'PATCH', '/v2/tasks/1', {
      body: { userId: OWNER, status: 'DONE' },
      headers: { 'content-type': 'text/plain' },
    });

    expect(reply.status).toBe(400);
    expect(gong.task('1')?.status).toBe('OPEN');
  });
});

describe('what someone does in Gong itself', () => {
  it('is seen by the next call, and by listeners', async () => {
    const gong = await start({ tasks: [task('1')] });
    let changes = 0;
    const stop = gong.onChange(() => {
      changes += 1;
    });

    gong.put(task('2'));
    gong.put(task('1', { status: 'DONE' }));
    await patch(gong, '2', { dueDate: LATER });
    await patch(gong, '3', { dueDate: LATER });
    stop();
    gong.put(task('4'));

    expect(changes).toBe(3);
    expect(ids(await list(gong)).sort()).toEqual(['2', '4']);
    expect(gong.tasks(OWNER)).toHaveLength(3);
    expect(gong.tasks(OTHER)).toEqual([]);
  });

  it('keeps copies: what a test holds is not what Gong holds', async () => {
    const mine = task('1');
    const gong = await start({ tasks: [mine] });

    mine.status = 'DONE';
    const theirs = gong.task('1');
    if (theirs) theirs.status = 'DONE';

    expect(gong.task('1')?.status).toBe('OPEN');
  });

  it('takes no id that is not digits', async () => {
    const gong = await start();

    expect(() => gong.put(task('x1'))).toThrow(TypeError);
  });
});
