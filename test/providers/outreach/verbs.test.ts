import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import type { OutreachTask } from '../../../sandbox/outreach/types.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { SCOPES } from '../../../src/providers/outreach/oauth.ts';
import { answer, click, fails, failureOf, LATER } from '../../contract/provider-harness.ts';
import { askedOf, BOOK, OWNER, outreachTask, readOpen, STEP, STRANGER, type Started, start } from './harness.ts';

const ID = '9007199254740993';
const LINKEDIN = ['interact_with_post', 'other', 'send_connection_request', 'send_message', 'view_profile'] as const;
const STEP_TYPES = [
  ...(['call', 'email', 'sms', 'task'] as const).map((kind) => `sequence_step_${kind}` as const),
  ...LINKEDIN.map((kind) => `sequence_step_linkedin_${kind}` as const),
];
const OTHER_TYPES = ['follow_up', 'manual', 'no_reply', 'sequence_open', 'sequence_click', 'touch'] as const;

const FINAL = { reversible: false, repeatable: false };

/** Outreach with one task, as it is read. */
async function withTask(task: Partial<OutreachTask> = {}, scopes: readonly string[] = SCOPES) {
  const started = await start({ scopes, simulator: { ...BOOK, tasks: [outreachTask({ id: ID, ...task })] } });
  const read = await readOpen(started, ID);
  return { ...started, task: read, allows: started.provider.capabilities.of(read) };
}

function perform({ provider, task }: Started & { task: Task }, change: Change) {
  return provider.perform(OWNER, task, change, click);
}

/** What was asked after the task had been read. */
function asked({ outreach }: Started) {
  return outreach.requests.slice(1).map(askedOf);
}

/** The same as `POST 422`. */
function statuses({ outreach }: Started) {
  return outreach.requests.slice(1).map(({ method, status }) => `${method} ${status}`);
}

