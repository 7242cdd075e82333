import { describe, expect, it } from 'vitest';
import { ask, errorId, ids, LOCKED, NOW, OTHER, OWNER, PROSPECT, type Reply, start, step, task } from './outreach.ts';

const ID = '7304958120347716181';

/** As text: this id does not survive as a number. */
function patch(outreach: Awaited<ReturnType<typeof start>>, attributes: object, id = ID): Promise<Reply> {
  const body = `{"data":{"type":"task","id":${id},"attributes":${JSON.stringify(attributes)}}}`;
  return ask(outreach, 'PATCH', `/tasks/${ID}`, { body });
}

describe('reading one task (outreach.md 3)', () => {
  it('answers it with what was asked for', async () => {
    const outreach = await start({ tasks: [step(ID)] });

    const reply = await ask(
      outreach,
      'GET',
      `/tasks/${ID}?include=prospect&fields[prospect]=name&provideAuthorizationMeta=true`,
    );

    expect(ids(reply)).toEqual([ID]);
    expect(reply.json.data.meta).toEqual({ canWrite: true, canDelete: true });
    expect(reply.json.included).toMatchObject([{ attributes: { name: 'Adaeze Whitlock' } }]);
    expect(outreach.unexpected).toEqual([]);
  });

  it('does not find what is not there or not visible, and takes no filter', async () => {
    const outreach = await start({ tasks: [task('1', { ownerId: OTHER })] });

    for (const id of ['1', '2']) {
      const reply = await ask(outreach, 'GET', `/tasks/${id}`);
      expect([reply.status, errorId(reply)]).toEqual([404, 'resourceNotFound']);
    }
    expect(outreach.unexpected).toEqual([]);
    expect((await ask(outreach, 'GET', '/tasks/1?filter[state]=complete')).status).toBe(400);
  });

  it('has a subject that is a prospect, an account or an opportunity', async () => {
    const outreach = await start({
      tasks: [step('1'), task('2', { accountId: '51' }), task('3', { opportunityId: '61' })],
    });

    const types = [];
    for (const id of ['1', '2', '3']) {
      types.push((await ask(outreach, 'GET', `/tasks/${id}`)).json.data.relationships.subject.data.type);
    }

    expect(types).toEqual(['prospect', 'account', 'opportunity']);
  });
});

describe('editing', () => {
  it('changes what was sent and nothing else', async () => {
    const outreach = await start({ tasks: [task(ID, { note: 'kept' })] });

    const reply = await patch(outreach, { dueAt: null, autoskipAt: '2026-04-01T00:00:00Z', action: 'email' });

    expect(reply.status).toBe(200);
    expect(outreach.task(ID)).toMatchObject({
      dueAt: null,
      autoskipAt: '2026-04-01T00:00:00Z',
      note: 'kept',
      action: 'email',
    });
    expect(outreach.unexpected).toEqual([]);
  });

  it.each([
    [{ state: 'complete' }, '/data/attributes/state'],
    [{ completed: true }, '/data/attributes/completed'],
    [{ completedAt: null }, '/data/attributes/completedAt'],
    [{ taskType: 'manual' }, '/data/attributes/taskType'],
    [{ title: 'x' }, '/data/attributes/title'],
    [{ dueAt: 'tomorrow' }, '/data/attributes/dueAt'],
    [{ action: 'linkedin' }, '/data/attributes/action'],
    [{ note: 'x'.repeat(65_536) }, '/data/attributes/note'],
    [{ opportunityAssociation: 'newest' }, '/data/attributes/opportunityAssociation'],
    [{}, '/data/attributes'],
  ])('refuses %.60j and notes it', async (attributes, pointer) => {
    const outreach = await start({ tasks: [task(ID)] });
    const before = outreach.task(ID);

    const reply = await patch(outreach, attributes);

    expect(reply.status).toBe(422);
    expect(reply.json.errors).toMatchObject([{ id: 'validationError', source: { pointer } }]);
    expect(outreach.unexpected).toHaveLength(1);
    expect(outreach.task(ID)).toEqual(before);
  });

  it('wants the id of the path, to the last digit', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    expect((await patch(outreach, { note: 'x' }, '7304958120347716182')).status).toBe(422);
    expect((await patch(outreach, { note: 'x' }, '"7304958120347716181"')).status).toBe(200);
    expect(
      (await ask(outreach, 'PATCH', `/tasks/${ID}`, { body: { data: { type: 'task', attributes: {} } } })).status,
    ).toBe(422);
    expect((await ask(outreach, 'PATCH', `/tasks/${ID}`, { body: '{' })).status).toBe(400);
  });

  it('honours no include, as Outreach has not since 2023', async () => {
    const outreach = await start({ tasks: [task(ID)] });
    const body = `{"data":{"type":"task","id":${ID},"attributes":{"note":"x"}}}`;

    expect((await ask(outreach, 'PATCH', `/tasks/${ID}?include=prospect`, { body })).status).toBe(400);
    expect(outreach.task(ID)?.note).toBeUndefined();
    expect(outreach.unexpected).toHaveLength(1);
  });

  it('refuses a task that is complete', async () => {
    const outreach = await start({ tasks: [task(ID, { state: 'complete' })] });

    expect((await patch(outreach, { note: 'x' })).status).toBe(422);
    expect(outreach.unexpected).toEqual([]);
  });
});

