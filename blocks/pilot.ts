/** The words for somebody who is not served here. */
import type { Named, Outside } from '../src/core/model/circle.ts';
import { mention, mrkdwn } from './text.ts';

export function outsideText(outside: Outside): string {
  return outside.why === 'pilot' ? pilotText(outside.admins) : elsewhereText(outside.workspace);
}

function elsewhereText(workspace: string | undefined): string {
  const where = workspace === undefined ? 'another workspace' : `*${mrkdwn(workspace, 80)}*`;
  return `Your list and your digest are in ${where}: type /tasks there. You have one of each in your organisation, in the workspace that found you first. If you leave it, they come here within a day.`;
}

/** `admins`: whom the operator named; undefined: the workspace's own. */
function pilotText(admins: Named | undefined): string {
  const named = admins ? [...admins.userIds.map(mention), ...admins.emails.map((email) => mrkdwn(email, 120))] : [];
  const whom = named.length > 0 ? named.slice(0, 3).join(' or ') : 'an admin of this workspace';
  return `Docket is being tried out by some people first, and you are not one of them yet: ask ${whom} to add you.`;
}
