/** What a digest says of the time since the last one. */
import { describe, expect, test } from 'vitest';
import { checkMessageBlocks } from '../../sandbox/slack/validate.ts';
import type { ClosedTask, Since } from '../../src/core/model/message.ts';
import type { Row } from '../../src/core/model/row-state.ts';
import type { Task } from '../../src/core/model/task.ts';
import {
  DAY,
  HOUR,
  labelsOf,
  loaded,
  MINUTE,
  NOW,
  READER,
  renderLoaded,
  rowOf,
  seenAs,
  task,
  textsOf,
  unreached,
} from './fixtures.ts';

const since = (more: Partial<Since> = {}): Since => ({
  at: NOW - DAY,
  localDate: '2026-11-22',
  news: [],
  closed: [],
  ...more,
});

const person = (id: number, more: Partial<Task>): Task =>
  task({ id: `${id}`, contact: { name: `Person ${id}` }, ...more });
/** Nine overdue for days, and two that are due next week. */
const BACKLOG = [
  ...Array.from({ length: 9 }, (_, index) => person(index + 1, { dueAt: NOW - (14 - index) * DAY })),
  ...[10, 11].map((id) => person(id, { dueAt: NOW + id * DAY })),
];
const rows = (tasks: readonly Task[]) => tasks.map((each, position) => rowOf(each, undefined, position));
const digest = (tasks: readonly Task[], more: Partial<Since> = {}, reader = READER, items: Row[] = rows(tasks)) =>
  renderLoaded(loaded(items, { kind: 'digest', since: since(more) }), reader).blocks;
const textOf = (blocks: ReturnType<typeof digest>) => textsOf(blocks).join('\n');
const shownIn = (blocks: ReturnType<typeof digest>) =>
  [...textOf(blocks).matchAll(/^\*(\d+)\.\*/gm)].map(([, number]) => Number(number));

