/** New tasks, and the contacts whom they are about (reply.md 4, 11). */
import { describe, expect, it } from 'vitest';
import type { ReplyContact, ReplyOptions, ReplyTask } from '../../../sandbox/reply/types.ts';
import type { Creating, Draft } from '../../../src/core/ports/provider.ts';
import { answer, click, fails } from '../../contract/provider-harness.ts';
import { OWNER, owner, pathsOf, replyTask, STRANGER, type Started, start, stranger } from './harness.ts';

const NOW = Date.UTC(2026, 10, 27, 9, 0, 0, 500);
const DUE = Date.UTC(2026, 11, 1, 15);
const DANA = { id: '9007199254740997', fullName: 'Dana Whitfield', email: 'Dana+x@larkspur.example' };
const draft: Draft = { email: 'dana+x@larkspur.example', kind: 'call', dueAt: DUE, note: 'Ask about <terms>' };
const sought = { ...draft, since: NOW };
const iso = (instant: number) => new Date(instant).toISOString();

interface Opened extends Started {
  creating: Creating;
  made(): ReplyTask[];
}

async function open(simulator: Partial<ReplyOptions> = {}, tasks: readonly ReplyTask[] = []): Promise<Opened> {
  const options = { contacts: [DANA], clock: () => NOW, ...simulator };
  const started = await start({ clock: () => NOW, tasks, simulator: options });
  return {
    ...started,
    creating: started.provider.creating ?? expect.fail(),
    made: () => started.reply.tasks(OWNER),
  };
}

