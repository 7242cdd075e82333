/** The windows that work through a list: the step, its questions, its end, and Slack's limits. */
import type { ActionsBlock, InputBlock, ModalView, RadioButtons } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { focusEnd } from '../../blocks/focus-end.ts';
import { decodeChoice, decodeFocus, encodeChoice, encodeFocus, type FocusState } from '../../blocks/focus-ids.ts';
import { focusModal, focusQuestion } from '../../blocks/focus-modal.ts';
import { failedSoFar, passedOver } from '../../blocks/focus-words.ts';
import { LIMITS } from '../../blocks/limits.ts';
import { presetsOf } from '../../blocks/presets.ts';
import { providerOf } from '../../blocks/providers.ts';
import { checkView } from '../../sandbox/slack/validate.ts';
import type { FocusChoice } from '../../src/core/clicks/focus.ts';
import type { Row } from '../../src/core/model/row-state.ts';
import type { Sweep } from '../../src/core/model/sweep.ts';
import type { Task } from '../../src/core/model/task.ts';
import { action, DAY, HOUR, NOW, OUTREACH, READER, rowOf, task, textsOf } from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { ROW_STATES, wildSeen, wildText } from './wild.ts';
import { wildFactsTask } from './wild-facts.ts';

vi.setConfig({ testTimeout: 120_000 });

const reader = { ...READER, presets: presetsOf(READER) };
const STATE: FocusState = {
  ref: { messageId: '99999999', position: 7, seq: 2 },
  since: NOW,
  index: 7,
  number: 3,
  of: 21,
};

function stepOf(row: Row, state: FocusState = STATE) {
  return { row, state, provider: providerOf(PROVIDERS, row.task), rows: 5_000 };
}

function draw(of: Task, said: readonly string[] = [], more: Partial<FocusState> = {}): ModalView {
  return focusModal(stepOf(rowOf(of), { ...STATE, ...more }), said, reader);
}

function radiosOf({ blocks }: ModalView): { radios: RadioButtons; block: InputBlock } {
  const inputs = blocks.filter((each): each is InputBlock => each.type === 'input');
  const block = inputs.find(({ element }) => element.type === 'radio_buttons');
  if (!block) throw new Error('no choice');
  return { block, radios: block.element as RadioButtons };
}

const optionsOf = (view: ModalView) => radiosOf(view).radios.options.map(({ text }) => text.text);
const words = (view: ModalView) => textsOf(view.blocks as never).join('\n');

describe('a step', () => {
  test('offers Done first and chosen, then the other ways in order', () => {
    const view = draw(OUTREACH);
    expect(optionsOf(view)).toEqual([
      'Done',
      'Finish sequence, no reply',
      'Finish sequence, replied',
      'Snooze to later today, 12:00',
      'Snooze to tomorrow, Tue 09:00',
      'Snooze to next week, Mon 30 Nov 09:00',
      'Reschedule to the time below',
      'Dismiss',
      'Leave it open',
    ]);
    expect(radiosOf(view).radios.initial_option?.text.text).toBe('Done');
    expect([view.title.text, view.submit?.text, view.notify_on_close]).toEqual(['3 of 21', 'Next', true]);
  });

  test('chooses nothing beforehand where Done is not allowed, unless there is only one way', () => {
    const readOnly = { ...OUTREACH, facts: { kind: 'manual', readOnly: true } };
    expect([optionsOf(draw(readOnly)), radiosOf(draw(readOnly)).radios.initial_option?.text.text]).toEqual([
      ['Leave it open'],
      'Leave it open',
    ]);
    const verbs = { snooze: { reversible: true, repeatable: true } };
    const provider = { name: 'Some', capabilities: { noun: 'tasks', of: () => ({ verbs }) } };
    const view = focusModal({ ...stepOf(rowOf(task())), provider }, [], reader);
    expect([optionsOf(view).length, radiosOf(view).radios.initial_option]).toEqual([4, undefined]);
    expect(JSON.stringify(view)).not.toContain('datetimepicker');
  });

  test('says a consequence in the option, or in full under the options', () => {
    const dismiss = (view: ModalView) => radiosOf(view).radios.options.find(({ text }) => text.text === 'Dismiss');
    const short = draw(task({ provider: 'reply', facts: { kind: 'toDo' } }));
    expect([dismiss(short)?.description?.text, radiosOf(short).block.hint]).toEqual(['Deletes it.', undefined]);
    const long = draw({ ...OUTREACH, contact: { name: 'Dana Whitfield of the Harbour Freight Lines' } });
    expect(dismiss(long)?.description?.text).toBe('It cannot be taken back. What it does stands below.');
    expect(radiosOf(long).block.hint?.text).toBe(
      'Dismiss: Skips step 4; the sequence moves Dana Whitfield of the Harbour Freight Lines on.',
    );
  });

  test('has blocks of its own for each row, each version of it and each drawing, so that no choice is kept', () => {
    const idOf = (view: ModalView) => radiosOf(view).block.block_id;
    const other = (ref: Partial<FocusState['ref']>) => draw(task(), [], { ref: { ...STATE.ref, ...ref } });
    const later = focusModal(stepOf(rowOf(task())), [], { ...reader, now: NOW + 1_000 });
    const ids = [draw(task()), other({ position: 8 }), other({ seq: 3 }), other({ messageId: '1' }), later].map(idOf);
    expect(new Set(ids).size).toBe(5);
  });

  test('shows the beginning of a long note, and where the rest is, so that the choice stays on the screen', () => {
    expect(words(draw(task({ note: 'n'.repeat(1_500) })))).toContain(
      `${'n'.repeat(900)}\n_… 600 more characters under *Open…* and in Gong._`,
    );
    expect(words(draw(task({ note: 'Short.' })))).not.toContain('more characters');
  });

  test('tells why an earlier action of its task failed', () => {
    const row = rowOf(task(), { state: 'failed', failure: 'unavailable' });
    expect(words(focusModal(stepOf(row), [], reader))).toContain('*Not marked done.* Gong did not answer.');
  });
});