describe('a digest after another', () => {
  test('without a change is six lines: the first three tasks, and the others as a count with its button', () => {
    const blocks = digest(BACKLOG);

    const lines = blocks
      .filter(({ type }) => type !== 'actions')
      .flatMap((block) => textsOf([block]).join('\n').split('\n'));
    expect(lines).toEqual([
      expect.stringMatching(/^Monday/),
      expect.stringMatching(/^Nothing changed since yesterday {2}· {2}\*0 of 11 cleared\*/),
      expect.stringMatching(/^\*1\.\* \*Person 1\*.*overdue\*$/),
      expect.stringMatching(/^\*2\.\* /),
      expect.stringMatching(/^\*3\.\* /),
      '*Unchanged:* 6 overdue, the oldest by 7 working days; 2 coming up, the next one due Thu 3 Dec',
    ]);
    for (const label of ['Act on them…', 'Show all 11', 'Settings']) expect(JSON.stringify(blocks)).toContain(label);
  });

  test('shows what changed as a row with a word for it, counts it, and keeps each unchanged group to a line', () => {
    const blocks = digest(BACKLOG, {
      news: [
        { provider: 'gong', id: '5', is: 'new' },
        { provider: 'gong', id: '6', is: 'overdue' },
        { provider: 'gong', id: '7', is: 'moved', from: NOW - 3 * DAY },
        { provider: 'gong', id: '11', is: 'back' },
      ],
    });

    expect(shownIn(blocks)).toEqual([1, 2, 3, 5, 6, 7, 11]);
    const text = textOf(blocks);
    expect(text).toContain('Since yesterday: 1 new, 1 newly overdue, 1 moved, 1 back from a snooze');
    expect(text).toMatch(/\*5\.\* .*\nNew · /);
    expect(text).toMatch(/\*6\.\* .*\nNewly overdue · /);
    expect(text).toMatch(/\*7\.\* .*\nMoved from Fri 20 Nov, 09:00 · /);
    expect(text).toMatch(/\*11\.\* .*\nBack from a snooze · /);
    expect(text).toContain('*Overdue:* 3 unchanged, the oldest by 7 working days');
    expect(text).toContain('*Coming up:* 1 unchanged, the next one due Thu 3 Dec');
    expect(text).toMatch(/^\*Start here\*\n\*1\.\*/m);
  });

  test('shows what is due today, changed or not', () => {
    expect(
      shownIn(digest([...BACKLOG.slice(0, 9), person(10, { dueAt: NOW + 2 * HOUR }), ...BACKLOG.slice(10)])),
    ).toEqual([1, 2, 3, 10]);
  });

  test('shows an unchanged task again once it is moved elsewhere, and takes one that is closed to the cleared ones', () => {
    const items = rows(BACKLOG).map((row, index) => {
      if (index === 4) return seenAs(row, { how: 'changed', at: NOW, task: { ...row.task, dueAt: NOW + 5 * DAY } });
      return index === 5 ? seenAs(row, { how: 'done', at: NOW }) : row;
    });
    const blocks = digest(BACKLOG, {}, { ...READER, now: NOW + MINUTE }, items);

    expect(shownIn(blocks)).toContain(5);
    expect(shownIn(blocks)).not.toContain(6);
    expect(textOf(blocks)).toMatch(/\*Cleared:\* ~Person 6/);
    expect(textOf(blocks)).toContain('4 overdue');
  });

  test('shows every row once that is asked for', () => {
    const message = loaded(rows(BACKLOG), { kind: 'digest', since: since(), unfolded: true });
    const { blocks } = renderLoaded(message);

    expect(shownIn(blocks)).toEqual(BACKLOG.map((_, index) => index + 1));
    expect(textOf(blocks)).not.toMatch(/unchanged|Unchanged/);
    expect(blocks.flatMap(labelsOf).join()).not.toContain('Show all');
  });

  test('names what was closed elsewhere, and counts what does not fit', () => {
    const closed = (index: number, how: ClosedTask['how']): ClosedTask => ({
      provider: 'gong',
      id: `c${index}`,
      title: 'Talk',
      contact: { name: `Gone ${index}` },
      how,
    });
    const some = digest(BACKLOG, {
      closed: [closed(1, 'done'), closed(2, 'gone'), closed(3, 'skipped'), closed(4, 'missing')],
    });
    expect(textOf(some)).toContain(
      '*Closed elsewhere:* ~Gone 1: Talk~ done in Gong  ·  ~Gone 2: Talk~ no longer open in Gong  ·  ' +
        '~Gone 3: Talk~ skipped by Gong  ·  ~Gone 4: Talk~ no longer listed in Gong',
    );
    const many = textOf(digest(BACKLOG, { closed: Array.from({ length: 60 }, (_, index) => closed(index, 'done')) }));
    const named = many.split('~ done in Gong').length - 1;
    expect(many).toContain(`and ${60 - named} more tasks`);
    expect(many).toContain('60 closed elsewhere');
  });

  test('does not say that nothing changed at a tool that did not answer', () => {
    const { blocks } = renderLoaded(loaded([], { kind: 'digest', since: since(), reports: [unreached('gong')] }));
    const text = textOf(blocks);

    // An empty line in its head, and Slack takes none of it.
    expect(checkMessageBlocks(blocks)).toBeUndefined();
    expect(text).not.toContain('Nothing changed');
    expect(text).toContain('could not be reached');
  });
});

test('after an absence the digest says so, and sorts by what became of the tasks', () => {
  const closed: ClosedTask[] = [
    { provider: 'gong', id: 's', title: 'Talk', how: 'skipped' },
    { provider: 'gong', id: 'd', title: 'Other talk', how: 'done' },
  ];
  const text = textOf(
    digest(BACKLOG, { at: NOW - 9 * DAY, missed: 6, news: [{ provider: 'gong', id: '5', is: 'overdue' }], closed }),
  );

  expect(text).toContain(
    '*Back after 6 mornings without a digest.* Since Sat 14 Nov: 1 newly overdue, 2 closed elsewhere',
  );
  expect(text).toMatch(/\*Went overdue while you were away\*\n\*5\.\*/);
  expect(text).toContain('*Skipped meanwhile:* ~Talk~ skipped by Gong');
  expect(text).toContain('*Closed meanwhile by others:* ~Other talk~ done in Gong');
  expect(text).toContain('*Overdue before:* 5 unchanged');
  expect(text).toContain('*Still fine:* 2 unchanged, the next one due Thu 3 Dec');
});

test('as the day goes on, the head counts what came since, and says as of when', () => {
  const message = loaded(rows(BACKLOG), { kind: 'digest', since: since() });
  const later = { count: 2, tasks: [], at: NOW + HOUR };
  const head = renderLoaded({ ...message, summary: { ...message.summary, later } }, { ...READER, now: NOW + 2 * HOUR });
  expect(textOf(head.blocks)).toContain('2 new since 09:00  ·  as of 11:00');

  const at = (now: number) => textOf(digest(BACKLOG, {}, { ...READER, now }));

  expect(at(NOW)).not.toContain('as of');
  expect(at(NOW + 5 * HOUR + 5 * MINUTE)).toContain('as of 14:05');
});
