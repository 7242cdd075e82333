/** The Snooze menu: what an option says is what happens, on the rep's own working days. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MAYA, MONDAY_NINE, TASK_A } from './cast.ts';
import { answered, submit, type } from './press.ts';
import { dueAt, findRow, lastMessage, patches } from './read.ts';
import { morning } from './start.ts';
import { createWorld } from './world.ts';

function offered(message: { blocks: JsonObject[] }): string[] {
  const menu = findRow(message, 'Whitfield 001').controls.Snooze?.element;
  return ((menu?.options ?? []) as { text: { text: string } }[]).map(({ text }) => text.text);
}

test.each([
  ['on a Friday the options name Monday, once', 4, undefined, 'Monday', '2026-11-30T14:00:00.000Z'],
  ['someone who works from Sunday to Thursday gets Sunday', 3, [1, 2, 3, 4, 7], 'Sunday', '2026-11-29T14:00:00.000Z'],
])('%s, and that is when the task comes back', async (_name, day, worksOn, option, at) => {
  const now = MONDAY_NINE + day * DAY;
  const world = await createWorld({ now, tasks: [gongTask({ id: TASK_A }, now)] });
  if (worksOn) {
    await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
    const options = worksOn.map((each) => ({ value: String(each) }));
    await submit(world, { settings_time: { selected_time: '09:00' }, settings_days: { selected_options: options } });
  }
  const list = await type(world, '');

  expect(offered(list)).toEqual(['Later today, 12:00', `${option} 09:00`, 'Pick a time…']);
  await list.press('Whitfield 001', 'Snooze', option);

  expect(dueAt(world, TASK_A)).toBe(at);
});

test('what is pressed is what was read: an option whose time has passed sends nothing, says so, and the row offers later times', async () => {
  const { world, digest } = await morning();
  await world.pass(3 * HOUR);
  const seen = offered(digest.now());

  await digest.press('Whitfield 001', 'Snooze', 'Later today');

  expect(patches(world)).toEqual([]);
  expect(lastMessage(world)?.text).toMatch(/12:00.*has passed, so nothing was changed/);
  const later = offered(digest.now());
  expect(later).not.toEqual(seen);
  await digest.press('Whitfield 001', 'Snooze', later[0]);
  expect(patches(world)).toHaveLength(1);
});

test('a moment that no menu of ours offers is refused', async () => {
  const { world, digest } = await morning();
  const [option] = (digest.row('Whitfield 001').controls.Snooze?.element.options ?? []) as { value: string }[];
  const row = option?.value.split('.').slice(0, 3).join('.');
  const forged = `${row}.${((world.now() + 15 * DAY) / 60_000).toString(36)}`;
  await digest.press('Whitfield 002', 'Snooze', 'Tomorrow');
  const { payload = {} } = world.slack.sent.findLast(({ kind }) => kind === 'interactive') ?? {};
  const [action] = (payload.actions ?? []) as JsonObject[];
  const before = patches(world).length;

  const selected_option = { text: { type: 'plain_text', text: 'x' }, value: forged };
  await world.slack.deliver('interactive', { ...payload, actions: [{ ...action, selected_option }] });
  await world.idle();

  expect(patches(world)).toHaveLength(before);
  expect(lastMessage(world)?.text).toContain('too old to act on');
});
