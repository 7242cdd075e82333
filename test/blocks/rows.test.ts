/** The face that others rely on: what a rep sees and can press, row by row. */
import type { Button, Overflow, StaticSelect } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountBlocks } from '../../blocks/accounts.ts';
import type { Block } from '../../blocks/elements.ts';
import { homeView } from '../../blocks/home.ts';
import { ACTION } from '../../blocks/ids.ts';
import { LIMITS } from '../../blocks/limits.ts';
import { decodeMenu, decodeRow, decodeSnooze } from '../../blocks/row-ids.ts';
import { renderList } from '../../blocks/task-list.ts';
import type { MessageKind, SeenChange } from '../../src/core/model/message.ts';
import type { Row } from '../../src/core/model/row-state.ts';
import type { Task } from '../../src/core/model/task.ts';
import type { ActionWish } from '../builders.ts';
import {
  accountState,
  DAY,
  HOUR,
  labelsOf,
  listed,
  loaded,
  MINUTE,
  NOW,
  OUTREACH,
  READER,
  REASONS,
  renderLoaded,
  rowOf,
  seenAs,
  suggestionOf,
  task,
  textsOf,
  unreached,
} from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { ROW_STATES, wildSeen, wildTask } from './wild.ts';

const MAIL = task({ provider: 'outreach', facts: { kind: 'sequence_step_email', step: 1 } });
const MANUAL = task({ provider: 'outreach', facts: { kind: 'manual' } });
const REPLY = task({ provider: 'reply', facts: { kind: 'call' } });
const SCHEDULED = { ...REPLY, facts: { scheduled: true } };
const { contact: _contact, flow: _flow, ...BARE } = task();
const EDITS_SHOWN = 'Edit note…, Reassign…, Opportunity rule…';
const OPEN = 'Open…';
const VERBS_SHOWN = 'Done, Snooze, Reschedule, Dismiss';
const HELD = { state: 'queued', heldUntil: NOW + 10_000, sentAt: undefined } as const;

function render(rows: readonly Row[], now = NOW): Block[] {
  return renderLoaded(loaded(rows), { ...READER, now }).blocks;
}

type Control = Button | StaticSelect;

interface Shown {
  text: string;
  controls: Control[];
  labels: string;
  /** At the row's corner. */
  menu: Overflow | undefined;
  /** The block of the controls, and that of the menu: they name the row. */
  blocks: { controls: string | undefined; menu: string | undefined };
}

/** Every full row: a section with its menu, and the controls of the actions block right after it. */
function shownOn(blocks: readonly Block[]): Shown[] {
  return blocks.flatMap((block, index) => {
    if (block.type !== 'section' || !block.block_id?.endsWith('.t')) return [];
    const next = blocks[index + 1];
    const own = next?.type === 'actions' && next.block_id === block.block_id.slice(0, -2) ? next : undefined;
    const controls = (own?.elements ?? []).filter((each) => each.type === 'button' || each.type === 'static_select');
    expect(controls.length).toBe(own?.elements.length ?? 0);
    const menu = block.accessory?.type === 'overflow' ? block.accessory : undefined;
    const labels = controls.map((each) => (each.type === 'button' ? each.text : each.placeholder)?.text);
    const text = (block.text?.text ?? '').replace(/^\*\d+\.\* /, '');
    return [
      { text, controls, labels: labels.join(', '), menu, blocks: { controls: own?.block_id, menu: block.block_id } },
    ];
  });
}

function valuesOf(control: Control | Overflow | undefined): (string | undefined)[] {
  return control && control.type !== 'button' ? (control.options ?? []).map(({ value }) => value) : [control?.value];
}

function optionsOf(menu: Overflow | undefined): string | undefined {
  return menu?.options.map(({ text }) => text.text).join(', ');
}

function isTitle(block: Block): boolean {
  return block.type === 'section' && /^\*(Overdue|Due today|Coming up)\*$/.test(block.text?.text ?? '');
}

function onlyRow(of: Task, more?: ActionWish, seen?: SeenChange): Shown {
  const [shown, ...others] = shownOn(render([seenAs(rowOf(of, more), seen)]));
  if (!shown || others.length > 0) throw new Error('not one row');
  return shown;
}

function isSettled(of: Row): boolean {
  return JSON.stringify(render([of])).includes('1 of 1 cleared');
}

