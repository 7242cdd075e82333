/** What admins see of who is linked: what is shown is whole, and what is cut is counted. */
import { describe, expect, test } from 'vitest';
import { ACTION } from '../../blocks/ids.ts';
import { LIMITS, weightOf } from '../../blocks/limits.ts';
import { teamBlocks, whyNotLinked } from '../../blocks/team.ts';
import { checkMessageBlocks } from '../../sandbox/slack/validate.ts';
import {
  LINK_EVENTS,
  type LinkDoubt,
  type LinkEvent,
  type LinkProblem,
  type LinkProblemReason,
} from '../../src/core/model/people.ts';
import type { Team, TeamProvider } from '../../src/core/people/team.ts';
import { DAY, NOW, READER, textsOf } from './fixtures.ts';
import { USUAL } from './providers.ts';

const REASONS = Object.keys({
  ...{ inactive: true, locked: true, ambiguous: true, shared: true, taken: true, moved: true, renamed: true },
  unknown: true,
} satisfies Record<LinkProblemReason, true>) as LinkProblemReason[];

function problem(more: Partial<LinkProblem> = {}): LinkProblem {
  const email = 'mia@harbour.example';
  return { teamId: 'T1', userId: 'U1', provider: 'gong', reason: 'inactive', name: 'Mia', email, ...more };
}

function provider(more: Partial<TeamProvider>): TeamProvider {
  return { id: 'gong', name: 'Gong', linked: ['U1'], unconnected: [], ...more };
}

function doubt(more: Partial<LinkDoubt> = {}): LinkDoubt {
  const about = { teamId: 'T1', userId: 'U1', provider: 'gong', externalId: '1' };
  return { ...about, reason: 'unnamed', since: NOW - 11 * DAY, looks: 3, lastDay: '2026-11-22', ...more };
}

function event(more: Partial<LinkEvent> = {}): LinkEvent {
  const about = { teamId: 'T1', userId: 'U1', provider: 'gong', externalId: '1' };
  return { ...about, event: 'linked', by: 'directory', origin: 'address', at: NOW - DAY, ...more };
}

function team(more: Partial<Team> = {}): Team {
  return { providers: [provider({})], problems: [], clashes: [], doubts: [], events: [], ...more };
}

const ids = (length: number) => Array.from({ length }, (_, index) => `U${index}`);

function said(more: Partial<Team>): string {
  return textsOf(teamBlocks(team(more), READER)).join('\n');
}

describe('those who are linked', () => {
  test('are named, by provider', () => {
    const providers = [
      provider({ linked: ['U1'] }),
      provider({ name: 'Outreach', linked: ['U2', 'U3'] }),
      provider({ name: 'Reply.io', linked: [] }),
    ];

    expect(said({ providers })).toContain(
      '*Gong*: 1 rep linked: <@U1>\n*Outreach*: 2 reps linked: <@U2>, <@U3>\n*Reply.io*: 0 reps linked\n',
    );
  });

  test.each([
    [8, ''],
    [9, ' and 1 more'],
    [1_508, ' and 1,500 more'],
  ])('%i of them: those who are not named are counted', (length, more) => {
    const text = said({ providers: [provider({ linked: ids(length) })] });

    expect(text).toContain(`: ${length.toLocaleString('en-US')} reps linked: <@U0>, `);
    expect(text).toContain(`<@U7>${more}\n`);
  });
});

test('those who have not signed in are named, or counted where they are too many, and nobody is said to be missing', () => {
  const outreach = (unconnected: string[]) =>
    said({ providers: [provider({}), provider({ id: 'outreach', name: 'Outreach', linked: [], unconnected })] });

  expect(outreach(['U1', 'U2'])).toContain('*Not linked, and why*\nNot signed in to Outreach: <@U1>, <@U2>\n');
  expect(outreach(['U1'])).not.toContain('nobody');
  expect(outreach([])).toContain('*Not linked*: nobody');
  expect(outreach(ids(12))).toContain('<@U7> and 4 more');
});

