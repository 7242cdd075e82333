/** What an Outreach task is shown with: its kind, its person, its deal, its text; and what is asked for to know it. */
import { describe, expect, it } from 'vitest';
import type { OutreachOptions, OutreachProspect, OutreachTask } from '../../../sandbox/outreach/types.ts';
import { LONGEST_NOTE, type Task } from '../../../src/core/model/task.ts';
import { answer, click, fails, failureOf } from '../../contract/provider-harness.ts';
import { askedOf, BOOK, OWNER, outreachTask, readOpen, STEP, STRANGER, type Started, start } from './harness.ts';

const ID = '9007199254740993';

async function taskOf(task: Partial<OutreachTask>, more: Partial<OutreachOptions> = {}): Promise<Task> {
  return readOpen(await start({ simulator: { ...BOOK, ...more, tasks: [outreachTask({ id: ID, ...task })] } }), ID);
}

const [DANA = expect.fail()] = BOOK.prospects;

async function contactOf(more: Partial<OutreachProspect>): Promise<Task['contact']> {
  return (await taskOf(STEP, { prospects: [{ ...DANA, ...more }] })).contact;
}

/** What is read when Outreach answers with this. */
async function readFrom(attributes: object, relationships: object = {}, included: readonly object[] = []) {
  const started = await start();
  const wire = { type: 'task', id: 1, attributes: { state: 'incomplete', ...attributes }, relationships };
  started.outreach.fail({ how: answer({ data: wire, included }) });
  return readOpen(started, '1');
}

describe('the kind of an Outreach task', () => {
  // outreach.md 2.15
  it.for([
    ['sequence_step_call', 'call', 'call'],
    ['sequence_step_email', 'email', 'email'],
    ['sequence_step_sms', 'action_item', 'sms'],
    ['sequence_step_task', 'action_item', 'todo'],
    ['sequence_step_linkedin_send_message', 'action_item', 'linkedin'],
    ['sequence_step_linkedin_view_profile', 'action_item', 'linkedin'],
    ['manual', 'call', 'call'],
    ['follow_up', 'email', 'email'],
    ['touch', 'in_person', 'meeting'],
    ['no_reply', 'action_item', 'todo'],
    ['manual', 'fax', 'other'],
    ['manual', 'constructor', 'other'],
    ['sequence_step_fax', null, 'other'],
    [null, null, 'other'],
    [7, {}, 'other'],
  ] as const)('with the type %s and the action %s is %s', async ([taskType, action, kind]) => {
    expect((await readFrom({ taskType, action })).kind).toBe(kind);
  });
});

describe('the step of an Outreach task', () => {
  const of = (order: unknown, sequenceSequenceSteps: unknown) =>
    readFrom(
      { taskType: 'sequence_step_call' },
      { sequenceStep: { data: { type: 'sequenceStep', id: 92 } }, sequenceSequenceSteps },
      [{ type: 'sequenceStep', id: 92, attributes: { order } }],
    );
  const ids = [91, 92, 93].map((id) => ({ type: 'sequenceStep', id }));
  const linked = { links: { related: 'https://api.outreach.io/api/v2/sequenceSteps' } };

  // outreach.md 2.16
  it.for([
    [2, ids.map((data) => ({ data })), { at: 2, of: 3 }],
    [2, { data: ids }, { at: 2, of: 3 }],
    [2, { data: [] }, { at: 2 }],
    [2, linked, { at: 2 }],
    [2, [linked, linked, linked], { at: 2 }],
    // Fewer than it has: they are not all.
    [4, { data: ids }, { at: 4 }],
    [0, { data: ids }, undefined],
    [-1, { data: ids }, undefined],
    ['2', { data: ids }, undefined],
    [null, 7, undefined],
  ] as const)('of order %j, with the steps %j, is %j', async ([order, steps, step]) => {
    expect((await of(order, steps)).step).toEqual(step);
  });

  it('says of how many, as Outreach has them', async () => {
    const others = [1, 2].map((order) => ({
      id: `9${order + 3}`,
      sequenceId: order === 1 ? '91' : '99',
      order,
      displayName: 'x',
      stepType: 'call',
    }));
    const [step = expect.fail()] = BOOK.steps;
    expect((await taskOf(STEP, { steps: [{ ...step, order: 2 }, ...others] })).step).toEqual({ at: 2, of: 2 });
  });
});

