/** The task window: what it tells of a task, its controls in each state of its row, and Slack's limits. */
import type { ActionsBlock, ModalView } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { presetsOf } from '../../blocks/presets.ts';
import { providerOf } from '../../blocks/providers.ts';
import { decodeMenu, decodeRow } from '../../blocks/row-ids.ts';
import { taskWindow } from '../../blocks/task-window.ts';
import { checkView } from '../../sandbox/slack/validate.ts';
import type { Row } from '../../src/core/model/row-state.ts';
import type { Task } from '../../src/core/model/task.ts';
import { DAY, NOW, OUTREACH, READER, rowOf, task, textsOf } from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { optional, ROW_STATES, wildSeen, wildText } from './wild.ts';
import { wildFactsTask } from './wild-facts.ts';

vi.setConfig({ testTimeout: 120_000 });

const reader = { ...READER, presets: presetsOf(READER) };

function windowOf(
  row: Row,
  { rows = [row], index = 0, said }: { rows?: readonly Row[]; index?: number; said?: string } = {},
) {
  return taskWindow({ messageId: '99999999', rows, index }, row, providerOf(PROVIDERS, row.task), { reader, said });
}

function wordsOf(row: Row): string {
  return textsOf(windowOf(row).blocks as never).join('\n');
}

function controls({ blocks }: ModalView): ActionsBlock[] {
  return blocks.filter((block): block is ActionsBlock => block.type === 'actions');
}

function labels(view: ModalView): string[] {
  return controls(view).flatMap(({ elements }) =>
    elements.map(
      (each) => ('text' in each ? each.text?.text : 'placeholder' in each ? each.placeholder?.text : '') ?? '',
    ),
  );
}

describe('facts', () => {
  const RICH: Task = task({
    ...OUTREACH,
    kind: 'call',
    url: 'https://outreach.example/tasks/1',
    flow: 'Renewals Q4',
    step: { at: 3, of: 7 },
    dueAt: NOW - 2 * DAY,
    skipsAt: NOW + DAY,
    lastTouchAt: NOW - 3 * DAY,
    priority: 'Urgent',
    note: 'Ask about:\n- seats\n\n\n\n- renewal & <terms>',
    contact: {
      name: 'Dana Whitfield',
      title: 'VP Operations',
      phones: [{ number: '+1 202 555 0188', label: 'mobile' }, { number: '+1 202 555 0189' }],
      emails: ['dana@harbour.example'],
      linkedIn: 'https://linkedin.example/in/dana',
      zone: 'Europe/Berlin',
    },
    account: { name: 'Harbour Freight Lines' },
    deal: {
      name: 'Fleet 2027',
      stage: 'Negotiation',
      amount: '48000',
      currency: 'EUR',
      closesOn: '2026-12-24',
      probability: 60,
    },
  });

  test('everything that is known of the task is told', () => {
    const words = wordsOf(rowOf(RICH));
    for (const said of [
      '*Dana Whitfield*  VP Operations, Harbour Freight Lines',
      'Renewals Q4  ·  step 3 of 7',
      '*Overdue by 1 working day* (Sat 21 Nov, 09:00)  ·  Outreach skips it by itself on Tue 24 Nov, 09:00  ·  Urgent priority  ·  No. 1 of 1 in the list',
      'Last contact: 3 days ago (Fri 20 Nov, 09:00)',
      '<tel:+12025550188|+1 202 555 0188> (mobile)  ·  <tel:+12025550189|+1 202 555 0189>  ·  <mailto:dana@harbour.example|dana@harbour.example>  ·  <https://linkedin.example/in/dana|LinkedIn>',
      '*Their time*  15:00 (Europe/Berlin)',
      '*Deal*  Fleet 2027  ·  Negotiation  ·  €48,000  ·  closes 24 Dec  ·  60 % likely',
      '*Account*  Harbour Freight Lines',
      'Dismiss: Skips step 4; the sequence moves Dana Whitfield on.',
      '<https://outreach.example/tasks/1|Open in Outreach>',
    ]) {
      expect(words).toContain(said);
    }
  });

  test('a note keeps its line breaks, and nothing in it is mark-up', () => {
    expect(wordsOf(rowOf(RICH))).toContain('Ask about:\n- seats\n\n- renewal &amp; &lt;terms&gt;');
  });

  test('a note that does not fit says how much is missing', () => {
    const note = '&'.repeat(2_000);
    const shown = wordsOf(rowOf(task({ note }))).split('&amp;').length - 1;
    expect(shown).toBeGreaterThan(500);
    expect(wordsOf(rowOf(task({ note })))).toContain(
      `_… ${(2_000 - shown).toLocaleString('en-US')} more characters in Gong._`,
    );
  });

  test('a note as long as an adapter keeps may go on at the provider', () => {
    expect(wordsOf(rowOf(task({ note: 'n'.repeat(2_000) })))).toContain('_… It may go on in Gong._');
    expect(wordsOf(rowOf(task({ note: 'n'.repeat(1_999) })))).not.toContain('It may go on');
  });

  test('a way that the person opted out of is named, and is no link', () => {
    const contact = {
      name: 'Dana',
      phones: [{ number: '+12025550188' }],
      emails: ['d@x.example'],
      optedOut: ['calls', 'emails'] as const,
    };
    const words = wordsOf(rowOf(task({ contact })));
    expect(words).toContain('Opted out of calls  ·  Opted out of e-mails');
    expect(words).not.toContain('tel:');
    expect(words).not.toContain('mailto:');
  });
});

