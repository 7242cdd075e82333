import { expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MAYA, MAYA_GONG, MINUTE, MONDAY_NINE, TASK_A, TASK_B, THEO, THEO_GONG } from './cast.ts';
import { digestOf, type } from './press.ts';
import { posted, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

const FIVE = 5 * MINUTE;
const MONDAY = 'Monday 23 November';
const TUESDAY = 'Tuesday 24 November';

function titles(world: World, who: SandboxUser = MAYA): string[] {
  return posted(world, who).map((message) => wordsOf(message).split('\n')[0] ?? '');
}

test('at nine, not a minute before, and however often the app looks at the clock or is started again: one digest a day', async () => {
  const world = await createWorld();

  await world.pass(4 * MINUTE);
  expect(posted(world)).toEqual([]);
  await world.pass(MINUTE, 4);
  await world.restart();
  await world.restart(HOUR);
  expect(titles(world)).toEqual([MONDAY]);

  await world.passTo(MONDAY_NINE + DAY);

  expect(titles(world)).toEqual([MONDAY, TUESDAY]);
});

test('/tasks digest sends one at once, before and after the scheduled one, and neither replaces the other', async () => {
  const world = await createWorld();

  await type(world, 'digest');
  expect(titles(world)).toEqual([MONDAY]);
  await digestOf(world);
  expect(titles(world)).toHaveLength(2);
  await type(world, 'digest');
  expect(titles(world)).toHaveLength(3);
  await world.pass(DAY);

  expect(titles(world)).toEqual([MONDAY, MONDAY, MONDAY, TUESDAY]);
});

test('/tasks pause: none until /tasks resume, or until its date; one that cannot be read or has passed changes nothing', async () => {
  const world = await createWorld();

  expect((await type(world, 'pause until doomsday')).text).toContain('is not a date that Docket understands');
  expect((await type(world, 'pause until 2026-11-01')).text).toContain('is in the past');
  await digestOf(world);
  expect(titles(world)).toEqual([MONDAY]);

  expect((await type(world, 'pause')).text).toContain('until you type `/tasks resume`');
  await world.pass(DAY, 2);
  expect((await type(world, 'resume')).text).toContain('Next digest: Thu 26 Nov, 09:00');
  expect(titles(world)).toEqual([MONDAY]);

  expect((await type(world, 'pause until Monday')).text).toContain('Next digest: Mon 30 Nov, 09:00');
  await world.pass(DAY, 5);
  expect(titles(world).slice(1)).toEqual(['Monday 30 November']);
});

test('two reps in different zones each get theirs at their own nine', async () => {
  const nineInBerlin = Date.parse('2026-11-23T08:00:00Z');
  const tasks = [gongTask({ id: TASK_A }), gongTask({ id: TASK_B, userId: THEO_GONG.id })];
  const world = await createWorld({ now: nineInBerlin - FIVE, tasks });

  await world.pass(FIVE);
  expect([titles(world, THEO), titles(world, MAYA)]).toEqual([[MONDAY], []]);
  const words = wordsOf(posted(world, THEO)[0]);
  expect(words).toContain('Whitfield 002');
  expect(words).not.toContain('Whitfield 001');
  await world.passTo(MONDAY_NINE);

  expect([titles(world, THEO), titles(world, MAYA)]).toEqual([[MONDAY], [MONDAY]]);
});

test.each([
  ['two hours late: it still comes, once', 2 * HOUR, [MONDAY, TUESDAY]],
  ['beyond the window: it is skipped', 5 * HOUR, [TUESDAY]],
])('an app that was down at nine and comes up %s', async (_, late, all) => {
  const world = await createWorld();

  await world.restart(FIVE + late);
  await world.pass(MINUTE);
  expect(titles(world)).toEqual(all.slice(0, -1));
  await world.passTo(MONDAY_NINE + DAY);

  expect(titles(world)).toEqual(all);
});

test('who moved gets it at nine where they are now, who left gets none, and who was added to Gong gets theirs: a daily look', async () => {
  const theo = { ...THEO, tz: MAYA.tz };
  const ida = { ...MAYA, id: 'U0IDA', name: 'ida', email: 'ida@northlight.example' };
  const world = await createWorld({ users: [MAYA, theo, ida] });
  await world.pass(FIVE);
  expect([MAYA, theo, ida].map((who) => titles(world, who))).toEqual([[MONDAY], [MONDAY], []]);
  world.slack.setUser({ ...MAYA, tz: 'Asia/Tokyo' });
  world.slack.setUser({ ...theo, deleted: true });
  world.gong.putUser({ ...MAYA_GONG, id: '77', emailAddress: ida.email });

  // The look comes with the first tick of the next UTC day: nine in Tokyo.
  await world.passTo(Date.parse('2026-11-24T00:00:00Z'));
  await world.passTo(MONDAY_NINE + DAY);
  await world.passTo(Date.parse('2026-11-25T00:00:00Z'));

  expect([MAYA, theo, ida].map((who) => titles(world, who))).toEqual([
    [MONDAY, 'Wednesday 25 November'],
    [MONDAY],
    [TUESDAY],
  ]);
});
