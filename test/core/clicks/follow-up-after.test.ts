/** After Done on a call or an e-mail: one task of the same kind, about the same person, at the time that was chosen. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { RowRef } from '../../../src/core/clicks/record.ts';
import { ProviderError } from '../../../src/core/model/errors.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { Creating, Draft, PersonFound } from '../../../src/core/ports/provider.ts';
import { ANN, BEN, createDocket, DAY, type Docket, type DocketOptions } from '../docket.ts';
import { FINAL, MONDAY_NINE, REVERSIBLE, task } from '../provider.ts';

const DUE = MONDAY_NINE + 3 * DAY;
const WINDOW = 10_000;
const DANA = { is: 'one', id: '5', name: 'Dana' } as const;
const CALL = task('1', { kind: 'call', contact: { name: 'Dana O', emails: ['dana@x.example', 'other@x.example'] } });

let docket: Docket;
let made: { personId: string; draft: Draft }[];
let asked: string[];
let people: PersonFound;
let fates: ('lost' | 'fine')[];

const creating: Creating = {
  kinds: [{ value: 'ring', text: 'Call' }],
  async findPerson(_account, who) {
    asked.push(who);
    return people;
  },
  async create(_account, personId, draft) {
    made.push({ personId, draft });
    if (fates.shift() === 'lost')
      throw new ProviderError({ provider: 'fake', kind: 'unavailable', operation: 'POST /x' });
    return { reference: undefined };
  },
  exists: async (_account, personId) => made.some((each) => each.personId === personId),
};

async function open(of: Task = CALL, options: DocketOptions = {}): Promise<void> {
  docket = await createDocket(options);
  Object.assign(docket.provider, { creating });
  docket.provider.allowed = { ...docket.provider.allowed, followUp: 'ring' };
  docket.holds(of);
  await docket.show([of]);
}

beforeEach(async () => {
  [made, asked, fates, people] = [[], [], [], DANA];
  await open();
});

const ref = (seq = 1): RowRef => ({ messageId: docket.shown, position: 0, seq });
const choose = (dueAt = DUE, seq = 1, who: RepKey = ANN) => docket.followUps.after(who, ref(seq), dueAt);
const refusedFor = (why: string) => ({ is: 'refused', refusal: { why } });
const told = () => docket.screen.notices.map(({ notice }) => notice);
const CREATED = { about: 'created', provider: 'fake', person: 'Dana', dueAt: DUE };

describe('a follow-up of a task that was marked done', () => {
  test('is the same kind of task, about the same person, at the chosen time, and the rep is told', async () => {
    await docket.act({ verb: 'done' });

    expect(await choose()).toEqual({ is: 'recorded' });
    expect(made).toEqual([]);
    await docket.work();

    const draft = { email: 'dana@x.example', kind: 'ring', dueAt: DUE, note: 'Follow-up to: Call 1' };
    expect(made).toEqual([{ personId: '5', draft }]);
    expect(docket.screen.notices).toEqual([{ to: ANN, notice: CREATED }]);
  });

  test('is about the name where no address is known', async () => {
    await open({ ...CALL, contact: { name: 'Dana\u200b O' } });
    await docket.act({ verb: 'done' });
    await choose();
    await docket.work();

    expect(asked).toEqual(['Dana O']);
  });

  test('is one, however often it is chosen, at whatever time', async () => {
    await docket.act({ verb: 'done' });

    const results = await Promise.all([choose(), choose(), choose(DUE + DAY)]);
    await docket.work();
    results.push(await choose(DUE + 2 * DAY));
    await docket.workOn();

    expect(results.map(({ is }) => is).toSorted()).toEqual(['recorded', 'repeated', 'repeated', 'repeated']);
    expect(made).toHaveLength(1);
  });

  test('is made once where the answer is lost', async () => {
    fates.push('lost');
    await docket.act({ verb: 'done' });
    await choose();
    await docket.workOn();

    expect(made).toHaveLength(1);
    expect(told()).toEqual([CREATED]);
  });

  test.each<[string, PersonFound, string]>([
    ['nobody has the address', { is: 'none' }, 'no_person'],
    ['several people have it', { is: 'several', people: [DANA], more: false }, 'several_people'],
  ])('is not made when %s, and the rep is told', async (_name, found, why) => {
    people = found;
    await docket.act({ verb: 'done' });
    await choose();
    await docket.workOn();

    expect(made).toEqual([]);
    expect(told()).toMatchObject([{ about: 'not_created', email: 'dana@x.example', why }]);
  });
});

describe('is refused', () => {
  const { contact: _, ...nobody } = CALL;
  test.each<[string, Task]>([
    ['a to-do', { ...CALL, kind: 'todo' }],
    ['a task of a flow', { ...CALL, flow: 'Winter' }],
    ['a step', { ...CALL, step: { at: 2 } }],
    ['a task about nobody', nobody],
    ['a task about someone without a name', { ...CALL, contact: { name: '\u200b' } }],
    ['a task of an unknown kind', task('1', { contact: { name: 'Dana' } })],
  ])('for %s', async (_name, of) => {
    await open(of);
    await docket.act({ verb: 'done' });

    expect(await choose()).toMatchObject(refusedFor('no_follow_up'));
  });

  test.each([
    ['the provider cannot create tasks', () => Object.assign(docket.provider, { creating: undefined })],
    ['the task allows none', () => Object.assign(docket.provider.allowed, { followUp: undefined })],
  ])('where %s', async (_name, change) => {
    await docket.act({ verb: 'done' });
    change();

    expect(await choose()).toMatchObject(refusedFor('no_follow_up'));
  });

  test('for a row that knows of another action', async () => {
    await docket.act({ verb: 'done' });

    for (const seq of [0, 2]) expect(await choose(DUE, seq)).toMatchObject(refusedFor('overtaken'));
  });

  test('before Done, and after another verb', async () => {
    expect(await choose(DUE, 0)).toMatchObject(refusedFor('overtaken'));
    await docket.act({ verb: 'dismiss' });
    expect(await choose()).toMatchObject(refusedFor('overtaken'));
    await docket.workOn();
    expect(made).toEqual([]);
  });

  test("for someone else's row, an unknown one, a time that has passed, and one that no menu has", async () => {
    await docket.act({ verb: 'done' });

    expect(await choose(DUE, 1, BEN)).toMatchObject(refusedFor('not_yours'));
    expect(await docket.followUps.after(ANN, { ...ref(), messageId: '999' }, DUE)).toMatchObject(
      refusedFor('unknown_row'),
    );
    expect(await choose(MONDAY_NINE)).toMatchObject(refusedFor('passed'));
    expect(await choose(MONDAY_NINE + 60 * DAY)).toMatchObject(refusedFor('unknown_row'));
    await docket.workOn();
    expect(made).toEqual([]);
  });
});

describe('a Done that is held back', () => {
  const held = {
    verbs: { done: FINAL, dismiss: REVERSIBLE, snooze: REVERSIBLE, reschedule: REVERSIBLE },
    undoWindowMs: WINDOW,
  };
  beforeEach(async () => {
    await open(CALL, held);
    await docket.act({ verb: 'done' });
    await choose();
  });

  test('is sent first: the follow-up waits for the undo window', async () => {
    await docket.work();
    expect(made).toEqual([]);
    docket.pass(WINDOW);
    await docket.work();

    expect(made).toHaveLength(1);
    expect(docket.provider.effects).toEqual([{ verb: 'done' }]);
  });

  test('and is undone has no follow-up, and the rep is told', async () => {
    await docket.undo();
    await docket.workOn();

    expect(made).toEqual([]);
    expect(told()).toMatchObject([{ about: 'not_created', why: 'undone', unsure: false }]);
  });
});

test('a Done that is undone later leaves the follow-up that was made', async () => {
  await docket.act({ verb: 'done' });
  await choose();
  await docket.work();
  await docket.undo();
  await docket.workOn();

  expect(made).toHaveLength(1);
  expect(told()).toEqual([CREATED]);
});
