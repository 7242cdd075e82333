/** A digest tells of links that were made by themselves, once, so that a wrong one is noticed. */
import { beforeEach, expect, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { ANN, addressOf, createDocket, DAY, type Docket } from '../docket.ts';
import { fakeProvider, MONDAY_NINE } from '../provider.ts';

const FAKE = { provider: 'fake', name: 'Fake', email: addressOf(ANN) };
const OTHER = { provider: 'other', name: 'other', email: addressOf(ANN) };

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket({ providers: [fakeProvider('fake'), fakeProvider('other')] });
});

/** What Ann's newest message of a kind tells of. */
async function told(kind: 'digest' | 'list' = 'digest') {
  const id = await docket.deps.store.messages.newest(ANN, kind);
  return (await docket.deps.store.messages.load(id ?? ''))?.summary.newLinks;
}

async function digest(): Promise<void> {
  await claimDueDigests(docket.deps);
  await docket.work();
}

const announced = async () => (await docket.deps.store.links.of(ANN)).map(({ announcedAt }) => announcedAt);

test.each([
  ['that is planned', digest],
  ['that was asked for', async () => docket.digests.sendNow(await docket.rep())],
])('a digest %s tells of them, and the next one does not', async (_name, send) => {
  await docket.link(ANN, '1', { provider: 'other', email: addressOf(ANN) });
  await send();
  const first = await told();
  docket.pass(DAY);
  await send();

  expect(first).toEqual([FAKE, OTHER]);
  expect(await told()).toBeUndefined();
  expect(await announced()).toEqual([MONDAY_NINE, MONDAY_NINE]);
});

test('a link to another user is told anew', async () => {
  await digest();
  await docket.link(ANN, 'another user', { email: addressOf(ANN) });
  docket.pass(DAY);
  await digest();

  expect(await told()).toEqual([FAKE]);
});

test.each(['consent', 'suggestion'] as const)('what a rep decided for themselves is no news: %s', async (origin) => {
  await docket.link(ANN, '1', { provider: 'other', email: addressOf(ANN), origin: origin });
  await digest();

  expect(await told()).toEqual([FAKE]);
  expect(await announced()).toEqual([MONDAY_NINE, undefined]);
});

test('what Slack did not take was not told', async () => {
  docket.screen.postTrouble.push(...[1, 2].map(() => new DeliveryError('unavailable', 'away')));
  await digest();
  const before = await announced();
  docket.pass(60_000);
  await docket.work();

  expect(before).toEqual([undefined]);
  expect(await told()).toEqual([FAKE]);
  expect(await announced()).toEqual([MONDAY_NINE + 60_000]);
});

test('a list tells nothing of them, so they are not told', async () => {
  const all = { kind: 'list', filter: { by: 'all' }, after: undefined, priority: 'person' } as const;
  await docket.lists.make(await docket.rep(), all);

  expect(await told('list')).toBeUndefined();
  expect(await announced()).toEqual([undefined]);
});

test('a provider that is not set up is not told of', async () => {
  await docket.link(ANN, '1', { provider: 'other', email: addressOf(ANN) });
  docket.deps.providers.delete('fake');
  await digest();

  expect(await told()).toEqual([OTHER]);
});
