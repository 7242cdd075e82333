/** The face that others rely on (DESIGN section 7): what a rep sees and can press, row by row. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block } from '../../blocks/elements.ts';
import { homeView } from '../../blocks/home.ts';
import { ACTION, decodeRow, decodeSnooze } from '../../blocks/ids.ts';
import { renderList } from '../../blocks/task-list.ts';
import type { Action, Task } from '../../src/core/types.ts';
import {
  DAY,
  HOUR,
  type Item,
  item,
  listed,
  loaded,
  NOW,
  PROVIDERS,
  READER,
  REASONS,
  task,
  unreached,
  wildTask,
} from './fixtures.ts';

const OUTREACH = task({ provider: 'outreach' });
const REPLY = task({ provider: 'reply' });

function render(items: readonly Item[], now = NOW): Block[] {
  return renderList(loaded(items), PROVIDERS, { ...READER, now }).blocks;
}

interface Control {
  label: string;
  type: string;
  id: string | undefined;
  values: string[];
  confirm: string | undefined;
}

/** Every row: a section, and the controls of the actions block right after it. */
function rowsOf(blocks: readonly Block[]): { text: string; controls: Control[] }[] {
  return blocks.flatMap((block, index) => {
    if (block.type !== 'section' || block.text === undefined || isTitle(block)) return [];
    const next = blocks[index + 1];
    return [{ text: block.text.text, controls: next?.type === 'actions' ? next.elements.map(toControl) : [] }];
  });
}

function isTitle(block: Block): boolean {
  return block.type === 'section' && /^\*(Overdue|Due today|Coming up)\*$/.test(block.text?.text ?? '');
}

function toControl(element: Extract<Block, { type: 'actions' }>['elements'][number]): Control {
  const { type, action_id: id } = element;
  if (element.type === 'button') {
    const confirm = element.confirm?.text.text;
    return { label: element.text.text, type, id, values: [element.value ?? ''], confirm };
  }
  if (element.type !== 'static_select') throw new Error(`no control of ours: ${type}`);
  const values = (element.options ?? []).map((option) => option.value ?? '');
  return { label: element.placeholder?.text ?? '', type, id, values, confirm: undefined };
}

function onlyRow(of: Task, more?: Partial<Action>, now = NOW) {
  const [row, ...others] = rowsOf(render([item(of, more)], now));
  if (!row || others.length > 0) throw new Error('not one row');
  return { ...row, labels: row.controls.map((control) => control.label) };
}