describe('deleting', () => {
  it('answers 204 with nothing in it, and then 404', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    const reply = await ask(outreach, 'DELETE', `/tasks/${ID}`);

    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(reply.headers.get('x-ratelimit-limit')).toBe('10000');
    expect(outreach.task(ID)).toBeUndefined();
    expect((await ask(outreach, 'DELETE', `/tasks/${ID}`)).status).toBe(404);
    expect(outreach.effects).toEqual([]);
  });

  it('strands the prospect of a sequence task', async () => {
    const outreach = await start({ tasks: [step(ID)] });

    await ask(outreach, 'DELETE', `/tasks/${ID}`);

    expect(outreach.effects).toEqual([
      { kind: 'stranded', at: NOW, taskId: ID, sequenceId: '71', prospectId: PROSPECT },
    ]);
  });

  it('tells a missing scope from a profile that forbids it', async () => {
    const outreach = await start({ tasks: [task('1'), task('2', { canDelete: false })] });
    const { accessToken } = outreach.grant(OWNER, ['tasks.read', 'tasks.write']);

    const scope = await ask(outreach, 'DELETE', '/tasks/1', { token: accessToken });
    const profile = await ask(outreach, 'DELETE', '/tasks/2');

    expect([scope.status, errorId(scope)]).toEqual([403, 'unauthorizedOauthScope']);
    expect([profile.status, errorId(profile)]).toEqual([403, 'unauthorizedRequest']);
    expect(outreach.tasks()).toHaveLength(2);
  });
});

describe('creating', () => {
  const owner = { data: { type: 'user', id: OWNER } };
  const subject = { data: { type: 'prospect', id: PROSPECT } };

  function create(
    outreach: Awaited<ReturnType<typeof start>>,
    attributes: object,
    relationships: object = { owner, subject },
  ) {
    return ask(outreach, 'POST', '/tasks', { body: { data: { type: 'task', attributes, relationships } } });
  }

  it('makes a manual task with an id of its own', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    const reply = await create(outreach, { action: 'call', dueAt: '2026-03-11T09:00:00Z', note: 'Ring' });

    expect(reply.status).toBe(201);
    expect(ids(reply)).toEqual(['7304958120347716182']);
    expect(outreach.task('7304958120347716182')).toMatchObject({
      taskType: 'manual',
      state: 'incomplete',
      prospectId: PROSPECT,
      accountId: '51',
      createdAt: '2026-03-09T12:00:00.000Z',
    });
    expect(outreach.unexpected).toEqual([]);
  });

  it('never gives an id twice', async () => {
    const outreach = await start();

    expect(ids(await create(outreach, { action: 'call' }))).toEqual(['1']);
    outreach.remove('1');

    expect(ids(await create(outreach, { action: 'call' }))).toEqual(['2']);
  });

  it('refuses read-only attributes and relationships, and what does not exist', async () => {
    const outreach = await start();

    expect((await create(outreach, { action: 'call', taskType: 'manual' })).status).toBe(422);
    expect((await create(outreach, {})).status).toBe(422);
    expect((await create(outreach, { action: 'call' }, { owner, subject, prospect: subject })).status).toBe(422);
    expect((await create(outreach, { action: 'call' }, { owner })).status).toBe(422);
    expect(outreach.unexpected).toHaveLength(4);
    const nobody = { data: { type: 'prospect', id: 12345 } };
    expect((await create(outreach, { action: 'call' }, { owner, subject: nobody })).status).toBe(422);
    for (const id of ['12345', LOCKED]) {
      const answer = await create(outreach, { action: 'call' }, { owner: { data: { type: 'user', id } }, subject });
      expect([answer.status, errorId(answer)]).toEqual([422, 'validationError']);
    }
    expect(outreach.tasks()).toEqual([]);
    expect(outreach.unexpected).toHaveLength(4);
  });
});
