/** Checks the workspace of every payload. A user id is unique only within its workspace, or its organisation. */
import { isObject } from './receive.ts';

/**
 * A payload of our workspace, with `team` and `team_id` set to ours; undefined for another workspace. On Grid `team`
 * may be null (slack.md 7): then the user's workspace counts, then the window's. A payload without any is returned as
 * it is, and parsing refuses it.
 */
export function asOurs(body: Record<string, unknown>, teamId: string): Record<string, unknown> | undefined {
  const { team } = body;
  const named = installsOf(body);
  if (named.length === 0) return body;
  if (!named.includes(teamId)) return undefined;
  return { ...body, team: { ...(isObject(team) && team), id: teamId }, team_id: teamId };
}

/**
 * Ids of the installs that it may be for, the likeliest first. Slack says whether it is for that of the whole organisation
 * (slack.md 10.1). If it does not, or nobody has the one that it names, the other one counts: people have the same ids in both.
 */
export function installsOf(body: Record<string, unknown>): string[] {
  const ids = [teamOf(body), organisationOf(body)];
  return (isForOrganisation(body) ? ids.toReversed() : ids).filter((id) => id !== undefined);
}

/** The install of a whole organisation gets it. */
function isForOrganisation(body: Record<string, unknown>): boolean {
  const said = authorizationOf(body)?.is_enterprise_install ?? body.is_enterprise_install;
  // Commands are forms.
  return said === true || said === 'true';
}

function teamOf({ team, team_id, context_team_id, user, view }: Record<string, unknown>): string | undefined {
  // `context_team_id`: the workspace of the install that got the event.
  const places = [context_team_id, idOf(team, 'id'), team_id, idOf(user, 'team_id'), idOf(view, 'team_id')];
  return places.find(isId);
}

export function organisationOf(body: Record<string, unknown>): string | undefined {
  const { enterprise, enterprise_id } = body;
  return [authorizationOf(body)?.enterprise_id, idOf(enterprise, 'id'), enterprise_id].find(isId);
}

/** Of an event: the install that gets it; Slack names no more than one. */
function authorizationOf({ authorizations }: Record<string, unknown>): Record<string, unknown> | undefined {
  const [first] = Array.isArray(authorizations) ? authorizations : [];
  return isObject(first) ? first : undefined;
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '';
}

function idOf(value: unknown, field: string): unknown {
  return isObject(value) ? value[field] : undefined;
}
