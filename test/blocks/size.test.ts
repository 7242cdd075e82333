/** Invariant 6 (DESIGN): any tasks with any text stay within Slack's limits, and nothing is cut without saying how much. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { homeView } from '../../blocks/home.ts';
import { LIMITS } from '../../blocks/limits.ts';
import { type Rendered, renderList, rowsThatFit } from '../../blocks/task-list.ts';
import { whenModal } from '../../blocks/when-modal.ts';
import type { Reader } from '../../blocks/words.ts';
import { checkMessageBlocks, checkView } from '../../sandbox/slack/validate.ts';
import type { LoadedMessage } from '../../src/core/ports.ts';
import { rank } from '../../src/core/triage.ts';
import type { MessageKind, ProviderReport, Task } from '../../src/core/types.ts';
import {
  action,
  DAY,
  HOUR,
  type Item,
  type ListOptions,
  listed,
  loaded,
  NOW,
  PROVIDERS,
  READER,
  rowStates,
  task,
  unreached,
  wildFilter,
  wildReports,
  wildTask,
  wildTasks,
} from './fixtures.ts';

const STATES = rowStates();
const OPEN = 0;
const KINDS: readonly MessageKind[] = ['digest', 'list', 'home'];

/** As core makes a message: as many rows as fit at the time; the rest is counted. */
function makeMessage(
  tasks: readonly Task[],
  kind: MessageKind,
  options: { offset?: number; reports?: readonly ProviderReport[]; filter?: ListOptions['filter'] },
): LoadedMessage {
  const offset = Math.min(options.offset ?? 0, Math.max(0, tasks.length - 1));
  const rest = tasks.slice(offset);
  const reports = options.reports ?? [listed('gong', tasks.length)];
  const rows = rowsThatFit({ kind, tasks: rest, reports }, PROVIDERS, READER);
  const items = rest.slice(0, rows).map((each, index): Item => {
    return { position: 999 - index, task: each, seq: 998, action: undefined };
  });
  return loaded(items, { kind, offset, all: tasks, reports, ...(options.filter && { filter: options.filter }) });
}

function withStates(message: LoadedMessage, states: readonly number[]): LoadedMessage {
  const items = message.items.map((item, index) => {
    const more = STATES[(states[index % states.length] ?? OPEN) % STATES.length]?.[1];
    return { ...item, action: more && action(item.task, more) };
  });
  return { ...message, items };
}

function expectWithinLimits(message: LoadedMessage, reader: Reader = READER): Rendered {
  const rendered = renderList(message, PROVIDERS, reader);
  if (message.kind === 'home') {
    const view = homeView(message, PROVIDERS, accountState(), reader);
    expect(view.blocks.length).toBeLessThanOrEqual(LIMITS.viewBlocks);
    expect(checkView(view, 'home')).toBeUndefined();
  } else {
    expect(rendered.blocks.length).toBeLessThanOrEqual(LIMITS.messageBlocks);
    expect(JSON.stringify(rendered.blocks).length).toBeLessThanOrEqual(LIMITS.messageBlocksCharacters);
    expect(checkMessageBlocks(rendered.blocks)).toBeUndefined();
  }
  expect(rendered.text.trim()).not.toBe('');
  expect(rendered.text.length).toBeLessThanOrEqual(LIMITS.fallbackText);
  expect(rendered.text.isWellFormed()).toBe(true);
  return rendered;
}

function accountState() {
  const rep = {
    teamId: 'T1',
    userId: 'U1',
    name: 'x',
    email: `${'x'.repeat(300)}@x.example`,
    zone: READER.zone,
    active: true,
  };
  const schedule = {
    teamId: 'T1',
    userId: 'U1',
    time: '09:00',
    days: [1],
    pausedUntil: undefined,
    nextDueAt: NOW + DAY,
  };
  const providers = [...PROVIDERS].map(([id, { name }]) => ({ id, name }));
  return { rep, schedule, providers, links: [], lastRun: undefined };
}

/** What the message says of the tasks that it does not show; `total` is of all that match. */
function expectCounted(message: LoadedMessage, rendered: Rendered, total: number): void {
  const words = JSON.stringify(rendered.blocks.filter((block) => block.type === 'context'));
  const { offset } = message.summary;
  const after = total - offset - message.items.length;
  const said = /\*([\d,]+) more tasks?\*, not shown here/.exec(words)?.[1]?.replaceAll(',', '');
  expect(said === undefined ? 0 : Number(said)).toBe(after);
  if (offset > 0) expect(words).toContain(`Tasks ${offset + 1} to ${offset + message.items.length} of ${total}.`);
  const named = rendered.text.match(/^\d+\. /gm)?.length ?? 0;
  const unnamed = /\n… and (\d+) more$/.exec(rendered.text)?.[1] ?? '0';
  expect(offset + named + Number(unnamed)).toBe(total);
}

