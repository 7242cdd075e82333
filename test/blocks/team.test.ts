/** Admins see who is linked: what is shown is whole, and what is cut is counted. */
import { expect, test } from 'vitest';
import { ACTION } from '../../blocks/ids.ts';
import { LIMITS, weightOf } from '../../blocks/limits.ts';
import { teamBlocks, whyNotLinked } from '../../blocks/team.ts';
import { checkMessageBlocks } from '../../sandbox/slack/validate.ts';
import {
  KEY_EVENTS,
  LINK_EVENTS,
  type LinkDoubt,
  type LinkEvent,
  type LinkProblem,
  type LinkProblemReason,
} from '../../src/core/model/people.ts';
import type { Team, TeamProvider } from '../../src/core/people/team.ts';
import { DAY, NOW, READER, textsOf } from './fixtures.ts';
import { USUAL } from './providers.ts';

const ABOUT = { teamId: 'T1', userId: 'U1', provider: 'gong', externalId: '1' };

function problem(more: Partial<LinkProblem> = {}): LinkProblem {
  return { ...ABOUT, reason: 'inactive', name: 'Mia', email: 'mia@harbour.example', ...more };
}

function provider(more: Partial<TeamProvider>): TeamProvider {
  return { id: 'gong', name: 'Gong', linked: ['U1'], unconnected: [], ...more };
}

function doubt(more: Partial<LinkDoubt> = {}): LinkDoubt {
  return { ...ABOUT, reason: 'unnamed', since: NOW - 11 * DAY, looks: 3, lastDay: '2026-11-22', ...more };
}

function event(more: Partial<LinkEvent> = {}): LinkEvent {
  return { ...ABOUT, event: 'linked', by: 'directory', origin: 'address', at: NOW - DAY, ...more };
}

function team(more: Partial<Team> = {}): Team {
  return { providers: [provider({})], problems: [], clashes: [], doubts: [], events: [], ...more };
}

function said(more: Partial<Team>): string {
  return textsOf(teamBlocks(team(more), READER)).join('\n');
}

const ids = (length: number) => Array.from({ length }, (_, index) => `U${index}`);
const OUTREACH = { id: 'outreach', name: 'Outreach', linked: [] };

test('those who are linked are named, by provider', () => {
  const providers = [
    provider({}),
    provider({ ...OUTREACH, linked: ['U2', 'U3'] }),
    provider({ name: 'X', linked: [] }),
  ];

  expect(said({ providers })).toContain(
    '*Gong*: 1 rep linked: <@U1>\n*Outreach*: 2 reps linked: <@U2>, <@U3>\n*X*: 0 reps linked\n',
  );
});

test.each([
  [8, ''],
  [9, ' and 1 more'],
  [1_508, ' and 1,500 more'],
])('of %i who are linked, or have not signed in, those who are not named are counted', (length, more) => {
  const text = said({ providers: [provider({ linked: ids(length), unconnected: ids(length) })] });

  expect(text).toMatch(new RegExp(`: ${length.toLocaleString('en-US')} reps linked: <@U0>, .*<@U7>${more}\n`));
  expect(text).toMatch(new RegExp(`\\*Not linked, and why\\*\nNot signed in to Gong: <@U0>, .*<@U7>${more}\n`));
});

test('nobody is said to be missing only where nobody is', () => {
  expect(said({})).toContain('*Not linked*: nobody');
  expect(said({ providers: [provider({ unconnected: ['U1'] })] })).not.toContain('nobody');
  expect(said({ problems: [problem()] })).not.toContain('nobody');
});

const REASONS: Record<LinkProblemReason, string> = {
  inactive: 'their user in Gong is not active',
  locked: 'their user in Gong is locked',
  ambiguous: 'more than one active user in Gong has that address',
  shared: 'another member here has the same user in Gong',
  taken: 'someone else here is linked to that user in Gong',
  moved: 'their user in Gong has another address',
  renamed: 'their address in Slack changed, and nobody in Gong has the new one',
  unknown: 'Gong does not say whether their user is active',
};

test('those who are not linked are named with their address and the reason', () => {
  const problems = Object.keys(REASONS).map((reason) => problem({ reason: reason as LinkProblemReason }));

  for (const words of Object.values(REASONS)) {
    expect(said({ problems })).toContain(`\n<@U1> (mia@harbour.example): ${words}\n`);
  }
  expect(whyNotLinked('no_user', 'Gong')).toBe('nobody in Gong has that address');
});