describe('controls', () => {
  const VERBS = ['Done', 'Snooze', 'Reschedule…', 'Dismiss'];

  test('an open row has its verbs, and one menu for endings and edits', () => {
    expect(labels(windowOf(rowOf(OUTREACH)))).toEqual([...VERBS, 'More ways, and edits']);
    expect(labels(windowOf(rowOf(task())))).toEqual(VERBS);
  });

  test('a row that is settled, failed or under way has what its message row has', () => {
    expect(labels(windowOf(rowOf(task(), { state: 'succeeded' })))).toEqual(['Undo']);
    expect(labels(windowOf(rowOf(OUTREACH, { state: 'succeeded' })))).toEqual([]);
    expect(labels(windowOf(rowOf(task(), { state: 'failed', failure: 'unavailable' })))).toEqual([
      'Retry',
      'Choose another action',
    ]);
    expect(labels(windowOf(rowOf(task(), { state: 'queued', sentAt: NOW })))).toEqual([]);
    const held = { state: 'queued', sentAt: undefined, heldUntil: NOW + 9_000 } as const;
    expect(labels(windowOf(rowOf(OUTREACH, held)))).toEqual(['Undo']);
  });

  test('neighbours are those of the list, none at its ends', () => {
    const rows = [0, 1, 2].map((position) => rowOf(task({ id: String(position) }), undefined, position));
    const at = (index: number) => labels(windowOf(rows[index] as Row, { rows, index })).slice(VERBS.length);
    expect([at(0), at(1), at(2)]).toEqual([['Next'], ['Previous', 'Next'], ['Previous']]);
  });

  test('every control carries a choice and its row', () => {
    const view = windowOf(rowOf(OUTREACH, { state: 'undone', seq: 3 }));
    for (const { block_id: block, elements } of controls(view)) {
      for (const element of elements) {
        const values =
          'options' in element
            ? (element.options ?? []).map(({ value }) => value)
            : 'value' in element
              ? [element.value]
              : [];
        for (const value of values) {
          expect(decodeMenu({ value, block })?.ref).toEqual({ messageId: '99999999', position: 0, seq: 3 });
        }
      }
    }
    expect(decodeRow(view.private_metadata)).toEqual({ messageId: '99999999', position: 0, seq: 3 });
  });
});

test('Slack takes the window of any task in any state', () => {
  const check = ([of, state, seenOf, said, count]: [
    Task,
    number,
    (task: Task) => Row['seen'],
    string | undefined,
    number,
  ]) => {
    const row = { ...rowOf(of, ROW_STATES[state]?.[1]), seen: seenOf(of) };
    const rows = Array.from({ length: count }, () => row);
    const text = said?.trim() ? 'x'.repeat(500) : undefined;
    const view = windowOf(row, { rows, index: count >> 1, ...(text && { said: text }) });
    expect(checkView(view, 'modal')).toBeUndefined();
  };
  fc.assert(
    fc.property(
      fc.tuple(
        wildFactsTask,
        fc.nat(ROW_STATES.length - 1),
        wildSeen,
        optional(wildText),
        fc.integer({ min: 1, max: 5_000 }),
      ),
      check,
    ),
    { numRuns: 1_500 },
  );
});