// outreach.md 4.3: advance is for the nine types of steps only
it.for(STEP_TYPES)(
  'a task of Outreach allows to be skipped when it is a %s, with the sequence going on',
  async (taskType) => {
    const started = await withTask({ ...STEP, taskType });
    const { verbs, endings, completionNote } = started.allows;
    const consequence =
      'Skips step 4 of Enterprise outbound; the sequence moves Dana Okonjo on. Nobody can bring the step back.';
    expect(verbs.dismiss).toEqual({ ...FINAL, consequence });
    expect(endings?.map(({ id }) => id)).toEqual(['finish_no_reply', 'finish_replied']);
    expect(completionNote).toMatch(/prospect's record/);
    await perform(started, { verb: 'dismiss' });
    expect(asked(started)).toEqual([[`POST /api/v2/tasks/${ID}/actions/advance`, {}]]);
    expect(started.outreach.effects).toMatchObject([{ kind: 'advanced', sequenceId: '91', prospectId: '71' }]);
  },
);

// outreach.md 3.4: a deletion is answered by 204 without a body
it.for(OTHER_TYPES)('a task of Outreach allows to be deleted when it is a %s', async (taskType) => {
  const started = await withTask({ taskType });
  const { verbs, endings, completionNote } = started.allows;
  const consequence = 'Deletes the task in Outreach. Nobody can bring it back.';
  expect(verbs.dismiss).toEqual({ ...FINAL, consequence });
  expect([endings, completionNote]).toEqual([undefined, undefined]);
  await perform(started, { verb: 'dismiss' });
  expect(asked(started)).toEqual([[`DELETE /api/v2/tasks/${ID}`, {}]]);
  expect(started.outreach.task(ID)).toBeUndefined();
});

// outreach.md 2.10; contracts, unknown O6; outreach.md 4.4: deleting a step would strand its prospect
it.for<[string, Partial<OutreachTask>, (readonly string[])?]>([
  ['the rep did not let us delete', {}, SCOPES.filter((scope) => scope !== 'tasks.delete')],
  ["the rep's profile forbids it", { canDelete: false }],
  ['its type is none that we know: it may be a step', { taskType: 'sequence_step_fax' as never }],
])('a task of Outreach allows no dismissal where %s', async ([, task, scopes]) => {
  const started = await withTask(task, scopes);
  expect(started.allows.verbs).not.toHaveProperty('dismiss');
  await fails(perform(started, { verb: 'dismiss' }), 'invalid');
  expect(asked(started)).toEqual([]);
});

it('a task of Outreach allows deletion where the rights are not told, but the scope is there', async () => {
  const started = await start({ scopes: ['tasks.all'] });
  const attributes = { state: 'incomplete', taskType: 'manual' };
  started.outreach.fail({ how: answer({ data: { id: ID, attributes } }) });
  expect(started.provider.capabilities.of(await readOpen(started, ID)).verbs).toHaveProperty('dismiss');
});

// outreach.md 2.9: canWrite decides about buttons
it('a task of Outreach allows nothing where the rep may not change it', async () => {
  const started = await withTask({ canWrite: false });
  expect(started.allows).toEqual({ verbs: {} });
  await fails(perform(started, { verb: 'done' }), 'invalid');
  expect(asked(started)).toEqual([]);
});

// contracts, unknown O3: Done of an e-mail step says that nothing is sent
it('a task of Outreach says what follows from being done where mail is expected', async () => {
  const mail = await withTask({ ...STEP, taskType: 'sequence_step_email' });
  expect(mail.allows.verbs.done?.consequence).toMatch(/^Docket sends no e-mail/);
  expect((await withTask(STEP)).allows.verbs.done).toEqual(FINAL);
});

// outreach.md 2, 4
it.for([
  ['its skipping, at its time', { kind: 'sequence_step_call' }, 9, { costs: 'skipped', at: 9 }],
  ['its skipping, of whatever type', { kind: 'manual' }, 9, { costs: 'skipped', at: 9 }],
  ['a sequence that waits', { kind: 'sequence_step_call' }, undefined, { costs: 'waits' }],
  [
    'the same where nothing may be changed',
    { kind: 'sequence_step_call', readOnly: true },
    undefined,
    { costs: 'waits' },
  ],
  ['nothing', { kind: 'manual' }, undefined, undefined],
] as const)('to ignore a task of Outreach costs %s', async ([, facts, skipsAt, ignored]) => {
  const { provider } = await start();
  const task = { provider: 'outreach', id: '1', title: 'x', dueAt: 0, facts, ...(skipsAt && { skipsAt }) };
  expect(provider.capabilities.of(task).ignored).toEqual(ignored);
});

it('a task of Outreach says and offers no more than fits', async () => {
  const { provider } = await start();
  const long = '😀'.repeat(500);
  const facts = { kind: 'sequence_step_email', step: 1_000_000 };
  const task = { provider: 'outreach', id: '1', title: 'x', flow: long, contact: { name: long }, dueAt: 0, facts };
  const { verbs, endings = [] } = provider.capabilities.of(task);
  for (const { consequence = '' } of Object.values(verbs)) expect(consequence.length).toBeLessThanOrEqual(300);
  for (const { text } of endings) expect(text.length).toBeLessThanOrEqual(60);
});

// outreach.md 3.1: state is read-only: nothing is opened again
it('a task of Outreach allows only times to be taken back', async () => {
  const started = await withTask();
  const which = (of: 'reversible' | 'repeatable') =>
    Object.entries(started.allows.verbs).flatMap(([verb, capability]) => (capability[of] ? [verb] : []));
  expect(which('reversible')).toEqual(['snooze', 'reschedule']);
  expect(which('repeatable')).toEqual(['snooze', 'reschedule', 'note', 'rule']);
  for (const verb of ['done', 'dismiss', 'note', 'reassign', 'rule'] as const) {
    await fails(started.provider.undo(OWNER, started.task, verb, click), 'invalid');
  }
  expect(asked(started)).toEqual([]);
});

// outreach.md 4.1: an action takes no body
it('done asks for nothing more, and the sequence goes on', async () => {
  const started = await withTask(STEP);
  expect(await perform(started, { verb: 'done' })).toEqual({ reference: undefined });
  expect(asked(started)).toEqual([[`POST /api/v2/tasks/${ID}/actions/markComplete`, {}]]);
  expect(started.outreach.effects).toMatchObject([{ kind: 'advanced' }]);
});

// outreach.md 4.5: an ending is one of the two that finish a sequence
it.for([
  ['finish_no_reply', false],
  ['finish_replied', true],
] as const)('done as %s finishes the sequence', async ([ending, replied]) => {
  const started = await withTask(STEP);
  const note = 'Left a message + called & mailed';
  await perform(started, { verb: 'done', ending, note });
  const effects = [
    { kind: 'noted', prospectId: '71', note },
    { kind: 'finished', replied },
  ];
  expect(started.outreach.effects).toMatchObject(effects);
});

// outreach.md 4.6: any other ending would advance, and is refused
it.for<[string, Partial<OutreachTask>, Change]>([
  ['an unknown ending', STEP, { verb: 'done', ending: 'finish_bounced' }],
  ['an ending of no sequence', {}, { verb: 'done', ending: 'finish_replied' }],
  ['a note for nobody', {}, { verb: 'done', note: 'hello' }],
  ['a note that no address has room for', STEP, { verb: 'done', note: 'é'.repeat(300) }],
])('done with %s is refused before anything is sent', async ([, task, change]) => {
  const started = await withTask(task);
  await fails(perform(started, change), 'invalid');
  expect(asked(started)).toEqual([]);
});

// contracts, rule 9: no note, no address, no credential
it('done with a note fails without telling it', async () => {
  const started = await withTask(STEP);
  for (const how of [answer('', 500), { kind: 'reset' } as const, answer({})]) {
    started.outreach.fail({ on: 'POST', how });
    const error = await failureOf(perform(started, { verb: 'done', note: 'Private-remark' }));
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('Private-remark');
  }
  expect(asked(started)).toHaveLength(3);
});

// outreach.md 4.8: long texts have no room in an address
it('done takes as long a note as an address has room for', async () => {
  const started = await withTask({ prospectId: '71' });
  await perform(started, { verb: 'done', note: 'x'.repeat(1_400) });
  expect(started.outreach.effects).toMatchObject([{ kind: 'noted' }]);
});

const VERBS = [['done'], ['dismiss']] as const;

/** A step whose end Outreach refuses. */
async function refused() {
  const started = await withTask(STEP);
  started.outreach.fail({ on: 'POST', how: { kind: 'answer', status: 422 } });
  return started;
}

// outreach.md 5.422: 422 of Done is settled by reading
it.for(VERBS)('what has ended already, or is gone meanwhile, is %s', async ([verb]) => {
  for (const [end, read] of [
    ['complete', 'GET 200'],
    ['remove', 'GET 404'],
  ] as const) {
    const started = await refused();
    started.outreach[end](ID);
    await perform(started, { verb });
    expect(statuses(started)).toEqual(['POST 422', read]);
    expect(started.outreach.effects).toEqual([]);
  }
});

// contracts, unknown O1: after 422 the state decides
it.for(VERBS)(
  'nothing has ended while it is open, and nobody knows when the reading fails as well: %s',
  async ([verb]) => {
    const started = await refused();
    await fails(perform(started, { verb }), 'invalid', { status: 422 });
    started.outreach.fail({ on: 'POST', how: { kind: 'answer', status: 422 } });
    started.outreach.fail({ on: 'GET', how: { kind: 'reset' } });
    await fails(perform(started, { verb }), 'unavailable');
  },
);

// contracts, rule 4: 404 after a deletion is success: Outreach
it('what was deleted by someone else is deleted all the same', async () => {
  const started = await withTask();
  started.outreach.remove(ID);
  expect(await perform(started, { verb: 'dismiss' })).toEqual({ reference: undefined });
  expect(statuses(started)).toEqual(['DELETE 404', 'GET 404']);
});

it('nothing is gone because a deletion says so, as long as it can be read, nor because we may not delete it', async () => {
  const started = await withTask();
  started.outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 404 } });
  await fails(perform(started, { verb: 'dismiss' }), 'not_found', { status: 404 });
  started.outreach.put(outreachTask({ id: ID, canDelete: false }));
  await fails(perform(started, { verb: 'dismiss' }), 'forbidden', { status: 403 });
});

