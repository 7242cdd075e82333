import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/core/model/task.ts';
import { toTaskList } from '../../../src/providers/gong/mapping.ts';

const OWNER = '234599484848423';

function listOf(...tasks: unknown[]) {
  return toTaskList({ tasks }, OWNER);
}

function taskOf(fields: Record<string, unknown>): Task | undefined {
  return listOf({ id: 1, ...fields }).tasks[0];
}

// gong.md 2.4: a task of a flow has no title: one is made
it.for([
  [{ type: 'MANUAL', title: '  Call about renewal ' }, 'Call about renewal'],
  [{ type: 'FLOW', flow: { name: 'Out', step: { name: ' Make a call', stepNumber: 3 } } }, 'Make a call (step 3)'],
  [{ type: 'FLOW', flow: { step: { name: 'Make a call' } } }, 'Make a call'],
  [{ type: 'FLOW', flow: { step: { name: '', stepNumber: 3 } } }, 'Step 3'],
  [{ title: ' ', contact: { data: { firstName: 'Dana', lastName: null } } }, 'Call Dana'],
  [{ title: null, flow: null, contact: { data: { emails: [{}, { email: 'd@x.io' }] } } }, 'Call d@x.io'],
  [{ title: 7, flow: 'none', contact: [] }, 'Call task'],
] as const)('the title of a Gong task of %j is %s', ([fields, title]) => {
  expect(taskOf(fields)?.title).toBe(title);
});

// gong.md 2.10
it.for([
  ['FLOW', { flow: true }],
  [' flow ', { flow: true }],
  ['MANUAL', undefined],
  [undefined, undefined],
] as const)('a to-do of type %s has the facts %j', ([type, facts]) => {
  expect(taskOf({ type, flow: { name: 'Out' } })?.facts).toEqual(facts);
});

describe('what surrounds a Gong task', () => {
  const data = { firstName: ' Dana', lastName: 'Reyes ', title: 'CTO', companyName: '', crmUrl: 'https://crm.io/c/1' };
  const contact = { name: 'Dana Reyes', title: 'CTO', company: 'Acme', url: 'https://crm.io/c/1' };

  it('is read from every field that it has', () => {
    const task = taskOf({
      userId: 234599484848423,
      status: 'OPEN',
      dueDate: '2018-02-18T02:30:00-07:00',
      account: { name: 'Acme', crmUrl: 'http://crm.io/a/1' },
      opportunity: { name: 'Renewal', stage: 'Proposal', amount: '50000', crmUrl: 'https://crm.io/o/1' },
      flow: { id: '1695493301223590792', name: 'Outbound', step: { name: 'Call', stepNumber: 1 } },
      contact: { type: 'LEAD', data },
    });
    expect(task).toEqual({
      provider: 'gong',
      id: '1',
      title: 'Call (step 1)',
      kind: 'call',
      flow: 'Outbound',
      step: { at: 1 },
      contact,
      account: { name: 'Acme', url: 'http://crm.io/a/1' },
      deal: { name: 'Renewal', stage: 'Proposal', amount: '50000', url: 'https://crm.io/o/1' },
      dueAt: Date.UTC(2018, 1, 18, 9, 30),
    });
  });

  // contracts, conflict 8: contact may be an object or an array
  it('takes the first contact where there are several', () => {
    const task = taskOf({ account: { name: 'Acme' }, contact: [{ data }, { data: { firstName: 'Sam' } }] });
    expect(task?.contact).toEqual(contact);
  });

  // gong.md 2.5: every field may be missing
  it('is left out where it is empty or not as documented', () => {
    const bare = { provider: 'gong', id: '1', title: 'Call', kind: 'call', dueAt: undefined };
    const empty = { account: { name: ' ' }, opportunity: { name: '', amount: 5 }, contact: { data: {} } };
    const odd = { dueDate: '', account: [], opportunity: 'x', contact: 3 };
    for (const fields of [empty, odd]) expect(taskOf({ title: 'Call', ...fields })).toEqual(bare);
  });

  // gong.md 8.2: links are those of the CRM in the payload, if they lead to the web
  it.for(['javascript:alert(1)', 'crm.io/c/1', 'ftp://crm.io', ''])('links nowhere with %s', (crmUrl) => {
    const task = taskOf({ account: { name: 'Acme', crmUrl }, contact: { data: { ...data, crmUrl } } });
    expect(task?.account).toEqual({ name: 'Acme' });
    expect(task?.contact).not.toHaveProperty('url');
  });
});