describe('an open row', () => {
  test('offers Done, Snooze, Reschedule and Dismiss, in this order, right under its section', () => {
    const { labels, controls } = onlyRow(task());

    expect(labels).toBe(VERBS_SHOWN);
    expect(controls.map(({ type }) => type)).toEqual(['button', 'static_select', 'button', 'button']);
    expect(controls.map(({ action_id }) => action_id)).toEqual([
      ACTION.done,
      ACTION.snooze,
      ACTION.reschedule,
      ACTION.dismiss,
    ]);
  });

  test('carries in each control and choice which row of which message it is, and how many actions it knew of', () => {
    const [shown] = shownOn(render([{ ...rowOf(OUTREACH, { seq: 4 }, 17), seq: 4 }]));

    const ref = { messageId: '99999999', position: 17, seq: 4 };
    const [done, snooze, reschedule, dismiss] = shown?.controls ?? [];
    for (const control of [done, reschedule, dismiss]) expect(decodeRow(valuesOf(control)[0])).toEqual(ref);
    const chosen = (value: string | undefined) => ({ value, block: shown?.blocks.controls });
    expect(valuesOf(snooze).map((value) => decodeSnooze(chosen(value)))).toEqual([
      { ref, choice: Date.parse('2026-11-23T17:00:00Z') },
      { ref, choice: Date.parse('2026-11-24T14:00:00Z') },
      { ref, choice: Date.parse('2026-11-30T14:00:00Z') },
      { ref, choice: 'pick' },
    ]);
    expect(shown?.menu?.action_id).toBe(ACTION.menu);
    const inMenu = (value: string | undefined) => decodeMenu({ value, block: shown?.blocks.menu });
    expect(valuesOf(shown?.menu).map(inMenu)).toEqual([
      { ref, choice: { does: 'open' } },
      { ref, choice: { ending: 'finish_no_reply' } },
      { ref, choice: { ending: 'finish_replied' } },
      { ref, choice: { form: 'done' } },
      { ref, choice: { form: 'note' } },
    ]);
  });

  test('says who and what it is about, when it is due, what is at stake, and where it comes from', () => {
    expect(onlyRow(task()).text).toBe(
      [
        '*Dana Whitfield*  VP Operations, Harbour Freight Lines',
        'Call about the renewal  ·  Renewals Q4',
        'Due in 3 hours (Mon 23 Nov, 12:00)  ·  Negotiation, 48,000  ·  Gong',
      ].join('\n'),
    );
  });

  test.each([
    ['an account', { account: { name: 'Acme' } }, '*Acme*\nCall about the renewal\n'],
    ['no contact', {}, '*Call about the renewal*\nDue'],
    ['a name that cannot be read', { contact: { name: '\u200b\u2062' }, account: { name: 'Orrin' } }, '*Orrin*'],
    ['nobody with a name', { contact: { name: '\u3164' }, account: { name: ' ' } }, '*Call about the renewal*'],
    ['nothing that can be read', { contact: { name: '\u2800' }, title: '\u202e\u202c' }, '*Task without a title*'],
  ])('has a heading with %s', (_, more, heading) => {
    expect(onlyRow({ ...BARE, ...more }).text.startsWith(heading)).toBe(true);
  });

  test('has a priority that is not the usual one beside the due date, and nothing where there is none', () => {
    expect(onlyRow(task({ priority: 'Urgent <now>' })).text).toContain('12:00)  ·  Urgent &lt;now&gt; priority  ·  ');
    expect(onlyRow(task()).text).not.toContain('priority');
  });

  const NAMED = '“Dana Whitfield: Call about the renewal”?';
  const SKIP = [`Dismiss ${NAMED}`, 'Skips step 4; the sequence moves Dana Whitfield on.', 'danger'];
  const NOT_SENT = [`Done ${NAMED}`, 'Docket sends no e-mail.', 'danger'];
  const MOVES = [`Snooze ${NAMED}`, 'Moving it moves its start too.', undefined];
  const DELETES = [`Dismiss ${NAMED}`, 'Deletes it.', 'danger'];
  const MARKED_UP = { ...BARE, provider: 'outreach', facts: OUTREACH.facts, title: 'R&D <3 *you*' };
  const AS_IT_IS = ['Dismiss “R&D <3 *you*”?', 'Skips step 4; the sequence moves the prospect on.', 'danger'];
  // slack.md 3.4: a dialog is plain text
  test.each<[string, Task, (string | undefined)[][]]>([
    ['what can be reversed', task(), []],
    ['one', OUTREACH, [SKIP]],
    ['two', MAIL, [NOT_SENT, SKIP]],
    ['one that can be taken back', SCHEDULED, [MOVES, DELETES]],
    ['mark-up, as plain text', MARKED_UP, [AS_IT_IS]],
  ])('asks first where a consequence cannot be taken back, naming the task: %s', (_name, of, dialogs) => {
    const asked = onlyRow(of).controls.flatMap(({ confirm }) => confirm ?? []);

    expect(asked.map(({ title, text, style }) => [title?.text, text.text, style])).toEqual(dialogs);
    for (const { text } of asked) expect(text.type).toBe('plain_text');
  });

  test('shortens both who and what in the title of a dialog', () => {
    const { controls } = onlyRow({ ...MAIL, title: 'long '.repeat(50), contact: { name: 'name '.repeat(50) } });

    expect(controls[0]?.confirm?.title?.text).toMatch(/^\w+ “name .*…: long .*…”\?$/);
  });

  const NOTE = 'Done with a note…';
  const STEP = `${OPEN}, Finish sequence, no reply, Finish sequence, replied, ${NOTE}, Edit note…`;
  const CALL = `${OPEN}, Done, positive, Done, to call again, Done, negative`;
  const READ_ONLY = { ...OUTREACH, facts: { readOnly: true } };
  test.each<[string, Task, verbs: string, menu: string]>([
    ['all that Gong allows', task(), VERBS_SHOWN, OPEN],
    ['a step: the window has what is too much for a menu', OUTREACH, VERBS_SHOWN, STEP],
    ['not Dismiss', MANUAL, 'Done, Snooze, Reschedule', `${OPEN}, ${NOTE}, ${EDITS_SHOWN}`],
    ['a call', REPLY, VERBS_SHOWN, CALL],
    ['a text message', { ...REPLY, facts: { kind: 'sms' } }, VERBS_SHOWN, OPEN],
    ['nothing', READ_ONLY, '', OPEN],
    ['a provider that is not set up any more', task({ provider: 'gone' }), '', OPEN],
  ])('offers what its task allows, the window, endings and edits at its corner: %s', (_name, of, verbs, menu) => {
    const shown = onlyRow(of);

    expect(shown.text).toContain('Dana Whitfield');
    expect([shown.labels, optionsOf(shown.menu)]).toEqual([verbs, menu]);
  });
});