describe('the person of an Outreach task', () => {
  // outreach.md 2.13
  it('can be reached in the ways that Outreach knows, the best one first', async () => {
    const contact = await contactOf({
      emails: ['dana@larkspur.example', 'DANA@larkspur.example', 'x', 'd.okonjo@larkspur.example'],
      homePhones: ['+1 312 555 0104'],
      otherPhones: ['+1 312 555 0103', 'n/a'],
      workPhones: ['+1 312 555 0102', '+1 (312) 555-0101'],
      mobilePhones: ['+1 312 555 0101'],
      linkedInUrl: 'https://social.example/in/dana',
      timeZone: 'America/Chicago',
    });
    expect(contact).toMatchObject({
      phones: [
        { number: '+1 312 555 0101', label: 'mobile' },
        { number: '+1 312 555 0102', label: 'work' },
        { number: '+1 312 555 0103', label: 'other' },
        { number: '+1 312 555 0104', label: 'home' },
      ],
      emails: ['dana@larkspur.example', 'd.okonjo@larkspur.example'],
      linkedIn: 'https://social.example/in/dana',
      zone: 'America/Chicago',
    });
  });

  it('lives in the zone of IANA where Outreach has one, and else in the one that somebody wrote', async () => {
    const written = 'Mountain Time (US & Canada)';
    expect(await contactOf({ timeZone: written, timeZoneIana: 'America/Denver' })).toMatchObject({
      zone: 'America/Denver',
    });
    expect(await contactOf({ timeZone: written })).not.toHaveProperty('zone');
  });

  // outreach.md 2.14
  it.for([
    [{ callOptedOut: true }, ['calls']],
    [{ emailOptedOut: true }, ['emails']],
    [{ optedOut: true }, ['emails']],
    [{ optedOut: true, callOptedOut: true, emailOptedOut: true }, ['calls', 'emails']],
    [{ optedOut: false, callOptedOut: false, emailOptedOut: false }, undefined],
  ] as const)('with %j does not want: %j', async ([flags, optedOut]) => {
    expect((await contactOf(flags))?.optedOut).toEqual(optedOut);
  });

  it('was last touched when Outreach says so', async () => {
    const touchedAt = '2026-11-20T15:04:05.000Z';
    const touched = await taskOf(STEP, { prospects: [{ ...DANA, touchedAt }] });
    expect(touched.lastTouchAt).toBe(Date.parse(touchedAt));
    expect(await taskOf(STEP)).not.toHaveProperty('lastTouchAt');
  });

  // outreach.md 9.1
  it('has a page, whose link is that of the task, also where the rep may not read prospects', async () => {
    const url = 'https://web.outreach.io/prospects/71/overview';
    const task = outreachTask({ id: ID, ...STEP });
    const started = await start({ scopes: ['tasks.read'], simulator: { ...BOOK, tasks: [task] } });
    const read = await readOpen(started, ID);
    expect(read.url).toBe(url);
    expect(read).not.toHaveProperty('contact');
  });
});

// outreach.md 2.17
it('the deal of an Outreach task says its currency, its day and its chance', async () => {
  const [deal = expect.fail()] = BOOK.opportunities;
  const opportunity = { ...deal, closeDate: '2026-12-18T23:00:00.000Z', probability: 0, currencyType: 'eur' };
  expect((await taskOf(STEP, { opportunities: [opportunity] })).deal).toEqual({
    name: 'Larkspur renewal',
    amount: '48000',
    currency: 'EUR',
    closesOn: '2026-12-18',
    probability: 0,
  });
});

