/** What admins see of who is linked: what is shown is whole, and what is cut is counted. */
import { describe, expect, test } from 'vitest';
import type { Block } from '../../blocks/elements.ts';
import { ACTION } from '../../blocks/ids.ts';
import { LIMITS, weightOf } from '../../blocks/limits.ts';
import { type Team, teamBlocks, whyNotLinked } from '../../blocks/team.ts';
import { checkMessageBlocks } from '../../sandbox/slack/validate.ts';
import { LINK_EVENTS, type LinkEvent, type LinkProblem, type LinkProblemReason } from '../../src/core/types.ts';
import { DAY, NOW, READER } from './fixtures.ts';

const REASONS = Object.keys({
  inactive: true,
  locked: true,
  ambiguous: true,
  shared: true,
  taken: true,
} satisfies Record<LinkProblemReason, true>) as LinkProblemReason[];

function problem(more: Partial<LinkProblem> = {}): LinkProblem {
  const email = 'mia@harbour.example';
  return { teamId: 'T1', userId: 'U1', provider: 'gong', reason: 'inactive', name: 'Mia', email, ...more };
}

function event(more: Partial<LinkEvent> = {}): LinkEvent {
  return {
    teamId: 'T1',
    userId: 'U1',
    provider: 'gong',
    event: 'linked',
    by: 'directory',
    externalId: '1',
    origin: 'address',
    at: NOW - DAY,
    ...more,
  };
}

function team(more: Partial<Team> = {}): Team {
  return { providers: [{ id: 'gong', name: 'Gong', linked: 3 }], problems: [], events: [], ...more };
}

function textsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'section') return [block.text?.text ?? ''];
    if (block.type === 'context') return block.elements.map((each) => ('text' in each ? each.text : ''));
    return [];
  });
}

function said(more: Partial<Team>): string {
  return textsOf(teamBlocks(team(more), READER)).join('\n');
}

test('how many reps are linked, by provider', () => {
  const providers = [
    { id: 'gong', name: 'Gong', linked: 1 },
    { id: 'outreach', name: 'Outreach', linked: 0 },
  ];

  expect(said({ providers })).toContain('*Gong*: 1 rep linked\n*Outreach*: 0 reps linked');
});

describe('those who are not linked', () => {
  test.each(REASONS)('(%s) are named with their address and the reason', (reason) => {
    expect(said({ problems: [problem({ reason })] })).toContain(
      `<@U1> (mia@harbour.example): ${whyNotLinked(reason, 'Gong')}`,
    );
  });

  test('have reasons that differ', () => {
    expect(new Set([...REASONS, 'no_user' as const].map((reason) => whyNotLinked(reason, 'Gong'))).size).toBe(6);
  });

  test.each([
    [12, undefined],
    [13, '… and 1 more'],
    [14, '… and 2 more'],
    [1_212, '… and 1,200 more'],
  ])('%i of them: what is not shown is counted', (length, more) => {
    const text = said({ problems: Array.from({ length }, (_, index) => problem({ userId: `U${index}` })) });

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
    const words = said({ events: [event({ event: kind, by: 'U9' })] });

    expect(words).toMatch(/Sun 22 Nov, 09:00 {2}<@U1> Gong: [a-z].+ by <@U9>$/);
    expect(said({ events: [event({ event: kind })] })).not.toContain('directory');
  });

  test('are told apart', () => {
    expect(new Set(LINK_EVENTS.map((kind) => said({ events: [event({ event: kind })] }))).size).toBe(
      LINK_EVENTS.length,
    );
  });

  test('of a provider that is not set up any more are still told', () => {
    expect(said({ events: [event({ provider: 'gone' })] })).toContain('<@U1> gone: linked');
  });
});

test('a link can be suggested, where there is a provider to suggest it in', () => {
  const buttons = (more: Partial<Team>) =>
    teamBlocks(team(more), READER).flatMap((block) =>
      block.type === 'actions' ? block.elements.map((element) => element.action_id) : [],
    );

  expect(buttons({})).toEqual([ACTION.suggest]);
  expect(buttons({ providers: [] })).toEqual([]);
});

test('however long everything is, Slack takes it', () => {
  const long = '&'.repeat(300);
  const many = (length: number) => Array.from({ length });
  const blocks = teamBlocks(
    {
      providers: ['gong', 'outreach', 'reply'].map((id) => ({ id, name: 'Outreach', linked: 1_000_000 })),
      problems: many(500).map(() => problem({ userId: long, email: long, reason: 'ambiguous' })),
      events: many(500).map(() => event({ userId: long, by: long, event: 'removed' })),
    },
    READER,
  );

  expect(checkMessageBlocks(blocks)).toBeUndefined();
  expect(weightOf(blocks)).toBeLessThanOrEqual(LIMITS.messageWeight);
});