describe.each(KINDS)('%s', (kind) => {
  test('0 to 5,000 tasks with any text, rows in any state, are within what Slack takes, and the rest is counted', () => {
    const world = fc.record({
      tasks: wildTasks,
      offset: fc.oneof(fc.constant(0), fc.nat(5_000)),
      reports: wildReports,
      filter: wildFilter,
      states: fc.array(fc.nat(STATES.length - 1), { minLength: 1, maxLength: 30 }),
      later: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 * DAY })),
    });
    fc.assert(
      fc.property(world, ({ tasks, offset, reports, filter, states, later }) => {
        const message = makeMessage(rank(tasks), kind, { offset, reports, filter });

        const rendered = expectWithinLimits(message);
        const worked = expectWithinLimits(withStates(message, states), { ...READER, now: NOW + later });

        expectCounted(message, rendered, tasks.length);
        expectCounted(message, worked, tasks.length);
        expect(message.items.length > 0).toBe(tasks.length > 0);
      }),
      { numRuns: kind === 'home' ? 60 : 120 },
    );
  });

  test.each(STATES.map(([name], index) => [name, index] as const))('all rows %s', (_name, state) => {
    fc.assert(
      fc.property(fc.array(wildTask, { minLength: 1, maxLength: 12 }), wildReports, (tasks, reports) => {
        const message = makeMessage(tasks, kind, { reports });

        expectWithinLimits(withStates(message, [state]));
      }),
      { numRuns: 5 },
    );
  });
});

/** The largest texts that a row takes: what is shown is longest, and what JSON writes for each character as well. */
const LARGEST: Partial<Task> = {
  title: '"'.repeat(3_000),
  flow: '\\'.repeat(3_000),
  contact: {
    name: '"'.repeat(3_000),
    title: '\\'.repeat(3_000),
    company: '"'.repeat(3_000),
    url: `https://x.example/#${'\\'.repeat(280)}`,
  },
  account: { name: '"'.repeat(3_000), url: `https://x.example/#${'\\'.repeat(280)}` },
  deal: { stage: '"'.repeat(3_000), amount: '"'.repeat(3_000), url: `https://x.example/#${'\\'.repeat(280)}` },
  dueAt: NOW + 400 * DAY,
};

const TROUBLE = ['gong', 'outreach', 'reply'].map((provider) => unreached(provider, 'rate_limited', NOW - 400 * DAY));
const WORST_FILTER = { by: 'text', text: '"'.repeat(200) } as const;

test.each(KINDS)('%s: rows as large as they get, beside three providers in trouble, in every state', (kind) => {
  const tasks = ['gong', 'outreach', 'reply', 'gone'].flatMap((provider) =>
    Array.from({ length: 1_250 }, (_, index) => task({ ...LARGEST, provider, id: `${provider}${index}` })),
  );
  const message = makeMessage(tasks, kind, { offset: 1_000, reports: TROUBLE, filter: WORST_FILTER });

  for (const index of STATES.keys()) expectWithinLimits(withStates(message, [index]));

  expect(message.items.length).toBeGreaterThan(0);
});

const FINE = ['gong', 'outreach', 'reply'].map((provider) => listed(provider, 5_000));
/** Ranked: any ten rows after the first three are of all three groups. */
const DUES = [4, 3, 2, 1]
  .map((days) => NOW - 300 * DAY * days)
  .concat(NOW - 1, NOW + HOUR, NOW + 2 * HOUR, NOW + 38 * DAY);

/**
 * Tasks of the three groups, whose texts grow by a character at a time: at some length one row less fits, and just before
 * that the message is as full as it can be.
 */
describe.each([
  ['three providers in trouble', TROUBLE, DUES],
  ['three providers that answered', FINE, DUES],
  ['most tasks due at the same time', FINE, [...DUES.slice(0, 4), NOW + HOUR]],
] as const)('filled to the brim, with %s', (_name, reports, dues) => {
  test.each(['gong', 'reply'])('with tasks of %s, in every state, and later', (provider) => {
    let fullest = 0;
    for (let length = 1; length <= 140; length += 3) {
      const tasks = Array.from({ length: 40 }, (_, index) => {
        const contact = { name: 'n'.repeat(Math.min(length, 80)), url: `https://x.example/${'a'.repeat(length * 2)}` };
        return task({
          provider,
          id: `${index}`,
          title: 't'.repeat(length),
          contact,
          dueAt: dues[index] ?? NOW + 39 * DAY,
        });
      });
      const message = makeMessage(tasks, 'list', { offset: 3, reports, filter: WORST_FILTER });

      for (const [state, [, more]] of STATES.entries()) {
        if (more && length % 15 !== 1) continue;
        for (const later of [0, 39 * DAY + 1]) {
          const { blocks } = expectWithinLimits(withStates(message, [state]), { ...READER, now: NOW + later });
          fullest = Math.max(fullest, JSON.stringify(blocks).length);
        }
      }
    }

    // Were it far below, the search would not have come near the limit.
    if (provider === 'gong') expect(fullest).toBeGreaterThan(LIMITS.messageBlocksCharacters - 1_500);
  });
});

test('a usual digest has room for ten tasks', () => {
  const tasks = Array.from({ length: 25 }, (_, index) => task({ id: `${index}` }));

  expect(makeMessage(tasks, 'digest', {}).items).toHaveLength(10);
});

test.each([
  ['none', undefined],
  ['the due time only', { dueAt: undefined }],
])('a modal for any task is within what Slack takes (%s)', (_name, more) => {
  fc.assert(
    fc.property(wildTask, fc.constantFrom('snooze' as const, 'reschedule' as const), (wild, verb) => {
      const ref = { messageId: '99999999', position: 999, seq: 999 };

      const modal = whenModal(ref, verb, { ...wild, ...more }, NOW + DAY, READER);

      expect(checkView(modal, 'modal')).toBeUndefined();
    }),
    { numRuns: 150 },
  );
});
