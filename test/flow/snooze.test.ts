/** The Snooze menu: what an option says is what happens, on the rep's own working days. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MAYA, MONDAY_NINE, TASK_A } from './cast.ts';
import { answered, digestOf, press, type } from './press.ts';
import { dueAt, findRow, fresh, lastMessage, patches, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

function offered(message: { blocks: JsonObject[] } | undefined): string[] {
  const menu = findRow(message, 'Whitfield 001').controls.Snooze?.element;
  return ((menu?.options ?? []) as { text: { text: string } }[]).map(({ text }) => text.text);
}

async function worksOn(world: World, days: readonly number[]) {
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  const options = days.map((day) => ({ value: String(day) }));
  await world.slack.submit(MAYA.id, {
    settings_time: { settings_time: { selected_time: '09:00' } },
    settings_days: { settings_days: { selected_options: options } },
  });
}

test('on a Friday the options name Monday, once, and that is when the task comes back', async () => {
  const friday = MONDAY_NINE + 4 * DAY;
  const world = await createWorld({ now: friday, tasks: [gongTask({ id: TASK_A }, friday)] });
  const list = await type(world, '');

  expect(offered(list)).toEqual(['Later today, 12:00', 'Monday 09:00', 'Pick a time…']);
  await press(world, list, 'Whitfield 001', 'Snooze', 'Monday');

  expect(dueAt(world, TASK_A)).toBe('2026-11-30T14:00:00.000Z');
});

test('what is pressed is what was read, hours after it was drawn', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  await world.pass(26 * HOUR);

  expect(offered(digest)[2]).toBe('Next week, Mon 30 Nov 09:00');
  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');

  expect(dueAt(world, TASK_A)).toBe('2026-11-30T14:00:00.000Z');
});

test.each([
  ['Later today', 3 * HOUR, 'Mon 23 Nov, 12:00'],
  ['Tomorrow', 25 * HOUR, 'Tue 24 Nov, 09:00'],
])(
  'an option whose time has passed (%s) sends nothing, says so, and the row offers later times',
  async (option, later, at) => {
    const world = await createWorld();
    const digest = await digestOf(world);
    await world.pass(later);
    const seen = fresh(world, digest);

    await press(world, digest, 'Whitfield 001', 'Snooze', option);

    expect(patches(world)).toEqual([]);
    expect(lastMessage(world)?.text).toContain('has passed, so nothing was changed');
    expect(lastMessage(world)?.text).toContain(at.slice(-5));
    expect(offered(fresh(world, digest))).not.toEqual(offered(seen));
    await press(world, fresh(world, digest), 'Whitfield 001', 'Snooze', offered(fresh(world, digest))[0]);
    expect(patches(world)).toHaveLength(1);
  },
);

test('a moment that no menu of ours offers is refused', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  const control = findRow(digest, 'Whitfield 001').controls.Snooze;
  const [option] = (control?.element.options ?? []) as { value: string }[];
  const row = option?.value.split('.').slice(0, 3).join('.');
  const forged = `${row}.${((world.now() + 15 * DAY) / 60_000).toString(36)}`;
  await press(world, digest, 'Whitfield 002', 'Snooze', 'Tomorrow');
  const { payload = {} } = world.slack.sent.findLast(({ kind }) => kind === 'interactive') ?? {};
  const [action] = (payload.actions ?? []) as JsonObject[];
  const before = patches(world).length;

  await world.slack.deliver('interactive', {
    ...payload,
    actions: [{ ...action, selected_option: { text: { type: 'plain_text', text: 'x' }, value: forged } }],
  });
  await world.idle();

  expect(patches(world)).toHaveLength(before);
  expect(lastMessage(world)?.text).toContain('too old to act on');
});

test('someone who works from Sunday to Thursday gets Sunday', async () => {
  const thursday = MONDAY_NINE + 3 * DAY;
  const world = await createWorld({ now: thursday, tasks: [gongTask({ id: TASK_A }, thursday)] });
  await worksOn(world, [1, 2, 3, 4, 7]);
  const list = await type(world, '');

  expect(offered(list)).toEqual(['Later today, 12:00', 'Sunday 09:00', 'Pick a time…']);
  await press(world, list, 'Whitfield 001', 'Snooze', 'Sunday');

  expect(dueAt(world, TASK_A)).toBe('2026-11-29T14:00:00.000Z');
  expect(wordsOf(lastMessage(world))).toContain('Snoozed until Sun 29 Nov, 09:00');
});
