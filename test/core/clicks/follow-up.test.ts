/** A follow-up that a rep asks for: made once, whatever is lost or comes twice, and the rep hears what came of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ProviderError, type ProviderErrorKind } from '../../../src/core/model/errors.ts';
import type { Creating, Draft, PersonFound } from '../../../src/core/ports/provider.ts';
import { ANN, createDocket, DAY, type Docket } from '../docket.ts';
import { MONDAY_NINE } from '../provider.ts';

const MINUTE = 60_000;
const DRAFT: Draft = { email: 'dana@customer.example', kind: 'call', dueAt: MONDAY_NINE + DAY, note: 'as agreed' };

type Fate = ProviderErrorKind | 'lost';

/** People by address, what was made, and what becomes of each attempt to make one. */
function creatingFake() {
  const asked: string[] = [];
  const made: { personId: string; draft: Draft; at: number }[] = [];
  const people = new Map<string, PersonFound>([[DRAFT.email, { is: 'one', id: '5', name: 'Dana' }]]);
  const fates: (Fate | 'fine')[] = [];
  const findTrouble: ProviderErrorKind[] = [];
  const fail = (kind: ProviderErrorKind) => {
    throw new ProviderError({ provider: 'fake', kind, operation: 'POST /x' });
  };
  const creating: Creating = {
    kinds: [{ value: 'call', text: 'Call' }],
    async findPerson({ externalId }, email) {
      asked.push(`find ${email} as ${externalId}`);
      const kind = findTrouble.shift();
      if (kind) fail(kind);
      return people.get(email) ?? { is: 'none' };
    },
    async create(_account, personId, draft) {
      asked.push('create');
      const fate = fates.shift() ?? 'fine';
      if (fate !== 'fine' && fate !== 'lost') fail(fate);
      made.push({ personId, draft, at: docket.deps.clock() });
      if (fate === 'lost') fail('unavailable');
      return { reference: 'request 1' };
    },
    async exists(_account, personId, { since }) {
      asked.push('exists');
      return made.some((each) => each.personId === personId && each.at >= since);
    },
  };
  return { creating, asked, made, people, fates, findTrouble };
}

let docket: Docket;
let fake: ReturnType<typeof creatingFake>;
beforeEach(async () => {
  docket = await createDocket();
  fake = creatingFake();
  Object.assign(docket.provider, { creating: fake.creating });
});

const request = (id = 'view 1') => docket.followUps.request({ ...ANN, provider: 'fake' }, DRAFT, id);
const told = () => docket.screen.notices.map(({ notice }) => notice);
const MADE = { about: 'created', provider: 'fake', person: 'Dana', dueAt: DRAFT.dueAt };

describe('a task that a rep asks for', () => {
  test('is made for the person with that address, once, however often the request is delivered, and the rep is told', async () => {
    await Promise.all([request(), request()]);
    const before = [...fake.asked];
    await docket.work();
    await request();
    await docket.workOn();

    expect(before).toEqual([]);
    expect(fake.asked).toEqual([`find ${DRAFT.email} as ann at fake`, 'create']);
    expect(fake.made).toMatchObject([{ personId: '5', draft: DRAFT }]);
    expect(docket.screen.notices).toEqual([{ to: ANN, notice: MADE }]);
    expect(await docket.deps.queue.open()).toBe(0);
    await request('view 2');
    await docket.work();
    expect(fake.made).toHaveLength(2);
  });

  test.each([
    ['a person whom the provider does not know', { is: 'none' }, 'no_person'],
    ['an address that two people have', { is: 'several', people: [], more: true }, 'several_people'],
  ] as const)('is not made for %s, and the rep is told which', async (_name, found, why) => {
    fake.people.set(DRAFT.email, found);
    await request();
    await docket.workOn();

    expect(fake.asked).toHaveLength(1);
    expect(told()).toMatchObject([{ about: 'not_created', email: DRAFT.email, note: DRAFT.note, why }]);
  });

  test.each<[string, PersonFound, string, string?]>([
    [
      'one of several',
      {
        is: 'several',
        people: [
          { id: '5', name: 'Dana' },
          { id: '6', name: 'Other' },
        ],
        more: true,
      },
      '6',
      'Other',
    ],
    ['the only one', { is: 'one', id: '5', name: 'Dana' }, '5', 'Dana'],
    ['someone who is not among several', { is: 'several', people: [{ id: '5', name: 'Dana' }], more: true }, '7'],
    ['someone who is not the only one', { is: 'one', id: '5', name: 'Dana' }, '7'],
  ])('is for the person whom the rep chose, and for nobody else: %s', async (_name, found, personId, name) => {
    fake.people.set(DRAFT.email, found);
    await docket.followUps.request({ ...ANN, provider: 'fake' }, { ...DRAFT, personId }, 'view 1');
    await docket.workOn();

    expect(fake.made.map((each) => each.personId)).toEqual(name ? [personId] : []);
    expect(told()).toMatchObject([name ? { about: 'created', person: name } : { why: 'several_people' }]);
  });

  test.each([
    ['the link is gone', () => docket.deps.store.links.remove(ANN, 'fake')],
    ['the provider is not set up', async () => void Object.assign(docket.deps, { providers: new Map() })],
    ['the provider cannot make tasks', async () => void Object.assign(docket.provider, { creating: undefined })],
  ])('is not made when %s', async (_name, change) => {
    await request();
    await change();
    await docket.workOn();

    expect(fake.asked).toEqual([]);
    expect(told()).toMatchObject([{ about: 'not_created', why: 'not_linked' }]);
  });
});

