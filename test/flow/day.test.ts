/** The day after its digest: its close, with what is left moved or left; reminders of calls; quiet hours. */
import { describe, expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MAYA, MINUTE, MONDAY_NINE, outreachTask, TASK_A, TASK_B } from './cast.ts';
import { closes, reminders, settle } from './day.ts';
import { digestOf, type Shown, show, submit, type } from './press.ts';
import { actionsAt, dueAt, fresh, mustBe, wordsOf } from './read.ts';
import { createThree, morning } from './start.ts';
import { progressMessages, untilProgress } from './sweeping.ts';
import { windowWords } from './windows.ts';
import { createWorld, type World } from './world.ts';

const HALF_PAST_FIVE = MONDAY_NINE + 8.5 * HOUR;
const TUESDAY_NINE = MONDAY_NINE + DAY;

function lastClose(world: World): Shown {
  return show(world, mustBe(closes(world).at(-1)));
}

/** The close of a day with two tasks left, at half past five. */
async function evening(): Promise<{ world: World; digest: Shown; close: Shown }> {
  const { world, digest } = await morning();
  await settle(world, { closes: '17:30' });
  await world.passTo(HALF_PAST_FIVE);
  return { world, digest, close: lastClose(world) };
}

const hasButtons = (world: World, message: SandboxMessage) =>
  fresh(world, message).blocks.some(({ type: kind }) => kind === 'actions');