describe('links in doubt', () => {
  test.each([
    ['unnamed', '<@U1>: not named by Gong since 12 Nov'],
    ['unaddressed', '<@U1>: Gong names their user without their address since 12 Nov'],
    ['replaced', '<@U1>: not named by Gong, where another user has their address'],
  ] as const)('(%s) are named, with since when, and stay linked', (reason, words) => {
    const text = said({ doubts: [doubt({ reason })] });

    expect(text).toContain('*In doubt, and still linked*');
    expect(text).toContain(words);
  });

  test.each(['unnamed', 'unaddressed'] as const)('(%s) for a day or two are no news', (reason) => {
    expect(said({ doubts: [doubt({ reason, looks: 2 })] })).not.toContain('In doubt');
  });

  test('because too many were to end at once say so from the first day', () => {
    const doubts = ids(4).map((userId) => doubt({ userId, reason: 'inactive', looks: 1, since: NOW }));
    const text = said({ doubts });

    expect(text).toContain('*Gong speaks against 4 links at once* since 23 Nov');
    expect(text).toContain('Seen on 1 day; what still stands on the third day ends.');
    expect(text).toContain('<@U3>: their user in Gong is not active since 23 Nov');
  });

  test('because two could have the same user are told with the reason', () => {
    expect(said({ clashes: [problem({ reason: 'shared' })] })).toContain(
      '*In doubt, and still linked*\n<@U1>: another member here has the same user in Gong',
    );
  });

  test('that do not fit are counted', () => {
    expect(said({ doubts: ids(11).map((userId) => doubt({ userId })) })).toContain('… and 3 more');
  });
});

describe('those who are not linked', () => {
  test.each(REASONS)('(%s) are named with their address and the reason', (reason) => {
    expect(said({ problems: [problem({ reason })] })).toContain(
      `<@U1> (mia@harbour.example): ${whyNotLinked(reason, 'Gong')}`,
    );
  });

  test('have reasons that differ', () => {
    expect(new Set([...REASONS, 'no_user' as const].map((reason) => whyNotLinked(reason, 'Gong'))).size).toBe(9);
  });

  test.each([
    [12, undefined],
    [13, '… and 1 more'],
    [14, '… and 2 more'],
    [1_212, '… and 1,200 more'],
  ])('%i of them: what is not shown is counted', (length, more) => {
    const text = said({ problems: ids(length).map((userId) => problem({ userId })) });

    expect(text.match(/<@U\d+> \(/g)).toHaveLength(12);
    if (more === undefined) expect(text).not.toContain('… and');
    else expect(text).toMatch(new RegExp(`\n${more}(\n|$)`));
  });

  test('are nobody: that is said, too', () => {
    expect(said({})).toContain('*Not linked*: nobody');
  });
});

describe('the latest changes', () => {
  test.each(LINK_EVENTS)('(%s) say when, who, where and by whom', (kind) => {
    expect(said({ events: [event({ event: kind, by: 'U9' })] })).toMatch(
      /Sun 22 Nov, 09:00 {2}<@U1> Gong: [a-z].+ by <@U9>$/,
    );
    expect(said({ events: [event({ event: kind })] })).not.toContain('directory');
  });

  test('are told apart, also of a provider that is not set up any more', () => {
    const words = LINK_EVENTS.map((kind) => said({ events: [event({ event: kind })] }));

    expect(new Set(words).size).toBe(LINK_EVENTS.length);
    expect(said({ events: [event({ provider: 'gone' })] })).toContain('<@U1> gone: linked');
  });
});

test('a link can be suggested, where there is a provider to suggest it in', () => {
  const isOffered = (more: Partial<Team>) => JSON.stringify(teamBlocks(team(more), READER)).includes(ACTION.suggest);

  expect([isOffered({}), isOffered({ providers: [] })]).toEqual([true, false]);
});

test('however long everything is, Slack takes it', () => {
  const long = '&'.repeat(300);
  const many = Array.from({ length: 500 }, () => long);
  const blocks = teamBlocks(
    {
      providers: USUAL.map((id) => ({ id, name: 'Outreach', linked: many, unconnected: many })),
      problems: many.map((userId) => problem({ userId, email: long, reason: 'ambiguous' })),
      clashes: many.map((userId) => problem({ userId, reason: 'ambiguous' })),
      doubts: many.map((userId, n) => doubt({ userId, reason: n % 2 ? 'replaced' : 'renamed' })),
      events: many.map((userId) => event({ userId, by: long, event: 'removed' })),
    },
    READER,
  );

  expect(checkMessageBlocks(blocks)).toBeUndefined();
  expect(weightOf(blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
});
