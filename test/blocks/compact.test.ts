/** Compact rows, rows that fold once they are cleared, and how to reach a task's person. */
import type { Overflow } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { FOLD_AFTER_MS } from '../../blocks/cleared-rows.ts';
import type { Block } from '../../blocks/elements.ts';
import { ACTION } from '../../blocks/ids.ts';
import { decodeMenu, decodeRow } from '../../blocks/row-ids.ts';
import type { Row } from '../../src/core/model/row-state.ts';
import type { Contact, Task } from '../../src/core/model/task.ts';
import type { ActionWish } from '../builders.ts';
import {
  DAY,
  HOUR,
  listed,
  loaded,
  NOW,
  OUTREACH,
  READER,
  renderLoaded,
  rowOf,
  seenAs,
  task,
  textsOf,
} from './fixtures.ts';

const FIRST = ['1', '2', '3'].map((id, index) =>
  rowOf(task({ id, contact: { name: `First ${id}` } }), undefined, index),
);
const ROW = /^\*\d+\.\* /;

/** The row after three full ones. */
function fourth(
  of: Task,
  more?: ActionWish,
  now = NOW,
): { block: Block | undefined; text: string; menu: Overflow | undefined } {
  const { blocks } = renderLoaded(loaded([...FIRST, rowOf(of, more, 3)]), { ...READER, now });
  const block = blocks.findLast((each) => each.type === 'section');
  const accessory = block?.type === 'section' ? block.accessory : undefined;
  const [text = ''] = block ? textsOf([block]) : [];
  return { block, text: text.replace(ROW, ''), menu: accessory?.type === 'overflow' ? accessory : undefined };
}

const options = (menu: Overflow | undefined) => menu?.options.map(({ text }) => text.text);

