/** The face that others rely on: what a rep sees and can press, row by row. */

import type { Overflow } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountBlocks } from '../../blocks/accounts.ts';
import type { Block } from '../../blocks/elements.ts';
import { homeView } from '../../blocks/home.ts';
import { ACTION, decodeMenu, decodeRow, decodeSnooze } from '../../blocks/ids.ts';
import { LIMITS } from '../../blocks/limits.ts';
import { renderList } from '../../blocks/task-list.ts';
import type { SeenChange } from '../../src/core/model/message.ts';
import { EDITS, type Task } from '../../src/core/model/task.ts';
import type { ActionWish } from '../builders.ts';
import {
  DAY,
  HOUR,
  type Item,
  item,
  listed,
  loaded,
  NOW,
  READER,
  REASONS,
  rowStates,
  seenAs,
  task,
  unreached,
  wildSeen,
  wildTask,
} from './fixtures.ts';
import { accountState, labelsOf, suggestionOf } from './people.ts';
import { PROVIDERS } from './providers.ts';

const OUTREACH = task({ provider: 'outreach', facts: { kind: 'sequence_step_call', step: 4 } });
const MAIL = task({ provider: 'outreach', facts: { kind: 'sequence_step_email', step: 1 } });
const MANUAL = task({ provider: 'outreach', facts: { kind: 'manual' } });
const REPLY = task({ provider: 'reply', facts: { kind: 'call' } });
const VERBS_SHOWN = ['Done', 'Snooze', 'Reschedule', 'Dismiss'];

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

interface Menu {
  id: string | undefined;
  options: [label: string, value: string][];
}

interface Row {
  text: string;
  controls: Control[];
  /** Beside the verbs: other ways to be done. */
  ways: Menu | undefined;
  /** At the row's corner: what leaves the task open. */
  edits: Menu | undefined;
}

/** Every row: a section with its menu, and the controls of the actions block right after it. */
function rowsOf(blocks: readonly Block[]): Row[] {
  return blocks.flatMap((block, index) => {
    if (block.type !== 'section' || block.text === undefined || isTitle(block)) return [];
    const next = blocks[index + 1];
    const elements = next?.type === 'actions' ? next.elements : [];
    const controls = elements.filter(({ type }) => type !== 'overflow').map(toControl);
    const [ways] = elements.flatMap(toMenu);
    const [edits] = block.accessory ? toMenu(block.accessory) : [];
    return [{ text: block.text.text, controls, ways, edits }];
  });
}

function toMenu(element: { type: string }): Menu[] {
  if (!isOverflow(element)) return [];
  const options = element.options.map(({ text, value }): [string, string] => [text.text, value ?? '']);
  return [{ id: element.action_id, options }];
}

function isOverflow(element: { type: string }): element is Overflow {
  return element.type === 'overflow';
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
  return { label: element.placeholder?.text ?? '', type, id, values, confirm: element.confirm?.text.text };
}

function onlyRow(of: Task, more?: ActionWish, now = NOW) {
  const [row, ...others] = rowsOf(render([item(of, more)], now));
  if (!row || others.length > 0) throw new Error('not one row');
  return labelled(row);
}

function labelled(row: Row) {
  const labelsOf = (menu: Menu | undefined) => menu?.options.map(([label]) => label) ?? [];
  return {
    ...row,
    labels: row.controls.map((control) => control.label),
    waysSaid: labelsOf(row.ways),
    editsSaid: labelsOf(row.edits),
  };
}

