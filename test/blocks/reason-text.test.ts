/** The words of a reason: in full rows, compact ones, the task window and what a screen reader hears. */
import { describe, expect, test } from 'vitest';
import { presetsOf } from '../../blocks/presets.ts';
import { providerOf } from '../../blocks/providers.ts';
import { compactText, openText } from '../../blocks/row-text.ts';
import { taskWindow } from '../../blocks/task-window.ts';
import type { Task } from '../../src/core/model/task.ts';
import { DAY, HOUR, loaded, NOW, READER, renderLoaded, rowOf, task, textsOf } from './fixtures.ts';
import { PROVIDERS } from './providers.ts';

const DOT = / {1,2}· {1,2}/;

/** What stands beside the due date, in the row's last line of facts. */
function facts(text: string): string[] {
  return (text.split('\n').find((line) => /Due|due/.test(line)) ?? '').split(DOT);
}

function rows(of: Task, reader = READER) {
  const provider = providerOf(PROVIDERS, of);
  return { full: facts(openText(of, provider, reader)), compact: facts(compactText(of, provider, reader)) };
}

const DEAL = { stage: 'Negotiation', amount: '48000', currency: 'USD' };
const at = (more: Partial<Task>) => task({ provider: 'outreach', deal: DEAL, ...more });
const closing = (closesOn: string, more: Task['deal'] = DEAL) => at({ deal: { ...more, closesOn } });

describe('beside the due date', () => {
  test.each<[string, Task, string[]]>([
    ['nothing where the due date says all', at({}), ['Negotiation, $48,000']],
    ['a deal that closes today', closing('2026-11-23'), ['$48,000 closes today', 'Negotiation']],
    ['a deal that closes tomorrow', closing('2026-11-24'), ['$48,000 closes tomorrow', 'Negotiation']],
    ['a deal that closes this week', closing('2026-11-27'), ['$48,000 closes Friday', 'Negotiation']],
    ['a deal without a sum', closing('2026-11-27', { name: 'Fleet' }), ['Deal closes Friday', 'Fleet']],
    ['a sum of nothing', closing('2026-11-27', { ...DEAL, amount: '0' }), ['Deal closes Friday', 'Negotiation, $0']],
    ['a sum that is no number', closing('2026-11-27', { amount: '<a lot>' }), ['Deal closes Friday', '&lt;a lot&gt;']],
    ['a deal that closes later', closing('2026-12-24'), ['Negotiation, $48,000']],
    ['the highest priority', at({ priority: 'Urgent' }), ['Urgent', 'Negotiation, $48,000']],
    ['a high priority', at({ priority: 'High' }), ['High priority', 'Negotiation, $48,000']],
    ['any other priority, after the reason', closing('2026-11-27'), ['$48,000 closes Friday', 'Negotiation']],
    [
      'a task that is skipped',
      at({ skipsAt: NOW + DAY }),
      ['Outreach skips it tomorrow, 09:00', 'Negotiation, $48,000'],
    ],
    [
      'a task that is skipped today',
      at({ skipsAt: NOW + HOUR }),
      ['Outreach skips it today, 10:00', 'Negotiation, $48,000'],
    ],
  ])('stands %s, once, in both kinds of row', (_what, of, said) => {
    const { full, compact } = rows(of);

    expect(full.slice(1, 1 + said.length)).toEqual(said);
    expect(compact.slice(1, 1 + said.length)).toEqual(said.map((text) => text.replace('Friday', 'Fri')));
    for (const each of [full, compact]) expect(new Set(each).size).toBe(each.length);
  });

  test('stands a priority that is no reason after the one that is', () => {
    expect(rows(closing('2026-11-27', DEAL)).full[1]).toBe('$48,000 closes Friday');
    expect(rows({ ...closing('2026-11-27'), priority: 'Low' }).compact.slice(1, 3)).toEqual([
      '$48,000 closes Fri',
      'Low priority',
    ]);
  });

  test('leads a deal to its page', () => {
    const of = closing('2026-11-27', { ...DEAL, url: 'https://crm.example/1' });

    expect(rows(of).full[1]).toBe('<https://crm.example/1|$48,000 closes Friday>');
  });

  test('does not say twice that a task is skipped, and says it below the row where it is no reason', () => {
    const provider = providerOf(PROVIDERS, at({}));
    const soon = at({ skipsAt: NOW + DAY });
    const later = at({ skipsAt: NOW + 3 * DAY });

    expect(openText(soon, provider, READER).match(/skip/g)).toHaveLength(1);
    expect(compactText(soon, provider, READER).match(/skip/g)).toHaveLength(1);
    expect(openText(later, provider, READER)).toMatch(/\nOutreach skips it by itself on Thu 26 Nov, 09:00$/);
    expect(compactText(later, provider, READER)).toMatch(/ · skipped Thu 26 Nov, 09:00$/);
  });

  const STEP = at({ facts: { kind: 'sequence_step_call' } });
  const FLOW = task({ facts: { flow: true } });
  const WAITS = 'The sequence goes on once this is done';
  const DROPPED = 'Gong drops a contact whose flow to-do stays open for 120 days';
  test.each<[string, Task, string | undefined]>([
    ['a step of a sequence', STEP, WAITS],
    ["a step of Reply.io's", task({ provider: 'reply', facts: { step: true } }), WAITS],
    ["a flow's to-do, without a day that nobody knows", FLOW, DROPPED],
    ['a step that is skipped, and so does not wait', { ...STEP, skipsAt: NOW + DAY }, undefined],
    ['a task of no sequence', at({}), undefined],
    ["a to-do of no flow, though it has a flow's name", task({ flow: 'Renewals Q4' }), undefined],
  ])('is said what it costs to ignore %s, in full rows and in the window alone', (_what, of, said) => {
    const provider = providerOf(PROVIDERS, of);
    const whole = [openText(of, provider, READER), windowText(of)];

    expect(whole[0]?.split('\n').at(-1) === said).toBe(said !== undefined);
    for (const text of whole) {
      for (const each of [WAITS, DROPPED]) expect(text.split(each)).toHaveLength(each === said ? 2 : 1);
    }
    expect(compactText(of, provider, READER)).not.toMatch(/goes on|drops/);
  });

  test('names the next working day after a day off', () => {
    const friday = { ...READER, now: NOW + 4 * DAY };

    expect(rows(at({ dueAt: friday.now + HOUR, skipsAt: NOW + 7 * DAY }), friday).full[1]).toBe(
      'Outreach skips it Monday, 09:00',
    );
  });
});