const STRUCK = '~Dana Whitfield: Call about the renewal~\n';
const TO = { externalId: '9', name: 'Ola <!here>' };
const HELD_BACK = 'Goes to Outreach in 10 seconds; until then you can undo it';

describe('a settled row says what became of it, struck through, without any menu', () => {
  test.each<[Task, ActionWish, string, string]>([
    [task(), { verb: 'done' }, 'Marked done in Gong', 'Undo'],
    [task(), { verb: 'dismiss' }, 'Dismissed in Gong', 'Undo'],
    [task(), { verb: 'snooze' }, 'Snoozed until Wed 25 Nov, 09:00', 'Undo'],
    [task(), { verb: 'reschedule' }, 'Rescheduled to Wed 25 Nov, 09:00', 'Undo'],
    // What cannot be reversed has gone out.
    [OUTREACH, { verb: 'done' }, 'Marked done in Outreach', ''],
    [OUTREACH, { verb: 'dismiss' }, 'Dismissed in Outreach', ''],
    [OUTREACH, { verb: 'snooze' }, 'Snoozed until Wed 25 Nov, 09:00', 'Undo'],
    [OUTREACH, { verb: 'reassign', to: TO }, 'Given to Ola &lt;!here&gt; in Outreach', ''],
    [OUTREACH, { ending: 'finish_replied' }, 'Marked done in Outreach, sequence finished as replied', ''],
    [OUTREACH, { note: 'Spoke to Dana' }, 'Marked done in Outreach, with your note', ''],
    [REPLY, { ending: 'to_call' }, 'Marked done in Reply.io, result: to call again', ''],
    // Held back until it is sent.
    [OUTREACH, HELD, `Done. ${HELD_BACK}`, 'Undo'],
    [OUTREACH, { ...HELD, ending: 'finish_no_reply' }, `Done, sequence finished, no reply. ${HELD_BACK}`, 'Undo'],
    [OUTREACH, { ...HELD, verb: 'reassign', to: TO }, `Given to Ola &lt;!here&gt;. ${HELD_BACK}`, 'Undo'],
  ])('%# %o', (of, more, words, labels) => {
    const shown = onlyRow(of, more);

    expect(shown).toMatchObject({ text: `${STRUCK}${words}`, labels, menu: undefined });
    expect(isSettled(rowOf(of, more))).toBe(true);
  });

  test('repeats no note: it may be about a customer, and others may look over a shoulder', () => {
    for (const [, more] of ROW_STATES) {
      expect(JSON.stringify(render([rowOf(OUTREACH, { ...more, note: 'never shown' })]))).not.toContain('never shown');
    }
  });

  test('of Undo: the button names the action, so that an older one cannot be undone', () => {
    expect(decodeRow(valuesOf(onlyRow(task(), { seq: 6 }).controls[0])[0])?.seq).toBe(6);
  });

  test.each(REASONS)('that could not be undone (%s) says so, and offers Undo again', (undoFailure) => {
    const { text, labels } = onlyRow(task(), { undoFailure });

    expect(text).toMatch(/Marked done in Gong\. \*Not undone\.\*/);
    expect(labels).toBe('Undo');
  });
});