// contracts, conflict 11; outreach.md 4.2
it('a time is always named, in whole seconds and Z, and goes back as it was', async () => {
  const started = await withTask({ dueAt: '2026-11-27T10:30:00.250Z' });
  const to = (action: string, at: string) => [
    `POST /api/v2/tasks/${ID}/actions/${action}`,
    { 'actionParams[dueAt]': at },
  ];
  const back = to('reschedule', '2026-11-27T10:30:00.25Z');
  for (const verb of ['snooze', 'reschedule'] as const) {
    await perform(started, { verb, dueAt: LATER + 999 });
    await started.provider.undo(OWNER, started.task, verb, click);
  }
  const later = '2026-12-01T15:00:00Z';
  expect(asked(started)).toEqual([to('snooze', later), back, to('reschedule', later), back]);
});

// contracts, unknown O9: a due date that was not there cannot be put back
it('a time that was not there cannot be put back', async () => {
  const started = await withTask({ dueAt: null });
  await fails(started.provider.undo(OWNER, started.task, 'snooze', click), 'invalid');
  expect(asked(started)).toEqual([]);
});

it('a time of a closed task stays', async () => {
  const started = await withTask();
  started.outreach.complete(ID);
  await fails(perform(started, { verb: 'snooze', dueAt: LATER }), 'invalid');
});

const theirs = { owner: { data: { type: 'user', id: STRANGER.externalId } } };
/** What is asked for, and what shows it. */
const CHANGES: Record<string, [Change, object]> = {
  done: [{ verb: 'done' }, { attributes: { state: 'complete' } }],
  dismiss: [{ verb: 'dismiss' }, { attributes: { state: 'incomplete' } }],
  snooze: [{ verb: 'snooze', dueAt: LATER }, { attributes: { dueAt: '2026-12-01T16:00:00.9+01:00' } }],
  note: [{ verb: 'note', note: 'x' }, { attributes: {} }],
  reassign: [
    { verb: 'reassign', to: { externalId: STRANGER.externalId, name: 'Theo' } },
    { attributes: {}, relationships: theirs },
  ],
  rule: [{ verb: 'rule', rule: 'noop' }, { attributes: { opportunityAssociation: 'noop' } }],
};
const EACH = Object.entries(CHANGES);

