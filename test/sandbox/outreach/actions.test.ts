import { describe, expect, it } from 'vitest';
import { act, ask, errorId, ids, LOCKED, list, NOW, OTHER, OWNER, PROSPECT, start, step, task } from './outreach.ts';

const ID = '7304958120347716181';
const STEP = { at: NOW, taskId: ID, sequenceId: '71', prospectId: PROSPECT };

describe('markComplete (outreach.md 4)', () => {
  it('completes, and answers the task', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    const reply = await act(outreach, ID, 'markComplete');

    expect(reply.status).toBe(200);
    expect(ids(reply)).toEqual([ID]);
    expect(reply.json.data.attributes).toMatchObject({
      state: 'complete',
      completed: true,
      completedAt: '2026-03-09T12:00:00.000Z',
      stateChangedAt: '2026-03-09T12:00:00.000Z',
    });
    expect(outreach.task(ID)).toMatchObject({ state: 'complete', completerId: OWNER });
    expect(outreach.effects).toEqual([]);
  });

  it.each([
    [{}, { kind: 'advanced', ...STEP }],
    [{ completionAction: 'advance' }, { kind: 'advanced', ...STEP }],
    [{ completionAction: 'finish_no_reply' }, { kind: 'finished', replied: false, ...STEP }],
    [{ completionAction: 'finish_replied' }, { kind: 'finished', replied: true, ...STEP }],
  ])('moves the sequence of a step: %j', async (params, effect) => {
    const outreach = await start({ tasks: [step(ID)] });

    expect((await act(outreach, ID, 'markComplete', params)).status).toBe(200);
    expect(outreach.effects).toEqual([effect]);
  });

  it('leaves no trace in a sequence for a task that is no step', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    await act(outreach, ID, 'markComplete', {
      completionAction: 'finish_replied',
      completionNote: 'Left a message & more',
    });

    expect(outreach.effects).toEqual([{ kind: 'noted', at: NOW, taskId: ID, note: 'Left a message & more' }]);
  });

  it('refuses what is already complete, as a correct client may meet it', async () => {
    const outreach = await start({ tasks: [step(ID, { state: 'complete' })] });

    for (const [name, params] of [
      ['markComplete', {}],
      ['advance', {}],
      ['snooze', {}],
      ['reschedule', { dueAt: '2026-03-10T09:00:00Z' }],
      ['updateNote', { note: 'x' }],
    ] as const) {
      const reply = await act(outreach, ID, name, params);
      expect([name, reply.status, errorId(reply)]).toEqual([name, 422, 'validationError']);
    }
    expect(outreach.effects).toEqual([]);
    expect(outreach.unexpected).toEqual([]);
  });
});

describe('advance', () => {
  it('moves the sequence on, and the task is no longer open', async () => {
    const outreach = await start({ tasks: [step(ID, { taskType: 'sequence_step_linkedin_other' })] });

    expect((await act(outreach, ID, 'advance')).status).toBe(200);
    expect(outreach.effects).toEqual([{ kind: 'advanced', ...STEP }]);
    expect(ids(await list(outreach, { 'filter[state]': 'incomplete' }))).toEqual([]);
  });

  it.each(['manual', 'follow_up', 'no_reply', 'touch', 'sequence_open', 'sequence_click'] as const)(
    'refuses a task of type %s',
    async (taskType) => {
      const outreach = await start({ tasks: [task(ID, { taskType })] });

      const reply = await act(outreach, ID, 'advance');

      expect([reply.status, errorId(reply)]).toEqual([422, 'validationError']);
      expect(outreach.task(ID)?.state).toBe('incomplete');
      expect(outreach.effects).toEqual([]);
    },
  );
});

describe('times', () => {
  it.each([
    ['a due date ahead', '2026-03-09T20:00:00Z', '2026-03-10T20:00:00.000Z'],
    ['one that has passed', '2026-03-01T20:00:00Z', '2026-03-10T12:00:00.000Z'],
    ['none', null, '2026-03-10T12:00:00.000Z'],
  ])('snooze adds a day to the later of now and %s, each time', async (_, dueAt, expected) => {
    const outreach = await start({ tasks: [task(ID, { dueAt })] });

    expect((await act(outreach, ID, 'snooze')).json.data.attributes.dueAt).toBe(expected);
    const again = (await act(outreach, ID, 'snooze')).json.data.attributes.dueAt;

    expect(Date.parse(again) - Date.parse(expected)).toBe(86_400_000);
  });

  it('snooze takes an explicit time, and may mark as urgent', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    const reply = await act(outreach, ID, 'snooze', { dueAt: '2026-03-12T09:00:00Z', markAsUrgent: 'true' });

    expect(reply.json.data.attributes.dueAt).toBe('2026-03-12T09:00:00.000Z');
    expect(outreach.task(ID)?.priorityId).toBe('4');
  });

  it('reschedule sets the time, also to one in the past, where an undo has to lead', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    expect((await act(outreach, ID, 'reschedule', { dueAt: '2026-03-01T09:00:00+01:00' })).status).toBe(200);
    expect(outreach.task(ID)).toMatchObject({
      dueAt: '2026-03-01T08:00:00.000Z',
      updatedAt: '2026-03-09T12:00:00.000Z',
    });
  });
});

