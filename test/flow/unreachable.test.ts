import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { ALWAYS, DAY, HOUR, MAYA_GONG, TASK_A } from './cast.ts';
import { digestOf, show, type } from './press.ts';
import { lists, mustBe, posted, wordsOf } from './read.ts';
import { morning } from './start.ts';
import { createWorld } from './world.ts';

const LIST = 'POST /v2/tasks';
const NOTHING = /no open|nothing open|no tasks/i;

const FAULTS: readonly [string, Fault['how'], string][] = [
  ['answers 500', { kind: 'answer', status: 500 }, 'It did not answer.'],
  ['drops the connection', { kind: 'reset' }, 'It did not answer.'],
  [
    'answers 200 with a web page',
    { kind: 'answer', status: 200, contentType: 'text/html', body: '<html>Sign in to continue</html>' },
    'that we could not read.',
  ],
  ['answers 200 with half an answer', { kind: 'answer', status: 200, body: '{"tasks":[' }, 'that we could not read.'],
  ['refuses our credentials', { kind: 'answer', status: 401 }, "It refused Docket's credentials"],
  ['forbids', { kind: 'answer', status: 403 }, 'It does not let Docket see your tasks'],
  ['is busy', { kind: 'answer', status: 429 }, 'too many requests from your company'],
];

test('however Gong fails, a list says that it could not be reached, since when and why, never that there are no tasks', async () => {
  const world = await createWorld();
  await digestOf(world);
  await world.pass(HOUR / 2);

  for (const [name, how, why] of FAULTS) {
    world.gong.fail({ on: LIST, times: ALWAYS, how });
    const list = await type(world, '');
    for (const said of ['Gong could not be reached', 'Last reached 30 minutes ago', why]) {
      expect(list.words(), name).toContain(said);
    }
    expect(`${list.text} ${list.words()}`, name).not.toMatch(NOTHING);
    world.gong.clearFaults();
  }
}, 60_000);

test('at digest time: the digest comes, says so also in its notification, and its Retry brings the tasks once Gong is back', async () => {
  const world = await createWorld();
  world.gong.fail({ on: LIST, times: 2, how: { kind: 'reset' } });

  const digest = await digestOf(world);
  for (const said of [digest.text, wordsOf(digest)]) {
    expect(said).toContain('Gong could not be reached');
    expect(said).not.toMatch(NOTHING);
  }
  expect(wordsOf(digest)).not.toContain('Last reached');
  await digest.button('Retry');
  expect(digest.words()).toContain('could not be reached');
  await digest.button('Retry');
  expect(digest.words()).not.toContain('could not be reached');
  await digest.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(digest.words()).toContain('1 of 2 cleared');
  expect(posted(world)).toHaveLength(1);
  world.gong.fail({ on: LIST, times: ALWAYS, how: { kind: 'answer', status: 503 } });
  const before = lists(world).length;
  await world.pass(DAY);

  // One that was reached before is shown with the age of what we knew.
  expect(lists(world).length).toBeGreaterThan(before);
  const next = show(world, mustBe(posted(world)[1]));
  expect(next.words()).toContain('Last reached 1 day ago, Mon 23 Nov, 09:00.');
});

test('a rep without open tasks is told so, in the words of what was asked', async () => {
  const { digest } = await morning({ tasks: [] });

  expect(wordsOf(digest)).toContain('*All clear:* no open call tasks in Gong.');
  expect(wordsOf(digest)).not.toContain('could not be reached');
});

test('a task that cannot be read is counted, never hidden', async () => {
  const world = await createWorld();
  const task = { id: 17, userId: MAYA_GONG.id, status: 'OPEN', title: 'Readable', dueDate: 'tomorrow-ish' };
  world.gong.fail({ on: LIST, how: { kind: 'answer', status: 200, body: JSON.stringify({ tasks: [task] }) } });

  const digest = await digestOf(world);

  expect(wordsOf(digest)).toContain('1 more task in Gong could not be read; look there.');
  expect(`${wordsOf(digest)} ${digest.text}`).not.toMatch(NOTHING);
});
