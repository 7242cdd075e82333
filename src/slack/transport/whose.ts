/** Checks the workspace of every payload. A user id is unique only within its workspace. */
import { isObject } from './receive.ts';

/**
 * A payload of our workspace, with `team` and `team_id` set to ours; undefined for another workspace. On Grid `team`
 * may be null (slack.md 7): then the user's workspace counts, then the window's. A payload without any is returned as
 * it is, and parsing refuses it.
 */
export function asOurs(body: Record<string, unknown>, teamId: string): Record<string, unknown> | undefined {
  const { team } = body;
  const named = teamOf(body);
  if (named === undefined) return body;
  if (named !== teamId) return undefined;
  return { ...body, team: { ...(isObject(team) && team), id: teamId }, team_id: teamId };
}

export function teamOf({ team, team_id, context_team_id, user, view }: Record<string, unknown>): string | undefined {
  // `context_team_id`: the workspace of the install that got the event.
  const places = [context_team_id, idOf(team, 'id'), team_id, idOf(user, 'team_id'), idOf(view, 'team_id')];
  return places.find((id): id is string => typeof id === 'string' && id !== '');
}

function idOf(value: unknown, field: string): unknown {
  return isObject(value) ? value[field] : undefined;
}
