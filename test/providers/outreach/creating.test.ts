import { describe, expect, it } from 'vitest';
import type { OutreachTask } from '../../../sandbox/outreach/types.ts';
import type { Creating, Draft } from '../../../src/core/ports/provider.ts';
import { answer, click, fails } from '../../contract/provider-harness.ts';
import { askedOf, MINUTE, OWNER, outreachTask, type Started, start } from './harness.ts';

const NOW = Date.UTC(2026, 10, 27, 9, 0, 0, 500);
const DUE = Date.UTC(2026, 11, 1, 15);
const PERSON = '9007199254740997';
const emails = ['old@larkspur.example', 'Dana+x@larkspur.example'];
const DANA = { id: PERSON, firstName: 'Dana', lastName: 'Okonjo', emails };
const draft: Draft = { email: 'dana+x@larkspur.example', kind: 'call', dueAt: DUE, note: 'Ask about <terms>' };
const sought = { ...draft, since: NOW };
const iso = (instant: number) => new Date(instant).toISOString();

async function open(tasks: OutreachTask[] = []): Promise<Started & { creating: Creating }> {
  const started = await start({ clock: () => NOW, simulator: { prospects: [DANA], tasks } });
  return { ...started, creating: started.provider.creating ?? expect.fail() };
}

describe('a person', () => {
  // outreach.md 3.5: by address, or by both names
  it('is found by any of their addresses, in any case', async () => {
    const { outreach, creating } = await open();
    const found = await creating.findPerson(OWNER, ' DANA+X@larkspur.example', click);
    expect(found).toEqual({ is: 'one', id: PERSON, name: 'Dana Okonjo', email: 'old@larkspur.example' });
    const query = { 'filter[emails]': draft.email, 'fields[prospect]': 'firstName,lastName,name,emails' };
    expect(outreach.requests.map(askedOf)).toMatchObject([['GET /api/v2/prospects', query]]);
  });

  it.for(['Dana Okonjo', ' dana  OKONJO ', 'Okonjo', 'Dana'])('is found by name: %s', async (name) => {
    const { outreach, creating } = await open();
    outreach.putProspect({ id: '72', firstName: 'Daniel', lastName: 'Okon', emails: [] });
    expect(await creating.findPerson(OWNER, name, click)).toMatchObject({ is: 'one', id: PERSON, name: 'Dana Okonjo' });
  });

  it.for([
    ['Ana María Vega Ruiz', '73'],
    ['Ana María Vega', '72'],
    ['María Vega', '74'],
  ] as const)('is found wherever the first name ends: %s', async ([name, id]) => {
    const { outreach, creating } = await open();
    outreach.putProspect({ id: '72', firstName: 'Ana María', lastName: 'Vega', emails: [] });
    outreach.putProspect({ id: '73', firstName: 'Ana', lastName: 'María Vega Ruiz', emails: [] });
    outreach.putProspect({ id: '74', firstName: 'María', lastName: 'Vega', emails: [] });
    expect(await creating.findPerson(OWNER, name, click)).toMatchObject({ is: 'one', id });
  });

  it('is none, or one of several who are named with their addresses', async () => {
    const { outreach, creating } = await open();
    for (const who of ['nobody@larkspur.example', 'No Body', 'Okonjo Dana', '']) {
      expect(await creating.findPerson(OWNER, who, click)).toEqual({ is: 'none' });
    }
    outreach.putProspect({ ...DANA, id: '72', firstName: 'Other' });
    const people = [
      { id: '72', name: 'Other Okonjo', email: 'old@larkspur.example' },
      { id: PERSON, name: 'Dana Okonjo', email: 'old@larkspur.example' },
    ];
    for (const who of [draft.email, 'Okonjo']) {
      expect(await creating.findPerson(OWNER, who, click)).toEqual({ is: 'several', people, more: false });
    }
  });

  it('is one whose first and last name are the same', async () => {
    const { outreach, creating } = await open();
    outreach.putProspect({ id: '72', firstName: 'Kim', lastName: 'Kim', emails: [] });
    expect(await creating.findPerson(OWNER, 'Kim', click)).toMatchObject({ is: 'one', id: '72' });
  });

  it.for([5, 6, 30])('is one of %s with the same name, of whom five are named', async (count) => {
    const { outreach, creating } = await open();
    for (let id = 100; id < 100 + count; id += 1) {
      outreach.putProspect({ id: `${id}`, firstName: 'Kim', lastName: 'Lee', emails: [] });
    }
    const found = await creating.findPerson(OWNER, 'Kim Lee', click);
    expect(found).toMatchObject({ is: 'several', more: count > 5 });
    expect('people' in found && found.people).toHaveLength(5);
    expect(outreach.requests).toHaveLength(1);
  });

  // outreach.md 3.6
  it('is nobody who only comes back for a filter that takes more than it should', async () => {
    const { outreach, creating } = await open();
    const attributes = { emails: ['xdana+x@larkspur.example', null], firstName: 'X' };
    for (const who of [draft.email, 'Dana Okonjo']) {
      outreach.fail({ how: answer({ data: [{ type: 'prospect', id: 3, attributes }] }) });
      expect(await creating.findPerson(OWNER, who, click)).toEqual({ is: 'none' });
    }
  });

  it('is not asked for by what a filter would take apart', async () => {
    const { outreach, creating } = await open();
    for (const who of ['a@x.example,b@x.example', 'a..b@x.example', 'Okonjo, Dana', '']) {
      expect(await creating.findPerson(OWNER, who, click)).toEqual({ is: 'none' });
    }
    expect(outreach.requests).toEqual([]);
  });
});