describe('lateness', () => {
  test.each([
    ['hours, on the same day', 2 * HOUR, '2 hours'],
    ['a working day, over a weekend', 3 * DAY, '1 working day'],
    ['the same, due on the Sunday', DAY, '1 day'],
    ['working days, over a weekend', 10 * DAY, '6 working days'],
    ['weeks, where days are no longer counted', 15 * DAY, '2 weeks'],
  ])('is told in %s', (_what, ago, words) => {
    const { full, compact } = rows(at({ dueAt: NOW - ago }));

    expect(full[0]).toMatch(new RegExp(`^\\*Overdue by ${words}\\* \\(`));
    expect(compact[0]).toBe(`*${words} overdue*`);
  });

  test('is told in plain days where none of them was off', () => {
    expect(rows(at({ dueAt: NOW }), { ...READER, now: NOW + 3 * DAY }).compact[0]).toBe('*3 days overdue*');
    expect(rows(at({ dueAt: NOW - 3 * DAY }), { ...READER, days: [1, 2, 3, 4, 5, 6, 7] }).compact[0]).toBe(
      '*3 days overdue*',
    );
    // On a day off no working day has begun since Friday.
    expect(rows(at({ dueAt: NOW - 3 * DAY }), { ...READER, now: NOW - DAY }).compact[0]).toBe('*2 days overdue*');
  });
});

function windowText(of: Task): string {
  const place = { messageId: '1', rows: [rowOf(of)], index: 0 };
  const reader = { ...READER, presets: presetsOf(READER) };
  return textsOf(taskWindow(place, rowOf(of), providerOf(PROVIDERS, of), { reader }).blocks as never).join('\n');
}

test('the task window says why the task stands where it stands, exactly, and once', () => {
  const line = windowText;
  const standing = '  ·  No. 1 of 1 in the list';

  expect(line(at({ priority: 'Urgent' }))).toContain(`(Mon 23 Nov, 12:00)  ·  Urgent${standing}`);
  expect(line(closing('2026-11-27'))).toContain(`(Mon 23 Nov, 12:00)  ·  $48,000 closes Friday${standing}`);
  const skipped = line(at({ skipsAt: NOW + DAY }));
  expect(skipped).toContain(`  ·  Outreach skips it by itself on Tue 24 Nov, 09:00${standing}`);
  expect(skipped.match(/skips it by itself/g)).toHaveLength(1);
});

test('whoever hears the list hears the reason', () => {
  const { text } = renderLoaded(loaded([rowOf(closing('2026-11-27')), rowOf(at({}), undefined, 1)]));

  expect(text).toContain(
    '1. Dana Whitfield, Call about the renewal. Due in 3 hours (Mon 23 Nov, 12:00). $48,000 closes Friday',
  );
  expect(text).toMatch(/\n2\. [^\n]*12:00\)$/);
});
