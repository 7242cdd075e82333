/** Every clock and date that reps read follows their locale, wherever it stands. */
import { describe, expect, test } from 'vitest';
import { accountBlocks } from '../../blocks/accounts.ts';
import { pauseRefused, typedPreview, typedRefusal } from '../../blocks/form-errors.ts';
import { renderHistory } from '../../blocks/history.ts';
import { homeView, strangerHome } from '../../blocks/home.ts';
import { noticeMessage } from '../../blocks/notices.ts';
import { plainRefusal, refusal } from '../../blocks/refusals.ts';
import { waitingFor } from '../../blocks/row-errors.ts';
import { scheduleText } from '../../blocks/schedule-words.ts';
import { statusBlocks } from '../../blocks/status.ts';
import { renderList } from '../../blocks/task-list.ts';
import { teamBlocks } from '../../blocks/team.ts';
import { skippedFirstModal, whenModal } from '../../blocks/when-modal.ts';
import type { StaleCause } from '../../src/core/model/action.ts';
import type { RepTime } from '../../src/core/model/time.ts';
import { parseTypedDate } from '../../src/core/model/typed-date.ts';
import type { Team } from '../../src/core/people/team.ts';
import {
  accountState,
  action,
  DAY,
  HOUR,
  listed,
  loaded,
  MINUTE,
  NOW,
  providerState,
  READER,
  REF,
  rowOf,
  SCHEDULE,
  seenAs,
  task,
  unreached,
} from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { ROW_STATES } from './wild.ts';

const LATER = NOW + 9 * HOUR;
const FOUND: readonly StaleCause[] = [
  { how: 'done', at: NOW - 3 * HOUR },
  { how: 'done', at: NOW - 3 * DAY },
  { how: 'moved', dueAt: NOW + 40 * DAY },
];

const SKIPPED = { why: 'skipped_first', provider: 'Outreach', skipsAt: NOW + DAY, dueAt: NOW + 2 * DAY } as const;

const actions = [
  ...ROW_STATES.flatMap(([, more]) => (more ? [action(task(), more)] : [])),
  ...FOUND.map((found) => action(task(), { state: 'stale', found, createdAt: NOW - DAY, settledAt: NOW })),
  action(task(), { createdAt: NOW - 2 * HOUR, settledAt: NOW - HOUR }),
  action(task(), { createdAt: NOW - DAY, settledAt: NOW }),
];

const TEAM: Team = {
  providers: [],
  problems: [],
  clashes: [],
  doubts: [
    {
      ...{ teamId: 'T1', userId: 'U1', provider: 'gong', externalId: '1', reason: 'unnamed' },
      ...{ since: NOW - 11 * DAY, looks: 3, lastDay: '2026-11-22' },
    },
  ],
  events: [
    {
      ...{ teamId: 'T1', userId: 'U1', provider: 'gong', externalId: '1', event: 'linked', by: 'directory' },
      ...{ origin: 'address', at: NOW - DAY },
    },
  ],
};

function lists(reader: RepTime): unknown[] {
  const rows = ROW_STATES.map(([, more], index) => rowOf(task({ skipsAt: NOW + 2 * DAY }), more, index));
  const seen = [
    seenAs(rowOf(task()), { how: 'done', at: NOW, doneAt: NOW - HOUR }),
    seenAs(rowOf(task()), { how: 'gone', at: NOW }),
    rowOf(task({ dueAt: NOW - 40 * DAY })),
  ];
  const list = loaded([...rows, ...seen], { kind: 'home', reports: [unreached('gong', 'unavailable', NOW - 2 * DAY)] });
  const digest = loaded(seen, { kind: 'digest', reports: [listed('gong', 3)] });
  return [
    renderList({ message: list }, PROVIDERS, reader),
    renderList({ message: digest }, PROVIDERS, reader),
    renderList({ message: { ...digest, createdAt: NOW - 5 * DAY } }, PROVIDERS, reader),
    homeView({ message: list }, PROVIDERS, accountState(), reader),
    ...[actions, actions.slice(3)].map((some, index) =>
      renderHistory({ actions: some, after: index === 0 ? undefined : actions[0] }, PROVIDERS, reader),
    ),
  ];
}

