/** A digest that is too old to be kept true loses its buttons, once, and whatever Slack says. */
import { beforeEach, expect, test } from 'vitest';
import { retireDigests } from '../../../src/core/digests/retire.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { ANN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { task } from '../provider.ts';

const THREE_DAYS = 3 * DAY;

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket();
});

const showDigest = () => docket.showDigest([task('1')]);

function tick(): Promise<void> {
  return retireDigests(docket.deps, ANN.teamId);
}

test('is edited once it is older than three days, and never again', async () => {
  const digest = await showDigest();
  docket.pass(THREE_DAYS);
  await tick();
  expect(docket.screen.again).toEqual([]);
  docket.pass(1);

  await tick();
  docket.pass(HOUR);
  await tick();

  expect(docket.screen.again).toEqual([digest]);
  expect(await docket.deps.queue.open()).toBe(0);
});

test('a list, and a digest that Slack never took, are left alone', async () => {
  for (const kind of ['list', 'digest'] as const) await docket.show([task('1')], ANN, kind);
  docket.pass(THREE_DAYS + 1);

  await tick();

  expect(docket.screen.again).toEqual([]);
});

test('many take some minutes: a few at a time, the newest first', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    ids.unshift(await showDigest());
    docket.pass(1);
  }
  docket.pass(THREE_DAYS);

  await tick();
  const first = [...docket.screen.again];
  await tick();

  expect(first).toEqual(ids.slice(0, 15));
  expect(docket.screen.again).toEqual(ids);
});

test('whoever stops the app is not kept waiting', async () => {
  await showDigest();
  docket.pass(THREE_DAYS + 1);

  await retireDigests(docket.deps, ANN.teamId, () => false);

  expect(docket.screen.again).toEqual([]);
});

test('one with a click under way keeps its row until that has ended', async () => {
  const digest = await showDigest();
  docket.holds(task('1'));
  docket.pass(THREE_DAYS + 1);
  await docket.change({ verb: 'done' });
  await tick();
  expect(docket.screen.again).toEqual([]);

  await docket.work();
  await tick();

  expect(docket.screen.again).toEqual([digest]);
});

test('one that is gone from Slack keeps none of the others waiting', async () => {
  const first = await showDigest();
  docket.pass(1);
  await showDigest();
  docket.pass(THREE_DAYS + 1);
  docket.screen.postTrouble.push(new DeliveryError('permanent', 'message_not_found'));

  await tick();
  await tick();

  expect(docket.screen.again).toEqual([first]);
});

test('one that cannot be edited is tried again, keeps no other waiting, and is given up after a day', async () => {
  const first = await showDigest();
  docket.pass(1);
  const stubborn = await showDigest();
  docket.pass(THREE_DAYS + 1);
  const away = new DeliveryError('unavailable', 'away');
  docket.screen.postTrouble.push(away);
  await tick();
  expect(docket.screen.again).toEqual([first]);

  docket.screen.postTrouble.push(away);
  await tick();
  docket.pass(DAY);
  docket.screen.postTrouble.push(away);
  await tick();
  await tick();

  expect(docket.screen.again).toEqual([first]);
  expect(docket.lines.filter((line) => line.includes('could not be edited'))).toHaveLength(3);
  expect(stubborn).not.toBe(first);
});

test('a Slack that is busy is left alone until the next minute', async () => {
  await showDigest();
  await showDigest();
  docket.pass(THREE_DAYS + 1);
  docket.screen.postTrouble.push(new DeliveryError('rate_limited', 'busy', { retryAfterMs: 1_000 }));

  await tick();
  expect(docket.screen.again).toEqual([]);
  await tick();

  expect(docket.screen.again).toHaveLength(2);
});