describe('an answer that was lost', () => {
  test.each<[string, Fate, string[]]>([
    ['after the task was made: it is looked for, found, and not made again', 'lost', ['create', 'exists']],
    ['before the task was made: it is looked for, and then made', 'unavailable', ['create', 'exists', 'create']],
  ])('%s', async (_name, fate, asked) => {
    fake.fates.push(fate);
    await request();
    await docket.workOn();

    expect(fake.asked.filter((each) => !each.startsWith('find'))).toEqual(asked);
    expect(fake.made).toHaveLength(1);
    expect(told()).toEqual([MADE]);
  });

  test('is not found in a task like it that was made long before', async () => {
    fake.made.push({ personId: '5', draft: DRAFT, at: MONDAY_NINE - 2 * MINUTE });
    fake.fates.push('unavailable');
    await request();
    await docket.workOn();

    expect(fake.made).toHaveLength(2);
  });

  test('by a crash: the next worker looks before it makes one', async () => {
    const never = new Promise<never>(() => {});
    const { create } = fake.creating;
    fake.creating.create = async (...args) => {
      await create(...args);
      return never;
    };
    await request();
    void docket.run(await docket.claimOne());
    await expect.poll(() => fake.made).toHaveLength(1);
    fake.creating.create = create;

    docket.pass(59_999);
    await docket.work();
    const early = fake.asked.length;
    docket.pass(1);
    await docket.workOn();

    expect(early).toBe(2);
    expect(fake.asked.slice(2)).toEqual([`find ${DRAFT.email} as ann at fake`, 'exists']);
    expect(fake.made).toHaveLength(1);
    expect(told()).toEqual([MADE]);
  });
});

describe('a provider that fails', () => {
  test.each(['invalid', 'forbidden', 'auth'] as const)('for good (%s) is not asked again', async (why) => {
    fake.fates.push(why);
    await request();
    await docket.workOn();

    expect(fake.asked).toHaveLength(2);
    expect(told()).toMatchObject([{ about: 'not_created', email: DRAFT.email, why }]);
  });

  test('is asked for a quarter of an hour, and then the rep hears that it did not answer', async () => {
    fake.findTrouble.push(...Array.from({ length: 30 }, () => 'unavailable' as const));
    await request();
    await docket.workOn();

    expect(fake.asked.length).toBeGreaterThan(10);
    const reference = expect.stringMatching(/^job \d+$/);
    expect(told()).toMatchObject([{ about: 'not_created', why: 'unavailable', unsure: true, reference }]);
  });
});

test('a worker that lost its lease while it looked for the person makes nothing, and says nothing', async () => {
  await request();
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { findPerson } = fake.creating;
  fake.creating.findPerson = async (...args) => {
    asked.resolve();
    await answered.promise;
    return findPerson(...args);
  };
  const slowWork = docket.run(await docket.claimOne());
  await asked.promise;
  fake.creating.findPerson = findPerson;
  docket.pass(8_000);
  const next = await docket.claimOne();
  answered.resolve();
  await slowWork;
  expect(fake.made).toEqual([]);

  await docket.run(next);
  await docket.workOn();

  expect(fake.made).toHaveLength(1);
  expect(told()).toEqual([MADE]);
});