describe('the note of an Outreach task', () => {
  // outreach.md 2.8, 2.18; contracts, rule 10
  it('is what is to be sent, and then what somebody noted, as text', async () => {
    const task = await taskOf({
      ...STEP,
      taskType: 'sequence_step_sms',
      compiledSequenceTemplateHtml: '<div>Hi Dana,</div><div><br></div><div>still on for <b>10:30</b>?</div>',
      note: 'She reads SMS &amp; no mail.\nBe short.',
    });
    expect(task.note).toBe('Hi Dana,\n\nstill on for 10:30?\n\nShe reads SMS & no mail.\nBe short.');
  });

  it.for([
    ['Ring back', undefined],
    ['<p>Ring&nbsp;back</p>', undefined],
    ['Ring back\nbefore noon', 'Ring back\nbefore noon'],
    [`Ring ${'x'.repeat(200)}`, `Ring ${'x'.repeat(200)}`],
    ['…', undefined],
  ] as const)('%j is %j: it does not repeat the title', async ([note, shown]) => {
    expect((await taskOf({ note })).note).toBe(shown);
  });

  it('of a step, whose title is that of the step, is shown whole', async () => {
    expect((await taskOf({ ...STEP, note: 'Ring back' })).note).toBe('Ring back');
  });

  it('ends somewhere', async () => {
    const note = (await taskOf({ ...STEP, note: 'x y '.repeat(16_000) })).note ?? '';
    expect(note.length).toBeLessThanOrEqual(LONGEST_NOTE);
    expect(note.endsWith('…')).toBe(true);
  });
});

describe('an account of Outreach that lacks a field', () => {
  const lacking = () =>
    start({ simulator: { ...BOOK, lacks: ['timeZoneIana'], tasks: [outreachTask({ id: ID, ...STEP })] } });
  const fieldsOf = ({ outreach }: Started) =>
    outreach.requests.map((request) => askedOf(request)[1]['fields[prospect]']?.split(',').length);

  // outreach.md 2.13
  it('is asked once more for those that every account has, and never again for the others', async () => {
    const started = await lacking();
    const { tasks } = await started.provider.listTasks(OWNER, click);
    expect(tasks).toMatchObject([{ id: ID, contact: { name: 'Dana Okonjo', company: 'Larkspur' } }]);
    await started.provider.listTasks(STRANGER, click);
    expect(await readOpen(started, ID)).toMatchObject({ contact: { name: 'Dana Okonjo' } });
    expect(fieldsOf(started)).toEqual([17, 6, 6, 6]);
    expect(askedOf(started.outreach.requests[1] ?? expect.fail())[1]).toMatchObject({
      'fields[opportunity]': 'name,amount',
    });
  });

  it('is found out by the reading of one task too', async () => {
    const started = await lacking();
    await readOpen(started, ID);
    await readOpen(started, ID);
    expect(fieldsOf(started)).toEqual([17, 6, 6]);
  });

  // outreach.md 5.400
  it('is not the reason of a refusal that meets both questions, and that is told', async () => {
    const started = await start({ simulator: { ...BOOK, tasks: [outreachTask({ id: ID, ...STEP })] } });
    started.outreach.fail({ times: 2, how: { kind: 'answer', status: 400 } });
    const operation = 'GET /api/v2/tasks';
    expect(await failureOf(started.provider.listTasks(OWNER, click))).toMatchObject({ kind: 'invalid', operation });
    await started.provider.listTasks(OWNER, click);
    expect(fieldsOf(started)).toEqual([17, 6, 17]);
  });

  it.for([403, 422, 500])('is not suspected for a %i', async (status) => {
    const started = await start();
    started.outreach.fail({ how: { kind: 'answer', status } });
    await failureOf(started.provider.listTasks(OWNER, click));
    expect(started.outreach.requests).toHaveLength(1);
  });

  it('is not suspected once it has answered: a later page is refused for another reason', async () => {
    const started = await start();
    const next = `${started.outreach.url}/api/v2/tasks?page%5Bafter%5D=x`;
    started.outreach.fail({ how: answer({ data: [], links: { next } }) });
    started.outreach.fail({ how: { kind: 'answer', status: 400 } });
    await fails(started.provider.listTasks(OWNER, click), 'invalid');
    expect(started.outreach.requests).toHaveLength(2);
  });
});