describe('the close of the day', () => {
  test('comes at the chosen time, once, and follows what is done in the digest', async () => {
    const { world, digest } = await morning();
    expect(await settle(world, { closes: '17:30' })).toEqual(['Your day closes at 17:30; the first time today.']);
    await digest.press('Whitfield 001', 'Done');
    await world.passTo(HALF_PAST_FIVE - MINUTE);
    expect(closes(world)).toEqual([]);
    await world.pass(MINUTE);

    const close = lastClose(world);
    expect(close.text).toBe('1 of 2 done, 1 left: Dana Whitfield 002.');
    expect(wordsOf(close)).toContain('*1 of 2 done, 1 left:*\n• Dana Whitfield 002: Call about 002');
    await digest.press('Whitfield 002', 'Done');
    expect(close.words()).toBe('*All 2 done*');
    expect(hasButtons(world, close)).toBe(false);
    await world.pass(HOUR, 5);
    expect(closes(world)).toHaveLength(1);
  });

  test('moves what is left at one press: the tasks, the message, the digest, and one Undo for all', async () => {
    const { world, digest, close } = await evening();
    await close.button('Move 2 to Tue 24 Nov');
    await untilProgress(world, '2 of 2 done');

    for (const id of [TASK_A, TASK_B]) expect(dueAt(world, id)).toBe(new Date(TUESDAY_NINE).toISOString());
    expect(close.words()).toContain('*0 of 2 done, 2 moved, none left*');
    expect(close.words()).toContain('You moved what was left to Tue 24 Nov, 09:00.');
    expect(hasButtons(world, close)).toBe(false);
    for (const words of ['Whitfield 001', 'Whitfield 002']) expect(digest.controls(words)).toEqual(['Undo']);

    const progress = show(world, mustBe(progressMessages(world).at(-1)));
    await progress.button('Undo all');
    await untilProgress(world, '2 undone');
    for (const id of [TASK_A, TASK_B]) expect(dueAt(world, id)).toBe(new Date(MONDAY_NINE + 3 * HOUR).toISOString());
    expect(close.words()).toContain('Still open here: 2.');
    expect(progressMessages(world)).toHaveLength(1);
  }, 60_000);

  test('leaves what is left at one press, and turns into that', async () => {
    const { world, close } = await evening();
    await close.button('Leave them');

    expect(close.words()).toContain('You left them as they are.');
    expect(hasButtons(world, close)).toBe(false);
    expect(dueAt(world, TASK_A)).toBe(new Date(MONDAY_NINE + 3 * HOUR).toISOString());
    expect(progressMessages(world)).toEqual([]);
  });

  test('pressed once more, in a view that is old, moves nothing twice', async () => {
    const { world, close } = await evening();
    const block = mustBe(close.blocks.find(({ type: kind }) => kind === 'actions'));
    const [move] = block.elements as Parameters<World['slack']['act']>[3][];
    const press = () => world.slack.act(MAYA.id, { ts: close.ts }, String(block.block_id), mustBe(move));
    const acks = await Promise.all([press(), press()]);
    expect(acks.map(({ acked }) => acked)).toEqual([true, true]);
    await untilProgress(world, '2 of 2 done');

    expect(progressMessages(world)).toHaveLength(1);
    expect(world.gong.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(2);
  }, 60_000);

  test('pressed when its time has passed says so, and loses its buttons', async () => {
    const { world, close } = await evening();
    await world.passTo(TUESDAY_NINE);
    await close.button('Move 2 to Tue 24 Nov');

    const said = world.slack.messages(MAYA.id).map(({ text }) => text);
    expect(said.some((text) => text.includes('has passed, so nothing was changed'))).toBe(true);
    expect(hasButtons(world, close)).toBe(false);
  });

  test('asks first where a tool skips a task before, and is answered once the rep confirms', async () => {
    const world = await createThree({
      tasks: [],
      outreachOptions: {
        tasks: [
          outreachTask({ id: '1', prospectId: '42', autoskipAt: new Date(MONDAY_NINE + 12 * HOUR).toISOString() }),
        ],
      },
      replyOptions: { tasks: [] },
    });
    await digestOf(world);
    await settle(world, { closes: '17:30' });
    await world.passTo(HALF_PAST_FIVE);
    const close = lastClose(world);
    await close.button('Move 1 to Tue 24 Nov');
    expect(windowWords(world)).toContain('skips it by itself before that time');
    expect(close.words()).not.toContain('You moved');
    expect(actionsAt(world)).toEqual([]);

    await submit(world, {});
    await untilProgress(world, '1 of 1 done');

    expect(actionsAt(world)).toHaveLength(1);
    expect(close.words()).toContain('You moved what was left to Tue 24 Nov, 09:00.');
  }, 60_000);

  test('says what is not known while Gong is away', async () => {
    const { world } = await morning();
    await settle(world, { closes: '17:30' });
    world.gong.fail({ on: 'POST /v2/tasks', how: { kind: 'answer', status: 503 }, times: 50 });
    await world.passTo(HALF_PAST_FIVE);

    expect(wordsOf(lastClose(world))).toContain(
      '*Gong could not be reached*, so what is counted of it is as it was known at',
    );
    expect(wordsOf(lastClose(world))).toContain('0 of 2 done, 2 left');
  });
});

describe('the settings', () => {
  test('refuse a close within the quiet hours, and one before the digest, beside its field', async () => {
    const world = await createWorld();

    expect(await settle(world, { closes: '20:30' })).toEqual([
      'That is in your quiet hours, 20:00 to 07:00. Choose another time, or other hours.',
    ]);
    expect(await settle(world, { closes: '08:30' })).toEqual([
      'Your digest comes at 09:00. Choose a later time: a day is closed after its digest.',
    ]);
    expect(wordsOf(await type(world, 'status'))).not.toContain('closes');
    expect(await settle(world, { closes: '20:30', quiet: ['21:00', '07:00'] })).toEqual([
      'Your day closes at 20:30; the first time today.',
    ]);
  });

  test('are said by /tasks status, and go off again', async () => {
    const world = await createWorld();
    await settle(world, { closes: '17:30', nudges: true });
    expect(wordsOf(await type(world, 'status'))).toContain(
      'Your day closes at 17:30. Calls that are due at a time of day are announced 15 minutes before. Quiet hours: 20:00 to 07:00.',
    );

    expect(await settle(world, {})).toEqual([]);
    expect(wordsOf(await type(world, 'status'))).not.toMatch(/closes|announced/);
  });
});

describe('a reminder of a call', () => {
  const AT_TEN = MONDAY_NINE + HOUR;

  test('comes a quarter of an hour before, with its verbs, and not while the rep sleeps', async () => {
    const late = new Date(MONDAY_NINE + 12 * HOUR).toISOString();
    const tasks = [
      gongTask({ id: TASK_A, dueDate: new Date(AT_TEN).toISOString() }),
      gongTask({ id: TASK_B, dueDate: late }),
    ];
    const { world, digest } = await morning({ tasks });
    await settle(world, { nudges: true });
    await world.passTo(AT_TEN - 16 * MINUTE);
    expect(reminders(world)).toEqual([]);
    await world.pass(MINUTE);

    const reminder = show(world, mustBe(reminders(world).at(-1)));
    expect(reminder.text).toMatch(/^In 15 minutes: a call at 10:00: 1 due today\.\n1\. Dana Whitfield 001/);
    expect(reminder.rows()).toHaveLength(1);
    expect(reminder.controls('Whitfield 001')).toEqual(
      expect.arrayContaining(['Done', 'Snooze', 'Reschedule', 'Dismiss']),
    );
    await reminder.press('Whitfield 001', 'Done');
    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    expect(digest.controls('Whitfield 001')).toEqual(['Undo']);
    await world.pass(HOUR, 12);
    expect(reminders(world)).toHaveLength(1);
  });

  test('comes once over a restart, and not for a call that was done in Gong meanwhile', async () => {
    const due = new Date(AT_TEN).toISOString();
    const { world } = await morning({ tasks: [TASK_A, TASK_B].map((id) => gongTask({ id, dueDate: due })) });
    await settle(world, { nudges: true });
    world.gong.put(gongTask({ id: TASK_B, dueDate: due, status: 'DONE' }));
    await world.restart(AT_TEN - 15 * MINUTE - world.now());
    await world.restart();

    const came = reminders(world);
    expect(came).toHaveLength(1);
    expect(show(world, mustBe(came[0])).rows()).toHaveLength(1);
  });
});