describe('a question', () => {
  test('of a time that the provider would not wait for has the time chosen, and remembers which', () => {
    const refused = { why: 'skipped_first', provider: 'Outreach', skipsAt: NOW + DAY, dueAt: NOW + 2 * DAY } as const;
    const view = focusQuestion(stepOf(rowOf(OUTREACH)), { about: 'skipped', refused, verb: 'snooze' }, reader);
    expect(radiosOf(view).radios.initial_option?.text.text).toBe('Snooze until Wed 25 Nov, 09:00 anyway');
    expect(decodeFocus(view.private_metadata ?? '')).toEqual({ ...STATE, sure: NOW + 2 * DAY });
    expect(radiosOf(view).radios.options.map(({ value }) => decodeChoice(value))).toEqual([
      { snooze: NOW + 2 * DAY },
      { does: 'back' },
    ]);
  });

  test('of a time beside another choice offers both', () => {
    const view = focusQuestion(
      stepOf(rowOf(OUTREACH)),
      { about: 'which', dueAt: NOW + DAY, choice: { does: 'dismiss' } },
      reader,
    );
    const choices = radiosOf(view).radios.options.map(({ value }) => decodeChoice(value));
    expect(choices).toEqual([{ reschedule: NOW + DAY }, { does: 'dismiss' }, { does: 'back' }]);
  });
});

test('what a window carries comes back, stays small, and nothing else is taken for it', () => {
  const largest = {
    ...STATE,
    ref: { messageId: '9'.repeat(15), position: 999_999_999, seq: 999_999_999 },
    index: 5_000,
    number: 5_000,
    of: 5_000,
    sweep: '9'.repeat(15),
    sure: NOW,
  };
  expect(decodeFocus(encodeFocus(largest))).toEqual(largest);
  expect(encodeFocus(largest).length).toBeLessThan(300);
  for (const odd of [
    '',
    '{}',
    'null',
    '{"row":"1.2","since":1,"index":0,"number":1,"of":1}',
    encodeFocus({ ...STATE, number: -1 }),
  ]) {
    expect(decodeFocus(odd)).toBeUndefined();
  }
  const choices: FocusChoice[] = [
    { does: 'done' },
    { does: 'leave' },
    { ending: 'to_call' },
    { snooze: NOW },
    { reschedule: NOW + DAY },
  ];
  expect(choices.map((choice) => decodeChoice(encodeChoice(choice)))).toEqual(choices);
  for (const odd of [undefined, '', '!open', '@', '~zzzzzz', '@-1', 'DROP TABLE', 'x'.repeat(50)])
    expect(decodeChoice(odd)).toBeUndefined();
});

describe('what is said of earlier steps', () => {
  test('counts failures, and tells the first two with their reasons', () => {
    const failed = (title: string) => action(task({ title }), { state: 'failed', failure: 'unavailable' });
    expect(failedSoFar([action(task())], PROVIDERS, reader)).toEqual([]);
    const [line] = failedSoFar([failed('One'), action(task()), failed('Two'), failed('Three')], PROVIDERS, reader);
    expect(line).toBe(
      '*3 failed so far:* Dana Whitfield: One (Gong did not answer.); Dana Whitfield: Two (Gong did not answer.); and 1 more',
    );
  });

  test('names tasks that were closed meanwhile', () => {
    expect(passedOver([])).toEqual([]);
    expect(passedOver([task({ title: 'One' })])).toEqual(['Passed over, closed meanwhile: Dana Whitfield: One']);
  });
});