async function answered(change: Change, data: object) {
  const started = await withTask(STEP);
  started.outreach.fail({ on: 'POST', how: answer({ data: { id: ID, ...data } }) });
  return perform(started, change);
}

// contracts, unknown O2: advance may leave any state behind
it.for(EACH)('an answer to a change is believed when it shows it: %s', async ([, [change, shown]]) => {
  expect(await answered(change, shown)).toEqual({ reference: undefined });
});

it.for(EACH)('an answer to a change is not believed when it shows another task: %s', async ([, [change, shown]]) => {
  const cause = { message: 'the answer does not show the change' };
  await fails(answered(change, { ...shown, id: '9007199254740992' }), 'unreadable', { cause });
});

// contracts, rule 3: the answer must show the change
it.for<[string, object]>([
  ['done', { state: 'incomplete' }],
  ['done', {}],
  ['snooze', { dueAt: '2026-12-01T15:00:01Z' }],
  ['snooze', { dueAt: null }],
  ['rule', { opportunityAssociation: 'recent_created' }],
])('an answer to a change is not believed when it shows another %s: %j', async ([verb, attributes]) => {
  const [change] = CHANGES[verb] ?? expect.fail();
  await fails(answered(change, { attributes }), 'unreadable');
});

// outreach.md 3.2: PATCH names type and id
it('an edit of the note goes into the address while it is short, else into the body', async () => {
  const started = await withTask();
  for (const note of ['Asks & answers <b>+</b>', 'y'.repeat(1_600), '']) {
    await perform(started, { verb: 'note', note });
    expect(started.outreach.task(ID)?.note).toBe(note);
  }
  const patch = `PATCH /api/v2/tasks/${ID}`;
  const requests = asked(started).map(([request]) => request);
  expect(requests).toEqual([`POST /api/v2/tasks/${ID}/actions/updateNote`, patch, patch]);
  const attributes = { note: 'y'.repeat(1_600) };
  expect(started.outreach.requests[2]?.body).toEqual({ data: { type: 'task', id: ID, attributes } });
  await fails(perform(started, { verb: 'note', note: 'x'.repeat(65_536) }), 'invalid');
});

it('an edit of a long note is not believed when the answer shows another task', async () => {
  const started = await withTask();
  started.outreach.fail({ on: 'PATCH', how: answer({ data: { id: '9007199254740992', attributes: {} } }) });
  const told = { operation: 'PATCH /api/v2/tasks/{id}' };
  await fails(perform(started, { verb: 'note', note: 'y'.repeat(1_600) }), 'unreadable', told);
});

it('an edit of the owner takes the task away, and is refused for nobody', async () => {
  const started = await withTask();
  for (const externalId of ['77', '1/2', '']) {
    await fails(perform(started, { verb: 'reassign', to: { externalId, name: 'x' } }), 'invalid');
  }
  expect(asked(started)).toHaveLength(1);
  await perform(started, { verb: 'reassign', to: { externalId: STRANGER.externalId, name: 'Theo' } });
  expect(started.outreach.task(ID)?.ownerId).toBe(STRANGER.externalId);
  expect(await started.provider.readTask(OWNER, ID, click)).toBeUndefined();
});

it('an edit of the rule takes the rules that are offered', async () => {
  const started = await withTask();
  const { rules = [] } = started.provider.editing ?? {};
  for (const { value } of rules) {
    await perform(started, { verb: 'rule', rule: value });
    expect(started.outreach.task(ID)?.opportunityAssociation).toBe(value);
  }
  expect(rules).toHaveLength(3);
  await fails(perform(started, { verb: 'rule', rule: 'newest' }), 'invalid');
});

it('an edit starts from what the task says', async () => {
  const note = ' <p>as it is</p>\n';
  const { provider, outreach } = await withTask({ note, opportunityAssociation: 'recent_updated' });
  const read = (id: string) => provider.editing?.read(OWNER, id, click);
  expect(await read(ID)).toEqual({ note, rule: 'recent_updated' });
  outreach.put(outreachTask({ id: '5' }));
  expect(await read('5')).toEqual({ note: '', rule: '' });
  outreach.complete(ID);
  expect(await read(ID)).toBeUndefined();
});

it('nothing is done to what has no id', async () => {
  const { provider, outreach, task } = await withTask();
  for (const id of ['../users', '', '1/2', '1?x', '١٢']) {
    await fails(provider.perform(OWNER, { ...task, id }, { verb: 'done' }, click), 'invalid');
    await fails(provider.undo(OWNER, { ...task, id }, 'snooze', click), 'invalid');
  }
  expect(outreach.requests).toHaveLength(1);
});