function answers(reader: RepTime): unknown[] {
  const outage = { since: NOW - HOUR, askAgainAt: NOW + MINUTE };
  const state = accountState({
    providers: [providerState('gong', { outage })],
    lastRun: {
      teamId: 'T1',
      userId: 'U1',
      localDate: '2026-11-22',
      state: 'posted',
      claimedAt: 1,
      postedAt: NOW - DAY,
      messageId: '1',
    },
  });
  const stale = action(task(), { state: 'stale', found: FOUND[2] });
  return [
    statusBlocks(state, reader),
    scheduleText({ schedule: { ...SCHEDULE, pausedUntil: NOW + DAY } }, reader),
    accountBlocks(state, reader),
    strangerHome(state, [], reader),
    teamBlocks(TEAM, reader),
    noticeMessage({ about: 'created', provider: 'outreach', person: 'Dana', dueAt: LATER }, 'Outreach', reader),
    refusal({ why: 'passed', dueAt: NOW - HOUR }, reader),
    refusal({ why: 'passed', dueAt: NOW - 2 * DAY }, reader),
    refusal({ why: 'overtaken', by: stale }, reader),
    refusal(SKIPPED, reader),
    plainRefusal({ why: 'passed', dueAt: NOW - HOUR }, reader),
    ...[NOW + HOUR, NOW + DAY].map((until) => waitingFor({ reason: 'unavailable', until }, 'Gong', reader)),
  ];
}

/** Of what is said about typed dates, without what is to be typed: that is read alike everywhere. */
function typed(reader: RepTime): unknown[] {
  const said = ['tomorrow at 3pm', '5/12 9am', 'Wed 1 Jan 2027 9am', '2031-01-01 10:00'].flatMap((text) => {
    const read = parseTypedDate(text, reader);
    return [
      typedPreview(text, read, reader),
      ...('refused' in read ? [typedRefusal(read, reader), pauseRefused(text, read, reader).replace(text, '')] : []),
    ];
  });
  return said.map((text) => text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '').replace(/“[^”]*”/g, ''));
}

function windows(reader: RepTime): unknown[] {
  const form = { ref: REF, task: task(), provider: 'Gong', suggestion: LATER } as const;
  const views = [
    whenModal({ ...form, verb: 'snooze' }, reader),
    skippedFirstModal({ ref: REF, verb: 'snooze' }, SKIPPED, reader),
  ];
  // The field's examples are to be typed.
  return [JSON.stringify(views).replace(/For example:[^"]*/g, '')];
}

const DAY_FIRST = /\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/;
const MONTH_FIRST = /(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}\b(?!:)/;
const TWELVE = /\b\d{1,2}:\d\d [AP]M/;
const TWENTY_FOUR = /\b\d{1,2}:\d\d(?! [AP]M)/;

describe.each([
  ['en-US', [MONTH_FIRST, TWELVE], [DAY_FIRST, TWENTY_FOUR]],
  ['en-AU', [DAY_FIRST, TWELVE], [MONTH_FIRST, TWENTY_FOUR]],
  ['ja-JP', [MONTH_FIRST, TWENTY_FOUR], [DAY_FIRST, TWELVE]],
  ['en-GB', [DAY_FIRST, TWENTY_FOUR], [MONTH_FIRST, TWELVE]],
  [undefined, [DAY_FIRST, TWENTY_FOUR], [MONTH_FIRST, TWELVE]],
])('for %s', (locale, right, wrong) => {
  test.each([
    ['lists, Home and history', lists],
    ['status, notices and refusals', answers],
    ['what is said about typed dates', typed],
    ['windows', windows],
  ])('%s have their clocks and dates', (_name, render) => {
    const parts = render({ ...READER, locale }).map((part) => JSON.stringify(part));

    for (const way of right) expect(parts.join('\n')).toMatch(way);
    for (const part of parts) for (const way of wrong) expect(part).not.toMatch(way);
  });
});