describe('the person of a Gong task', () => {
  const contactOf = (more: Record<string, unknown>) =>
    taskOf({ contact: { data: { firstName: 'Dana', ...more } } })?.contact;

  // gong.md 2.7
  it.for([
    [{ raw: '(312) 555-0101', normalized: '+13125550101', label: 'mobile' }, '+13125550101', 'mobile'],
    [{ raw: '+1 (312) 555-0101', normalized: '+13125550101' }, '+1 (312) 555-0101', undefined],
    [{ raw: '312 555 0101', extension: '42', countryCode: 1 }, '312 555 0101 ext. 42', undefined],
    [{ raw: '312 555 0101 x42', extension: 42 }, '312 555 0101 x42', undefined],
    [{ raw: '312 555 0101', extension: 'reception' }, '312 555 0101', undefined],
    [{ normalized: '3125550101', label: ' ' }, '3125550101', undefined],
    [{ raw: `+1 ${'5'.repeat(100)}` }, `+1 ${'5'.repeat(36)}…`, undefined],
  ] as const)('has the number of %j: %s', ([phone, number, label]) => {
    expect(contactOf({ phoneNumbers: [phone] })?.phones).toEqual([{ number, ...(label && { label }) }]);
  });

  it('is called first on a number that is verified', () => {
    const phoneNumbers = [
      { raw: '+1 312 555 0101' },
      { raw: '+1 312 555 0102', isVerified: false },
      { raw: '+1 312 555 0103', isVerified: true },
    ];
    const numbers = contactOf({ phoneNumbers })?.phones?.map(({ number }) => number.slice(-1));
    expect(numbers).toEqual(['3', '1', '2']);
  });

  // gong.md 2.8
  it('has its addresses, its zone, its page, and what it does not want', () => {
    const emails = [{ email: 'dana@larkspur.example' }, {}, { email: 'not one' }];
    const linkedinProfile = 'https://social.example/in/dana';
    const more = { emails, linkedinProfile, timezone: 'US/Pacific', optOutChannels: ['CALLS', 'Emails', 'FAX', null] };
    const zone = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO('US/Pacific').timeZoneId;
    expect(contactOf(more)).toEqual({
      name: 'Dana',
      emails: ['dana@larkspur.example'],
      linkedIn: linkedinProfile,
      zone,
      optedOut: ['calls', 'emails'],
    });
  });

  it('keeps the rest where one of these is not as documented', () => {
    for (const odd of [null, 7, 'x', [], {}, [null, 7, 'x', [], {}], { 0: 'x' }]) {
      const more = { phoneNumbers: odd, emails: odd, optOutChannels: odd, timezone: odd, linkedinProfile: odd };
      expect(contactOf(more)).toEqual({ name: 'Dana' });
    }
  });
});

describe('the deal of a Gong task', () => {
  const dealOf = (more: Record<string, unknown>) => taskOf({ opportunity: { name: 'Renewal', ...more } })?.deal;

  // gong.md 2.9
  it.for([
    ['60', 60],
    ['60%', 60],
    ['62.5 %', 62.5],
    [100, 100],
    ['0', 0],
    // Of one, or of a hundred?
    ['0.6', undefined],
    ['1', undefined],
    ['101', undefined],
    ['-5', undefined],
    ['likely', undefined],
    [[60], undefined],
  ] as const)('with the probability %j has %j', ([probability, percent]) => {
    expect(dealOf({ probability })?.probability).toBe(percent);
  });

  it.for([
    ['2026-12-31', '2026-12-31'],
    ['2026-12-31T00:00:00Z', '2026-12-31'],
    ['2026-02-30', undefined],
    ['9999-12-31', undefined],
    ['2026-12-311', undefined],
    ['31/12/2026', undefined],
    [20_261_231, undefined],
  ] as const)('that closes on %j closes on %s', ([closeDate, day]) => {
    expect(dealOf({ closeDate })?.closesOn).toBe(day);
  });
});

// gong.md 2.3: only calls are listed, and what does not say is one
it.for([
  [['CALL'], 'call'],
  [undefined, 'call'],
  [[], 'call'],
  [[null], 'call'],
  ['CALL', 'call'],
  [['EMAIL', 'call'], 'call'],
  [['EMAIL'], 'other'],
] as const)('a Gong task with the actions %j is of the kind %s', ([actions, kind]) => {
  expect(taskOf({ actions })?.kind).toBe(kind);
});

it.for([
  [3, { at: 3 }],
  [0, undefined],
  [-1, undefined],
  [1.5, undefined],
  ['3', undefined],
] as const)('a Gong task with the step number %j is at %j', ([stepNumber, step]) => {
  expect(taskOf({ flow: { step: { name: 'Call', stepNumber } } })?.step).toEqual(step);
});

describe('a list from Gong', () => {
  // gong.md 2.6: an element that is someone else's or not open is counted, not shown
  it('counts what it cannot show', () => {
    const odd = [null, 'task', { title: 'no id' }, { id: 'x1' }, { id: 1.5 }, { id: -1 }];
    const times = ['tomorrow', '2026-11-01T09:00:00'].map((dueDate, index) => ({ id: 2 + index, dueDate }));
    const list = listOf({ id: '1695493301223590792', title: 'Call' }, ...odd, ...times, { id: 4, userId: '99' });
    expect([list.tasks.map(({ id }) => id), list.unreadable]).toEqual([['1695493301223590792'], 9]);
  });

  // contracts, conflict 2
  it.for([
    ['shows', ['Open', null, [], ['OPEN']], [1, 0]],
    ['counts', [['OPEN', 'DONE'], ['DONE'], 'DONE', 'WAITING', 7, {}], [0, 1]],
  ] as const)('%s a task with the status %j', ([, statuses, expected]) => {
    for (const status of statuses) {
      const { tasks, unreadable } = listOf({ id: 1, status });
      expect([tasks.length, unreadable], String(status)).toEqual(expected);
    }
  });

  it('shows a task once', () => {
    const list = listOf({ id: 1, title: 'first' }, { id: '1', title: 'again' });
    expect(list).toMatchObject({ tasks: [{ title: 'first' }], unreadable: 0 });
  });
});
