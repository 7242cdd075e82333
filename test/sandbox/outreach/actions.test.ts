import { describe, expect, it } from 'vitest';
import { breaches, type Got } from '../simulator.ts';
import { act, ask, ids, list, NOW, OTHER, OWNER, PROSPECT, refusal, start, step, task } from './outreach.ts';

const ID = '7304958120347716181';
const STEP = { at: NOW, taskId: ID, sequenceId: '71', prospectId: PROSPECT };

describe('reading one task (outreach.md 3)', () => {
  it('answers it with what was asked for', async () => {
    const outreach = await start({ tasks: [step(ID)] });

    const query = 'include=prospect&fields[prospect]=name&provideAuthorizationMeta=true';
    const got = await ask(outreach, `GET /tasks/${ID}?${query}`);

    expect(ids(got)).toEqual([ID]);
    expect(got.json.data.meta).toEqual({ canWrite: true, canDelete: true });
    expect(got.json.included).toMatchObject([{ attributes: { name: 'Adaeze Whitlock' } }]);
  });

  it.each([
    ['prospect', step('1')],
    ['account', task('1', { accountId: '51' })],
    ['opportunity', task('1', { opportunityId: '61' })],
  ])('has a subject that is a %s', async (type, held) => {
    const outreach = await start({ tasks: [held] });

    expect((await ask(outreach, 'GET /tasks/1')).json.data.relationships.subject.data).toMatchObject({ type });
  });
});

describe('markComplete (outreach.md 4)', () => {
  it('completes, and answers the task', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    const got = await act(outreach, ID, 'markComplete');

    const at = '2026-03-09T12:00:00.000Z';
    expect([got.status, ids(got)]).toEqual([200, [ID]]);
    const shown = { state: 'complete', completed: true, completedAt: at, stateChangedAt: at };
    expect(got.json.data.attributes).toMatchObject(shown);
    expect(outreach.task(ID)).toMatchObject({ state: 'complete', completerId: OWNER });
    expect(outreach.effects).toEqual([]);
  });

  it.each([
    [{}, { kind: 'advanced', ...STEP }],
    [{ completionAction: 'advance' }, { kind: 'advanced', ...STEP }],
    [{ completionAction: 'finish_no_reply' }, { kind: 'finished', replied: false, ...STEP }],
    [{ completionAction: 'finish_replied' }, { kind: 'finished', replied: true, ...STEP }],
  ])('moves the sequence of a step, once: %j', async (params, effect) => {
    const outreach = await start({ tasks: [step(ID)] });

    expect((await act(outreach, ID, 'markComplete', params)).status).toBe(200);
    expect((await act(outreach, ID, 'markComplete', params)).status).toBe(422);
    expect(outreach.effects).toEqual([effect]);
  });

  it('leaves no trace in a sequence for a task that is no step', async () => {
    const outreach = await start({ tasks: [task(ID)] });
    const note = 'Left a message & more';

    await act(outreach, ID, 'markComplete', { completionAction: 'finish_replied', completionNote: note });

    expect(outreach.effects).toEqual([{ kind: 'noted', at: NOW, taskId: ID, note }]);
  });
});

describe('the other actions', () => {
  it('advance moves the sequence on, and the task is no longer open', async () => {
    const outreach = await start({ tasks: [step(ID, { taskType: 'sequence_step_linkedin_other' })] });

    expect((await act(outreach, ID, 'advance')).status).toBe(200);
    expect(outreach.effects).toEqual([{ kind: 'advanced', ...STEP }]);
    expect(ids(await list(outreach, { 'filter[state]': 'incomplete' }))).toEqual([]);
  });

  it.each([
    ['a due date ahead', '2026-03-09T20:00:00Z', '2026-03-10T20:00:00.000Z'],
    ['one that has passed', '2026-03-01T20:00:00Z', '2026-03-10T12:00:00.000Z'],
    ['none', null, '2026-03-10T12:00:00.000Z'],
  ])('snooze adds a day to the later of now and %s, each time', async (_, dueAt, expected) => {
    const outreach = await start({ tasks: [task(ID, { dueAt })] });
    const snooze = async () => (await act(outreach, ID, 'snooze')).json.data.attributes.dueAt;

    expect(await snooze()).toBe(expected);
    expect(Date.parse(await snooze()) - Date.parse(expected)).toBe(86_400_000);
  });

  it('snooze takes an explicit time, and may mark as urgent', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    await act(outreach, ID, 'snooze', { dueAt: '2026-03-12T09:00:00Z', markAsUrgent: 'true' });

    expect(outreach.task(ID)).toMatchObject({ dueAt: '2026-03-12T09:00:00.000Z', priorityId: '4' });
  });

  it('reschedule sets the time, also to one in the past, where an undo has to lead', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    expect((await act(outreach, ID, 'reschedule', { dueAt: '2026-03-01T09:00:00+01:00' })).status).toBe(200);
    const moved = { dueAt: '2026-03-01T08:00:00.000Z', updatedAt: '2026-03-09T12:00:00.000Z' };
    expect(outreach.task(ID)).toMatchObject(moved);
  });

  it('reassignOwner: from then on it is invisible to the one who gave it away', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    expect((await act(outreach, ID, 'reassignOwner', { ownerId: OTHER })).status).toBe(200);
    expect(outreach.task(ID)?.ownerId).toBe(OTHER);
    expect((await ask(outreach, `GET /tasks/${ID}`)).status).toBe(404);
  });

  it('updateNote and updateOpportunityAssociation', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    expect((await act(outreach, ID, 'updateNote', { note: 'Say <hi> & bye' })).status).toBe(200);
    await act(outreach, ID, 'updateOpportunityAssociation', { opportunityAssociation: 'recent_created' });

    expect(outreach.task(ID)).toMatchObject({ note: 'Say <hi> & bye', opportunityAssociation: 'recent_created' });
  });

  // outreach.md 4.9: deliver sends mail: the simulator has every use of it fail
  it('deliver sends mail, which is never expected', async () => {
    const outreach = await start({ tasks: [step(ID, { taskType: 'sequence_step_email' })] });

    expect((await act(outreach, ID, 'deliver')).status).toBe(200);
    expect(outreach.effects).toEqual([{ kind: 'mailed', at: NOW, taskId: ID }]);
    expect(breaches(outreach)).toHaveLength(1);
  });
});

