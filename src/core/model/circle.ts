/** People whom a setting names (`PILOT`, `ADMINS`): by Slack user id, by address, or by a user group of Slack's. */
export interface Named {
  userIds: readonly string[];
  /** Lower-cased. */
  emails: readonly string[];
  /** Ids of user groups, `S…`. */
  groups: readonly string[];
}

/** `unread`: entries that are none of the three. */
export function parseNamed(text: string): { named: Named } | { unread: readonly string[] } {
  const entries = text.split(',').flatMap((entry) => (entry.trim() ? [entry.trim()] : []));
  const userIds = entries.filter((entry) => /^[UW][A-Z0-9]+$/.test(entry));
  const groups = entries.filter((entry) => /^S[A-Z0-9]+$/.test(entry));
  const emails = entries.filter((entry) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(entry));
  const unread = entries.filter((entry) => ![...userIds, ...groups, ...emails].includes(entry));
  if (unread.length > 0) return { unread };
  return { named: { userIds, groups, emails: emails.map((email) => email.toLowerCase()) } };
}

/**
 * Why somebody is not served here. `pilot`: only some people try Docket out; `admins` may add them. `elsewhere`: another workspace
 * of the same organisation has their list; `workspace`: its name.
 */
export type Outside = { why: 'pilot'; admins: Named | undefined } | { why: 'elsewhere'; workspace: string | undefined };