/** One row of which something was seen at its provider. */
function seenRow(of: Task, seen: SeenChange, more?: ActionWish) {
  const [row, ...others] = rowsOf(render([seenAs(item(of, more), seen)]));
  if (!row || others.length > 0) throw new Error('not one row');
  return labelled(row);
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
      { ref, choice: Date.parse('2026-11-23T17:00:00Z') },
      { ref, choice: Date.parse('2026-11-24T14:00:00Z') },
      { ref, choice: Date.parse('2026-11-30T14:00:00Z') },
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

  test.each([
    [
      'a contact without a name that can be read',
      { contact: { name: '\u200b\u2062' }, account: { name: 'Orrin Mills' } },
      '*Orrin Mills*',
    ],
    ['nobody with a name', { contact: { name: '\u3164' }, account: { name: ' ' } }, '*Call about the renewal*'],
    [
      'nothing that can be read at all',
      { contact: { name: '\u2800' }, title: '\u202e\u202c' },
      '*Task without a title*',
    ],
  ])('has a heading even with %s', (_, more, heading) => {
    const { contact: __, ...bare } = task();

    expect(onlyRow({ ...bare, ...more }).text.startsWith(heading)).toBe(true);
  });

  // slack.md 3.4: a dialog is plain text
  test('asks in plain text: Slack shows a dialog as it is written', () => {
    const step = { ...OUTREACH, contact: { name: 'R&D <Kit> *Bo*' } };
    const confirms = render([item(step)]).flatMap((block) =>
      block.type === 'actions'
        ? block.elements.flatMap((element) => ('confirm' in element && element.confirm) || [])
        : [],
    );

    expect(confirms.map(({ text }) => text)).toEqual([
      { type: 'plain_text', text: 'Skips step 4; the sequence moves R&D <Kit> *Bo* on.' },
    ]);
  });

  test('asks first where a consequence cannot be taken back, in the words of the provider', () => {
    const asked = (of: Task) => onlyRow(of).controls.map((control) => [control.label, control.confirm]);

    expect(asked(MAIL)).toEqual([
      ['Done', 'Docket sends no e-mail.'],
      ['Snooze', undefined],
      ['Reschedule', undefined],
      ['Dismiss', 'Skips step 4; the sequence moves Dana Whitfield on.'],
    ]);
    expect(asked({ ...REPLY, facts: { scheduled: true } })[1]).toEqual(['Snooze', 'Moving it moves its start too.']);
    expect(asked(task()).map(([, confirm]) => confirm)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('names the task in the dialog, and warns where nobody can take it back', () => {
    const dialogs = (of: Task) =>
      render([item(of)]).flatMap((block) =>
        block.type === 'actions'
          ? block.elements.flatMap((element) => ('confirm' in element && element.confirm) || [])
          : [],
      );
    const said = (of: Task) => dialogs(of).map(({ title, style }) => [title?.text, style]);

    expect(said(MAIL)).toEqual([
      ['Done “Dana Whitfield: Call about the renewal”?', 'danger'],
      ['Dismiss “Dana Whitfield: Call about the renewal”?', 'danger'],
    ]);
    expect(said({ ...REPLY, facts: { scheduled: true } })[0]?.[1]).toBeUndefined();
    const { contact: _, account: __, ...alone } = { ...OUTREACH, title: 'R&D <3 *you*' };
    expect(said(alone)).toEqual([['Dismiss “R&D <3 *you*”?', 'danger']]);
    for (const { title } of dialogs({ ...MAIL, title: 'long '.repeat(50), contact: { name: 'name '.repeat(50) } })) {
      expect(title?.text).toMatch(/^\w+ “name .*…: long .*…”\?$/);
    }
  });

  test('has no control for a verb that its task does not allow', () => {
    expect(onlyRow(MANUAL).labels).toEqual(['Done', 'Snooze', 'Reschedule']);
  });

  test('offers other ways to be done in a menu beside the verbs, and a note with them where one can go along', () => {
    expect(onlyRow(OUTREACH).waysSaid).toEqual([
      'Finish sequence, no reply',
      'Finish sequence, replied',
      'Done with a note…',
    ]);
    expect(onlyRow(REPLY).waysSaid).toEqual(['Done, positive', 'Done, to call again', 'Done, negative']);
    expect(onlyRow(MANUAL).waysSaid).toEqual(['Done with a note…']);
    expect(onlyRow(task()).ways).toBeUndefined();
    expect(onlyRow({ ...REPLY, facts: { kind: 'sms' } }).ways).toBeUndefined();
    expect(onlyRow(OUTREACH).labels).toEqual(VERBS_SHOWN);
  });

  test('offers what leaves the task open in a menu at its corner', () => {
    expect(onlyRow(OUTREACH).editsSaid).toEqual(['Edit note…', 'Reassign…', 'Opportunity rule…']);
    expect(onlyRow(task()).edits).toBeUndefined();
    expect(onlyRow(REPLY).edits).toBeUndefined();
  });

  test('carries in each choice of its menus which row it is and what was chosen', () => {
    const [row] = rowsOf(render([{ ...item(OUTREACH, { seq: 4 }, 17), seq: 4 }]));

    const ref = { messageId: '99999999', position: 17, seq: 4 };
    expect(row?.ways?.id).toBe(ACTION.menu);
    expect(row?.ways?.options.map(([, value]) => decodeMenu(value))).toEqual([
      { ref, choice: { ending: 'finish_no_reply' } },
      { ref, choice: { ending: 'finish_replied' } },
      { ref, choice: { form: 'done' } },
    ]);
    expect(row?.edits?.id).toBe(ACTION.edit);
    expect(row?.edits?.options.map(([, value]) => decodeMenu(value))).toEqual(
      EDITS.map((form) => ({ ref, choice: { form } })),
    );
  });

  test('has no menu for a task that may not be changed', () => {
    const { labels, ways, edits } = onlyRow({ ...OUTREACH, facts: { readOnly: true } });

    expect({ labels, ways, edits }).toEqual({ labels: [], ways: undefined, edits: undefined });
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
    expect(onlyRow(OUTREACH, { verb: 'reassign' }).labels).toEqual([]);
    expect(onlyRow(OUTREACH, { verb: 'snooze' }).labels).toEqual(['Undo']);
  });

  test('has no menu: what could still be done to it comes with Undo', () => {
    for (const verb of ['done', 'snooze', 'reassign'] as const) {
      const { ways, edits } = onlyRow(OUTREACH, { verb });

      expect({ ways, edits }).toEqual({ ways: undefined, edits: undefined });
    }
  });

  test('says in which way it was done, whether a note went along, and who has it now', () => {
    const said = (of: Task, more: ActionWish) => onlyRow(of, more).text.split('\n').slice(1).join('\n');

    expect(said(OUTREACH, { ending: 'finish_replied' })).toBe('Marked done in Outreach, sequence finished as replied');
    expect(said(OUTREACH, { note: 'Spoke to Dana' })).toBe('Marked done in Outreach, with your note');
    expect(said(REPLY, { ending: 'to_call' })).toBe('Marked done in Reply.io, result: to call again');
    const to = { externalId: '9', name: 'Ola <!here>' };
    expect(said(OUTREACH, { verb: 'reassign', to })).toBe('Given to Ola &lt;!here&gt; in Outreach');
  });

  test('repeats no note: it may be about a customer, and others may look over a shoulder', () => {
    const note = 'never shown';

    for (const [, more] of rowStates()) {
      const blocks = render([item(OUTREACH, { ...more, note })]);

      expect(JSON.stringify(blocks)).not.toContain(note);
    }
  });

  test('offers Undo while it is held back, until it is sent', () => {
    const held = { state: 'queued', heldUntil: NOW + 10_000, settledAt: undefined } as const;

    const before = onlyRow(OUTREACH, { ...held, sentAt: undefined });
    const inAnotherWay = onlyRow(OUTREACH, { ...held, sentAt: undefined, ending: 'finish_no_reply' });
    const after = onlyRow(OUTREACH, { ...held, sentAt: NOW + 10_000 });

    expect(before.text).toContain('Done. Goes to Outreach in 10 seconds; until then you can undo it');
    expect(before.labels).toEqual(['Undo']);
    expect(inAnotherWay.text).toContain('Done, sequence finished, no reply. Goes to Outreach in 10 seconds;');
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
    expect(labels).toEqual(
      failure === 'expired' || failure === 'immovable' ? ['Choose another action'] : ['Retry', 'Choose another action'],
    );
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

describe('a row that was edited', () => {
  const held = { state: 'queued', heldUntil: NOW + 10_000, sentAt: undefined, settledAt: undefined } as const;

  test.each([
    ['note', 'Note changed in Outreach'],
    ['rule', 'Opportunity rule changed in Outreach'],
  ] as const)('(%s) stays as it was, with all its controls, and says so', (verb, words) => {
    const { text, labels, waysSaid, editsSaid } = onlyRow(OUTREACH, { verb });

    expect(text).toBe(`${onlyRow(OUTREACH).text}\n_${words}._`);
    expect(labels).toEqual(VERBS_SHOWN);
    expect(waysSaid).toHaveLength(3);
    expect(editsSaid).toHaveLength(3);
  });

  test('names the edit, so that a click on what was there before it is known to be late', () => {
    const { controls, edits } = onlyRow(OUTREACH, { verb: 'note', seq: 6 });

    expect(decodeRow(controls[0]?.values[0])?.seq).toBe(6);
    expect(decodeMenu(edits?.options[0]?.[1])?.ref.seq).toBe(6);
  });

  test('no longer says so in a list that was made since', () => {
    const known = { ...item(OUTREACH, { verb: 'note' }), seq: 1 };

    expect(rowsOf(render([known]))[0]?.text).not.toContain('Note changed');
  });

  test.each([
    ['note', 'Note changed. Goes to Outreach in 10 seconds'],
    ['rule', 'Opportunity rule changed. Goes to Outreach in 10 seconds'],
  ] as const)('(%s) can be undone while it is held back, and is no more settled than before', (verb, words) => {
    const { text, labels } = onlyRow(OUTREACH, { ...held, verb });

    expect(text).toContain(words);
    expect(text).not.toContain('~');
    expect(labels).toEqual(['Undo']);
    expect(JSON.stringify(render([item(OUTREACH, { ...held, verb })]))).toContain('0 of 1 settled');
  });

  test('is given to someone else: that settles it', () => {
    const { text, labels } = onlyRow(OUTREACH, {
      ...held,
      verb: 'reassign',
      to: { externalId: '9', name: 'Ola' },
    });

    expect(text).toBe(
      '~Dana Whitfield: Call about the renewal~\nGiven to Ola. Goes to Outreach in 10 seconds; until then you can undo it',
    );
    expect(labels).toEqual(['Undo']);
    expect(JSON.stringify(render([item(OUTREACH, { ...held, verb: 'reassign' })]))).toContain('All 1 settled');
  });

  test.each([
    ['note', 'Note not changed'],
    ['rule', 'Opportunity rule not changed'],
    ['reassign', 'Not reassigned'],
  ] as const)('(%s) without success says so, and offers Retry', (verb, words) => {
    const { text, labels } = onlyRow(OUTREACH, { verb, state: 'failed', failure: 'unavailable' });

    expect(text).toContain(`*${words}.*`);
    expect(labels).toEqual(['Retry', 'Choose another action']);
  });
});

describe('a row whose task was seen at its provider', () => {
  const at = NOW - HOUR;
  const DONE = 'Done in Gong itself (Mon 23 Nov, 08:00).';
  const GONE =
    'No longer open for you in Gong (seen Mon 23 Nov, 08:00): it was done, deleted or given to someone else there.';

  test.each([
    ['done', DONE],
    ['gone', GONE],
  ] as const)('%s: is struck through, says so, counts as settled, and nothing can be pressed', (how, words) => {
    const { text, labels, ways, edits } = seenRow(task(), { how, at });

    expect(text).toBe(`~Dana Whitfield: Call about the renewal~\n${words}`);
    expect({ labels, ways, edits }).toEqual({ labels: [], ways: undefined, edits: undefined });
    expect(JSON.stringify(render([seenAs(item(task()), { how, at })]))).toContain('All 1 settled');
  });

  test('changed: shows it as it is now, says so, and can be worked on', () => {
    const now = task({ title: 'Call about the offer', dueAt: NOW + 2 * DAY });

    const { text, labels } = seenRow(task(), { how: 'changed', at, task: now });

    expect(text).toContain('Call about the offer');
    expect(text).toContain('Due in 2 days (Wed 25 Nov, 09:00)');
    expect(text).toMatch(/\n_Changed in Gong since this list was made\._$/);
    expect(labels).toEqual(VERBS_SHOWN);
  });

  test('changed: offers what it allows now, and stays in its place', () => {
    const now = { ...OUTREACH, dueAt: NOW - DAY, facts: { kind: 'manual' } };
    const blocks = render([seenAs(item(OUTREACH), { how: 'changed', at, task: now })]);

    expect(rowsOf(blocks).map((row) => labelled(row).labels)).toEqual([['Done', 'Snooze', 'Reschedule']]);
    expect(JSON.stringify(blocks)).toContain('*Due today*');
    expect(JSON.stringify(blocks)).not.toContain('*Overdue*');
  });

  test.each(['done', 'dismiss', 'reassign'] as const)('closed by our own %s: that is what it says', (verb) => {
    const { text } = seenRow(OUTREACH, { how: 'gone', at: NOW + HOUR }, { verb });

    expect(text).not.toContain('No longer open');
  });

  test('closed there after it failed here: there is nothing to retry', () => {
    const { text, labels } = seenRow(task(), { how: 'done', at }, { state: 'failed', failure: 'unavailable' });

    expect(text).toContain(DONE);
    expect(labels).toEqual([]);
  });

  test('closed there after it was edited or moved here: it is closed', () => {
    const after = { how: 'done', at: NOW + HOUR } as const;

    for (const verb of ['snooze', 'reschedule', 'note', 'rule'] as const) {
      const { text, labels } = seenRow(OUTREACH, after, { verb });

      expect(text).toContain('Done in Outreach itself');
      expect(labels).toEqual([]);
    }
  });

  test('closed there before it was moved here, and so open again in between: it is moved', () => {
    const { text, labels } = seenRow(task(), { how: 'done', at }, { verb: 'snooze' });

    expect(text).toContain('Snoozed until');
    expect(labels).toEqual(['Undo']);
  });

  test.each(['queued', 'undoing'] as const)(
    'while something is under way (%s): that goes on, and says how it ends',
    (state) => {
      expect(seenRow(task(), { how: 'gone', at }, { state }).text).toContain(' in Gong …');
    },
  );

  test('is told to screen readers as it is now', () => {
    const now = task({ title: 'Call about the offer', dueAt: NOW + 2 * DAY });

    const { text } = renderList(loaded([seenAs(item(task()), { how: 'changed', at, task: now })]), PROVIDERS, READER);

    expect(text).toContain('1. Dana Whitfield, Call about the offer. Due in 2 days (Wed 25 Nov, 09:00)');
  });
});

// slack.md 3.5: one to five options
test('a menu never holds more than Slack takes, and is never empty, whatever a task allows', () => {
  fc.assert(
    fc.property(wildTask, fc.constantFrom(...rowStates()), wildSeen, (wild, [, more], see) => {
      const seen = see(wild);
      const row = item(wild, more);

      for (const { ways, edits } of rowsOf(render([seen ? seenAs(row, seen) : row]))) {
        for (const menu of [ways, edits]) {
          expect(menu?.options.length ?? 1).toBeGreaterThan(0);
          expect(menu?.options.length ?? 1).toBeLessThanOrEqual(LIMITS.overflowOptions);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test.each(['undone', 'dropped'] as const)('a row whose action was %s offers everything again', (state) => {
  expect(onlyRow(task(), { state, seq: 3 }).labels).toEqual(['Done', 'Snooze', 'Reschedule', 'Dismiss']);
});

test('an action that was over when the list was made does not speak for the row', () => {
  const known = { ...item(task(), { verb: 'snooze', seq: 1 }), seq: 1 };

  expect(rowsOf(render([known]))[0]?.controls[0]?.label).toBe('Done');
});

test('screen readers hear of every button which task it belongs to', () => {
  const ola = task({ contact: { name: 'Ola' }, title: 'Send the quote' });
  const rows = [item(task()), item(ola), item(task(), {}), item(ola, { state: 'failed' })];

  const buttons = render(rows).flatMap((block) => (block.type === 'actions' ? block.elements : []));

  const labels = buttons.flatMap((element) => (element.type === 'button' ? [element.accessibility_label] : []));
  const dana = 'Dana Whitfield: Call about the renewal';
  expect(labels).toEqual([
    ...[dana, 'Ola: Send the quote'].flatMap((named) => [
      `Done: ${named}`,
      `Reschedule: ${named}`,
      `Dismiss: ${named}`,
    ]),
    `Undo: ${dana}`,
    'Retry: Ola: Send the quote',
    'Choose another action: Ola: Send the quote',
  ]);
});

test('any task at all is a section and right after it its actions', () => {
  fc.assert(
    fc.property(fc.array(wildTask, { minLength: 1, maxLength: 8 }), (tasks) => {
      const open = (each: Task) => each.provider !== 'gone' && each.facts?.readOnly !== true;
      const known = tasks.map((each) => (open(each) ? each : { ...each, provider: 'gong' }));
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
    const line = (...states: (ActionWish | undefined)[]) => {
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
      return labelsOf(renderList(loaded(items, { all, offset }), PROVIDERS, READER).blocks.at(-1));
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
  const state = accountState({ suggestions: [suggestionOf('outreach')] });

  const { blocks } = homeView(message, PROVIDERS, state, READER);

  const rows = renderList(message, PROVIDERS, { ...READER, days: state.schedule.days }).blocks;
  expect(blocks.slice(0, rows.length)).toEqual(rows);
  expect(blocks).toEqual(expect.arrayContaining(accountBlocks(state, READER)));
  expect(JSON.stringify(blocks)).toContain('Next digest: Tue 24 Nov, 09:00.');
  expect(labelsOf(blocks.at(-1))).toEqual(['Refresh', 'Digest settings']);
});

test('a row is the same blocks whenever it is asked for', () => {
  const one = item(task(), { undoFailure: 'conflict', reference: 'x' });

  expect(render([one])).toEqual(render([structuredClone(one)]));
});

test('a priority that is not the usual one stands beside the due date, and nothing where there is none', () => {
  const said = (priority?: string) => JSON.stringify(render([item(task({ ...(priority && { priority }) }))]));

  expect(said('Urgent <now>')).toContain('(Mon 23 Nov, 12:00)  ·  Urgent &lt;now&gt; priority  ·  ');
  expect(said()).not.toContain('priority');
});

describe('a digest that is older than three days', () => {
  const later = { ...READER, now: NOW + 3 * DAY };
  const digestOf = (items: Item[]) =>
    loaded(items, { kind: 'digest', reports: [unreached('outreach'), listed('gong', 9)] });

  test('has no button, menu or link to press, says so, and says where to look', () => {
    const rows = rowStates().map(([, more], index) =>
      item(task({ id: String(index) }), more && { ...more, seq: 2 }, index),
    );

    const { blocks, text } = renderList(digestOf(rows), PROVIDERS, later);

    expect(blocks.filter(({ type }) => type === 'actions')).toEqual([]);
    expect(JSON.stringify(blocks)).not.toMatch(/"accessory"|"action_id"|Retry|choose again/i);
    expect(JSON.stringify(blocks[1])).toContain('is no longer kept up to date. What is open now: type `/tasks`');
    expect(text).toContain('Dana Whitfield');
  });

  test('tells what became of its tasks all the same', () => {
    const words = (more: ActionWish) =>
      JSON.stringify(renderList(digestOf([item(task(), { seq: 2, ...more })]), PROVIDERS, later).blocks);

    expect(words({})).toContain('Marked done in Gong');
    expect(words({ state: 'failed', failure: 'unavailable' })).toContain('*Not marked done.*');
    expect(words({ state: 'stale', found: { how: 'gone' } })).toContain('No longer open in Gong');
  });

  test('is not one a moment before that, and no other list ever is', () => {
    const almost = { ...READER, now: later.now - 1 };
    const list = { ...digestOf([item(task())]), kind: 'list' } as const;

    expect(JSON.stringify(renderList(digestOf([item(task())]), PROVIDERS, almost).blocks)).toContain('"Done"');
    expect(JSON.stringify(renderList(list, PROVIDERS, later).blocks)).toContain('"Done"');
  });
});

test('a row that waits for its provider says so, and can be withdrawn as long as nothing was sent', () => {
  const waiting = { reason: 'unavailable', until: NOW + 60_000 } as const;
  const row = (sentAt: number | undefined) => onlyRow(task(), { state: 'queued', waiting, sentAt });

  expect(row(undefined).text).toContain(
    'Marking done in Gong …_\nGong did not answer. Docket keeps trying until 09:01',
  );
  expect(row(undefined).labels).toEqual(['Undo']);
  expect(row(NOW).labels).toEqual([]);
});

test('a row whose task was moved elsewhere shows it as it is now, says why nothing was done, and offers its verbs', () => {
  const dueAt = NOW + 4 * DAY;
  const stale = item(task(), { state: 'stale', verb: 'snooze', seq: 1, found: { how: 'moved', dueAt } });
  const row = seenAs(stale, { how: 'changed', at: NOW, task: task({ dueAt }) });

  const blocks = JSON.stringify(renderList(loaded([row]), PROVIDERS, READER).blocks);

  expect(blocks).toContain('Due in 4 days (Fri 27 Nov, 09:00)');
  expect(blocks).toContain('Not snoozed: it was moved to Fri 27 Nov, 09:00 in Gong since this list was made.');
  expect(blocks).toContain('"Snooze"');
});

describe('a tool where the rep has to sign in', () => {
  const unconnected = [{ provider: 'outreach', name: 'Outreach' }];
  const consent = { action_id: ACTION.consent, value: 'outreach', text: { text: 'Connect' } };
  const sectionsOf = (blocks: readonly Block[]) => blocks.filter((block) => block.type === 'section');

  test.each(['digest', 'list'] as const)('is named once in a %s, with a button that asks for a fresh link', (kind) => {
    const { blocks, text } = renderList(loaded([item(task())], { kind, unconnected }), PROVIDERS, READER);

    const said = sectionsOf(blocks).filter((block) => block.text?.text.includes('Outreach is not connected'));
    expect(said).toMatchObject([{ accessory: consent }]);
    expect(said[0]?.accessory).toMatchObject({ accessibility_label: 'Connect Outreach' });
    expect(text).toContain('Outreach is not connected');
  });

  test('again, because the connection ended, gets the same button instead of one that could not help', () => {
    const reports = [unreached('outreach', 'disconnected')];
    const { blocks } = renderList(loaded([], { kind: 'digest', reports }), PROVIDERS, READER);

    expect(sectionsOf(blocks).map(({ accessory }) => accessory)).toMatchObject([consent]);
    expect(JSON.stringify(blocks)).toContain('press *Connect*');
  });

  test('has nothing to press once the list is no longer kept true', () => {
    const message = loaded([], { kind: 'digest', unconnected });
    const { blocks } = renderList(message, PROVIDERS, { ...READER, now: READER.now + 4 * DAY });

    expect(JSON.stringify(blocks)).toContain('Outreach is not connected');
    expect(JSON.stringify(blocks)).not.toContain(ACTION.consent);
  });
});