describe('the other actions', () => {
  it('reassignOwner: from then on it is invisible to the one who gave it away', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    expect((await act(outreach, ID, 'reassignOwner', { ownerId: OTHER })).status).toBe(200);
    expect(outreach.task(ID)?.ownerId).toBe(OTHER);
    expect((await ask(outreach, 'GET', `/tasks/${ID}`)).status).toBe(404);
  });

  it.each([
    ['nobody', '12345'],
    ['someone locked', LOCKED],
  ])('reassignOwner to %s is refused', async (_, ownerId) => {
    const outreach = await start({ tasks: [task(ID)] });

    const reply = await act(outreach, ID, 'reassignOwner', { ownerId });

    expect([reply.status, errorId(reply)]).toEqual([422, 'validationError']);
    expect(outreach.task(ID)?.ownerId).toBe(OWNER);
  });

  it('updateNote and updateOpportunityAssociation', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    expect((await act(outreach, ID, 'updateNote', { note: 'Say <hi> & bye' })).status).toBe(200);
    await act(outreach, ID, 'updateOpportunityAssociation', { opportunityAssociation: 'recent_created' });

    expect(outreach.task(ID)).toMatchObject({ note: 'Say <hi> & bye', opportunityAssociation: 'recent_created' });
    expect(outreach.unexpected).toEqual([]);
  });

  // outreach.md 4.9: deliver sends mail: the simulator has every use of it fail
  it('deliver sends mail, which is never expected', async () => {
    const outreach = await start({ tasks: [step(ID, { taskType: 'sequence_step_email' })] });

    expect((await act(outreach, ID, 'deliver')).status).toBe(200);
    expect(outreach.effects).toEqual([{ kind: 'mailed', at: NOW, taskId: ID }]);
    expect(outreach.unexpected).toHaveLength(1);
  });
});

describe('what an action does not take', () => {
  it.each<[string, Record<string, string>]>([
    ['markComplete', { dueAt: '2026-03-10T09:00:00Z' }],
    ['advance', { completionNote: 'x' }],
    ['snooze', { snoozeUntil: '2026-03-10T09:00:00Z' }],
    ['snooze', { dueAt: 'tomorrow' }],
    ['snooze', { dueAt: '2026-03-10T09:00:00 01:00' }],
    ['snooze', { markAsUrgent: 'yes' }],
    ['reschedule', {}],
    ['reschedule', { dueAt: '2026-03-10' }],
    ['reassignOwner', {}],
    ['reassignOwner', { ownerId: 'theo' }],
    ['updateNote', {}],
    ['updateOpportunityAssociation', { opportunityAssociation: 'newest' }],
  ])('%s with %j is a breach', async (name, params) => {
    const outreach = await start({ tasks: [step(ID)] });
    const before = outreach.task(ID);

    const reply = await act(outreach, ID, name, params);

    expect([reply.status, errorId(reply)]).toEqual([400, 'badRequest']);
    expect(outreach.unexpected).toHaveLength(1);
    expect(outreach.task(ID)).toEqual(before);
  });

  it("no body, no parameters but its own, and no name of the client's making", async () => {
    const outreach = await start({ tasks: [step(ID)] });

    const replies = [
      await act(outreach, ID, 'markComplete', {}, { body: { data: {} } }),
      await ask(outreach, 'POST', `/tasks/${ID}/actions/markComplete?include=prospect`),
      await ask(outreach, 'POST', `/tasks/${ID}/actions/reschedule?dueAt=2026-03-10T09:00:00Z`),
      await act(outreach, ID, 'dismiss'),
      await act(outreach, ID, 'constructor'),
    ];

    expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 404, 404]);
    expect(outreach.unexpected).toHaveLength(5);
    expect(outreach.task(ID)?.state).toBe('incomplete');
  });

  it('a task of someone else, or one that may not be changed', async () => {
    const outreach = await start({ tasks: [task('1', { ownerId: OTHER }), task('2', { canWrite: false })] });

    const others = await act(outreach, '1', 'markComplete');
    const fixed = await act(outreach, '2', 'markComplete');

    expect([others.status, errorId(others)]).toEqual([404, 'resourceNotFound']);
    expect([fixed.status, errorId(fixed)]).toEqual([403, 'unauthorizedRequest']);
    expect(outreach.tasks().map(({ state }) => state)).toEqual(['incomplete', 'incomplete']);
    expect(outreach.unexpected).toEqual([]);
  });
});