describe('editing', () => {
  it('changes what was sent and nothing else', async () => {
    const outreach = await start({ tasks: [task(ID, { note: 'kept' })] });
    const sent = { dueAt: null, autoskipAt: '2026-04-01T00:00:00Z', action: 'email' };

    const body = `{"data":{"type":"task","id":${ID},"attributes":${JSON.stringify(sent)}}}`;
    expect((await ask(outreach, `PATCH /tasks/${ID}`, { body })).status).toBe(200);

    expect(outreach.task(ID)).toMatchObject({ ...sent, note: 'kept' });
  });

  it('takes the id as text too', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    const body = { data: { type: 'task', id: ID, attributes: { note: 'x' } } };

    expect((await ask(outreach, `PATCH /tasks/${ID}`, { body })).status).toBe(200);
  });
});

describe('deleting', () => {
  it.each([
    ['a task leaves nothing', task(ID), []],
    ['a sequence task strands its prospect', step(ID), [{ kind: 'stranded', ...STEP }]],
  ])('answers 204 with nothing in it, and then 404; %s', async (_, held, effects) => {
    const outreach = await start({ tasks: [held] });

    const got = await ask(outreach, `DELETE /tasks/${ID}`);

    expect([got.status, got.text, got.headers.get('x-ratelimit-limit')]).toEqual([204, '', '10000']);
    expect([outreach.task(ID), outreach.effects]).toEqual([undefined, effects]);
    expect((await ask(outreach, `DELETE /tasks/${ID}`)).status).toBe(404);
  });

  it('tells a missing scope from a profile that forbids it', async () => {
    const outreach = await start({ tasks: [task('1', { canDelete: false })] });
    const { accessToken } = outreach.grant(OWNER, ['tasks.read', 'tasks.write']);

    const scope = await ask(outreach, 'DELETE /tasks/1', { token: accessToken });

    expect(refusal(scope)).toEqual([403, 'unauthorizedOauthScope']);
    expect(refusal(await ask(outreach, 'DELETE /tasks/1'))).toEqual([403, 'unauthorizedRequest']);
  });
});

describe('creating', () => {
  function create(outreach: Awaited<ReturnType<typeof start>>, attributes: object): Promise<Got> {
    const relationships = {
      owner: { data: { type: 'user', id: OWNER } },
      subject: { data: { type: 'prospect', id: PROSPECT } },
    };
    return ask(outreach, 'POST /tasks', { body: { data: { type: 'task', attributes, relationships } } });
  }

  it('makes a manual task with an id of its own', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    const got = await create(outreach, { action: 'call', dueAt: '2026-03-11T09:00:00Z', note: 'Ring' });

    expect([got.status, ids(got)]).toEqual([201, ['7304958120347716182']]);
    expect(outreach.task('7304958120347716182')).toMatchObject({
      taskType: 'manual',
      state: 'incomplete',
      prospectId: PROSPECT,
      accountId: '51',
      createdAt: '2026-03-09T12:00:00.000Z',
    });
  });

  it('never gives an id twice', async () => {
    const outreach = await start();

    expect(ids(await create(outreach, { action: 'call' }))).toEqual(['1']);
    outreach.remove('1');

    expect(ids(await create(outreach, { action: 'call' }))).toEqual(['2']);
  });
});

describe('what it holds', () => {
  it('refers by digits only, and knows what it cannot complete, remove or grant', async () => {
    const outreach = await start();

    expect(() => outreach.put(task('1', { prospectId: '01' }))).toThrow(TypeError);
    expect(() => outreach.complete('1')).toThrow(RangeError);
    expect(() => outreach.remove('1')).toThrow(RangeError);
    expect(() => outreach.grant('12345')).toThrow(RangeError);
    expect(() => outreach.redeliver(0)).toThrow(RangeError);
  });

  it('has no completion on a task that is open again', async () => {
    const outreach = await start({ tasks: [task('1')] });
    outreach.complete('1');
    const done = outreach.task('1');

    if (done) outreach.put({ ...done, state: 'incomplete' });

    expect(done?.completedAt).toBe('2026-03-09T12:00:00.000Z');
    expect(outreach.task('1')).not.toHaveProperty('completedAt');
  });
});
