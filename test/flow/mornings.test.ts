/** One morning after another: what a rep reads again, and what they do not. */
import { expect, test } from 'vitest';
import { DAY, gongTask, HOUR, MAYA, MONDAY_NINE, TASK_A, TASK_B } from './cast.ts';
import { digestOf, type Shown, show, submit, type } from './press.ts';
import { lastMessage, modalOf, mustBe, posted, rowsOf, wordsOf } from './read.ts';
import { clicker, dueTimes, idsOf, overdue, untilProgress } from './sweeping.ts';
import { createWorld, type World } from './world.ts';

const EIGHT = { gong: 8, outreach: 0, reply: 0 };

async function morningOf(world: World, days: number): Promise<Shown> {
  await world.passTo(MONDAY_NINE + days * DAY);
  return show(world, mustBe(lastMessage(world)));
}

test('a morning without a change is six lines; Show all has every row, with the same numbers', async () => {
  const world = await overdue(EIGHT);
  const monday = await digestOf(world);
  expect(rowsOf(monday.blocks)).toHaveLength(8);
  const tuesday = await morningOf(world, 1);

  expect(wordsOf({ blocks: tuesday.blocks.filter(({ type }) => type !== 'actions') }).split('\n')).toHaveLength(6);
  expect(tuesday.words()).toContain('Nothing changed since yesterday');
  expect(tuesday.words()).toContain('*Unchanged:* 5 overdue, the oldest by 7 working days');

  await tuesday.button('Show all 8');

  expect(tuesday.rows()).toHaveLength(8);
  expect(tuesday.words()).not.toContain('Unchanged');
});

test('what changed overnight is a row with its word, and the rest is a line', async () => {
  const world = await overdue(EIGHT);
  await digestOf(world);
  const [closed, moved] = idsOf(EIGHT).gong.slice(-2);
  const { gong } = world;
  await world.pass(23 * HOUR);
  gong.put({ ...mustBe(gong.task(closed ?? '')), status: 'DONE' });
  const noon = new Date(MONDAY_NINE + DAY + 3 * HOUR).toISOString();
  gong.put({ ...mustBe(gong.task(moved ?? '')), dueDate: noon });
  gong.put(gongTask({ id: TASK_A, dueDate: new Date(MONDAY_NINE + 3 * DAY).toISOString() }));

  const tuesday = await morningOf(world, 1);

  expect(tuesday.words()).toContain('Since yesterday: 1 new, 1 moved, 1 closed elsewhere');
  expect(tuesday.rows()).toHaveLength(5);
  expect(tuesday.row('Whitfield 001').text).toContain('New');
  expect(tuesday.words()).toMatch(/Moved from Fri 13 Nov, 09:00/);
  expect(tuesday.words()).toMatch(/\*Closed elsewhere:\* ~.*~ no longer open in Gong/);
  expect(tuesday.words()).toContain('*Overdue:* 3 unchanged');
});

test('Act on them… moves just the unchanged tasks, in two clicks', async () => {
  const world = await overdue(EIGHT);
  await digestOf(world);
  const tuesday = await morningOf(world, 1);
  const maya = clicker(world);
  const unchanged = idsOf(EIGHT).gong.filter((id) => !tuesday.rows().some(({ text }) => text.includes(id.slice(-3))));
  expect(unchanged).toHaveLength(5);

  await maya.button(tuesday, 'Act on them…');
  expect(JSON.stringify(modalOf(world))).toContain(
    '"initial_option":{"text":{"type":"plain_text","text":"All unchanged (5)',
  );
  await maya.submit();

  expect(maya.clicks).toBe(2);
  await untilProgress(world, '5 of 5 done');
  expect(unchanged.map((id) => world.gong.task(id)?.dueDate)).toEqual(unchanged.map(() => '2026-11-25T14:00:00Z'));
  expect(dueTimes(world, EIGHT)).toHaveLength(2);
  expect(tuesday.words()).toContain('5 of 8 cleared');
});

test('a morning with nothing open brings no message, and the status says why; whoever wants a line gets one', async () => {
  const world = await createWorld({ tasks: [gongTask({ id: TASK_A })] });
  await digestOf(world);
  world.gong.put({ ...mustBe(world.gong.task(TASK_A)), status: 'DONE' });
  await world.passTo(MONDAY_NINE + DAY);
  expect(posted(world)).toHaveLength(1);
  expect((await type(world, 'status')).words()).toContain(
    'Last digest: Mon 23 Nov, 09:00. None came today, because nothing was open. One line a week says so',
  );

  await type(world, 'settings');
  await submit(world, {
    settings_time: { selected_time: '09:00' },
    settings_days: { selected_options: [1, 2, 3, 4, 5].map((day) => ({ value: String(day) })) },
    settings_all_clear: { selected_option: { value: 'daily' } },
  });
  const wednesday = await morningOf(world, 2);

  expect(wednesday.words()).toContain('*All clear:* no open call tasks in Gong.');
  expect(wednesday.userId).toBe(MAYA.id);
});

test('after days away the digest says so, and what went overdue meanwhile comes first', async () => {
  const world = await createWorld({ tasks: [gongTask({ id: TASK_A }), gongTask({ id: TASK_B })] });
  await digestOf(world);
  await type(world, 'pause until 2026-11-30');
  world.gong.put({ ...mustBe(world.gong.task(TASK_B)), status: 'DONE' });

  const back = await morningOf(world, 7);

  expect(back.words()).toContain(
    '*Back after 4 mornings without a digest.* Since Mon 23 Nov: 1 newly overdue, 1 closed elsewhere',
  );
  expect(back.words()).toContain('*Went overdue while you were away*');
  expect(back.words()).toMatch(/\*Closed meanwhile by others:\* ~.*~ no longer open in Gong/);
});
