/** The weekly roll-up stays within Slack's limits, whatever the team; nothing is cut without saying how much. */
import { describe, expect, test } from 'vitest';
import { bytesOf, FULL_ROOM, LIMITS, weightOf } from '../../blocks/limits.ts';
import { rollupMessage, rollupPage, rowLine } from '../../blocks/rollup.ts';
import { decodeRollup, decodeRollupPage, readGroups } from '../../blocks/rollup-ids.ts';
import { rollupModal } from '../../blocks/rollup-modal.ts';
import { announcement, ownText, putOnText, rollupList, whyNot } from '../../blocks/rollup-words.ts';
import { checkMessageBlocks, checkView } from '../../sandbox/slack/validate.ts';
import type { Rollup, RollupRow } from '../../src/core/model/rollup.ts';
import { NOW, READER, textsOf } from './fixtures.ts';

const ROLLUP: Rollup = {
  id: '7',
  teamId: 'T1',
  about: { userIds: ['U1'], groups: ['S1'] },
  to: 'C1',
  day: 5,
  time: '16:00',
  zone: 'Europe/Berlin',
  by: 'UADA',
  nextDueAt: NOW,
  lastSentAt: undefined,
};

function row(more: Partial<RollupRow> = {}): RollupRow {
  return {
    userId: 'U1',
    name: 'Maya Lindqvist',
    counted: { localDate: '2026-11-23', open: 12, overdue: { tasks: 4, days: 7 } },
    isOld: false,
    trend: 3,
    isConnected: true,
    unconnected: [],
    unanswered: [],
    done: 20,
    dismissed: 1,
    moved: 9,
    ...more,
  };
}

/** The longest that each cell can be. */
const LONGEST = row({
  name: '<&>"*_~`@here '.repeat(20),
  counted: { localDate: '2026-11-03', open: 99_999, overdue: { tasks: 99_999, days: 30 } },
  isOld: true,
  trend: -99_999,
  unconnected: ['Gong', 'Outreach'],
  unanswered: ['Reply.io'],
  ...{ done: 99_999, dismissed: 99_999, moved: 99_999 },
});

const report = (rows: readonly RollupRow[]) => ({ rollup: ROLLUP, rows, setBy: 'Ada Fenwick' });
const many = (count: number, of = row()) =>
  Array.from({ length: count }, (_, index) => ({ ...of, userId: `U${index}` }));

function cellsOf({ blocks }: { blocks: readonly object[] }): string[][] {
  const table = blocks.find((block) => 'rows' in block) as { rows: { text: string }[][] } | undefined;
  return (table?.rows ?? []).map((cells) => cells.map(({ text }) => text));
}

const shownOf = (rendered: { blocks: readonly object[] }) => Math.max(0, cellsOf(rendered).length - 1);

