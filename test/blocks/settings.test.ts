/** The settings window, and what is said of a schedule. */
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../blocks/limits.ts';
import { plannedText, savedText, scheduleText } from '../../blocks/schedule-words.ts';
import { settingsModal } from '../../blocks/settings-modal.ts';
import { statusBlocks } from '../../blocks/status.ts';
import { checkView } from '../../sandbox/slack/validate.ts';
import type { LeftOut } from '../../src/core/model/delivery.ts';
import { FOREVER, type Schedule, type SkipReason } from '../../src/core/model/digest.ts';
import { skippedDigests } from '../../src/core/model/skipped.ts';
import type { RepTime } from '../../src/core/model/time.ts';
import { accountState, DAY, HOUR, NOW, READER, REP, SCHEDULE } from './fixtures.ts';

const WEEK: Schedule = { ...SCHEDULE, days: [1, 2, 3, 4, 5] };
const HOLIDAYS: Record<string, string> = { '2026-11-26': 'Thanksgiving Day', '2026-12-25': 'Christmas Day' };
const TIME: RepTime = { ...READER, days: WEEK.days, holidays: (date) => HOLIDAYS[date] };

test.each([
  ['as it is at first', {}],
  ['with all that can be chosen', { days: [], ownZone: 'America/Los_Angeles', country: 'DE', pausedUntil: NOW + DAY }],
  ['with a zone that the runtime no longer lists', { ownZone: 'US/Pacific-New' }],
  ['without an end of the pause', { pausedUntil: FOREVER, nextDueAt: FOREVER }],
])('the window is within what Slack takes, %s', (_name, more) => {
  const view = settingsModal({ rep: REP, schedule: { ...WEEK, ...more }, readsStatus: true }, TIME);

  expect(checkView(view, 'modal')).toBeUndefined();
  expect(JSON.stringify(view).length).toBeLessThan(LIMITS.viewBytes / 4);
});

test.each([
  ['of what was', undefined, 'As in Slack: America/New_York'],
  ['of what they chose', 'Asia/Tokyo', 'Asia/Tokyo'],
  ['of what they chose long ago', 'US/Pacific-New', 'US/Pacific-New'],
])('the menu of zones begins with the zone %s', (_name, ownZone, text) => {
  const view = JSON.stringify(
    settingsModal(
      { rep: { ...REP, slackZone: 'America/New_York' }, schedule: { ...WEEK, ownZone }, readsStatus: true },
      TIME,
    ),
  );

  expect(view).toContain(`"initial_option":{"text":{"type":"plain_text","text":"${text}"}`);
});

describe('what is said of a schedule', () => {
  /** Monday 23 November, nine o'clock. */
  const said = (more: Partial<Schedule>, now = NOW) =>
    scheduleText({ schedule: { ...WEEK, ...more } }, { ...TIME, now });
  const THURSDAY = NOW + 3 * DAY;
  const FRIDAY = NOW + 4 * DAY;

  test.each([
    [
      'a pause that skips nothing',
      { pausedUntil: FRIDAY, nextDueAt: FRIDAY },
      THURSDAY + HOUR,
      'Nothing is skipped: your next digest comes Friday 09:00 anyway.',
    ],
    [
      'the same for later today',
      { pausedUntil: THURSDAY, nextDueAt: THURSDAY },
      THURSDAY - HOUR,
      'Nothing is skipped: your next digest comes today at 09:00 anyway.',
    ],
    [
      'a pause over a holiday',
      { pausedUntil: FRIDAY, nextDueAt: FRIDAY },
      NOW + 2 * DAY + HOUR,
      'Skipped: Thu 26 Nov (Thanksgiving Day). Next digest: Fri 27 Nov, 09:00.',
    ],
    [
      'a pause over more',
      { pausedUntil: FRIDAY, nextDueAt: FRIDAY },
      NOW + DAY + HOUR,
      'Skipped: Wed 25 Nov, Thu 26 Nov (Thanksgiving Day). Next digest: Fri 27 Nov, 09:00. `/tasks resume` brings them back now.',
    ],
    [
      'a long pause',
      { pausedUntil: NOW + 14 * DAY, nextDueAt: NOW + 14 * DAY },
      NOW + HOUR,
      'Skipped: 9 digests, from Tue 24 Nov to Fri 4 Dec. Next digest: Mon 7 Dec, 09:00. `/tasks resume` brings them back now.',
    ],
  ])('%s', (_name, more, now, words) => {
    expect(said(more, now)).toBe(words);
  });

  test('a digest that came before the hour was changed is not called skipped', () => {
    const later = { ...WEEK, time: '17:00', nextDueAt: NOW + DAY + 8 * HOUR };

    expect(skippedDigests(later, TIME, '2026-11-23')).toEqual([]);
    expect(skippedDigests(later, TIME)).toHaveLength(1);
  });

  test.each([
    [
      'the country, with its next holiday',
      { country: 'US' },
      'Public holidays (United States) are days off; the next one on a working day is Thu 26 Nov (Thanksgiving Day).',
    ],
    [
      'a country without a holiday on these days',
      { country: 'US', days: [2] },
      'Public holidays (United States) are days off; none falls on a working day within a year.',
    ],
    ['a zone of their own', { ownZone: '-05:00' }, "Times stay in UTC-05:00, whatever Slack's time zone is."],
  ])('after Save names %s', (_name, more, words) => {
    const schedule = { ...WEEK, ...more };

    expect(savedText(schedule, [], TIME)).toBe(`*Saved.* ${plannedText(schedule, [], TIME)}\n${words}`);
  });
});

