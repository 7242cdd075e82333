import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { DAY, HOUR, MAYA, TASK_A } from './cast.ts';
import { digestOf, press, pressButton, type } from './press.ts';
import { findRow, fresh, lastMessage, lists, posted, wordsOf } from './read.ts';
import { createWorld } from './world.ts';

const LIST = 'POST /v2/tasks';
const ALWAYS = Number.POSITIVE_INFINITY;
const html = { status: 200, contentType: 'text/html', body: '<html>Sign in to continue</html>' };

const FAULTS: [string, Fault['how'], string][] = [
  ['answers 500', { kind: 'answer', status: 500 }, 'It did not answer.'],
  ['drops the connection', { kind: 'reset' }, 'It did not answer.'],
  ['answers 200 with a web page', { kind: 'answer', ...html }, 'It sent an answer that we could not read.'],
  ['answers 200 with half an answer', { kind: 'answer', status: 200, body: '{"tasks":[' }, 'that we could not read.'],
  [
    'refuses our credentials',
    { kind: 'answer', status: 401 },
    "It refused Docket's credentials; ask your Docket admin",
  ],
  ['forbids', { kind: 'answer', status: 403 }, 'It does not let Docket see your tasks; ask your Docket admin.'],
  ['is busy', { kind: 'answer', status: 429 }, 'too many requests from your company'],
];

test.each(FAULTS)(
  'Gong %s at digest time: the digest comes, says that Gong could not be reached, and never that there are no tasks',
  async (_, how, why) => {
    const world = await createWorld();
    world.gong.fail({ on: LIST, times: ALWAYS, how });

    const digest = await digestOf(world);

    expect(posted(world)).toHaveLength(1);
    expect(wordsOf(digest)).toContain('Gong could not be reached, so your Gong call tasks are missing here');
    expect(wordsOf(digest)).toContain(why);
    expect(wordsOf(digest)).not.toMatch(/Last reached|no open|nothing open/i);
    expect(digest.text).toContain('Gong could not be reached');
    expect(digest.text).not.toMatch(/nothing open|no open/);

    world.gong.clearFaults();
    await pressButton(world, digest, 'Retry');

    expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Due in 3 hours');
    expect(wordsOf(fresh(world, digest))).not.toContain('could not be reached');
    expect(posted(world)).toHaveLength(1);
  },
);

test('a Gong that was reached before is shown with the age of what we knew', async () => {
  const world = await createWorld();
  await digestOf(world);
  world.gong.fail({ on: LIST, times: ALWAYS, how: { kind: 'answer', status: 503 } });

  await world.pass(DAY);

  expect(posted(world)).toHaveLength(2);
  expect(wordsOf(lastMessage(world))).toContain('Tuesday 24 November');
  expect(wordsOf(lastMessage(world))).toContain('Last reached 1 day ago, Mon 23 Nov, 09:00.');
});

test('Retry while Gong is still away says so again, and the tasks come once it is back and can be acted on', async () => {
  const world = await createWorld();
  world.gong.fail({ on: LIST, times: 2, how: { kind: 'reset' } });
  const digest = await digestOf(world);

  await pressButton(world, digest, 'Retry');
  expect(wordsOf(fresh(world, digest))).toContain('could not be reached');
  await pressButton(world, fresh(world, digest), 'Retry');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(wordsOf(fresh(world, digest))).toContain('1 of 2 settled');
});

test('a rep without open tasks is told so, in the words of what was asked', async () => {
  const world = await createWorld({ tasks: [] });

  const digest = await digestOf(world);

  expect(wordsOf(digest)).toContain('No open call tasks in Gong this morning.');
  expect(wordsOf(digest)).not.toContain('could not be reached');
});

test('/tasks while Gong is away says so as well', async () => {
  const world = await createWorld();
  await digestOf(world);
  await world.pass(HOUR / 2);
  world.gong.fail({ on: LIST, how: { kind: 'answer', status: 500 } });

  const list = await type(world, '');

  expect(wordsOf(list)).toContain('Gong could not be reached');
  expect(wordsOf(list)).toContain('Last reached 30 minutes ago');
  expect(lists(world)).toHaveLength(2);
  expect(world.slack.messages(MAYA.id).at(-1)?.ephemeral).toBe(true);
});

test('a task that cannot be read is counted, never hidden', async () => {
  const world = await createWorld();
  const task = { id: 17, userId: '23459948484842312345', status: 'OPEN', title: 'Readable', dueDate: 'tomorrow-ish' };
  world.gong.fail({ on: LIST, how: { kind: 'answer', status: 200, body: JSON.stringify({ tasks: [task] }) } });

  const digest = await digestOf(world);

  expect(wordsOf(digest)).toContain('1 more task in Gong could not be read; look there.');
  expect(`${wordsOf(digest)} ${digest.text}`).not.toMatch(/no open|nothing open/i);
});