describe('the end', () => {
  const SWEEP: Sweep = { id: '3', kind: 'focus', teamId: 'T1', userId: 'U1', messageId: '1', createdAt: NOW, round: 0 };
  const end = (actions: ReturnType<typeof action>[], left: Task[] = []) =>
    focusEnd({ results: { sweep: SWEEP, actions }, left, said: [] }, PROVIDERS, reader);
  const labels = ({ blocks }: ModalView) =>
    blocks
      .filter((block): block is ActionsBlock => block.type === 'actions')
      .flatMap(({ elements }) => elements.map((each) => ('text' in each ? each.text?.text : '')));

  test('counts what was done, and says what failed and why', () => {
    const view = end([
      action(task()),
      action(task()),
      action(task(), { verb: 'snooze' }),
      action(task(), { state: 'failed', failure: 'forbidden' }),
      action(task(), { state: 'undone' }),
    ]);
    expect(words(view)).toContain('*2 done, 1 snoozed*, 1 failed, 1 taken back.');
    expect(words(view)).toContain(
      '•  Dana Whitfield: Call about the renewal\n*Not marked done.* Gong does not let Docket change this task.',
    );
    expect(labels(view)).toEqual(['Undo all', 'Retry what failed']);
  });

  test('asks before it takes everything back, and offers that only where something can be', () => {
    expect(JSON.stringify(end([action(task())]).blocks)).toContain(
      '"confirm":{"title":{"type":"plain_text","text":"Undo all?"}',
    );
    expect(labels(end([action(OUTREACH)]))).toEqual([]);
    expect(labels(end([action(OUTREACH, { state: 'queued', sentAt: undefined, heldUntil: NOW + HOUR })]))).toEqual([
      'Undo all',
    ]);
    expect(labels(end([action(task(), { state: 'undone' })]))).toEqual([]);
  });

  test('says what is on its way, what is left, and that nothing was changed', () => {
    const view = end(
      [action(task(), { state: 'queued', sentAt: NOW })],
      Array.from({ length: 11 }, (_, n) => task({ title: `No ${n}` })),
    );
    expect(words(view)).toContain('1 task is still on the way to the tools.');
    expect(words(view)).toContain('*11 open tasks left in this list*\n•  Dana Whitfield: No 0\n');
    expect(words(view)).toContain('\n•  and 3 more');
    expect(words(focusEnd({ results: undefined, left: [], said: [] }, PROVIDERS, reader))).toBe(
      '*Nothing was changed.*\nNo open task is left in this list.',
    );
  });
});

describe('Slack takes', () => {
  const row = fc
    .tuple(wildFactsTask, fc.nat(ROW_STATES.length - 1), wildSeen)
    .map(([of, state, seen]): Row => ({ ...rowOf(of, ROW_STATES[state]?.[1]), seen: seen(of) }));

  test('any step of any task in any state, and its questions', () => {
    const check = (of: Row, said: string[], number: number) => {
      const step = stepOf(of, { ...STATE, number, of: number });
      const lines = said.map((text) => `*${text.slice(0, 900).replace(/\s+/g, ' ').trim() || 'x'}*`);
      const dueAt = NOW + 400 * DAY;
      const refused = { why: 'skipped_first', provider: '"'.repeat(40), skipsAt: dueAt - DAY, dueAt } as const;
      for (const view of [
        focusModal(step, lines, reader),
        focusQuestion(step, { about: 'skipped', refused, verb: 'reschedule' }, reader),
        focusQuestion(step, { about: 'which', dueAt, choice: { ending: 'x'.repeat(40) } }, reader),
      ]) {
        expect(checkView(view, 'modal')).toBeUndefined();
        expect(optionsOf(view).length).toBeLessThanOrEqual(LIMITS.checkboxOptions);
      }
    };
    fc.assert(fc.property(row, fc.array(wildText, { maxLength: 12 }), fc.integer({ min: 1, max: 999_999 }), check), {
      numRuns: 800,
    });
  });

  test('the end after two hundred tasks, whatever came of them', () => {
    const check = (rows: Row[], size: number) => {
      const many = Array.from({ length: size }, (_, n) => rows[n % rows.length] as Row);
      const actions = many.flatMap((each) => (each.action ? [each.action] : []));
      const left = many.map((each) => each.task);
      const view = focusEnd(
        {
          results: {
            sweep: { id: '3', kind: 'focus', teamId: 'T1', userId: 'U1', messageId: '1', createdAt: NOW, round: 0 },
            actions,
          },
          left,
          said: [],
        },
        PROVIDERS,
        reader,
      );
      expect(checkView(view, 'modal')).toBeUndefined();
    };
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), fc.constantFrom(1, 12, 200), check), {
      numRuns: 300,
    });
  });
});
