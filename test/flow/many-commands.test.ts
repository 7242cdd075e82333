/** One rep's many commands cost the company's limit no more than one. Time is real for Gong's pace. */
import { expect, test, vi } from 'vitest';
import { gongTask, MAYA, MAYA_GONG, THEO, THEO_GONG } from './cast.ts';
import { pressOnly, type } from './press.ts';
import { lists, patches } from './read.ts';
import { createWorld } from './world.ts';

const TASKS = [
  ...Array.from({ length: 3 }, (_, index) => gongTask({ id: `10${index}`, userId: MAYA_GONG.id })),
  gongTask({ id: '201', userId: THEO_GONG.id, contact: { data: { firstName: 'Ada', lastName: 'Moss' } } }),
];

test.each([
  ['the same', () => ''],
  ['different ones', (index: number) => ['', 'today', 'overdue', 'week', 'whitfield'][index % 5] ?? ''],
])(
  '80 commands at once, %s: all are answered by a handful of readings, and nobody else waits for them',
  async (_, text) => {
    const world = await createWorld({ tasks: TASKS });
    const theirs = await type(world, '', THEO);
    const before = lists(world).length;
    const answers = () => world.slack.messages(MAYA.id).length;

    const typed = Array.from({ length: 80 }, (_each, index) => world.slack.command(MAYA.id, '/tasks', text(index)));
    await Promise.all(typed);
    const [first] = await Promise.all([
      type(world, 'digest', THEO),
      pressOnly(world, theirs, 'Ada Moss', 'Done', undefined, THEO),
    ]);
    expect(first.text).toBeTruthy();
    await vi.waitFor(() => expect(patches(world)).toHaveLength(1), { timeout: 10_000 });
    await vi.waitFor(() => expect(answers()).toBe(80), { timeout: 20_000 });
    await world.idle();

    const mine = lists(world)
      .slice(before)
      .filter(({ body }) => JSON.stringify(body).includes(MAYA_GONG.id));
    expect(mine.length).toBeLessThanOrEqual(10);
  },
  60_000,
);
