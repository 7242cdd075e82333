/** What was read for a list counts for the next one, for a short time, and never where it may be outdated. */
import { beforeEach, expect, test } from 'vitest';
import { KEEP_LISTS_MS } from '../../../src/core/digests/kept.ts';
import type { ListRequest } from '../../../src/core/digests/listing.ts';
import type { LoadedMessage } from '../../../src/core/model/message.ts';
import type { Query } from '../../../src/core/model/query.ts';
import { ANN, BEN, createDocket, type Docket } from '../docket.ts';
import { fakeProvider, MONDAY_NINE, task } from '../provider.ts';

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket();
  docket.holds(task('1'), task('2', { kind: 'call' }));
});

async function ask(query: Query = {}, more: Partial<ListRequest> = {}): Promise<LoadedMessage> {
  const filter = { by: 'query', query } as const;
  return docket.lists.make(await docket.rep(), { kind: 'list', filter, priority: 'person', ...more });
}

const idsOf = ({ items }: LoadedMessage) => items.map((item) => item.task.id);
const readings = () => docket.provider.calls.filter((call) => call === 'list ann at fake').length;

test('ten questions within the time cost one reading, and say how old the answer is', async () => {
  const lists = [];
  for (let n = 0; n < 10; n += 1) {
    lists.push(await ask(n % 2 === 0 ? {} : { kinds: ['call'] }, { kind: n < 5 ? 'list' : 'home' }));
    docket.pass(KEEP_LISTS_MS / 10);
  }

  expect(readings()).toBe(1);
  expect(lists.map(idsOf).slice(0, 2)).toEqual([['2', '1'], ['2']]);
  expect(lists[0]?.summary.keptFor).toBeUndefined();
  expect(lists[1]?.summary).toMatchObject({ fetchedAt: MONDAY_NINE, keptFor: KEEP_LISTS_MS / 10 });
  await ask();
  expect(readings()).toBe(2);
});

test('a message that becomes another list uses it too; Refresh asks anew, and what it read counts from then on', async () => {
  const list = await ask();
  const rep = await docket.rep();
  docket.holds(task('3'));
  docket.pass(1_000);

  const changed = await docket.lists.ask(rep, list, { kinds: ['call'] });
  expect(changed && idsOf(changed)).toEqual(['2']);
  expect(changed?.id).toBe(list.id);
  expect(readings()).toBe(1);
  await docket.lists.ask(rep, list, {});
  const fresh = await docket.lists.refresh(rep, list.id, 'person');
  expect(fresh && idsOf(fresh)).toEqual(['3']);
  expect(fresh?.summary.keptFor).toBeUndefined();
  expect(idsOf(await ask())).toEqual(['3']);
  expect(readings()).toBe(2);
});

test('a digest, and whoever reads for one, never uses it, nor leaves anything in it', async () => {
  await ask();
  const links = await docket.deps.store.links.of(ANN);

  await ask({}, { kind: 'digest', priority: 'digest' });
  await docket.lists.read(links, 'digest');
  expect(readings()).toBe(3);
  docket.pass(KEEP_LISTS_MS);
  await docket.lists.read(links, 'digest');
  await ask();
  expect(readings()).toBe(5);
});

test("is forgotten with any action of the rep's: when it is recorded, when it is settled, when it is undone", async () => {
  const { id } = await ask();
  docket.pass(1_000);
  await ask();
  expect(readings()).toBe(1);

  docket.shown = id;
  await docket.change({ verb: 'done' });
  await ask();
  expect(readings()).toBe(2);
  docket.pass(1_000);
  await docket.work();
  await ask();
  docket.pass(1_000);
  await ask();
  expect(readings()).toBe(4);
  await docket.undo();
  await docket.work();
  await ask();
  expect(readings()).toBe(5);
  expect(idsOf(await ask())).toContain('1');
});

test("of another rep stays: each has their own, and what one does is none of the other's affair", async () => {
  const benAsks = async () =>
    docket.lists.make(await docket.rep(BEN), { kind: 'list', filter: { by: 'all' }, priority: 'person' });
  const bens = () => docket.provider.calls.filter((call) => call === 'list ben at fake').length;
  await benAsks();
  const { id } = await ask();
  docket.pass(1_000);
  docket.shown = id;
  await docket.act({ verb: 'done' });
  await benAsks();

  expect([readings(), bens()]).toEqual([1, 1]);
});

test.each([
  ['a task that is in it', { taskId: '2' }, 2],
  ['a task of theirs that is not in it', { taskId: '9', owner: 'ann at fake' }, 2],
  ['a task of somebody else', { taskId: '9', owner: 'ben at fake' }, 1],
])('a webhook about %s: %j', async (_name, event, expected) => {
  await ask();
  docket.pass(1_000);

  docket.lists.forgetTask('fake', event);
  docket.lists.forgetTask('other', { taskId: '2' });
  await ask();

  expect(readings()).toBe(expected);
});

test('what was being read when a webhook came is shown, but not kept', async () => {
  const gate = Promise.withResolvers<void>();
  const read = docket.provider.listTasks.bind(docket.provider);
  docket.provider.listTasks = (account, options) => gate.promise.then(() => read(account, options));
  const asked = ask();
  await new Promise(setImmediate);
  docket.lists.forgetTask('fake', { taskId: '9', owner: 'ben at fake' });
  gate.resolve();

  expect(idsOf(await asked)).toEqual(['2', '1']);
  docket.pass(1_000);
  await ask();
  expect(readings()).toBe(2);
});

test('a failure is not kept, and a new link asks for itself', async () => {
  docket.provider.listTrouble.push({ kind: 'unavailable' });
  await ask();
  await ask();
  expect(readings()).toBe(2);
  docket.pass(1_000);
  await docket.link(ANN, 'ann at fake', { linkedAt: docket.deps.clock() });
  await ask();

  expect(readings()).toBe(3);
});

test('a tool that a query does not ask for is not called, and its trouble is not told', async () => {
  const other = fakeProvider('other');
  docket = await createDocket({ providers: [fakeProvider(), other] });
  await docket.link(ANN, 'ann', { provider: 'other' });
  docket.holds(task('1'));
  other.listTrouble.push({ kind: 'unavailable' });

  const { summary, items } = await ask({ tools: ['fake'] });

  expect(other.calls).toEqual([]);
  expect(summary.reports.map(({ provider, state }) => [provider, state])).toEqual([['fake', 'listed']]);
  expect(items).toHaveLength(1);
});