const named = (count: number): ReplyContact[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${100 + index}`, fullName: 'Kim Lee' }));

describe('a contact', () => {
  // reply.md 11.1, 11.4
  it.for(['seed', 'current', 'mixed'] as const)(
    'is found by their exact address, in any case, as the rep: %s',
    async (dialect) => {
      const { reply, creating } = await open({ dialect });
      reply.putContact({ id: '72', fullName: 'Other', email: `x${draft.email}` });
      const found = await creating.findPerson(owner, ' DANA+X@larkspur.example', click);
      expect(found).toEqual({ is: 'one', id: DANA.id, name: 'Dana Whitfield', email: DANA.email });
      const { path, actingUser } = reply.requests.at(-1) ?? expect.fail();
      expect([path, actingUser]).toEqual([
        '/v3/contacts?email=dana%2Bx%40larkspur.example&top=100&skip=0',
        owner.email,
      ]);
    },
  );

  // reply.md 11.2; contracts, unknown R10
  it('is found by a name that has every word, and by no other', async () => {
    const { reply, creating } = await open();
    reply.putContact({ id: '72', fullName: 'Danah Whitfield', email: 'dana@whitfield.example' });
    for (const name of ['Dana Whitfield', 'dana', ' DANA  whitfield']) {
      expect(await creating.findPerson(owner, name.trim().replace('  ', ' '), click)).toMatchObject({
        is: 'one',
        id: DANA.id,
      });
    }
    expect(await creating.findPerson(owner, 'Whit', click)).toEqual({ is: 'none' });
    expect(new Set(pathsOf(reply.requests))).toEqual(new Set(['POST /v3/contacts/filter?top=100&skip=0']));
  });

  it('is none, or one of several, of whom five are named', async () => {
    const { reply, creating } = await open();
    for (const who of ['nobody@larkspur.example', 'No Body', ' ']) {
      expect(await creating.findPerson(owner, who, click)).toEqual({ is: 'none' });
    }
    reply.putContact({ id: '72', fullName: 'Dana Okonjo' });
    const people = [
      { id: DANA.id, name: 'Dana Whitfield', email: DANA.email },
      { id: '72', name: 'Dana Okonjo' },
    ];
    expect(await creating.findPerson(owner, 'Dana', click)).toEqual({ is: 'several', people, more: false });
  });

  it.for([
    [6, true],
    [5, false],
    [101, true],
  ] as const)('is one of %s of the same name', async ([count, more]) => {
    const { creating } = await open({ contacts: named(count) });
    const found = await creating.findPerson(owner, 'Kim Lee', click);
    expect(found).toMatchObject({ is: 'several', more });
    expect('people' in found && found.people).toHaveLength(5);
  });

  it('is not the only one while others have not been read', async () => {
    const others = named(100).map((each) => ({ ...each, fullName: 'Kim Leeward' }));
    const { creating } = await open({ contacts: [{ id: '9', fullName: 'Kim Lee' }, ...others] });
    const people = [{ id: '9', name: 'Kim Lee' }];
    expect(await creating.findPerson(owner, 'Kim Lee', click)).toEqual({ is: 'several', people, more: true });
  });

  // reply.md 11.3
  it.for([draft.email, 'Dana Whitfield'])('is nobody who comes back for something else: %s', async (who) => {
    const { reply, creating } = await open();
    const items = [{ id: 3, email: 'xdana+x@larkspur.example', firstName: 'Dana', lastName: null }, 'x'];
    reply.fail({ how: answer({ items, hasMore: false }) });
    expect(await creating.findPerson(owner, who, click)).toEqual({ is: 'none' });
  });

  // contracts, conflict 3
  it.for([404, 501])('cannot be looked for where there are no contacts: %s', async (status) => {
    const { reply, creating } = await open();
    reply.fail({ how: answer({ title: 'Not Found', status: 404 }, status) });
    await fails(creating.findPerson(owner, draft.email, click), 'not_enabled');
  });
});

describe('a new task', () => {
  // reply.md 4.13, 4.14
  it.for([
    ['seed', 'toDo', 0],
    ['seed', 'call', 2],
    ['seed', 'meeting', 4],
    ['seed', 'manualEmail', 7],
    ['current', 'call', 'call'],
    ['mixed', 'manualEmail', 'manualEmail'],
  ] as const)('is made for the rep, about the contact: %s, %s', async ([dialect, kind, taskType]) => {
    const { reply, creating, made } = await open({ dialect });
    expect(creating.kinds.map(({ value }) => value)).toContain(kind);
    await creating.create(owner, DANA.id, { ...draft, kind, dueAt: DUE + 999, note: 'as agreed' }, click);
    const { body, actingUser } = reply.requests.at(-1) ?? expect.fail();
    const dates = { startAt: '2026-12-01T14:30:00Z', dueTo: '2026-12-01T15:00:00Z' };
    expect(body).toEqual({ taskType, ...dates, contactId: expect.any(Number), template: { body: 'as agreed' } });
    expect(actingUser).toBe(owner.email);
    expect(made()).toMatchObject([{ assignedUserId: OWNER, contact: { id: DANA.id }, taskType: kind, status: 'new' }]);
  });

  // reply.md 4.15, 4.13
  it.for([
    ['call', 'Ask {{FirstName}} and {{{', 'Ask { {FirstName} } and { { {'],
    ['call', ' \n', 'Follow-up'],
    ['call', 'a <b> & c', 'a <b> & c'],
    ['manualEmail', 'a <b> & c\nd', 'a &lt;b&gt; &amp; c<br>d'],
  ] as const)('says what the rep wrote, and no variable: %s, %j', async ([kind, note, body]) => {
    const { creating, made } = await open();
    await creating.create(owner, DANA.id, { ...draft, kind, note }, click);
    expect(made().map(({ template }) => template.body.replaceAll(/ +/g, ' '))).toEqual([body]);
  });

  it.for<[string, string, Partial<Draft>]>([
    ['another id', '1/2', {}],
    ['another kind', DANA.id, { kind: 'sms' }],
  ])('that makes no sense is refused before anything is sent: %s', async ([, personId, more]) => {
    const { reply, creating } = await open();
    await fails(creating.create(owner, personId, { ...draft, ...more }, click), 'invalid');
    expect(reply.requests).toEqual([]);
  });

  it('about nobody is refused by Reply, whatever form its enums have', async () => {
    const { creating, made } = await open();
    await fails(creating.create(owner, '73', draft, click), 'invalid', { status: 400 });
    expect(made()).toEqual([]);
  });

  // reply.md 10.1
  it.for<[string, object]>([
    ['another time', { dueTo: '2026-12-01T15:00:01Z' }],
    ['another contact', { contactId: 5 }],
    ['another text', { template: { body: 'x' } }],
    ['another user', { assignedUserId: Number(STRANGER) }],
  ])('is not believed when the answer shows %s', async ([, wrong]) => {
    const { reply, creating } = await open({ contacts: [{ id: '901', fullName: 'Dana Whitfield' }] });
    const dates = { startAt: '2026-12-01T14:30:00Z', dueTo: '2026-12-01T15:00:00Z' };
    const right = { id: 1, taskType: 2, status: 0, contactId: 901, ...dates, template: { body: draft.note } };
    const say = (more: object) => reply.fail({ how: answer({ ...right, ...more }, 201) });
    say({});
    await creating.create(owner, '901', draft, click);
    say(wrong);
    await fails(creating.create(owner, '901', draft, click), 'unreadable');
  });

  // reply.md 4.16
  it.for(['seed', 'current'] as const)('is found after its answer was lost, by the rep alone: %s', async (dialect) => {
    const { reply, creating, made } = await open({ dialect });
    expect(await creating.exists(owner, DANA.id, sought, click)).toBe(false);
    reply.fail({ on: 'POST /v3/tasks', how: { kind: 'lose' } });
    await fails(creating.create(owner, DANA.id, draft, click), 'unavailable');
    expect(made()).toHaveLength(1);
    expect(await creating.exists(owner, DANA.id, sought, click)).toBe(true);
    expect(await creating.exists(stranger, DANA.id, sought, click)).toBe(false);
  });

  it.for<[string, Partial<ReplyTask>, boolean]>([
    ['the same a moment earlier, by another clock', { createdAt: iso(NOW - 60_000) }, true],
    ['an older one', { createdAt: iso(NOW - 60_001) }, false],
    ['the same text with other blanks', { template: { body: ' Ask  about <terms>' } }, true],
    ['another text', { template: { body: 'Ask' } }, false],
    ['another time', { dueTo: iso(DUE + 1000) }, false],
    ['another kind', { taskType: 'meeting' }, false],
    ['another contact', { contact: { id: '74' } }, false],
    ['one that is done', { status: 'finished', finishedAt: iso(NOW) }, false],
  ])('is or is not there: %s', async ([, task, expected]) => {
    const dates = { startAt: iso(DUE - 60_000), dueTo: iso(DUE), createdAt: iso(NOW) };
    const made = { id: '1', contact: DANA, ...dates, template: { body: draft.note }, ...task };
    const { creating } = await open({}, [replyTask(made)]);
    expect(await creating.exists(owner, DANA.id, sought, click)).toBe(expected);
  });
});
