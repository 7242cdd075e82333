/** While only some people try Docket out (`PILOT`). */
import type { Named } from '../src/core/model/circle.ts';
import { mention, mrkdwn } from './text.ts';

/** `admins`: whom the operator named; undefined: the workspace's own. */
export function outsideText(admins: Named | undefined): string {
  const named = admins ? [...admins.userIds.map(mention), ...admins.emails.map((email) => mrkdwn(email, 120))] : [];
  const whom = named.length > 0 ? named.slice(0, 3).join(' or ') : 'an admin of this workspace';
  return `Docket is being tried out by some people first, and you are not one of them yet: ask ${whom} to add you.`;
}