const RETRY = 'Retry, Choose another action';
const WAITING = { state: 'queued', waiting: { reason: 'unavailable', until: NOW + MINUTE } } as const;
const WAITS = 'Gong did not answer. Docket keeps trying until 09:01';

test.each<[string, Task, ActionWish, string, labels: string]>([
  ['a note', OUTREACH, { verb: 'note', state: 'failed' }, '*Note not changed.*', RETRY],
  ['a rule', OUTREACH, { verb: 'rule', state: 'failed' }, '*Opportunity rule not changed.*', RETRY],
  ['an owner', OUTREACH, { verb: 'reassign', state: 'failed' }, '*Not reassigned.*', RETRY],
  ['queued', task(), { state: 'queued' }, '_Marking done in Gong …_', ''],
  ['held back, and sent', OUTREACH, { ...HELD, sentAt: NOW + 10_000 }, '_Marking done in Outreach …_', ''],
  ['undoing', task(), { state: 'undoing' }, '_Undoing in Gong …_', ''],
  ['waiting', task(), { ...WAITING, sentAt: undefined }, `_Marking done in Gong …_\n${WAITS}`, 'Undo'],
  ['waiting, once sent', task(), { ...WAITING, sentAt: NOW }, WAITS, ''],
  ['stale', task(), { state: 'stale' }, 'No longer open in Gong', ''],
  ['undone', task(), { state: 'undone', seq: 3 }, 'Due in 3 hours', VERBS_SHOWN],
  ['dropped', task(), { state: 'dropped', seq: 3 }, 'Due in 3 hours', VERBS_SHOWN],
])(
  'a row whose action failed, waits or is over says so, and offers what it can (%s)',
  (_name, of, more, words, labels) => {
    expect(onlyRow(of, more).text).toContain(words);
    expect(onlyRow(of, more).labels).toBe(labels);
  },
);

test.each(REASONS)('a row that failed (%s) offers Retry where that helps, and another choice', (failure) => {
  const { text, labels } = onlyRow(task(), { state: 'failed', failure });

  expect(text).toContain('*Not marked done.*');
  expect(labels).toBe(failure === 'expired' || failure === 'immovable' ? 'Choose another action' : RETRY);
});

test.each(['snooze', 'note'] as const)(
  'an action (%s) that was over when the list was made does not speak for the row',
  (verb) => {
    const [shown] = shownOn(render([{ ...rowOf(OUTREACH, { verb, seq: 1 }), seq: 1 }]));

    expect(shown).toMatchObject({ text: onlyRow(OUTREACH).text, labels: VERBS_SHOWN });
  },
);

