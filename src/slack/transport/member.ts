/**
 * Parses Slack's users (users.list, users.info, user_change, team_join). Any field may be absent, null or of another
 * type (slack.md 7), and is then not known. Only the id is required, so that a bad field never hides that a person
 * left.
 */
import { z } from 'zod';
import type { Member } from '../../core/ports/directory.ts';

const Text = said(z.string().trim().min(1));
const Flag = said(z.boolean());
const LONGEST_LOCALE = 35;

const SlackUser = z.object({
  id: z.string().min(1),
  team_id: Text,
  enterprise_user: said(
    z.object({ enterprise_id: Text, is_admin: Flag, is_owner: Flag, teams: said(z.array(z.unknown())) }),
  ),
  deleted: Flag,
  is_bot: Flag,
  is_stranger: Flag,
  is_admin: Flag,
  is_owner: Flag,
  tz: Text,
  /** In seconds. */
  tz_offset: said(z.number()),
  /** Only where it is asked for, and in some events (slack.md 7.4). */
  locale: said(z.string().trim().max(LONGEST_LOCALE).refine(isLocale)),
  name: Text,
  real_name: Text,
  profile: said(z.object({ email: Text, real_name: Text, display_name: Text })),
});
type SlackUser = z.infer<typeof SlackUser>;

function said<T extends z.ZodType>(type: T) {
  return type.optional().catch(undefined);
}

/** Well-formed. A malformed one says nothing, so what is known stays. */
function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** Slack does not mark it as a bot. */
const SLACKBOT = 'USLACKBOT';

/**
 * `teamId`: of the workspace, or of the organisation. `listedIn`: the workspace of the organisation in whose list it stands.
 * undefined: a bot, a stranger from a shared channel, or an entry without an id.
 */
export function toMember(raw: unknown, teamId: string, listedIn = teamId): Member | undefined {
  const user = SlackUser.safeParse(raw).data;
  if (!user || user.is_bot || user.id === SLACKBOT) return undefined;
  // A rep may have become a stranger and then left; leaving counts.
  if (user.is_stranger && !user.deleted) return undefined;
  const elsewhere = user.is_stranger === true || isElsewhere(user, [teamId, listedIn]);
  const email = user.profile?.email?.toLowerCase();
  return {
    userId: user.id,
    name: user.profile?.real_name ?? user.real_name ?? user.profile?.display_name ?? user.name,
    email: email?.includes('@') ? email : undefined,
    zone: user.tz,
    zoneOffset: user.tz_offset === undefined ? undefined : user.tz_offset * 1_000,
    locale: user.locale,
    active: user.deleted === undefined ? undefined : !user.deleted,
    admin: !elsewhere && (isAdmin(user) || isOrganisations(user, teamId)),
    elsewhere,
  };
}

function isAdmin({ is_admin, is_owner }: { is_admin?: boolean | undefined; is_owner?: boolean | undefined }): boolean {
  return is_admin === true || is_owner === true;
}

/** An admin of the whole organisation, where that has installed the app. */
function isOrganisations({ enterprise_user }: SlackUser, teamId: string): boolean {
  return enterprise_user?.enterprise_id === teamId && isAdmin(enterprise_user);
}

/** On Grid, `team_id` is the home workspace, `enterprise_user.teams` lists all, and `enterprise_id` is the organisation. */
function isElsewhere({ team_id, enterprise_user }: SlackUser, ours: readonly string[]): boolean {
  const { enterprise_id, teams = [] } = enterprise_user ?? {};
  const named = [team_id, ...teams].filter((id) => id !== undefined);
  return named.length > 0 && ![...named, enterprise_id].some((id) => ours.some((our) => our === id));
}