describe('an open row', () => {
  test('offers Done, Snooze, Reschedule and Dismiss, in this order, right under its section', () => {
    const { labels, controls } = onlyRow(task());

    expect(labels).toEqual(['Done', 'Snooze', 'Reschedule', 'Dismiss']);
    expect(controls.map((control) => control.type)).toEqual(['button', 'static_select', 'button', 'button']);
    expect(controls.map((control) => control.id)).toEqual([
      ACTION.done,
      ACTION.snooze,
      ACTION.reschedule,
      ACTION.dismiss,
    ]);
  });

  test('carries which row of which message it is, and how many actions it knew of', () => {
    const known = { ...item(task(), { seq: 4 }, 17), seq: 4 };

    const [row] = rowsOf(render([known]));

    const ref = { messageId: '99999999', position: 17, seq: 4 };
    const [done, snooze, reschedule, dismiss] = row?.controls ?? [];
    for (const control of [done, reschedule, dismiss]) expect(decodeRow(control?.values[0])).toEqual(ref);
    expect(snooze?.values.map(decodeSnooze)).toEqual([
      { ref, choice: 'later' },
      { ref, choice: 'tomorrow' },
      { ref, choice: 'nextweek' },
      { ref, choice: 'pick' },
    ]);
  });

  test('says who and what it is about, when it is due, what is at stake, and where it comes from', () => {
    const { text } = onlyRow(task());

    expect(text).toBe(
      [
        '*Dana Whitfield*  VP Operations, Harbour Freight Lines',
        'Call about the renewal  ·  Renewals Q4',
        'Due in 3 hours (Mon 23 Nov, 12:00)  ·  Negotiation, 48,000  ·  Gong',
      ].join('\n'),
    );
  });

  test('is known by its account, or its title, when it has no contact', () => {
    const { contact: _, flow: __, ...bare } = task();

    expect(onlyRow({ ...bare, account: { name: 'Acme' } }).text).toMatch(/^\*Acme\*\nCall about the renewal\n/);
    expect(onlyRow(bare).text).toMatch(/^\*Call about the renewal\*\nDue/);
  });

  test('asks first where a consequence cannot be taken back, in the words of the provider', () => {
    const { controls } = onlyRow(OUTREACH);

    const asked = controls.map((control) => [control.label, control.confirm]);
    expect(asked).toEqual([
      ['Done', 'Moves the sequence on to its next step. Outreach cannot take that back.'],
      ['Snooze', undefined],
      ['Reschedule', undefined],
      ['Dismiss', expect.stringContaining('Skips this step')],
    ]);
  });

  test('has no control for a verb that the provider lacks', () => {
    expect(onlyRow(REPLY).labels).toEqual(['Done', 'Reschedule']);
  });

  test('has no control at all for a provider that is not set up any more, and is still shown', () => {
    const { text, labels } = onlyRow(task({ provider: 'gone' }));

    expect(text).toContain('Dana Whitfield');
    expect(labels).toEqual([]);
  });
});

describe('a settled row', () => {
  test.each([
    ['done', 'Marked done in Gong'],
    ['dismiss', 'Dismissed in Gong'],
    ['snooze', 'Snoozed until Wed 25 Nov, 09:00'],
    ['reschedule', 'Rescheduled to Wed 25 Nov, 09:00'],
  ] as const)('after %s says so and offers Undo alone', (verb, words) => {
    const { text, labels } = onlyRow(task(), { verb });

    expect(text).toBe(`~Dana Whitfield: Call about the renewal~\n${words}`);
    expect(labels).toEqual(['Undo']);
  });

  test('offers nothing once something that cannot be reversed has gone out', () => {
    expect(onlyRow(OUTREACH, { verb: 'done' }).labels).toEqual([]);
    expect(onlyRow(OUTREACH, { verb: 'dismiss' }).labels).toEqual([]);
    expect(onlyRow(OUTREACH, { verb: 'snooze' }).labels).toEqual(['Undo']);
  });

  test('offers Undo while it is held back, until it is sent', () => {
    const held = { state: 'queued', heldUntil: NOW + 10_000, settledAt: undefined } as const;

    const before = onlyRow(OUTREACH, { ...held, sentAt: undefined });
    const after = onlyRow(OUTREACH, { ...held, sentAt: NOW + 10_000 });

    expect(before.text).toContain('Done. Goes to Outreach in 10 seconds; until then you can undo it');
    expect(before.labels).toEqual(['Undo']);
    expect(after.text).toContain('Marking done in Outreach …');
    expect(after.labels).toEqual([]);
  });

  test('of Undo: the button names the action, so that an older one cannot be undone', () => {
    const { controls } = onlyRow(task(), { seq: 6 });

    expect(decodeRow(controls[0]?.values[0])?.seq).toBe(6);
  });

  test.each(REASONS)('that could not be undone (%s) says so, and offers Undo again', (undoFailure) => {
    const { text, labels } = onlyRow(task(), { undoFailure });

    expect(text).toContain('Marked done in Gong');
    expect(text).toContain('*Not undone.*');
    expect(labels).toEqual(['Undo']);
  });
});

test.each(REASONS)(
  'a row that failed (%s) offers Retry and another choice, and says what did not happen',
  (failure) => {
    const { text, labels } = onlyRow(task(), { state: 'failed', failure });

    expect(text).toContain('*Not marked done.*');
    expect(labels).toEqual(['Retry', 'Choose another action']);
  },
);