test.each([
  [12, undefined],
  [13, '… and 1 more'],
  [1_212, '… and 1,200 more'],
])('of %i who are not linked, those who are not shown are counted', (length, more) => {
  const text = said({ problems: ids(length).map((userId) => problem({ userId })) });

  expect(text.match(/<@U\d+> \(/g)).toHaveLength(12);
  expect(/\n(… and .*)\n/.exec(text)?.[1]).toBe(more);
});

const HELD = ids(4).map((userId) => doubt({ userId, reason: 'inactive', looks: 1, since: NOW }));

test.each<[string, Partial<Team>, string[]]>([
  ['a user who is not named', { doubts: [doubt()] }, ['<@U1>: not named by Gong since 12 Nov']],
  [
    'a user without an address',
    { doubts: [doubt({ reason: 'unaddressed' })] },
    ['<@U1>: Gong names their user without their address since 12 Nov'],
  ],
  [
    'a user who was replaced, from the first day',
    { doubts: [doubt({ reason: 'replaced', looks: 1 })] },
    ['<@U1>: not named by Gong, where another user has their address; that user is linked on the third day, since'],
  ],
  [
    'too many that were to end at once, from the first day',
    { doubts: HELD },
    [
      '*Gong speaks against 4 links at once* since 23 Nov',
      'Seen on 1 day; what still stands on the third day ends.',
      '<@U3>: their user in Gong is not active since 23 Nov',
    ],
  ],
  ['two with the same user', { clashes: [problem({ reason: 'shared' })] }, [`<@U1>: ${REASONS.shared}`]],
  ['more than fit', { doubts: ids(11).map((userId) => doubt({ userId })) }, ['… and 3 more']],
])('links in doubt are told, and stay linked: %s', (_name, more, words) => {
  for (const each of ['*In doubt, and still linked*', ...words]) expect(said(more)).toContain(each);
});

test.each(['unnamed', 'unaddressed'] as const)('a user who is %s for a day or two is no news', (reason) => {
  expect(said({ doubts: [doubt({ reason, looks: 2 })] })).not.toContain('In doubt');
});

const EVENTS: Record<LinkEvent['event'], string> = {
  linked: 'linked',
  corrected: 'linked to another user',
  removed: 'link ended',
  unlinked: 'unlinked',
  suggested: 'link suggested',
  declined: 'suggestion declined',
  disconnected: 'connection ended',
  key_set: 'connected',
  key_replaced: 'key replaced',
  key_removed: 'disconnected',
};

test.each(LINK_EVENTS)(
  'the latest changes (%s) say when, who, where, and by whom unless it was the directory',
  (kind) => {
    const whose = KEY_EVENTS.some((each) => each === kind) ? '' : '<@U1> ';
    const change = `Sun 22 Nov, 09:00  ${whose}Gong: ${EVENTS[kind]}`;

    expect(said({ events: [event({ event: kind, by: 'U9' })] })).toContain(`\n${change} by <@U9>`);
    expect(said({ events: [event({ event: kind })] }).endsWith(`\n${change}`)).toBe(true);
  },
);

test('changes at a provider that is not set up any more are still told', () => {
  expect(said({ events: [event({ provider: 'gone' })] })).toContain('<@U1> gone: linked');
});

test('a link can be suggested, where there is a provider to suggest it in', () => {
  const isOffered = (more: Partial<Team>) => JSON.stringify(teamBlocks(team(more), READER)).includes(ACTION.suggest);

  expect([isOffered({}), isOffered({ providers: [] })]).toEqual([true, false]);
});

test('however long everything is, Slack takes it', () => {
  const long = '&'.repeat(300);
  const many = Array.from({ length: 500 }, () => long);
  const everything = {
    providers: USUAL.map((id) => ({ id, name: 'Outreach', linked: many, unconnected: many })),
    problems: many.map((userId) => problem({ userId, email: long, reason: 'ambiguous' })),
    clashes: many.map((userId) => problem({ userId, reason: 'ambiguous' })),
    doubts: many.map((userId, n) => doubt({ userId, reason: n % 2 ? 'replaced' : 'renamed' })),
    events: many.map((userId) => event({ userId, by: long, event: 'removed' })),
  };
  const blocks = teamBlocks(everything, READER);

  expect(checkMessageBlocks(blocks)).toBeUndefined();
  expect(weightOf(blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
});
