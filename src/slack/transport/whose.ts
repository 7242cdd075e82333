/**
 * Whose a payload is: the one place that decides it. A person's id means someone only within their workspace, and the
 * providers are linked to people of ours.
 */
import { isObject } from './receive.ts';

/**
 * The payload of one of ours, with `team` and `team_id` naming our workspace from here on; undefined for one of another
 * workspace. On Grid `team` may be null (slack.md 7): then the person's own workspace counts, then the window's. A
 * payload that names none is returned as it is, and whoever parses it refuses it.
 */
export function asOurs(body: Record<string, unknown>, teamId: string): Record<string, unknown> | undefined {
  const { team, team_id, context_team_id, user, view } = body;
  // An event may have happened in another workspace; `context_team_id` is the one whose install it was sent to.
  const places = [context_team_id, idOf(team, 'id'), team_id, idOf(user, 'team_id'), idOf(view, 'team_id')];
  const named = places.find((id) => typeof id === 'string' && id !== '');
  if (named === undefined) return body;
  if (named !== teamId) return undefined;
  return { ...body, team: { ...(isObject(team) && team), id: teamId }, team_id: teamId };
}

function idOf(value: unknown, field: string): unknown {
  return isObject(value) ? value[field] : undefined;
}
