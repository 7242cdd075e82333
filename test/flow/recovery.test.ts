/** A short outage of a tool is over for everyone as soon as the tool is back. Time is real here: it is about seconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { ALWAYS, gongTask, THEO, THEO_GONG } from './cast.ts';
import { pressOnly, type } from './press.ts';
import { lists, patches, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

const FIVE = ['101', '102', '103', '104', '105'];
const THEIRS = '201';

async function createRealWorld(): Promise<World> {
  const now = Date.now();
  return createWorld({
    now,
    overrides: { clock: Date.now, random: Math.random },
    tasks: [
      ...FIVE.map((id) => gongTask({ id }, now)),
      gongTask({ id: THEIRS, userId: THEO_GONG.id, contact: { data: { firstName: 'Ada', lastName: 'Moss' } } }, now),
    ],
  });
}

const doneOf = (world: World, ids: readonly string[]) => ids.filter((id) => world.gong.task(id)?.status === 'DONE');

/** The pace of three calls in 1.25 s alone takes five clicks some four seconds; half a minute was the fault. */
const SOON = { timeout: 15_000, interval: 25 };

test.each<[string, Fault['how'], number]>([
  ['answers 503', { kind: 'answer', status: 503 }, 2_000],
  ['drops connections', { kind: 'reset' }, 3_000],
])(
  'five clicks meet a tool that %s: all are done, and so is a new one, within seconds of its return',
  async (_, how, awayMs) => {
    const world = await createRealWorld();
    const mine = await type(world, '');
    const theirs = await type(world, '', THEO);
    world.gong.fail({ times: ALWAYS, how });

    const start = performance.now();
    for (const id of FIVE) await pressOnly(world, mine, `Whitfield ${id}`, 'Done');
    await sleep(awayMs - (performance.now() - start));
    expect(patches(world).filter(({ status }) => status === 200)).toEqual([]);
    world.gong.clearFaults();
    const back = performance.now();
    const { acked } = await pressOnly(world, theirs, 'Ada Moss', 'Done', undefined, THEO);
    expect(acked).toBe(true);

    await vi.waitFor(() => expect(doneOf(world, [THEIRS])).toEqual([THEIRS]), SOON);
    const pressed = performance.now() - back;
    await vi.waitFor(() => expect(doneOf(world, FIVE)).toEqual(FIVE), SOON);
    const all = performance.now() - back;
    await world.idle();

    expect(pressed).toBeLessThan(10_000);
    expect(all).toBeLessThan(15_000);
    expect(patches(world).filter(({ status }) => status === 200)).toHaveLength(6);
  },
  60_000,
);

test('while a tool is away, a new press and a list are asked all the same, and nobody reads that it did not answer unasked', async () => {
  const world = await createRealWorld();
  const mine = await type(world, '');
  const theirs = await type(world, '', THEO);
  world.gong.fail({ times: ALWAYS, how: { kind: 'answer', status: 500 } });
  for (const id of FIVE) await pressOnly(world, mine, `Whitfield ${id}`, 'Done');
  const openedBy = await vi.waitFor(async () => {
    expect((await type(world, 'status')).words()).toContain('has not answered since');
    return lists(world).length;
  }, SOON);

  await pressOnly(world, theirs, 'Ada Moss', 'Done', undefined, THEO);
  await vi.waitFor(() => expect(lists(world).length).toBeGreaterThan(openedBy), SOON);
  const before = lists(world).length;
  const list = await type(world, '', THEO);

  expect(lists(world).length).toBeGreaterThan(before);
  expect(wordsOf(list)).toContain('Gong could not be reached');
  world.gong.clearFaults();
  // The list that works is what finds Gong back, so everything that waits goes on.
  expect((await type(world, '', THEO)).words()).not.toContain('could not be reached');
  await vi.waitFor(() => expect(doneOf(world, [...FIVE, THEIRS])).toEqual([...FIVE, THEIRS]), SOON);
  await world.idle();
  expect(world.lines.map(({ message }) => message)).toContain('a provider answers again');
}, 60_000);
