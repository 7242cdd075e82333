/** The page's hand on the clock, over HTTP. */
import { expect, test, vi } from 'vitest';
import { DEMO_PEOPLE } from '../../sandbox/people.ts';
import { MONDAY, startClockPage } from './clock-stage.ts';

const [MAYA, THEO] = DEMO_PEOPLE;
const HOUR = 3_600_000;
const NINE = MONDAY + 7_000;
const PATIENCE = { timeout: 20_000, interval: 20 };

test('Pause stops the clock, and Go on starts it where it stood', async () => {
  const { clock, ask, state } = await startClockPage();
  await ask({ do: 'pause' });
  const { now, clock: paused } = await state();
  expect([clock.now(), paused?.isRunning]).toEqual([now, false]);

  await ask({ do: 'go on' });
  expect((await state()).clock?.isRunning).toBe(true);
  expect(clock.now()).toBeGreaterThanOrEqual(now);
});

test('the next morning is nine in the zone of the person who is shown, and a pause lasts through the way', async () => {
  const { clock, ask, state } = await startClockPage();
  await ask({ do: 'pause' });
  const theirs = (await state(THEO.slackId)).clock?.nextMorning;
  // Tuesday, 09:00 in Berlin.
  expect(theirs).toBe(Date.UTC(2026, 11, 1, 8));

  expect((await ask({ do: 'next morning', userId: THEO.slackId })).status).toBe(200);
  await vi.waitFor(async () => expect((await state()).clock).not.toHaveProperty('journey'), PATIENCE);
  expect([clock.now(), clock.isRunning()]).toEqual([theirs, false]);
});

test.each([
  ['the past', { do: 'to', at: MONDAY - 1 }, 409, 'The clock only goes forward'],
  ['more than a year', { do: 'to', at: MONDAY + 367 * 24 * HOUR }, 409, 'at most a year ahead'],
  ['nobody’s morning', { do: 'next morning', userId: 'U0' }, 409, 'There is no such person'],
  ['nobody’s week', { do: 'week', userId: 'U0' }, 409, 'There is no such person'],
  ['half a millisecond', { do: 'to', at: MONDAY + 0.5 }, 400, 'at'],
  ['what is more than was asked for', { do: 'pause', at: 1 }, 400, 'at'],
  ['what no clock does', { do: 'back' }, 400, 'do'],
])('%s is refused in a sentence, and the clock stays as it is', async (_name, body, status, words) => {
  const { clock, ask } = await startClockPage();
  clock.pause();
  const before = clock.now();
  const answer = await ask(body);

  expect([answer.status, clock.now()]).toEqual([status, before]);
  expect(answer.said.refused ?? answer.said.error).toContain(words);
});

test('another website cannot set the clock', async () => {
  const { ask, clock } = await startClockPage();
  expect((await ask({ do: 'pause' }, { origin: 'https://elsewhere.example' })).status).toBe(403);
  expect(clock.isRunning()).toBe(true);
});

test('on the way a second journey is refused, and Stop leaves the clock where it is', async () => {
  const { clock, ask, state } = await startClockPage({ stepMs: 5 });
  const to = NINE + 300 * 24 * HOUR;
  await ask({ do: 'to', at: to });
  expect((await state()).clock?.journey).toEqual({ kind: 'jump', to });
  const second = await ask({ do: 'week', userId: MAYA.slackId });
  expect(second).toEqual({ status: 409, said: { refused: 'The clock is on its way already. Stop it first.' } });

  await ask({ do: 'stop' });
  await vi.waitFor(async () => expect((await state()).clock).not.toHaveProperty('journey'), PATIENCE);
  expect(clock.now()).toBeLessThan(to);
});

test('a week shows each morning with what happened before it, and ends on the fifth', async () => {
  const { clock, ask, state } = await startClockPage({ lookMs: 150 });
  await ask({ do: 'week', userId: MAYA.slackId });
  const seen = new Map<number, readonly string[]>();
  await vi.waitFor(async () => {
    const { morning, journey } = (await state()).clock ?? {};
    if (morning) seen.set(morning.number, morning.told);
    expect(journey).toBeUndefined();
  }, PATIENCE);

  expect([...seen.keys()]).toEqual([1, 2, 3, 4, 5]);
  expect(seen.get(1)).toEqual([]);
  expect(seen.get(2)?.join()).toContain('Theo closed');
  expect(seen.get(5)).toEqual([]);
  expect(clock.now()).toBeGreaterThanOrEqual(NINE + 4 * 24 * HOUR);
});

test('a week that is stopped while a morning is shown stays there, and brings back the tool that was away', async () => {
  const { ask, state } = await startClockPage({ lookMs: 400 });
  await ask({ do: 'week', userId: MAYA.slackId });
  const isAway = async () => (await state()).panels.some((panel) => panel.isDown);
  await vi.waitFor(async () => expect((await state()).clock?.morning?.number).toBe(3), PATIENCE);
  expect(await isAway()).toBe(true);

  await ask({ do: 'stop' });
  await vi.waitFor(async () => expect((await state()).clock).not.toHaveProperty('journey'), PATIENCE);
  expect((await state()).clock?.morning?.number).toBe(3);
  expect(await isAway()).toBe(false);
});
