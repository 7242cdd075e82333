/** Each rep as an admin sees them. */
import type { Run } from './digest.ts';
import type { Instant, RepKey } from './keys.ts';
import type { LinkProblemReason } from './people.ts';

/** A rep, with what became of their digests and clicks. */
export interface RepOverview extends RepKey {
  name: string;
  active: boolean;
  nextDueAt: Instant | undefined;
  /** The latest one, whatever its state. */
  lastRun: Pick<Run, 'localDate' | 'state' | 'why' | 'postedAt'> | undefined;
  lastClickAt: Instant | undefined;
  /** Their actions that are not settled yet. */
  waiting: number;
}

/** `none`: no user there has their address, or nobody has looked yet. `signed_out`: they have to sign in. */
export type ToolState = 'linked' | 'signed_out' | 'declined' | 'none' | LinkProblemReason;

export interface TeamRep {
  userId: string;
  name: string;
  /** One for each tool, in the order of the tools. */
  tools: readonly { id: string; name: string; state: ToolState }[];
  /** undefined: a member whom nothing links. */
  seen: RepOverview | undefined;
}

/** `missing`: no tool is linked. `signed_out`: a sign-in is missing. `no_digest`: the last one was not sent. */
export const TEAM_FILTERS = ['all', 'missing', 'signed_out', 'no_digest', 'waiting'] as const;
export type TeamFilter = (typeof TEAM_FILTERS)[number];

export function filterTeam(reps: readonly TeamRep[], filter: TeamFilter): readonly TeamRep[] {
  return reps.filter((rep) => IS_SHOWN[filter](rep));
}

const IS_SHOWN: Record<TeamFilter, (rep: TeamRep) => boolean> = {
  all: () => true,
  missing: ({ tools }) => !tools.some(({ state }) => state === 'linked'),
  signed_out: ({ tools }) => tools.some(({ state }) => state === 'signed_out'),
  no_digest: ({ seen }) => seen?.lastRun?.state !== 'posted',
  waiting: ({ seen }) => (seen?.waiting ?? 0) > 0,
};
