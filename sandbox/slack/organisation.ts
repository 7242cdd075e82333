/** A whole organisation of Enterprise Grid in which the app is installed (slack.md 10): people have one id in all its workspaces. */
import { type Answer, fail, type Method } from './answers.ts';
import { stringOf } from './json.ts';
import { changed, ENTERPRISE, type State, type Team } from './state.ts';
import type { JsonObject, SandboxUser } from './types.ts';

/** undefined: the app is taken from the workspace. */
export function setTeam(state: State, teamId: string, userIds: readonly string[] | undefined): void {
  const before = state.teams.get(teamId);
  if (userIds === undefined) state.teams.delete(teamId);
  else {
    const members = new Set(userIds);
    const left = [...(before?.members ?? []), ...(before?.left ?? [])].filter((id) => !members.has(id));
    state.teams.set(teamId, { members, left: new Set(left) });
  }
  changed(state);
}

/** With an organisation's token a method that answers for one workspace has to be told which one. */
export function teamOf(state: State, args: JsonObject): { refused: Answer } | { team: Team | undefined } {
  if (state.grid !== 'org') return { team: undefined };
  const teamId = stringOf(args.team_id);
  if (!teamId) return { refused: { ...fail('missing_argument'), arg: 'team_id' } };
  const team = state.teams.get(teamId);
  return team ? { team } : { refused: fail('team_access_not_granted') };
}

/** Of an organisation: what it adds to a person. */
export function enterpriseOf(state: State, user: SandboxUser): JsonObject {
  if (state.grid !== 'org') return {};
  const teams = [...state.teams].filter(([, { members }]) => members.has(user.id)).map(([teamId]) => teamId);
  const rights = { is_admin: user.isOrgAdmin ?? false, is_owner: false };
  const of = { enterprise_id: ENTERPRISE.id, enterprise_name: ENTERPRISE.name };
  return { team_id: teams[0] ?? state.teamId, enterprise_user: { id: user.id, ...of, ...rights, teams } };
}

const MOST_ASKED = 1_000;
/** Slack may give fewer than were asked for; this organisation does. */
const PAGE = 2;

export const authTeamsList: Method = (state, args) => {
  const all = state.grid === 'org' ? [...state.teams.keys()] : [state.teamId];
  const limit = Number(stringOf(args.limit) ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ASKED) return fail('invalid_limit');
  const start = args.cursor === undefined ? 0 : Number(stringOf(args.cursor)?.replace(/^team:/, ''));
  if (!(start >= 0 && start < Math.max(1, all.length))) return fail('invalid_cursor');
  const end = start + Math.min(limit, PAGE);
  return {
    ok: true,
    teams: all.slice(start, end).map((id) => ({ id, name: `Team ${id}` })),
    response_metadata: { next_cursor: end < all.length ? `team:${end}` : '' },
  };
};
