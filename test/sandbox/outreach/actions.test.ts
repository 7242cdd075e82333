import { describe, expect, it } from 'vitest';
import type { OutreachTask } from '../../../sandbox/outreach/types.ts';
import { act, ask, ids, NOW, OTHER, OWNER, PROSPECT, refusal, start, step, task } from './outreach.ts';

const ID = '7304958120347716181';
const AT = '2026-03-09T12:00:00.000Z';
const NOTE = 'Left a <message> & more';
const RULE = { opportunityAssociation: 'recent_created' };
const COMPLETE = { state: 'complete', completerId: OWNER };
const STEP = { at: NOW, taskId: ID, sequenceId: '71', prospectId: PROSPECT };
const ADVANCED = { kind: 'advanced', ...STEP };
const FINISHED = { kind: 'finished', ...STEP };
const NOTED = { kind: 'noted', at: NOW, taskId: ID, note: NOTE };

describe('reading one task (outreach.md 3)', () => {
  it('answers it with what was asked for', async () => {
    const outreach = await start({ tasks: [step(ID)] });

    const query = 'include=prospect&fields[prospect]=name&provideAuthorizationMeta=true';
    const got = await ask(outreach, `GET /tasks/${ID}?${query}`);

    expect(ids(got)).toEqual([ID]);
    expect(got.json.data.meta).toEqual({ canWrite: true, canDelete: true });
    expect(got.json.included).toMatchObject([{ attributes: { name: 'Adaeze Whitlock' } }]);
  });
});

describe('actions (outreach.md 4)', () => {
  it('answer the task as it is now', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    const { json } = await act(outreach, ID, 'markComplete');

    const shown = { state: 'complete', completed: true, completedAt: AT };
    expect(json.data.attributes).toMatchObject(shown);
  });

  it.each<[string, OutreachTask, Record<string, string>, after: object, effects: object[]]>([
    ['markComplete', step(ID), {}, COMPLETE, [ADVANCED]],
    ['markComplete', step(ID), { completionAction: 'advance' }, COMPLETE, [ADVANCED]],
    ['markComplete', step(ID), { completionAction: 'finish_no_reply' }, COMPLETE, [{ ...FINISHED, replied: false }]],
    ['markComplete', step(ID), { completionAction: 'finish_replied' }, COMPLETE, [{ ...FINISHED, replied: true }]],
    // No step of a sequence: nothing moves.
    ['markComplete', task(ID), { completionAction: 'finish_replied', completionNote: NOTE }, COMPLETE, [NOTED]],
    ['advance', step(ID, { taskType: 'sequence_step_linkedin_other' }), {}, COMPLETE, [ADVANCED]],
    ['snooze', task(ID), { dueAt: '2026-03-12T09:00:00Z' }, { dueAt: '2026-03-12T09:00:00.000Z' }, []],
    // An undo has to lead into the past.
    ['reschedule', task(ID), { dueAt: '2026-03-01T09:00:00+01:00' }, { dueAt: '2026-03-01T08:00:00.000Z' }, []],
    ['reassignOwner', task(ID), { ownerId: OTHER }, { ownerId: OTHER }, []],
    ['updateNote', task(ID), { note: NOTE }, { note: NOTE }, []],
    ['updateOpportunityAssociation', task(ID), RULE, RULE, []],
  ])('%s of %o with %j', async (name, held, params, after, effects) => {
    const outreach = await start({ tasks: [held] });

    const got = await act(outreach, ID, name, params);

    expect([got.status, ids(got)]).toEqual([200, [ID]]);
    expect(outreach.task(ID)).toMatchObject({ ...after, updatedAt: AT });
    expect(outreach.effects).toEqual(effects);
  });

  it('what is given away is invisible from then on', async () => {
    const outreach = await start({ tasks: [task(ID)] });

    await act(outreach, ID, 'reassignOwner', { ownerId: OTHER });

    expect((await ask(outreach, `GET /tasks/${ID}`)).status).toBe(404);
  });
});

it.each([
  ['a number', ID],
  ['text', `"${ID}"`],
])('an edit changes the note and nothing else, with the id as %s', async (_, id) => {
  const outreach = await start({ tasks: [task(ID, { note: 'old' })] });

  const body = `{"data":{"type":"task","id":${id},"attributes":{"note":"new"}}}`;
  expect((await ask(outreach, `PATCH /tasks/${ID}`, { body })).status).toBe(200);

  expect(outreach.task(ID)).toEqual({ ...task(ID), note: 'new', updatedAt: AT });
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

it('a new task is manual, and gets an id of its own, never one that another had', async () => {
  const outreach = await start({ tasks: [task(ID)] });
  const create = () => {
    const attributes = { action: 'call', dueAt: '2026-03-11T09:00:00Z', note: 'Ring' };
    const owner = { data: { type: 'user', id: OWNER } };
    const subject = { data: { type: 'prospect', id: PROSPECT } };
    const data = { type: 'task', attributes, relationships: { owner, subject } };
    return ask(outreach, 'POST /tasks', { body: { data } });
  };

  const got = await create();

  expect([got.status, ids(got)]).toEqual([201, ['7304958120347716182']]);
  const held = { taskType: 'manual', state: 'incomplete', prospectId: PROSPECT, accountId: '51', createdAt: AT };
  expect(outreach.task('7304958120347716182')).toMatchObject(held);
  outreach.remove('7304958120347716182');
  expect(ids(await create())).toEqual(['7304958120347716183']);
});

it('a fault has the error of its status, and says in the log whose request it was', async () => {
  const outreach = await start();
  outreach.fail({ how: { kind: 'answer', status: 503 } });

  expect(refusal(await ask(outreach, 'GET /tasks'))).toEqual([503, 'scheduledServerMaintenance']);
  expect(outreach.requests).toMatchObject([{ status: 503, fault: true, userId: OWNER }]);
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
