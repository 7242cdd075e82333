/** Done and next: a menu beside Undo creates the next task, once, on the working day that it names. */
import { expect, test } from 'vitest';
import type { ReplyTask } from '../../sandbox/reply/types.ts';
import { objectsOf } from '../../sandbox/slack/json.ts';
import { DAY, MANUAL_TASK, MAYA_OUTREACH, MAYA_REPLY, MONDAY_NINE, ownReplyTask, replyTask } from './cast.ts';
import { pressOnly, type Shown } from './press.ts';
import { lastMessage, mustBe, posted, textOf, wordsOf } from './read.ts';
import { afterWindow, morningOfThree, type ThreeOptions } from './start.ts';
import type { World } from './world.ts';

const MENU = 'Follow up…';
const IN_THREE = 'In 3 working days, Thu 26 Nov';
const PRIYA = { id: '61', fullName: 'Priya Raman', email: 'priya@raman.example' };
const OWN = ownReplyTask({ id: '9001' });
const CALL: ReplyTask = { ...OWN, creationSource: 'user', template: { body: 'Ask about the pilot' } };

interface Tool {
  row: string;
  person: string;
  /** When the follow-ups are due. */
  made(world: World): string[];
  fail(world: World): void;
  name: string;
}

const OUTREACH: Tool = {
  name: 'Outreach',
  row: 'Bo Tanaka',
  person: 'Bo Tanaka',
  made: ({ outreach }) =>
    outreach.tasks(MAYA_OUTREACH).flatMap(({ note, action, prospectId, dueAt }) => {
      const isOne = note?.startsWith('Follow-up to: Ask Bo') && action === 'call' && prospectId === '42';
      return isOne ? [new Date(dueAt ?? 0).toISOString()] : [];
    }),
  fail: ({ outreach }) => outreach.fail({ on: 'POST /api/v2/tasks', how: { kind: 'lose' } }),
};

const REPLY: Tool = {
  name: 'Reply.io',
  row: 'Priya Raman',
  person: 'Priya Raman',
  made: ({ reply }) =>
    reply.tasks(MAYA_REPLY).flatMap(({ template, taskType, contact, dueTo }) => {
      const isOne = template.body.startsWith('Follow-up to: ') && taskType === 'call' && contact?.id === '61';
      return isOne ? [new Date(dueTo).toISOString()] : [];
    }),
  fail: ({ reply }) => reply.fail({ on: 'POST /v3/tasks', how: { kind: 'lose' } }),
};

const TOOLS: [string, Tool, string][] = [
  ['Outreach', OUTREACH, '2026-11-26T15:00:00.000Z'],
  ['Reply.io', REPLY, '2026-11-26T16:00:00.000Z'],
];

/** Done was pressed at the row. */
async function done({ row }: Tool, options: ThreeOptions = {}): Promise<{ world: World; digest: Shown }> {
  const replyOptions = { tasks: [CALL], contacts: [PRIYA] };
  const { world, digest } = await morningOfThree({ replyOptions, ...options });
  await digest.press(row, 'Done');
  return { world, digest };
}

const told = (world: World) => wordsOf(posted(world).at(-1));

test.each(TOOLS)(
  'Done at %s, and a follow-up in three working days: one task, due then, once Done was sent',
  async (name, tool, due) => {
    const { world, digest } = await done(tool);
    expect(digest.controls(tool.row)).toEqual(['Undo', MENU]);
    const { element } = mustBe(digest.row(tool.row).controls[MENU]);
    expect(objectsOf(element.options).map(({ text }) => textOf(text))).toEqual([
      'In 1 working day, Tue 24 Nov',
      IN_THREE,
      'In 7 working days, Wed 2 Dec',
    ]);

    await digest.press(tool.row, MENU, IN_THREE);
    expect(tool.made(world)).toEqual([]);
    await world.restart(3_000);
    await afterWindow(world);

    expect(tool.made(world)).toEqual([due]);
    expect(told(world)).toContain(`Follow-up with *${tool.person}* created in ${name}, due Thu 26 Nov`);
  },
);

test.each(TOOLS)(
  'a double click, a second choice and a lost answer make no second task at %s',
  async (_name, tool, due) => {
    const { world, digest } = await done(tool);
    tool.fail(world);

    const press = (choice: string) => pressOnly(world, digest.now(), tool.row, MENU, choice);
    const clicks = await Promise.all([press(IN_THREE), press(IN_THREE)]);
    await world.slack.redeliver();
    clicks.push(await press('In 7 working days'));
    await world.idle();
    expect(clicks.map(({ acked }) => acked)).toEqual([true, true, true]);
    expect(JSON.stringify(lastMessage(world))).toContain('You asked for a follow-up on this task before');
    await afterWindow(world);
    await world.pass(60_000, 3);

    expect(tool.made(world)).toEqual([due]);
    expect(posted(world).filter((each) => wordsOf(each).includes('created in'))).toHaveLength(1);
  },
);

test('nobody, or several, with the name: nothing is made, and a message says which', async () => {
  for (const [people, said] of [
    [[], 'Nobody in Outreach has the'],
    [['42', '43'], 'More than one person in Outreach has the'],
  ] as const) {
    const { world, digest } = await done(OUTREACH);
    const bo = { firstName: 'Bo', lastName: 'Tanaka', emails: ['bo@tanaka.example'] };
    for (const id of people) world.outreach.putProspect({ id, ...bo });
    if (people.length === 0) world.outreach.putProspect({ id: '42', firstName: 'B', lastName: 'T', emails: [] });

    await digest.press(OUTREACH.row, MENU, IN_THREE);
    await afterWindow(world);

    expect(told(world)).toContain('*Follow-up not created.*');
    expect(told(world)).toContain(said);
    expect(OUTREACH.made(world)).toEqual([]);
  }
});

test('is offered neither for a step of a sequence nor at Gong, nor for a task that was dismissed or moved', async () => {
  const { digest } = await done({ ...OUTREACH, row: 'Ines Calder' });
  await digest.press('Whitfield 001', 'Done');
  await digest.press('Priya Raman', 'Dismiss');
  await digest.press('Bo Tanaka', 'Snooze', 'Tomorrow');

  for (const row of ['Ines Calder', 'Whitfield 001', 'Priya Raman', 'Bo Tanaka']) {
    expect(digest.controls(row)).toEqual(['Undo']);
  }
});

test("is offered for no step of Reply's sequences", async () => {
  const { digest } = await done(REPLY, { replyOptions: { tasks: [replyTask({ id: '9001' })] } });

  expect(digest.controls(REPLY.row)).toEqual(['Undo']);
});

test('a Done that is undone in time takes its follow-up with it', async () => {
  const { world, digest } = await done(OUTREACH);
  await digest.press(OUTREACH.row, MENU, IN_THREE);
  await digest.press(OUTREACH.row, 'Undo');
  await afterWindow(world);

  expect(OUTREACH.made(world)).toEqual([]);
  expect(world.outreach.task(MANUAL_TASK)?.state).toBe('incomplete');
  expect(told(world)).toContain('You undid Done before it was sent');
});

test('a day that has passed meanwhile is refused', async () => {
  const { world, digest } = await done(OUTREACH);
  await afterWindow(world);
  const old = digest.now();
  await world.passTo(MONDAY_NINE + DAY + 3 * 3_600_000);

  await pressOnly(world, old, OUTREACH.row, MENU, 'In 1 working day');
  await world.idle();

  expect(JSON.stringify(lastMessage(world))).toContain('has passed, so nothing was changed');
  expect(OUTREACH.made(world)).toEqual([]);
});