test.each([
  ['queued', 'Marking done in Gong …'],
  ['undoing', 'Undoing in Gong …'],
] as const)('a row whose action is %s can not be pressed', (state, words) => {
  const { text, labels } = onlyRow(task(), { state });

  expect(text).toContain(words);
  expect(labels).toEqual([]);
});

test('a row whose task was no longer open says so, and nothing can be pressed', () => {
  const { text, labels } = onlyRow(task(), { state: 'stale' });

  expect(text).toContain('No longer open in Gong');
  expect(labels).toEqual([]);
});

test.each(['undone', 'dropped'] as const)('a row whose action was %s offers everything again', (state) => {
  expect(onlyRow(task(), { state, seq: 3 }).labels).toEqual(['Done', 'Snooze', 'Reschedule', 'Dismiss']);
});

test('an action that was over when the list was made does not speak for the row', () => {
  const known = { ...item(task(), { verb: 'snooze', seq: 1 }), seq: 1 };

  expect(rowsOf(render([known]))[0]?.controls[0]?.label).toBe('Done');
});

test('screen readers hear which task a button belongs to', () => {
  const blocks = render([item(task(), {}), item(task({ contact: { name: 'Ola' } }), { state: 'failed' })]);

  const labels = blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => ('accessibility_label' in element ? element.accessibility_label : undefined))
      : [],
  );
  expect(labels).toEqual(['Undo: Dana Whitfield', 'Retry: Ola', 'Choose another action: Ola']);
});

test('any task at all is a section and right after it its actions', () => {
  fc.assert(
    fc.property(fc.array(wildTask, { minLength: 1, maxLength: 8 }), (tasks) => {
      const known = tasks.map((each) => (each.provider === 'gone' ? { ...each, provider: 'gong' } : each));
      const rows = rowsOf(render(known.map((each, index) => item(each, undefined, index))));

      expect(rows).toHaveLength(known.length);
      for (const [index, row] of rows.entries()) {
        expect(row.controls[0]?.label).toBe('Done');
        expect(decodeRow(row.controls[0]?.values[0])?.position).toBe(index);
      }
    }),
    { numRuns: 60 },
  );
});

