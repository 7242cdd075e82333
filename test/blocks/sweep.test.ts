/** The window that acts on many tasks, its question, and the message with the progress: words, sizes, values. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { bytesOf, LIMITS, weightOf } from '../../blocks/limits.ts';
import {
  decodeOffer,
  decodeSweep,
  decodeWhat,
  decodeWhich,
  encodeOffer,
  encodeSweep,
  encodeWhat,
  encodeWhich,
  type WhatChoice,
} from '../../blocks/sweep-ids.ts';
import { sweepMessage } from '../../blocks/sweep-message.ts';
import { sweepModal, sweepSureModal } from '../../blocks/sweep-modal.ts';
import { checkMessageBlocks, checkView } from '../../sandbox/slack/validate.ts';
import { MOST_TASKS, planSweep, type Which } from '../../src/core/clicks/plan-sweep.ts';
import { choicesOf } from '../../src/core/clicks/sweep-choices.ts';
import type { Action } from '../../src/core/model/action.ts';
import type { Sweep, SweepChange } from '../../src/core/model/sweep.ts';
import { KINDS_OF_TASK, type Task } from '../../src/core/model/task.ts';
import type { ActionWish } from '../builders.ts';
import { ACTION_STATES, action, DAY, NOW, OUTREACH, READER, REASONS, rowOf, task } from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { wildTask } from './wild.ts';

vi.setConfig({ testTimeout: 60_000 });

const MOVE = { verb: 'snooze', dueAt: NOW + DAY } satisfies SweepChange;
const CHANGES: readonly SweepChange[] = [MOVE, { ...MOVE, verb: 'reschedule' }, { verb: 'done' }, { verb: 'dismiss' }];

function sweepOf(more: Partial<Sweep> = {}): Sweep {
  const rep = { teamId: 'T1', userId: 'U1' };
  return { ...rep, id: '7', kind: 'sweep', messageId: '1', change: MOVE, createdAt: NOW, round: 0, ...more };
}

function progress(wishes: readonly ActionWish[], more: Partial<Sweep> = {}) {
  const actions = wishes.map((wish, index) => action(task({ id: String(index) }), { verb: 'snooze', ...wish }));
  return sweepMessage({ sweep: sweepOf(more), actions }, PROVIDERS, READER);
}

const wordsIn = ({ blocks }: { blocks: readonly unknown[] }) => JSON.stringify(blocks);
const draftOf = (tasks: readonly Task[], offered?: Which) => {
  const rows = tasks.map((each, position) => rowOf(each, undefined, position));
  return { messageId: '99999999', rows, choices: choicesOf({ rows, now: NOW, zone: READER.zone }, offered) };
};

describe('the progress', () => {
  test('says how far it is, and offers Undo all', () => {
    const shown = progress([{}, {}, { state: 'queued', sentAt: undefined }, { state: 'undoing' }]);

    expect(shown.text).toBe('Moving 4 tasks to tomorrow, Tue 09:00: 3 of 4 done\n1 being put back …');
    expect(wordsIn(shown)).toContain('Undo all');
    expect(wordsIn(shown)).not.toContain('Snoozed until');
  });

  test('has a result for each task at its end: those that failed first, with their reason and Retry', () => {
    const shown = progress([{}, { state: 'stale', found: { how: 'gone' } }, { state: 'failed', failure: 'forbidden' }]);
    const words = wordsIn(shown);

    expect(shown.text).toContain('1 of 3 done\n1 failed, 1 left alone');
    const places = ['does not let Docket change this task', 'No longer open in Gong', 'Snoozed until'].map((each) =>
      words.indexOf(each),
    );
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(words).toContain('Retry it');
  });

  test('is honest after Undo all: what was undone, and what had gone and cannot be taken back', () => {
    const done = action(OUTREACH, { verb: 'done' });
    const undone = action(task(), { state: 'undone', undo: { how: 'reversed' } });
    const sweep = sweepOf({ change: { verb: 'done' }, undoAskedAt: NOW });
    const shown = sweepMessage({ sweep, actions: [done, undone] }, PROVIDERS, READER);

    expect(shown.text).toContain('1 undone, 1 had gone to Outreach and cannot be taken back');
    expect(wordsIn(shown)).not.toContain('Undo all');
    const before = sweepMessage({ sweep: { ...sweep, undoAskedAt: undefined }, actions: [done] }, PROVIDERS, READER);
    expect(before.text).not.toContain('cannot be taken back');
  });

  test('says what waits, what is held back and what was left out', () => {
    const waiting = { reason: 'away', until: NOW + DAY } as const;
    const shown = progress(
      [
        { state: 'queued', sentAt: undefined, heldUntil: NOW + 9_000 },
        { state: 'queued', waiting },
      ],
      {
        leftOut: [
          { why: 'unsupported', provider: 'reply', tasks: 2 },
          { why: 'closed', provider: 'gong', tasks: 1 },
        ],
      },
    );

    expect(shown.text).toContain('1 goes to Gong in 9 seconds; until then Undo all stops them.');
    expect(shown.text).toContain('Gong is not answering just now.');
    expect(shown.text).toContain(
      'Left out: 2 tasks in Reply.io, which does not allow this for them; 1 task in Gong that is no longer open.',
    );
  });

  test('offers no Retry where it would be pointless', () => {
    expect(wordsIn(progress([{ state: 'failed', failure: 'expired' }]))).not.toContain('Retry it');
  });

  test('fits into a message, with any hundred tasks in any states; what does not fit is counted', () => {
    const wish = fc.record({
      state: fc.constantFrom(...ACTION_STATES),
      failure: fc.constantFrom(...REASONS),
      undoFailure: fc.option(fc.constantFrom(...REASONS), { nil: undefined }),
      reference: fc.option(fc.string({ maxLength: 80 }), { nil: undefined }),
    });
    const drawn = fc.tuple(
      fc.array(fc.tuple(wildTask, wish), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(1, 20, MOST_TASKS),
      fc.constantFrom(...CHANGES),
      fc.constantFrom(12_000, 8_000, 1_000),
    );
    fc.assert(
      fc.property(drawn, ([some, count, change, weight]) => {
        const actions: Action[] = Array.from({ length: count }, (_, index) => {
          const [of = task(), more = {}] = some[index % some.length] ?? [];
          return action(of, { ...change, ...JSON.parse(JSON.stringify(more)) });
        });
        const leftOut = (['unsupported', 'not_linked', 'closed', 'underway', 'beyond'] as const).flatMap((why) =>
          [...PROVIDERS.keys()].map((provider) => ({ why, provider, tasks: 4_900 })),
        );
        const sweep = sweepOf({ change, leftOut, undoAskedAt: NOW });
        const room = { weight, textBytes: LIMITS.fallbackBytes };
        const { blocks, text } = sweepMessage({ sweep, actions }, PROVIDERS, READER, room);

        expect(checkMessageBlocks(blocks as never)).toBeUndefined();
        expect(bytesOf(text)).toBeLessThanOrEqual(LIMITS.fallbackBytes);
        if (weight > 1_000) expect(weightOf(blocks)).toBeLessThanOrEqual(weight);
        const isOver = actions.every(({ state }) => state !== 'queued' && state !== 'undoing');
        const lines = blocks
          .slice(1)
          .flatMap((block) => (block.type === 'section' ? block.text?.text.split('\n') : []));
        const more = Number(/… and (\d+) more/.exec(wordsIn({ blocks }))?.[1] ?? 0);
        if (isOver) expect(lines.length + more).toBe(count);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the window', () => {
  test('begins with what most reps want: all that is overdue, to the first named time of another day', () => {
    const view = sweepModal(draftOf([task({ dueAt: NOW - DAY }), task({ id: '2' })]), PROVIDERS, READER);
    const initial = view.blocks.map((block) => ('element' in block ? JSON.stringify(block.element) : ''));

    expect(initial[0]).toContain('"initial_option":{"text":{"type":"plain_text","text":"All overdue (1)"}');
    expect(initial[2]).toContain(
      '"initial_option":{"text":{"type":"plain_text","text":"Snooze to tomorrow, Tue 09:00"}',
    );
    expect(initial[3]).not.toContain('initial');
  });

  test('begins with what was offered', () => {
    const offered = { by: 'overdue', days: 7 } as const;
    const old = [1, 2, 3].map((id) => task({ id: String(id), dueAt: NOW - 9 * DAY }));
    const words = JSON.stringify(sweepModal(draftOf(old, offered), PROVIDERS, READER).blocks[0]);

    expect(words).toContain('"initial_option":{"text":{"type":"plain_text","text":"Overdue for more than a week (3)"}');
  });

  test('fits, with any tasks: none, a hundred, five thousand', () => {
    fc.assert(
      fc.property(fc.array(wildTask, { minLength: 1, maxLength: 6 }), fc.constantFrom(1, 100, 5_000), (some, count) => {
        const tasks = Array.from({ length: count }, (_, index) => some[index % some.length] ?? task());
        const draft = draftOf(tasks);
        fc.pre(draft.choices.length > 0);
        const view = sweepModal(draft, PROVIDERS, READER);
        expect(checkView(view as never, 'modal')).toBeUndefined();
        expect(JSON.stringify(view).length).toBeLessThan(LIMITS.viewBytes);
        if (count > 100) expect(JSON.stringify(view)).toContain('4,900 more tasks cannot');
      }),
      { numRuns: 15 },
    );
  });

  test('asks with the counts of what follows, and remembers just these rows', () => {
    fc.assert(
      fc.property(fc.array(wildTask, { minLength: 1, maxLength: 6 }), fc.constantFrom(...CHANGES), (some, change) => {
        const rows = Array.from({ length: 130 }, (_, index) =>
          rowOf(some[index % some.length] ?? task(), undefined, 9_000 + index),
        );
        const plan = planSweep({ rows, tools: PROVIDERS, now: NOW, zone: READER.zone }, { by: 'all' }, change);
        fc.pre(plan.acts.length > 0);
        const view = sweepSureModal('99999999', plan, PROVIDERS, READER);

        expect(checkView(view as never, 'modal')).toBeUndefined();
        expect(view.private_metadata?.length).toBeLessThan(LIMITS.privateMetadata);
        expect(decodeSweep(view.private_metadata ?? '')).toEqual({
          messageId: '99999999',
          which: { by: 'rows', positions: plan.acts.map(({ position }) => position) },
          change,
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('values', () => {
  const which: readonly Which[] = [
    { by: 'all' },
    { by: 'today' },
    { by: 'overdue' },
    { by: 'overdue', days: 7 },
    ...KINDS_OF_TASK.map((kind) => ({ by: 'kind', kind }) as const),
    { by: 'tool', provider: 'reply' },
    { by: 'account', position: 0 },
    { by: 'account', position: 4_999 },
    { by: 'rows', positions: [0, 7, 4_999] },
  ];

  test.each(which)('come back as they went: %j', (each) => {
    expect(decodeWhich(encodeWhich(each))).toEqual(each);
    expect(decodeOffer(encodeOffer('12', each))).toEqual({ messageId: '12', which: each });
    expect(decodeSweep(encodeSweep({ messageId: '12', which: each, change: MOVE }))).toEqual({
      messageId: '12',
      which: each,
      change: MOVE,
    });
  });

  test.each<WhatChoice>([...CHANGES, { verb: 'snooze', dueAt: undefined }])('come back as they went: %j', (each) => {
    expect(decodeWhat(encodeWhat(each))).toEqual(each);
  });

  test.each([
    ['', 'x', 'overdue.', 'overdue.0', 'overdue.9999', 'kind.dance', 'tool.A', 'account.-1', 'account.1.2', 'all.1'],
    ['rows.', 'rows.-', 'rows.1--2', `rows.${Array(201).fill('1').join('-')}`, 'rows.zzzzzzz', 'today.x', undefined, 7],
  ])('that were not ours mean nothing', (...values) => {
    for (const value of values) expect(decodeWhich(value), String(value)).toBeUndefined();
  });

  test('of a verb that were not ours mean nothing', () => {
    for (const value of ['', 'note', 'done@abcde', 'snooze@', 'snooze@0', 'snooze@abcde@abcde', undefined, 7]) {
      expect(decodeWhat(value), String(value)).toBeUndefined();
    }
    for (const text of ['', '{}', '[]', 'null', '{"message":"1","which":"all","what":"snooze"}', '{"message":"0"}']) {
      expect(decodeSweep(text), text).toBeUndefined();
    }
    for (const value of ['1', '0.all', '1.x', '.all', undefined]) expect(decodeOffer(value)).toBeUndefined();
  });
});
