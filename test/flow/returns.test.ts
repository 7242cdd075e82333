/** A snooze to later today comes back at its time with its verbs; `/tasks snoozed` and Home show what is snoozed. */
import { describe, expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MINUTE, MONDAY_NINE, TASK_A, TASK_B } from './cast.ts';
import { digestOf, openHome, type Shown, show, submit, type } from './press.ts';
import { dueAt, mustBe, posted, wordsOf } from './read.ts';
import { afterWindow, morning } from './start.ts';
import { optionOf, overdue, TWENTY, untilProgress } from './sweeping.ts';
import { openByButton, step } from './windows.ts';
import { createWorld, type World } from './world.ts';

const NOON = MONDAY_NINE + 3 * HOUR;

function returns(world: World): SandboxMessage[] {
  return posted(world).filter((message) => wordsOf(message).startsWith('Back from a snooze'));
}

function lastReturn(world: World): Shown {
  return show(world, mustBe(returns(world).at(-1)));
}

describe('a task that is snoozed to later today', () => {
  test('comes back at noon in a message of its own, with its verbs; what is done there, the digest shows too', async () => {
    const { world, digest } = await morning();
    await digest.press('Whitfield 001', 'Snooze', 'Later today, 12:00');
    expect(dueAt(world, TASK_A)).toBe(new Date(NOON).toISOString());

    await world.passTo(NOON - MINUTE);
    expect(returns(world)).toEqual([]);
    await world.pass(MINUTE);

    const back = lastReturn(world);
    expect(back.ephemeral).toBe(false);
    expect(back.words()).toContain('*0 of 2 cleared*  ·  left: 1 overdue, 1 due today');
    expect(back.text).toMatch(/^Back from a snooze: .*\n1\. Dana Whitfield 001/);
    expect(back.rows()).toHaveLength(1);
    expect(back.controls('Whitfield 001')).toEqual(expect.arrayContaining(['Done', 'Snooze', 'Reschedule', 'Dismiss']));
    await back.press('Whitfield 001', 'Done');
    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    for (const screen of [back, digest]) expect(screen.controls('Whitfield 001')).toEqual(['Undo']);
    await world.pass(HOUR, 3);
    expect(returns(world)).toHaveLength(1);
  });

  test('stays away if it was undone, or closed in Gong, meanwhile', async () => {
    const { world, digest } = await morning();
    await digest.press('Whitfield 001', 'Snooze', 'Later today, 12:00');
    await digest.press('Whitfield 002', 'Snooze', 'Later today, 12:00');
    await digest.press('Whitfield 001', 'Undo');
    world.gong.put(gongTask({ id: TASK_B, status: 'DONE', dueDate: new Date(NOON).toISOString() }));

    await world.passTo(NOON);

    expect(returns(world)).toEqual([]);
  });

  test('comes with those of the next five minutes, and after a restart at that very time', async () => {
    const { world, digest } = await morning();
    await digest.press('Whitfield 001', 'Snooze', 'Later today, 12:00');
    await digest.open('Whitfield 002', 'Snooze', 'Pick a time');
    await submit(world, { when_typed: { type: 'plain_text_input', value: '12:04' } });
    expect(dueAt(world, TASK_B)).toBe(new Date(NOON + 4 * MINUTE).toISOString());

    await world.restart(HOUR);
    await world.restart(NOON - world.now());
    await world.pass(5 * MINUTE);

    expect(returns(world)).toHaveLength(1);
    expect(lastReturn(world).rows()).toHaveLength(2);
  });

  test('says nothing if it is snoozed to tomorrow: that is the next digest', async () => {
    const { world, digest } = await morning();
    await digest.press('Whitfield 001', 'Snooze', 'Tomorrow');

    await world.passTo(MONDAY_NINE + DAY);

    expect(returns(world)).toEqual([]);
    expect(wordsOf(posted(world).at(-1))).toContain('Whitfield 001');
  });

  test('comes back also from the window that works through a list', async () => {
    const { world, digest } = await morning();
    await openByButton(world, digest, 'Work through');
    await step(world, 'Snooze to later today');
    await world.idle();

    await world.passTo(NOON);

    expect(lastReturn(world).rows()).toHaveLength(1);
  });
});

test('twenty tasks of three tools that a sweep snoozed to noon come back in one message', async () => {
  const world = await overdue(TWENTY);
  const digest = await digestOf(world);
  await digest.button('Act on many');
  const selected_option = optionOf(world, 'sweep_what', 'later today');
  await submit(world, { sweep_what: { type: 'static_select', selected_option } });
  await afterWindow(world);
  await untilProgress(world, '20 of 20 done');

  await world.passTo(NOON);
  await world.pass(10 * MINUTE);

  expect(returns(world)).toHaveLength(1);
  expect(lastReturn(world).words()).toContain('Gong call tasks, Outreach tasks, Reply.io tasks');
  expect(lastReturn(world).rows()).toHaveLength(20);
}, 90_000);

describe('what is snoozed', () => {
  test('is listed by /tasks snoozed, soonest first, with until when and its verbs', async () => {
    const { world, digest } = await morning();
    expect((await type(world, 'snoozed')).words()).toContain('You have no snoozed tasks in Gong.');
    await digest.press('Whitfield 001', 'Snooze', 'Tomorrow');
    await digest.press('Whitfield 002', 'Snooze', 'Later today, 12:00');

    const list = await type(world, 'snoozed');

    expect(list.words()).toContain('Your snoozed tasks');
    expect(list.rows().map(({ text }) => text)).toEqual([
      expect.stringMatching(/Whitfield 002[\s\S]*Snoozed until Mon 23 Nov, 12:00/),
      expect.stringMatching(/Whitfield 001[\s\S]*Snoozed until Tue 24 Nov, 09:00/),
    ]);
    await list.press('Whitfield 001', 'Done');
    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    await world.passTo(NOON);
    expect((await type(world, 'snoozed')).rows()).toEqual([]);
  });

  test('leaves out what was moved in Gong since', async () => {
    const { world, digest } = await morning();
    await digest.press('Whitfield 001', 'Snooze', 'Tomorrow');
    world.gong.put(gongTask({ id: TASK_A, dueDate: new Date(MONDAY_NINE + 9 * DAY).toISOString() }));

    expect((await type(world, 'snoozed')).rows()).toEqual([]);
  });

  test('is counted in Home, which turns to it and back', async () => {
    const world = await createWorld();
    const home = await openHome(world);
    expect(home.words()).not.toContain('snoozed');
    await home.press('Whitfield 001', 'Snooze', 'Tomorrow');

    await home.button('1 snoozed');
    expect(home.words()).toContain('Your snoozed tasks');
    expect(home.rows()).toHaveLength(1);
    await home.press('Whitfield 001', 'Snooze', 'Next week');
    await home.button('Show all open tasks');
    expect(home.rows()).toHaveLength(2);
    expect(home.words()).toContain('1 snoozed');
  });
});