describe.each([
  ['plain', row()],
  ['the longest', LONGEST],
  // Nothing in them is escaped, so that the table's own limit comes before that of the message.
  ['long', { ...LONGEST, name: 'x'.repeat(40) }],
])('%s rows', (_what, of) => {
  test.each([0, 1, 20, 100, 1_000, 5_000])('of %i people fit, and those left out are counted', (people) => {
    const message = rollupMessage(report(many(people, of)), READER, FULL_ROOM);

    expect(checkMessageBlocks(message.blocks)).toBeUndefined();
    expect(weightOf(message.blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
    // slack.md 3.6: all cells together
    expect(cellsOf(message).flat().join('').length).toBeLessThanOrEqual(LIMITS.tableText);
    expect(bytesOf(message.text)).toBeLessThanOrEqual(LIMITS.fallbackBytes);
    const shown = shownOf(message);
    const left = people - shown;
    expect(shown).toBeGreaterThanOrEqual(Math.min(people, 20));
    const said = textsOf(message.blocks).join('\n');
    if (left > 0)
      expect(said).toContain(`… and ${left.toLocaleString('en-US')} more ${left === 1 ? 'person' : 'people'}`);
    else expect(said).not.toContain('… and');
    const lines = message.text.split('\n');
    const [, inText = '0'] = /… and (\d+) more$/.exec(message.text) ?? [];
    expect(lines.length - 1 - (inText === '0' ? 0 : 1) + Number(inText)).toBe(people);
  });

  test('the pages of an admin have all of them', () => {
    const rows = many(45, of);
    const pages = [0, 1, 2, 99].map((page) => rollupPage(report(rows), page, READER));

    expect(pages.map(shownOf)).toEqual([20, 20, 5, 5]);
    for (const { blocks } of pages) {
      expect(checkMessageBlocks(blocks)).toBeUndefined();
      expect(weightOf(blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
    }
  });
});

test('where Slack takes less, fewer rows are shown', () => {
  const rows = many(60);
  const whole = shownOf(rollupMessage(report(rows), READER, FULL_ROOM));

  const less = rollupMessage(report(rows), READER, { ...FULL_ROOM, weight: 1_800 });

  expect(shownOf(less)).toBeLessThan(whole);
  expect(weightOf(less.blocks)).toBeLessThanOrEqual(1_800);
  expect(textsOf(less.blocks).join()).toContain(`… and ${60 - shownOf(less)} more people`);
});

test.each([
  [{}, ['12', '+3', '4 (7 days)', '20', '1', '9', '–']],
  [{ trend: -2 }, ['12', '−2', '4 (7 days)', '20', '1', '9', '–']],
  [{ trend: 0 }, ['12', 'same', '4 (7 days)', '20', '1', '9', '–']],
  [{ trend: undefined, isOld: true }, ['12', '–', '4 (7 days)', '20', '1', '9', 'as of Mon 23 Nov']],
  [
    { unconnected: ['Outreach'], unanswered: ['Gong'] },
    ['12', '+3', '4 (7 days)', '20', '1', '9', 'Outreach not connected, Gong did not answer'],
  ],
  [{ counted: undefined, trend: undefined }, ['–', '–', '–', '20', '1', '9', 'no digest in 3 weeks']],
  [{ counted: undefined, trend: undefined, isConnected: false }, ['–', '–', '–', '20', '1', '9', 'not connected']],
] satisfies [Partial<RollupRow>, string[]][])('a row reads %j', (more, cells) => {
  expect(cellsOf(rollupMessage(report([row(more)]), READER, FULL_ROOM))[1]?.slice(1)).toEqual(cells);
});

test.each([
  [{ tasks: 0, days: 0 }, '0'],
  [{ tasks: 2, days: 0 }, '2 (today)'],
  [{ tasks: 2, days: 1 }, '2 (1 day)'],
  [{ tasks: 2, days: 30 }, '2 (30+ days)'],
  [undefined, '–'],
])('overdue %j reads %s', (overdue, text) => {
  const counted = { localDate: '2026-11-23', open: 12, overdue };

  expect(cellsOf(rollupMessage(report([row({ counted })]), READER, FULL_ROOM))[1]?.[3]).toBe(text);
});

test('the rep reads the cells that everyone reads, without those that are empty', () => {
  const message = rollupMessage(report([row()]), READER, FULL_ROOM);
  const [titles = [], cells = []] = cellsOf(message);

  const line = rowLine(row(), READER);

  const said = titles.map((title, index) => `${title.toLowerCase()} ${cells[index]}`).slice(1, -1);
  expect(cells.at(-1)).toBe('–');
  expect(line).toBe(said.join('; '));
  expect(message.text).toContain(`Maya Lindqvist: ${line}`);
});

test('nobody in it is said in words, and its sums are of everyone, shown or not', () => {
  expect(rollupMessage(report([]), READER, FULL_ROOM).text).toContain('Nobody is in it now');
  expect(rollupMessage(report(many(1_000)), READER, FULL_ROOM).text).toContain(
    '1,000 people: 12,000 open, 4,000 overdue; in the last seven days 20,000 done, 1,000 dismissed, 9,000 moved',
  );
});

test('its window is one that Slack takes, empty, filled in and after a refusal; so is the list', () => {
  const filled = { ...ROLLUP, about: { userIds: ['U1', 'U2'], groups: ['S1', 'S2'] } };
  const views = [rollupModal('new'), rollupModal('7', filled), rollupModal('7', { ...filled, to: 'U1' }, whyNot('x'))];
  for (const view of views) expect(checkView(view, 'modal')).toBeUndefined();
  const rollups = Array.from({ length: 33 }, (_, index) => ({ ...ROLLUP, id: String(index + 1), members: index }));

  const lists = [0, 1, 2].map((page) => rollupList(rollups, page, READER));

  for (const { blocks } of [...lists, rollupList([], 0, READER)]) {
    expect(checkMessageBlocks(blocks)).toBeUndefined();
    expect(weightOf(blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
  }
  expect(lists.map(({ blocks }) => JSON.stringify(blocks).split('"Change…"').length - 1)).toEqual([15, 15, 3]);
});

test('whoever reads it, and since when, is said where it comes, and to who is in it', () => {
  expect(announcement(ROLLUP, READER).text).toContain('Fridays at 16:00 (Europe/Berlin), set up by <@UADA>');
  expect(putOnText({ ...ROLLUP, to: 'UBOSS' }, 0, READER)).toContain('<@UBOSS> gets, about you, how many');
  expect(putOnText(ROLLUP, 1, READER)).toContain('about you and one other person, how many');
  expect(putOnText(ROLLUP, 1_200, READER)).toContain('about you and 1,200 others, how many');
  expect(ownText({ rollup: ROLLUP, row: row() }, READER)).toContain(`as it reads now: ${rowLine(row(), READER)}.`);
});

test.each([
  ['S0TEAM', ['S0TEAM']],
  [' S0TEAM, S0OTHER  S0TEAM ', ['S0TEAM', 'S0OTHER']],
  ['<!subteam^S0TEAM|@team>', ['S0TEAM']],
  ['', []],
])('the groups of “%s” are %j', (typed, groups) => {
  expect(readGroups(typed)).toEqual({ groups });
});

test.each(['@sales', 'sales', 'U0MAYA', 'S0TEAM, x', 's0team'])('“%s” is no group', (typed) => {
  expect(readGroups(typed)).toHaveProperty('unread');
});

test.each([undefined, '', '0', '1.2', '7.x', 'new.1', '7.1.1', '-1'])(
  'the value %j is no roll-up, nor a page of one',
  (value) => {
    expect(decodeRollup(value)).toBeUndefined();
    if (value !== '1.2') expect(decodeRollupPage(value)).toBeUndefined();
  },
);
