/** One cell of the matrix of kinds: a short story on a whole app, which measures in a few words what came of it. */
import { describe, expect, test } from 'vitest';
import type { SandboxUser } from '../../../sandbox/slack/types.ts';
import { MAYA, THEO } from '../../flow/cast.ts';
import { type } from '../../flow/press.ts';
import { wordsOf } from '../../flow/read.ts';
import { createThree, type ThreeOptions } from '../../flow/start.ts';
import type { World as Three } from '../../flow/world.ts';
import { chosen, note } from '../../matrix/cells.ts';

/** At whom it happens: the columns. */
export const COLUMNS = ['Gong', 'Outreach', 'Reply.io', 'Slack'] as const;
type Column = (typeof COLUMNS)[number];
export type Tool = Exclude<Column, 'Slack'>;

/** The simulators of a world by the names that reps read. */
export const SIMULATORS = { Gong: 'gong', Outreach: 'outreach', 'Reply.io': 'reply' } as const satisfies Record<
  Tool,
  keyof Three
>;

export interface Story {
  /** What happens. */
  row: string;
  column: Column;
  /** What it must come to, in the words that `play` measures. */
  comes: string;
  play(): Promise<string>;
}

/** Some stories wait as long as Slack or a tool's rate limit asks for, in real time. */
const TIMEOUT = 120_000;

export const ALWAYS = Number.POSITIVE_INFINITY;

export function tellStories(kind: string, stories: readonly Story[], sample: number): void {
  describe(kind, () => {
    for (const story of chosen(stories, sample)) test(`${story.row}, ${story.column}`, () => tell(story), TIMEOUT);
  });
}

async function tell({ row, column, comes, play }: Story): Promise<void> {
  let came = 'failed';
  try {
    came = await play();
  } finally {
    note({ matrix: 'kinds', row, column, came });
  }
  expect(came).toBe(comes);
}

export function inWords(...words: (string | false | undefined)[]): string {
  return words.filter(Boolean).join(', ');
}

export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

export const ADA: SandboxUser = {
  id: 'U0ADA',
  name: 'ada',
  realName: 'Ada Fenwick',
  email: 'ada@northlight.example',
  tz: 'America/New_York',
  isAdmin: true,
};

/**
 * For worlds whose story is not about Gong's rate limit: its simulator counts in real time, in which a busy machine bunches
 * calls that we sent apart.
 */
export const UNHURRIED = { gongRateLimits: false } as const;

/** With an admin, who sees how many are linked; nobody has signed in to Outreach. */
export function createTeam(options: ThreeOptions = {}): Promise<Three> {
  return createThree({ ...UNHURRIED, users: [MAYA, THEO, ADA], signedIn: [], ...options });
}

/** As the team page says. */
export async function linkedAt(world: Three, tool: Tool): Promise<number> {
  const team = wordsOf(await type(world, 'team', ADA));
  const said = new RegExp(`\\*${tool}\\*: (\\d+) reps? linked`).exec(team);
  return said ? Number(said[1]) : 0;
}
