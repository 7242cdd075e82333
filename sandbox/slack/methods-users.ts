import { fail, type Method, missing } from './answers.ts';
import { stringOf } from './json.ts';
import { enterpriseOf, teamOf } from './organisation.ts';
import { ENTERPRISE, type State, type Team } from './state.ts';
import type { Json, JsonObject, SandboxUser } from './types.ts';

/** Slack may return fewer than asked for; this workspace never returns more than it recommends asking for. */
const PAGE = 200;

function offsetSeconds(tz: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0;
  const seconds = Number(match[2]) * 3_600 + Number(match[3]) * 60;
  return match[1] === '-' ? -seconds : seconds;
}

interface Asked {
  withLocale: boolean;
}

/** A person as methods and events give them: the locale only where it is asked for (slack.md 7.4). */
export function userJson(state: State, user: SandboxUser, { withLocale }: Asked = { withLocale: false }): JsonObject {
  const locale = withLocale && !user.deleted ? user.locale : undefined;
  const fields: Record<string, Json | undefined> = {
    ...usualJson(state, user),
    ...enterpriseOf(state, user),
    locale,
    ...user.said,
    id: user.id,
  };
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, Json] => field[1] !== undefined));
}

function usualJson(state: State, user: SandboxUser): JsonObject {
  const base = {
    id: user.id,
    team_id: state.teamId,
    name: user.name,
    deleted: user.deleted ?? false,
    is_bot: user.isBot ?? false,
    is_app_user: false,
    updated: state.updated.get(user.id) ?? 0,
  };
  const profile: JsonObject = {
    real_name: user.realName,
    display_name: user.name,
    team: state.teamId,
    ...(user.email === undefined ? {} : { email: user.email }),
  };
  // Slack says little of people who have left: no zone, no rights and no name at the top level.
  if (user.deleted) return { ...base, profile };
  return {
    ...base,
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetSeconds(user.tz, state.clock()),
    profile,
    is_admin: user.isAdmin === true || user.isOwner === true,
    is_owner: user.isOwner ?? false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
  };
}

/** Everyone in the workspace: also Slackbot, which Slack does not mark as a bot, and the app's own bot. */
function everyone(state: State): SandboxUser[] {
  const slackbot: SandboxUser = { id: 'USLACKBOT', name: 'slackbot', realName: 'Slackbot', tz: 'America/Los_Angeles' };
  const bot: SandboxUser = {
    id: state.botUserId,
    name: 'docket',
    realName: 'Docket',
    tz: 'America/Los_Angeles',
    isBot: true,
  };
  return [slackbot, bot, ...state.users.values()];
}

function askedOf(args: JsonObject): Asked {
  return { withLocale: args.include_locale === true || args.include_locale === 'true' };
}

function decodeCursor(cursor: string): number {
  const match = /^user:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  return match ? Number(match[1]) : Number.NaN;
}

/** Those of one workspace of an organisation. Who has left it is listed as deleted, though they may be in another one. */
function membersOf(state: State, team: Team | undefined): SandboxUser[] {
  if (!team) return everyone(state);
  return everyone(state).flatMap((user) => {
    if (team.left.has(user.id)) return [{ ...user, deleted: true }];
    return team.members.has(user.id) || !state.users.has(user.id) ? [user] : [];
  });
}

export const usersList: Method = (state, args) => {
  const where = teamOf(state, args);
  if ('refused' in where) return where.refused;
  const members = membersOf(state, where.team);
  const cursor = stringOf(args.cursor) ?? '';
  const start = cursor === '' ? 0 : decodeCursor(cursor);
  if (!(start >= 0 && start < members.length)) return fail('invalid_cursor');
  const asked = Number(stringOf(args.limit) ?? 0);
  if (!Number.isInteger(asked) || asked < 0 || asked > 1_000) return fail('invalid_limit');
  const end = start + Math.min(asked === 0 ? PAGE : asked, PAGE);
  const next = end < members.length ? Buffer.from(`user:${end}`).toString('base64') : '';
  return {
    ok: true,
    members: members.slice(start, end).map((user) => userJson(state, user, askedOf(args))),
    cache_ts: Math.floor(state.clock() / 1_000),
    response_metadata: { next_cursor: next },
  };
};

export const usersInfo: Method = (state, args) => {
  const id = stringOf(args.user);
  if (!id) return missing(state, 'users.info', 'user');
  const user = everyone(state).find((candidate) => candidate.id === id);
  return user ? { ok: true, user: userJson(state, user, askedOf(args)) } : fail('user_not_found');
};

/** Who has left is not found. */
export const usersLookupByEmail: Method = (state, args) => {
  const email = stringOf(args.email)?.toLowerCase();
  if (!email) return missing(state, 'users.lookupByEmail', 'email');
  const user = everyone(state).find((each) => !each.deleted && each.email?.toLowerCase() === email);
  return user ? { ok: true, user: userJson(state, user, askedOf(args)) } : fail('users_not_found');
};

/** A profile as the app reads it; who has left has no status any more. */
export const usersProfileGet: Method = (state, args) => {
  const id = stringOf(args.user);
  if (!id) return missing(state, 'users.profile.get', 'user');
  const user = everyone(state).find((candidate) => candidate.id === id);
  if (!user) return fail('user_not_found');
  const { emoji = '', text = '', expiration = 0 } = (!user.deleted && user.status) || {};
  const isOver = expiration !== 0 && expiration * 1_000 <= state.clock();
  const shown = isOver
    ? { status_emoji: '', status_text: '', status_expiration: 0 }
    : { status_emoji: emoji, status_text: text, status_expiration: expiration };
  return { ok: true, profile: { real_name: user.realName, display_name: user.name, ...shown } };
};

export const usergroupsUsersList: Method = (state, args) => {
  const id = stringOf(args.usergroup);
  if (!id) return missing(state, 'usergroups.users.list', 'usergroup');
  const where = teamOf(state, args);
  if ('refused' in where) return where.refused;
  const group = state.groups.get(id);
  const isHere = where.team === undefined || group?.teamId === stringOf(args.team_id);
  return group && isHere ? { ok: true, users: [...group.userIds] } : fail('no_such_subteam');
};

export const authTest: Method = (state) => ({
  ok: true,
  url: `https://${state.domain}.slack.com/`,
  team: state.grid === 'org' ? ENTERPRISE.name : state.teamName,
  user: 'docket',
  team_id: state.grid === 'org' ? ENTERPRISE.id : state.teamId,
  user_id: state.botUserId,
  bot_id: state.botId,
  ...(state.grid ? { enterprise_id: ENTERPRISE.id } : {}),
  is_enterprise_install: state.grid === 'org',
});