describe.each([
  ['note', 'Note changed'],
  ['rule', 'Opportunity rule changed'],
] as const)('a row that was edited (%s)', (verb, words) => {
  test('stays as it was, with all its controls, and says so', () => {
    const { text, labels, menu } = onlyRow(OUTREACH, { verb });

    expect(text).toBe(`${onlyRow(OUTREACH).text}\n_${words} in Outreach._`);
    expect([labels, menu?.options.length]).toEqual([VERBS_SHOWN, 5]);
  });

  test('names the edit, so that a click on what was there before it is known to be late', () => {
    const { controls, menu, blocks } = onlyRow(OUTREACH, { verb, seq: 6 });

    expect(decodeRow(valuesOf(controls[0])[0])?.seq).toBe(6);
    expect(decodeMenu({ value: valuesOf(menu)[0], block: blocks.menu })?.ref.seq).toBe(6);
  });

  test('can be undone while it is held back, and is no more settled than before', () => {
    const { text, labels } = onlyRow(OUTREACH, { ...HELD, verb });

    expect(text).toContain(`${words}. Goes to Outreach in 10 seconds`);
    expect(text).not.toContain('~');
    expect(labels).toBe('Undo');
    expect(isSettled(rowOf(OUTREACH, { ...HELD, verb }))).toBe(false);
  });
});

describe('a row whose task was seen at its provider', () => {
  const at = NOW - HOUR;
  const after = NOW + HOUR;
  const DONE = 'Done in Gong itself (Mon 23 Nov, 08:00).';
  const GONE =
    'No longer open for you in Gong (seen Mon 23 Nov, 08:00): it was done, deleted or given to someone else there.';
  const CHANGED = task({ title: 'Call about the offer', dueAt: NOW + 2 * DAY });

  test.each([
    ['done', DONE],
    ['gone', GONE],
  ] as const)('%s: is struck through, says so, counts as settled, and nothing can be pressed', (how, words) => {
    const shown = onlyRow(task(), undefined, { how, at: NOW });

    const now = words.replace('08:00', '09:00');
    expect(shown).toMatchObject({ text: `${STRUCK}${now}`, labels: '', menu: undefined });
    expect(isSettled(seenAs(rowOf(task()), { how, at: NOW }))).toBe(true);
  });

  test.each([
    ['rep', 'Done in Gong by you (Mon 23 Nov, 07:00).'],
    ['other', 'Done in Gong by someone else (Mon 23 Nov, 07:00).'],
  ] as const)('done, and the tool says by whom: %s', (doneBy, words) => {
    const { text } = onlyRow(task(), undefined, { how: 'done', at: NOW, doneAt: NOW - 2 * HOUR, doneBy });

    expect(text).toBe(`${STRUCK}${words}`);
  });

  test('changed: shows it as it is now, to screen readers as well, says so, and can be worked on', () => {
    const row = seenAs(rowOf(task()), { how: 'changed', at, task: CHANGED });
    const { text, blocks } = renderLoaded(loaded([row]));
    const [shown] = shownOn(blocks);

    expect(shown?.text).toMatch(/Call about the offer.*\n.*Due in 2 days \(Wed 25 Nov, 09:00\)/);
    expect(shown?.text).toMatch(/\n_Changed in Gong since this list was made\._$/);
    expect(shown?.labels).toBe(VERBS_SHOWN);
    expect(text).toContain('1. Dana Whitfield, Call about the offer. Due in 2 days (Wed 25 Nov, 09:00)');
  });

  test('changed: offers what it allows now, and stays in its group', () => {
    const now = { ...OUTREACH, dueAt: NOW - DAY, facts: { kind: 'manual' } };
    const blocks = render([seenAs(rowOf(OUTREACH), { how: 'changed', at, task: now })]);

    expect(shownOn(blocks).map(({ labels }) => labels)).toEqual(['Done, Snooze, Reschedule']);
    expect(textsOf(blocks)).toContain('*Due today*');
    expect(textsOf(blocks)).not.toContain('*Overdue*');
  });

  test('moved, so that an action was not sent: shows where to, why nothing was done, and offers its verbs', () => {
    const dueAt = NOW + 4 * DAY;
    const stale = { state: 'stale', verb: 'snooze', found: { how: 'moved', dueAt } } as const;
    const { text, labels } = onlyRow(task(), stale, { how: 'changed', at, task: task({ dueAt }) });

    expect(text).toContain('Due in 4 days (Fri 27 Nov, 09:00)');
    expect(text).toContain('Not snoozed: it was moved to Fri 27 Nov, 09:00 in Gong since this list was made.');
    expect(labels).toBe(VERBS_SHOWN);
  });

  const GONE_SINCE = { how: 'gone', at: after } as const;
  const DONE_SINCE = { how: 'done', at: after } as const;
  const ELSEWHERE = 'Done in Outreach itself';
  test.each<[string, ActionWish, SeenChange, string, labels: string]>([
    ['closed by our own Done: that is what it says', { verb: 'done' }, GONE_SINCE, 'Marked done', ''],
    ['closed by our own Dismiss', { verb: 'dismiss' }, GONE_SINCE, 'Dismissed', ''],
    ['closed by giving it away', { verb: 'reassign' }, GONE_SINCE, 'Given to', ''],
    ['closed there after our own Snooze', { verb: 'snooze' }, DONE_SINCE, ELSEWHERE, ''],
    ['closed there after our own Reschedule', { verb: 'reschedule' }, DONE_SINCE, ELSEWHERE, ''],
    ['closed there after our own note', { verb: 'note' }, DONE_SINCE, ELSEWHERE, ''],
    ['closed there after our own rule', { verb: 'rule' }, DONE_SINCE, ELSEWHERE, ''],
    ['closed there after it failed here', { state: 'failed' }, { how: 'done', at }, ELSEWHERE, ''],
    ['closed before it was moved here, and so open again', { verb: 'snooze' }, { how: 'done', at }, 'Snoozed', 'Undo'],
    ['under way', { state: 'queued' }, { how: 'gone', at }, 'Marking done in Outreach …', ''],
    ['being undone', { state: 'undoing' }, { how: 'gone', at }, 'Undoing in Outreach …', ''],
  ])('and that has an action as well: %s', (_name, more, seen, words, labels) => {
    const shown = onlyRow(OUTREACH, more, seen);

    expect(shown.text).toContain(words);
    expect(/No longer open|Done in/.test(shown.text)).toBe(words === ELSEWHERE);
    expect(shown.labels).toBe(labels);
  });
});