describe('out of office by the Slack status', () => {
  const choices = (followsStatus: boolean) => ({ ...WEEK.choices, followsStatus });
  const windowWith = (followsStatus: boolean, readsStatus: boolean) => {
    const view = settingsModal({ rep: REP, schedule: { ...WEEK, choices: choices(followsStatus) }, readsStatus }, TIME);
    expect(checkView(view, 'modal')).toBeUndefined();
    return JSON.stringify(view);
  };
  const statusOf = (followsStatus: boolean, readsStatus: boolean, why?: SkipReason) => {
    const run = { teamId: 'T1', userId: 'U1', localDate: '2026-11-23', state: 'skipped', claimedAt: NOW } as const;
    const todaysRun = { ...run, why, postedAt: undefined, messageId: undefined };
    const schedule = { ...WEEK, choices: choices(followsStatus) };
    return JSON.stringify(statusBlocks(accountState({ schedule, readsStatus, todaysRun }), TIME));
  };

  test('is a box with a hint of what counts, ticked where it was chosen', () => {
    expect(windowWith(false, true)).toContain('What counts: the emoji of a palm tree');
    const ticked = /"initial_options":\[[^\]]*"value":"status"/;
    expect(windowWith(false, true)).not.toMatch(ticked);
    expect(windowWith(true, true)).toMatch(ticked);
  });

  test.each([true, false])(
    'has no box where Docket may not read it, and says how that is changed (chosen: %s)',
    (chosen) => {
      expect(windowWith(chosen, false)).toMatch(/an admin of your workspace adds the scope `users\.profile:read`/);
      expect(windowWith(chosen, false)).not.toContain('settings_status');
    },
  );

  test.each([
    [true, true, 'away', ['This morning none came', 'No digest comes while']],
    [true, true, 'paused', ['No digest comes while']],
    [true, false, undefined, ['Digests come whatever']],
    [false, true, undefined, []],
    [false, false, undefined, []],
  ] as const)('is in the status (chosen: %s, readable: %s, skipped today: %s): %j', (chosen, reads, why, said) => {
    const all = ['This morning none came', 'No digest comes while', 'Digests come whatever'];
    expect(all.filter((each) => statusOf(chosen, reads, why).includes(each))).toEqual(said);
  });
});

describe('mornings that were left out', () => {
  const said = (...left: Partial<LeftOut>[]) => {
    const leftOut = left.map((each) => ({ localDate: '2026-11-20', why: 'late', ...each }) satisfies LeftOut);
    return /Left out lately[^"\\]*/.exec(JSON.stringify(statusBlocks(accountState({ leftOut }), TIME)))?.[0];
  };

  test.each([
    ['late', {}, 'Docket could not send it within four hours of its time'],
    ['paused', {}, 'your digests were paused'],
    ['no_link', {}, 'no account of yours was linked'],
    ['refused', {}, 'Slack refused it'],
    ['refused', { refusal: 'is_bot' }, 'Slack refused it: is_bot'],
    ['holiday', {}, 'a public holiday'],
    ['holiday', { holiday: 'Thanksgiving Day' }, 'Thanksgiving Day'],
    ['nothing_open', {}, 'nothing was open'],
    ['away', {}, 'your Slack status said that you were out of office'],
  ] as const)('are in the status with the reason: %s %j', (why, more, words) => {
    expect(said({ why, ...more })).toBe(`Left out lately: Fri 20 Nov (${words}).`);
  });

  test('are the last three, and none is not told', () => {
    const dates = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'];
    const why = 'Docket could not send it within four hours of its time';

    expect(said(...dates.map((localDate) => ({ localDate })))).toBe(
      `Left out lately: ${['Wed 18', 'Thu 19', 'Fri 20'].map((day) => `${day} Nov (${why})`).join(', ')}.`,
    );
    expect(said()).toBeUndefined();
  });

  test('are not told twice: the line of the last digest tells that nothing was open today', () => {
    const localDate = '2026-11-23';

    expect(said({ localDate, why: 'nothing_open' })).toBeUndefined();
    expect(said({ localDate, why: 'late' })).toContain('Mon 23 Nov');
  });
});