describe('the list', () => {
  const overdue = task({ id: '1', dueAt: NOW - HOUR });
  const today = task({ id: '2', dueAt: NOW + HOUR });
  const upcoming = task({ id: '3', dueAt: NOW + 2 * DAY });
  const undated = task({ id: '4', dueAt: undefined });

  const outline = (blocks: Block[]) =>
    blocks.flatMap((block) => {
      if (block.type !== 'section') return [];
      return isTitle(block) ? [block.text?.text] : ['row'];
    });

  test('stands in its groups, each with its title', () => {
    const blocks = render([overdue, today, upcoming, undated].map((each) => item(each)));

    expect(outline(blocks)).toEqual(['*Overdue*', 'row', '*Due today*', 'row', '*Coming up*', 'row', 'row']);
  });

  test('keeps every row in its group while time passes, and tells the time as it is', () => {
    const items = [overdue, today, upcoming].map((each) => item(each));

    const later = render(items, NOW + 3 * DAY);

    expect(outline(later)).toEqual(outline(render(items)));
    expect(rowsOf(later)[1]?.text).toContain('Overdue by 3 days');
  });

  test('moves its progress with every task that is settled', () => {
    const line = (...states: (Partial<Action> | undefined)[]) => {
      const block = render(states.map((more, index) => item(task({ id: `${index}` }), more)))[1];
      return block?.type === 'context' ? block.elements.map((each) => ('text' in each ? each.text : '')).at(-1) : '';
    };

    expect(line(undefined, undefined, undefined, undefined)).toBe('▱▱▱▱▱▱▱▱▱▱  0 of 4 settled');
    expect(line({}, undefined, undefined, undefined)).toBe('▰▰▱▱▱▱▱▱▱▱  1 of 4 settled');
    expect(line({}, { state: 'stale' }, { state: 'failed' }, { state: 'queued' })).toBe('▰▰▰▰▰▱▱▱▱▱  2 of 4 settled');
    expect(line({ state: 'undone' }, { state: 'undoing' })).toBe('▱▱▱▱▱▱▱▱▱▱  0 of 2 settled');
    expect(line({}, {}, {})).toBe('▰▰▰▰▰▰▰▰▰▰  All 3 settled');
  });

  test('counts what matches in each group, and names where it comes from', () => {
    const message = loaded([item(overdue), item(today)], {
      all: [overdue, today, ...Array.from({ length: 1_200 }, () => upcoming)],
      reports: [listed('gong', 700), listed('outreach', 502), unreached('reply')],
    });

    const { blocks, text } = renderList(message, PROVIDERS, READER);

    const [, counts] = blocks;
    const said = counts?.type === 'context' ? counts.elements[0] : undefined;
    expect(said).toMatchObject({
      text: '*1 overdue, 1 due today, 1,200 coming up*  ·  Gong call tasks, Outreach tasks',
    });
    expect(text).toContain('1 overdue, 1 due today, 1,200 coming up; Reply.io could not be reached');
  });

  test('tells how many more there are, and leads on to them', () => {
    const items = [item(overdue)];
    const buttons = (all: Task[], offset = 0) => {
      const last = renderList(loaded(items, { all, offset }), PROVIDERS, READER).blocks.at(-1);
      return last?.type === 'actions' ? last.elements.map((each) => ('text' in each ? each.text?.text : '')) : [];
    };

    expect(buttons([overdue, today, upcoming])).toEqual(['Show the next ones']);
    expect(buttons([overdue, today])).toEqual(['Show the rest']);
    expect(buttons([overdue, today], 1)).toEqual([]);
  });

  test('asks an unreachable provider again at the press of a button that says which', () => {
    const message = loaded([item(overdue)], { reports: [unreached('outreach'), listed('gong', 1)] });

    const { blocks } = renderList(message, PROVIDERS, READER);

    const trouble = blocks.find((block) => block.type === 'section' && block.accessory);
    expect(trouble).toMatchObject({
      accessory: {
        action_id: ACTION.refresh,
        value: '99999999',
        text: { text: 'Retry' },
        accessibility_label: 'Ask Outreach again',
      },
    });
  });
});

test('Home shows the same rows, and where digests are set', () => {
  const message = loaded([item(task()), item(task({ id: '2' }), {})], { kind: 'home' });
  const rep = { teamId: 'T1', userId: 'U1', name: 'M', email: 'm@x.example', zone: READER.zone, active: true };
  const schedule = { ...rep, time: '09:00', days: [1], pausedUntil: undefined, nextDueAt: NOW + DAY };
  const link = { ...rep, provider: 'gong', externalId: '1', linkedAt: NOW, lastListedAt: NOW };
  const providers = [...PROVIDERS].map(([id, { name }]) => ({ id, name }));
  const state = { rep, schedule, providers, links: [link], lastRun: undefined };

  const { blocks } = homeView(message, PROVIDERS, state, READER);

  expect(blocks.slice(0, -3)).toEqual(renderList(message, PROVIDERS, READER).blocks);
  expect(JSON.stringify(blocks)).toContain('Gong: linked by m@x.example. Outreach, Reply.io: not linked.');
  expect(JSON.stringify(blocks)).toContain('Next digest: Tue 24 Nov, 09:00.');
});

test('a row is the same blocks whenever it is asked for', () => {
  const one = item(task(), { undoFailure: 'conflict', reference: 'x' });

  expect(render([one])).toEqual(render([structuredClone(one)]));
});