// slack.md 3.5: one to five options
test('a menu never holds more than Slack takes, and is never empty, whatever a task allows', () => {
  fc.assert(
    fc.property(wildTask, fc.constantFrom(...ROW_STATES), wildSeen, (wild, [, more], see) => {
      for (const { menu } of shownOn(render([seenAs(rowOf(wild, more), see(wild))]))) {
        expect(menu?.options.length ?? 1).toBeGreaterThan(0);
        expect(menu?.options.length ?? 1).toBeLessThanOrEqual(LIMITS.overflowOptions);
      }
    }),
    { numRuns: 200 },
  );
});

test('any of the first three tasks is a section and right after it its actions', () => {
  fc.assert(
    fc.property(fc.array(wildTask, { minLength: 1, maxLength: 3 }), (tasks) => {
      const open = (each: Task) => each.provider !== 'gone' && each.facts?.readOnly !== true;
      const known = tasks.map((each) => (open(each) ? each : { ...each, provider: 'gong' }));
      // Home has no weight: a message of the largest tasks would have fewer rows.
      const message = loaded(
        known.map((each, index) => rowOf(each, undefined, index)),
        { kind: 'home' },
      );
      const rows = shownOn(renderLoaded(message).blocks);

      expect(rows.map(({ labels }) => labels.split(',')[0])).toEqual(known.map(() => 'Done'));
      expect(rows.map(({ controls }) => decodeRow(valuesOf(controls[0])[0])?.position)).toEqual([...known.keys()]);
    }),
    { numRuns: 60 },
  );
});

test('screen readers hear of every button which task it belongs to', () => {
  const ola = task({ contact: { name: 'Ola' }, title: 'Send the quote' });
  const rows = [rowOf(task()), rowOf(ola), rowOf(task(), {})];
  const failed = render([rowOf(ola, { state: 'failed' })]);

  const inRows = [...render(rows), ...failed].filter(({ block_id }) => block_id !== undefined);
  const buttons = inRows.flatMap((block) => (block.type === 'actions' ? block.elements : []));

  const labels = buttons.flatMap((element) => (element.type === 'button' ? [element.accessibility_label] : []));
  const [dana, send] = ['Dana Whitfield: Call about the renewal', 'Ola: Send the quote'];
  expect(labels).toEqual([
    ...[dana, send].flatMap((named) => ['Done', 'Reschedule', 'Dismiss'].map((verb) => `${verb}: ${named}`)),
    ...[`Undo: ${dana}`, `Retry: ${send}`, `Choose another action: ${send}`],
  ]);
});