describe('a new task', () => {
  // outreach.md 3.3: a new task is about its subject; prospect is read-only
  it.for(['action_item', 'call', 'email', 'in_person'])(
    'of kind %s is made for the rep, about the person',
    async (kind) => {
      const { outreach, provider, creating } = await open();
      expect(creating.kinds.map(({ value }) => value)).toContain(kind);
      const receipt = await creating.create(OWNER, PERSON, { ...draft, kind, dueAt: DUE + 999 }, click);
      expect(receipt).toEqual({ reference: undefined });
      const attributes = { action: kind, dueAt: '2026-12-01T15:00:00Z', note: 'Ask about <terms>' };
      const relationships = {
        owner: { data: { type: 'user', id: OWNER.externalId } },
        subject: { data: { type: 'prospect', id: PERSON } },
      };
      expect(outreach.requests[0]?.body).toEqual({ data: { type: 'task', attributes, relationships } });
      const { tasks } = await provider.listTasks(OWNER, click);
      expect(tasks).toMatchObject([{ title: 'Ask about <terms>', contact: { name: 'Dana Okonjo' }, dueAt: DUE }]);
    },
  );

  it.for<[string, string, Partial<Draft>]>([
    ['another id', '1/2', {}],
    ['another kind', PERSON, { kind: 'fax' }],
    ['a long note', PERSON, { note: 'x'.repeat(65_536) }],
  ])('that makes no sense is refused before anything is sent: %s', async ([, personId, more]) => {
    const { outreach, creating } = await open();
    await fails(creating.create(OWNER, personId, { ...draft, ...more }, click), 'invalid');
    expect(outreach.requests).toEqual([]);
  });

  it('about nobody is refused by Outreach', async () => {
    const { creating } = await open();
    await fails(creating.create(OWNER, '73', draft, click), 'invalid', { status: 422 });
  });

  it('is not believed when the answer shows another', async () => {
    const { outreach, creating } = await open();
    const attributes = { note: draft.note, dueAt: '2026-12-01T15:00:01Z' };
    outreach.fail({ how: answer({ data: { id: 1, attributes } }, 201) });
    await fails(creating.create(OWNER, PERSON, draft, click), 'unreadable');
  });

  it('is found after its answer was lost', async () => {
    const { outreach, creating } = await open();
    expect(await creating.exists(OWNER, PERSON, sought, click)).toBe(false);
    outreach.fail({ on: 'POST', how: { kind: 'lose' } });
    await fails(creating.create(OWNER, PERSON, draft, click), 'unavailable');
    expect(await creating.exists(OWNER, PERSON, sought, click)).toBe(true);
    const query = {
      'filter[owner][id]': OWNER.externalId,
      'filter[prospect][id]': PERSON,
      'filter[state]': 'incomplete',
    };
    expect(outreach.requests.map(askedOf).at(-1)).toMatchObject(['GET /api/v2/tasks', query]);
  });

  it.for<[string, Partial<OutreachTask>, boolean]>([
    ['the same a moment earlier, by another clock', { createdAt: iso(NOW - MINUTE) }, true],
    ['an older one', { createdAt: iso(NOW - MINUTE - 1) }, false],
    ['the same note in HTML', { note: '<p>Ask about&nbsp;&lt;terms&gt;</p>' }, true],
    ['another note', { note: 'Ask' }, false],
    ['another time', { dueAt: iso(DUE + 1000) }, false],
    ['no time', { dueAt: null }, false],
    ['another person', { prospectId: '74' }, false],
    ['one that is done', { state: 'complete' }, false],
  ])('is or is not there: %s', async ([, task, expected]) => {
    const made = { id: '1', note: draft.note, prospectId: PERSON, dueAt: iso(DUE), createdAt: iso(NOW), ...task };
    const { creating } = await open([outreachTask(made)]);
    expect(await creating.exists(OWNER, PERSON, sought, click)).toBe(expected);
  });
});
