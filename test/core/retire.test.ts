/** A digest that is too old to be kept true loses its buttons, once, and whatever Slack says. */
import { expect, test } from 'vitest';
import { DeliveryError } from '../../src/core/errors.ts';
import { enqueueRetiring } from '../../src/core/retire.ts';
import { ANN, createDocket, DAY, type Docket, HOUR } from './docket.ts';
import { task } from './provider.ts';

const THREE_DAYS = 3 * DAY;

async function showDigest({ deps, show }: Docket, posted = true): Promise<string> {
  const id = await show([task('1')], ANN, 'digest');
  if (posted) await deps.store.messages.markPosted(id, { channel: 'D1', ts: `${id}.0` });
  return id;
}

async function tick(docket: Docket): Promise<void> {
  await enqueueRetiring(docket.deps, ANN.teamId);
  await docket.work();
}

test('is edited once it is older than three days, and never again', async () => {
  const docket = await createDocket();
  const digest = await showDigest(docket);
  docket.pass(THREE_DAYS);
  await tick(docket);
  expect(docket.screen.again).toEqual([]);
  docket.pass(1);

  await tick(docket);
  docket.pass(HOUR);
  await tick(docket);

  expect(docket.screen.again).toEqual([digest]);
  expect(await docket.deps.queue.open()).toBe(0);
});

test('a list, and a digest that Slack never took, are left alone', async () => {
  const docket = await createDocket();
  await docket.show([task('1')], ANN, 'list');
  await showDigest(docket, false);
  docket.pass(THREE_DAYS + 1);

  await tick(docket);

  expect(docket.screen.again).toEqual([]);
});

test('many take some minutes: a few at a time, the oldest first', async () => {
  const docket = await createDocket();
  const ids: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    ids.push(await showDigest(docket));
    docket.pass(1);
  }
  docket.pass(THREE_DAYS);

  await tick(docket);
  const first = [...docket.screen.again];
  await tick(docket);
  const sameMinute = [...docket.screen.again];
  docket.pass(60_000);
  await tick(docket);

  expect(first).toEqual(ids.slice(0, 15));
  expect(sameMinute).toEqual(first);
  expect(docket.screen.again).toEqual(ids);
});

test('one that is gone from Slack keeps none of the others waiting', async () => {
  const docket = await createDocket();
  await showDigest(docket);
  docket.pass(1);
  const second = await showDigest(docket);
  docket.pass(THREE_DAYS + 1);
  docket.screen.postTrouble.push(new DeliveryError('permanent', 'message_not_found'));

  await tick(docket);

  expect(docket.screen.again).toEqual([second]);
});

test('while Slack is away it is tried again', async () => {
  const docket = await createDocket();
  const digest = await showDigest(docket);
  docket.pass(THREE_DAYS + 1);
  docket.screen.postTrouble.push(new DeliveryError('unavailable', 'away'));

  await tick(docket);
  expect(docket.screen.again).toEqual([]);
  docket.pass(2_000);
  await docket.work();

  expect(docket.screen.again).toEqual([digest]);
});