test('a row is the same blocks whenever it is asked for', () => {
  const one = rowOf(task(), { undoFailure: 'conflict', reference: 'x' });

  expect(render([one])).toEqual(render([structuredClone(one)]));
});

describe('the list', () => {
  const overdue = task({ id: '1', dueAt: NOW - HOUR });
  const today = task({ id: '2', dueAt: NOW + HOUR });
  const upcoming = task({ id: '3', dueAt: NOW + 2 * DAY });
  const undated = task({ id: '4', dueAt: undefined });

  test('stands in its groups, each with its title, and keeps every row there while time passes', () => {
    const rows = [overdue, today, upcoming, undated].map((each) => rowOf(each));
    const groups = ['*Overdue*', 'row', '*Due today*', 'row', '*Coming up*', 'row', 'row'];

    for (const now of [NOW, NOW + 3 * DAY]) {
      const sections = render(rows, now).filter(({ type }) => type === 'section');
      expect(sections.map((block) => (isTitle(block) ? textsOf([block])[0] : 'row'))).toEqual(groups);
    }
    expect(shownOn(render(rows, NOW + 3 * DAY))[1]?.text).toContain('Overdue by 3 days');
  });

  const open = undefined;
  test.each<[(ActionWish | undefined)[], string]>([
    [[open, open, open, open], '*0 of 4 cleared*  ·  left: 4 due today'],
    [[{}, open, open, open], '*1 of 4 cleared*  ·  left: 3 due today'],
    [[{}, { state: 'stale' }, { state: 'failed' }, { state: 'queued' }], '*2 of 4 cleared*  ·  left: 2 due today'],
    [[{ state: 'undone' }, { state: 'undoing' }], '*0 of 2 cleared*  ·  left: 2 due today'],
    [[{}, {}, {}], '*All 3 cleared*'],
  ])('counts what is cleared with every task that is settled: %j', (states, line) => {
    const blocks = render(states.map((more, index) => rowOf(task({ id: `${index}` }), more)));

    expect(textsOf(blocks)).toContain(line);
  });

  test('counts what is left in each group as of now', () => {
    const rows = [overdue, today, upcoming, undated].map((each) => rowOf(each));

    expect(textsOf(render(rows))).toContain('*0 of 4 cleared*  ·  left: 1 overdue, 1 due today, 2 coming up');
    expect(textsOf(render(rows, NOW + 2 * HOUR))).toContain('*0 of 4 cleared*  ·  left: 2 overdue, 2 coming up');
  });

  test('has the count of this morning’s digest wherever a rep looks, and says what is new since', () => {
    const morning = [overdue, today].map((each, index) => rowOf(each, index === 0 ? {} : undefined));
    const later = loaded([rowOf(today), rowOf(upcoming)], { kind: 'home' });

    const { blocks } = renderList({ message: later, morning }, PROVIDERS, READER);

    expect(textsOf(blocks)).toContain('*1 of 2 cleared*  ·  left: 1 due today  ·  1 new since this morning');
  });

  test('names where it comes from if that is more than one tool', () => {
    const reports = [listed('gong', 700), listed('outreach', 502), unreached('reply')];

    const { blocks, text } = renderLoaded(loaded([rowOf(overdue), rowOf(today)], { reports }));

    expect(textsOf(blocks)).toContain('Gong call tasks, Outreach tasks');
    expect(text).toContain('1 overdue, 1 due today; Reply.io could not be reached');
  });

  test('offers windows for many tasks as long as there are two to be done', () => {
    const offered = (rows: Row[]) => labelsOf(render(rows).find(({ type }) => type === 'actions'));

    expect(offered([rowOf(overdue), rowOf(today)])).toEqual(['Work through', 'Act on many']);
    expect(offered([rowOf(overdue), rowOf(today, {})])).not.toContain('Work through');
  });

  test('of an older version, whose other tasks have no row, offers to be made anew', () => {
    const { blocks } = renderLoaded(loaded([rowOf(overdue)], { remaining: 7 }));

    expect(labelsOf(blocks.at(-1))).toEqual(['Refresh']);
    expect(textsOf(blocks).join()).toContain('7 more tasks come with Refresh.');
  });
});

