import { describe, expect, it } from 'vitest';
import type { Creating, Draft } from '../../../src/core/ports/provider.ts';
import { click, failureOf } from '../../contract/provider-harness.ts';
import { askedOf, MINUTE, OWNER, outreachPerTest, outreachTask, type Started } from './harness.ts';

const start = outreachPerTest();
const NOW = Date.UTC(2026, 10, 27, 9, 0, 0, 500);
const DUE = Date.UTC(2026, 11, 1, 15);
const PERSON = '9007199254740997';
const DANA = {
  id: PERSON,
  firstName: 'Dana',
  lastName: 'Okonjo',
  emails: ['old@larkspur.example', 'Dana+x@larkspur.example'],
};
const draft: Draft = { email: 'dana+x@larkspur.example', kind: 'call', dueAt: DUE, note: 'Ask about <terms>' };

async function open(setup: Parameters<typeof start>[0] = {}): Promise<Started & { creating: Creating }> {
  const started = await start({ clock: () => NOW, ...setup, simulator: { prospects: [DANA], ...setup.simulator } });
  const { creating } = started.provider;
  if (!creating) throw new Error('Outreach makes no tasks');
  return { ...started, creating };
}

describe('a person', () => {
  it('is found by any of their addresses, in any case', async () => {
    const { outreach, creating } = await open();
    expect(await creating.findPerson(OWNER, ' DANA+X@larkspur.example', click)).toEqual({
      is: 'one',
      id: PERSON,
      name: 'Dana Okonjo',
    });
    expect(askedOf(outreach.requests[0] ?? expect.fail())).toMatchObject([
      'GET /api/v2/prospects',
      { 'filter[emails]': 'dana+x@larkspur.example', 'fields[prospect]': 'firstName,lastName,name,emails' },
    ]);
  });

  it('is none, or told to be several', async () => {
    const { outreach, creating } = await open();
    expect(await creating.findPerson(OWNER, 'nobody@larkspur.example', click)).toEqual({ is: 'none' });
    outreach.putProspect({ ...DANA, id: '72', firstName: 'Other' });
    expect(await creating.findPerson(OWNER, draft.email, click)).toEqual({ is: 'several' });
  });

  it('is nobody who only comes back for a filter that takes more than it should', async () => {
    const { outreach, creating } = await open();
    const data = [
      { type: 'prospect', id: 3, attributes: { emails: ['xdana+x@larkspur.example', null], firstName: 'X' } },
    ];
    outreach.fail({ how: { kind: 'answer', status: 200, body: JSON.stringify({ data }) } });
    expect(await creating.findPerson(OWNER, draft.email, click)).toEqual({ is: 'none' });
  });

  it('is not asked for by what a filter would take apart', async () => {
    const { outreach, creating } = await open();
    for (const email of ['a@x.example,b@x.example', 'a..b@x.example', '']) {
      expect(await creating.findPerson(OWNER, email, click)).toEqual({ is: 'none' });
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
      expect(await creating.create(OWNER, PERSON, { ...draft, kind, dueAt: DUE + 999 }, click)).toEqual({
        reference: undefined,
      });
      expect(outreach.requests[0]?.body).toEqual({
        data: {
          type: 'task',
          attributes: { action: kind, dueAt: '2026-12-01T15:00:00Z', note: 'Ask about <terms>' },
          relationships: {
            owner: { data: { type: 'user', id: OWNER.externalId } },
            subject: { data: { type: 'prospect', id: PERSON } },
          },
        },
      });
      const { tasks } = await provider.listTasks(OWNER, click);
      expect(tasks).toMatchObject([{ title: 'Ask about <terms>', contact: { name: 'Dana Okonjo' }, dueAt: DUE }]);
    },
  );

  it('that makes no sense is refused before anything is sent', async () => {
    const { outreach, creating } = await open();
    const attempts = [
      creating.create(OWNER, '1/2', draft, click),
      creating.create(OWNER, PERSON, { ...draft, kind: 'fax' }, click),
      creating.create(OWNER, PERSON, { ...draft, note: 'x'.repeat(65_536) }, click),
    ];
    for (const attempt of attempts) expect(await failureOf(attempt)).toMatchObject({ kind: 'invalid' });
    expect(outreach.requests).toEqual([]);
  });

  it('about nobody is refused by Outreach', async () => {
    const { creating } = await open();
    expect(await failureOf(creating.create(OWNER, '73', draft, click))).toMatchObject({ kind: 'invalid', status: 422 });
  });

  it('is not believed when the answer shows another', async () => {
    const { outreach, creating } = await open();
    const data = { id: 1, attributes: { note: draft.note, dueAt: '2026-12-01T15:00:01Z' } };
    outreach.fail({ how: { kind: 'answer', status: 201, body: JSON.stringify({ data }) } });
    expect(await failureOf(creating.create(OWNER, PERSON, draft, click))).toMatchObject({ kind: 'unreadable' });
  });

  it('is found after its answer was lost', async () => {
    const { outreach, creating } = await open();
    expect(await creating.exists(OWNER, PERSON, { ...draft, since: NOW }, click)).toBe(false);
    outreach.fail({ on: 'POST', how: { kind: 'lose' } });
    expect(await failureOf(creating.create(OWNER, PERSON, draft, click))).toMatchObject({ kind: 'unavailable' });
    expect(await creating.exists(OWNER, PERSON, { ...draft, since: NOW }, click)).toBe(true);
    expect(askedOf(outreach.requests.at(-1) ?? expect.fail())).toMatchObject([
      'GET /api/v2/tasks',
      { 'filter[owner][id]': OWNER.externalId, 'filter[prospect][id]': PERSON, 'filter[state]': 'incomplete' },
    ]);
  });

  it.for<[string, Parameters<typeof outreachTask>[0], boolean]>([
    ['the same a moment earlier, by another clock', { id: '1', createdAt: at(NOW - MINUTE) }, true],
    ['an older one', { id: '1', createdAt: at(NOW - MINUTE - 1) }, false],
    ['the same note in HTML', { id: '1', note: '<p>Ask about&nbsp;&lt;terms&gt;</p>' }, true],
    ['another note', { id: '1', note: 'Ask' }, false],
    ['another time', { id: '1', dueAt: at(DUE + 1000) }, false],
    ['no time', { id: '1', dueAt: null }, false],
    ['another person', { id: '1', prospectId: '74' }, false],
    ['one that is done', { id: '1', state: 'complete' }, false],
  ])('is or is not there: %s', async ([, task, expected]) => {
    const made = outreachTask({ note: draft.note, prospectId: PERSON, dueAt: at(DUE), createdAt: at(NOW), ...task });
    const { creating } = await open({ simulator: { tasks: [made] } });
    expect(await creating.exists(OWNER, PERSON, { ...draft, since: NOW }, click)).toBe(expected);
  });
});

function at(instant: number): string {
  return new Date(instant).toISOString();
}