describe('the rows after the first three', () => {
  test('are one block each: who, kind, what; when, what is at stake, how to reach them; and all are numbered', () => {
    const rows = Array.from({ length: 9 }, (_, index) =>
      rowOf(task({ id: `${index}`, kind: 'call' }), undefined, index),
    );
    const { blocks } = renderLoaded(loaded(rows));

    const numbered = textsOf(blocks).filter((text) => ROW.test(text));
    expect(numbered.map((text) => Number.parseInt(text.slice(1), 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(blocks.filter((block) => block.type === 'actions' && block.block_id)).toHaveLength(3);
    expect(fourth(task({ kind: 'email', title: 'The renewal' })).text).toBe(
      ['*Dana Whitfield*, Harbour Freight Lines · Email · The renewal', 'Due 12:00 · Negotiation, 48,000'].join('\n'),
    );
  });

  test('name their tool where a list has tasks of several', () => {
    const rows = [...FIRST, rowOf(task(), undefined, 3)];
    const { blocks } = renderLoaded(loaded(rows, { reports: [listed('gong', 4), listed('outreach', 0)] }));

    expect(textsOf(blocks).at(-1)).toMatch(/ · Gong$/);
  });

  test('have the verbs that the task allows in one menu, a Snooze to a named day among them', () => {
    const { menu, block } = fourth(task());

    expect(options(menu)).toEqual(['Done', 'Snooze to tomorrow, Tue 09:00', 'Reschedule…', 'Dismiss', 'Open…']);
    const ref = { messageId: '99999999', position: 3, seq: 0 };
    const choices = menu?.options.map(({ value }) => decodeMenu({ value, block: block?.block_id }));
    expect(choices).toEqual([
      { ref, choice: { does: 'done' } },
      { ref, choice: { snooze: Date.parse('2026-11-24T14:00:00Z') } },
      { ref, choice: { does: 'reschedule' } },
      { ref, choice: { does: 'dismiss' } },
      { ref, choice: { does: 'open' } },
    ]);
  });

  test('ask in a window before a Dismiss that cannot be taken back, and say so in the menu', () => {
    expect(options(fourth(OUTREACH).menu)).toContain('Dismiss…');
  });

  test.each<[ActionWish, string, string[]]>([
    [{ verb: 'done' }, 'Marked done in Gong', ['Undo']],
    [{ state: 'queued' }, 'Marking done in Gong …', []],
    [{ state: 'failed', failure: 'unavailable' }, 'Not marked done', ['Retry', 'Choose another action', 'Open…']],
    [{ state: 'failed', failure: 'expired' }, 'Not marked done', ['Choose another action', 'Open…']],
    [{ state: 'stale' }, 'No longer open in Gong', []],
  ])(
    'keep their place and their one block in every state, with what can be pressed then: %o',
    (more, words, controls) => {
      const { block, text, menu } = fourth(task(), more);
      const accessory = block?.type === 'section' ? block.accessory : undefined;

      expect(text).toContain(words);
      const button = accessory?.type === 'button' ? [accessory.text.text] : [];
      expect(menu ? options(menu) : button).toEqual(controls);
    },
  );

  test('say what is overdue in bold, and a date where that is not today', () => {
    expect(fourth(task({ dueAt: NOW - 2 * DAY })).text).toContain('\n*1 working day overdue* · ');
    expect(fourth(task({ dueAt: NOW + 2 * DAY })).text).toContain('\nDue Wed 25 Nov, 09:00 · ');
  });
});

describe('a row that is cleared', () => {
  const cleared = (index: number, at: number, more: ActionWish = {}) =>
    rowOf(
      task({ id: `c${index}`, contact: { name: `Cleared ${index}` } }),
      { createdAt: at, settledAt: at, ...more },
      index,
    );
  const open = FIRST.map((row) => ({ ...row, position: row.position + 50 }));
  const textsAt = (rows: readonly Row[], now: number) => textsOf(renderLoaded(loaded(rows), { ...READER, now }).blocks);
  const folded = (rows: readonly Row[], now: number) =>
    textsAt(rows, now).filter((text) => text.startsWith('*Cleared:*'));

  test('keeps its place while the rep clicks, and folds half a minute after their last click', () => {
    const rows = [cleared(0, NOW), ...open];

    expect(textsAt(rows, NOW + FOLD_AFTER_MS - 1)[3]).toMatch(
      /^\*1\.\* ~Cleared 0: Call about the renewal~\nMarked done/,
    );
    expect(folded(rows, NOW + FOLD_AFTER_MS - 1)).toEqual([]);
    expect(folded(rows, NOW + FOLD_AFTER_MS)).toEqual([
      '*Cleared:* ~Cleared 0: Call about the renewal~  ·  Marked done in Gong',
    ]);
    // A click on another row begins the half minute anew.
    expect(folded([...rows, cleared(1, NOW + 20_000)], NOW + FOLD_AFTER_MS)).toEqual([]);
    // So does an Undo.
    const undone = cleared(1, NOW, {
      state: 'undone',
      undo: { how: 'withdrawn', askedAt: NOW + 9_000, doneAt: NOW + 9_000 },
    });
    expect(folded([...rows, undone], NOW + FOLD_AFTER_MS)).toEqual([]);
  });

  test('leaves its number to nobody else, and its place to the next rows', () => {
    const rows = [cleared(0, NOW), cleared(1, NOW), ...open];
    const { blocks } = renderLoaded(loaded(rows), { ...READER, now: NOW + HOUR });

    const numbered = textsOf(blocks).filter((text) => ROW.test(text));
    expect(numbered.map((text) => text.slice(1, 2))).toEqual(['3', '4', '5']);
    expect(blocks.filter((block) => block.type === 'actions' && block.block_id)).toHaveLength(3);
  });

  test('has its Undo still: a button for one, a menu for several, the last action first', () => {
    const controlOf = (rows: Row[]) => {
      const { blocks } = renderLoaded(loaded(rows), { ...READER, now: NOW + HOUR });
      const block = blocks.findLast((each) => each.type === 'section');
      return block?.type === 'section' ? block.accessory : undefined;
    };

    const one = controlOf([...open, cleared(7, NOW, { seq: 4 })]);
    const ref = { messageId: '99999999', position: 7, seq: 4 };
    expect(one).toMatchObject({ type: 'button', action_id: ACTION.undo, text: { text: 'Undo' } });
    expect(decodeRow(one?.type === 'button' ? one.value : '')).toEqual(ref);

    const several = controlOf([cleared(7, NOW), ...open, cleared(8, NOW + 1)]);
    expect(several).toMatchObject({ type: 'static_select', action_id: ACTION.undoOf, placeholder: { text: 'Undo…' } });
    const choices = several?.type === 'static_select' ? (several.options ?? []) : [];
    expect(choices.map(({ text }) => text.text)).toEqual([
      'Cleared 8: Call about the renewal',
      'Cleared 7: Call about the renewal',
    ]);
    expect(choices.map(({ value }) => decodeRow(value)?.position)).toEqual([8, 7]);
  });

  test('that was closed elsewhere folds as well, and offers no Undo', () => {
    const gone = seenAs(rowOf(task({ id: 'g' })), { how: 'gone', at: NOW });
    const { blocks } = renderLoaded(loaded([...open, gone]), { ...READER, now: NOW + HOUR });

    const last = blocks.findLast((each) => each.type === 'section');
    expect(last).toMatchObject({
      text: {
        text: expect.stringMatching(/^\*Cleared:\* ~Dana Whitfield: .*~ {2}· {2}No longer open for you in Gong/),
      },
    });
    expect(last).not.toHaveProperty('accessory');
  });

  test('is counted where the names would be too long', () => {
    const rows = Array.from({ length: 30 }, (_, index) => cleared(index, NOW));

    const [text = ''] = folded(rows, NOW + HOUR);
    const named = text.match(/~Cleared \d+/g)?.length ?? 0;
    expect(text).toMatch(/ and \d+ more tasks$/);
    expect(named + Number(/and (\d+) more/.exec(text)?.[1])).toBe(30);
  });
});

describe('how to reach the person', () => {
  const contact = (more: Partial<Contact>): Contact => ({ name: 'Dana', ...more });
  const reach = (more: Partial<Contact>, kind: Task['kind'] = 'call') => {
    const of = {
      ...task({ contact: contact(more), url: 'https://web.outreach.example/prospects/7' }),
      ...(kind && { kind }),
    };
    const [, facts = ''] = fourth(of).text.split('\n');
    // After when it is due and what is at stake.
    return facts.split(' · ').slice(2);
  };

  test('is a number that can be dialled from the row of a call, and the page at the tool', () => {
    const phones = [{ number: '+1 (415) 555-0100 ext. 12' }, { number: '+1 415 555 0101' }];

    expect(reach({ phones })).toEqual([
      '<tel:+14155550100;ext=12|+1 (415) 555-0100 ext. 12>',
      '<https://web.outreach.example/prospects/7|Open in Gong>',
    ]);
  });

  test.each([
    ['a number that cannot be dialled', 'call', { phones: [{ number: 'ask <Dana>' }] }, 'ask &lt;Dana&gt;'],
    ['an address, on an e-mail', 'email', { emails: ['dana@x.example'] }, '<mailto:dana@x.example|dana@x.example>'],
    ['an odd address, as text', 'email', { emails: ['da|na>@x.example'] }, 'da|na&gt;@x.example'],
    [
      'no number where they opted out',
      'call',
      { phones: [{ number: '+1 415 555 0100' }], optedOut: ['calls'] },
      'Opted out of calls',
    ],
    [
      'no address where they opted out',
      'email',
      { emails: ['d@x.example'], optedOut: ['emails'] },
      'Opted out of e-mails',
    ],
  ] as const)('%s', (_name, kind, more, said) => {
    expect(reach(more, kind)[0]).toBe(said);
  });

  test('tells the time at their place on a call, where it is another than the rep’s', () => {
    expect(reach({ zone: 'America/Los_Angeles' })[0]).toBe('06:00 their time');
    expect(reach({ zone: 'America/Detroit' })).toHaveLength(1);
    expect(reach({ zone: 'America/Los_Angeles' }, 'email')).toHaveLength(1);
  });

  test('has nothing to say of a to-do', () => {
    expect(reach({ phones: [{ number: '+1 415 555 0100' }], emails: ['d@x.example'] }, 'todo')).toHaveLength(1);
  });
});