test('Home shows the same rows, and where digests are set', () => {
  const message = loaded([rowOf(task()), rowOf(task({ id: '2' }), {})], { kind: 'home' });
  const state = accountState({ suggestions: [suggestionOf('outreach')] });

  const { blocks } = homeView({ message }, PROVIDERS, state, READER);

  const rows = renderLoaded(message, { ...READER, days: state.schedule.days }).blocks;
  expect(blocks.slice(0, rows.length)).toEqual(rows);
  expect(blocks).toEqual(expect.arrayContaining(accountBlocks(state, READER)));
  expect(JSON.stringify(blocks)).toContain('Next digest: Tue 24 Nov, 09:00.');
  expect(labelsOf(blocks.at(-2))).toEqual(['Refresh', 'Digest settings']);
});

describe('a digest that is older than three days', () => {
  const unconnected = [{ provider: 'reply', name: 'Reply.io' }];
  const reports = [unreached('outreach'), listed('gong', 9)];
  const rendered = (rows: Row[], now = NOW + 3 * DAY, kind: MessageKind = 'digest') =>
    renderLoaded(loaded(rows, { kind, reports, unconnected }), { ...READER, now });

  test('has no button, menu or window to press, says so, and says where to look', () => {
    const { blocks, text } = rendered(ROW_STATES.map(([, more], at) => rowOf(task(), more && { ...more, seq: 2 }, at)));
    const words = JSON.stringify(blocks);

    expect(words).not.toMatch(/"actions"|"accessory"|"action_id"|Retry|choose again/i);
    expect(textsOf(blocks)[1]).toContain('is no longer kept up to date. What is open now: type `/tasks`');
    expect(words).toContain('Reply.io is not connected');
    expect(text).toContain('Dana Whitfield');
  });

  test.each<[ActionWish, string]>([
    [{}, 'Marked done in Gong'],
    [{ state: 'failed', failure: 'unavailable' }, '*Not marked done.*'],
    [{ state: 'stale', found: { how: 'gone' } }, 'No longer open in Gong'],
  ])('tells what became of its tasks all the same: %j', (more, words) => {
    expect(JSON.stringify(rendered([rowOf(task(), { seq: 2, ...more })]).blocks)).toContain(words);
  });

  test('is not one a moment before that, and no other list ever is', () => {
    const almost = rendered([rowOf(task())], NOW + 3 * DAY - 1);
    const list = rendered([rowOf(task())], NOW + 3 * DAY, 'list');

    for (const { blocks } of [almost, list]) expect(shownOn(blocks).map(({ labels }) => labels)).toContain(VERBS_SHOWN);
  });
});

const CONNECT = {
  action_id: ACTION.consent,
  value: expect.stringMatching(/^outreach@\d+$/),
  text: { text: 'Connect' },
};
const AGAIN = { action_id: ACTION.refresh, value: '99999999', text: { text: 'Retry' } };

test.each([
  ['could not be reached', { reports: [unreached('outreach'), listed('gong', 1)] }, AGAIN, 'Ask Outreach again'],
  ['is not connected', { unconnected: [{ provider: 'outreach', name: 'Outreach' }] }, CONNECT, 'Connect Outreach'],
  // Asking again could not help where the connection has ended.
  ['press *Connect*', { reports: [unreached('outreach', 'disconnected')] }, CONNECT, 'Connect Outreach'],
])(
  'a provider whose tasks are missing is told once, with the button that helps: %s',
  (words, options, button, label) => {
    const { blocks, text } = renderLoaded(loaded([], { kind: 'digest', ...options }));
    const told = blocks.flatMap((block) => (block.type === 'section' && block.accessory ? [block] : []));

    expect(told).toMatchObject([{ accessory: { ...button, accessibility_label: label } }]);
    expect(told[0]?.text?.text).toContain(words);
    expect(text).toMatch(/Outreach (could not be reached|is not connected)/);
  },
);
