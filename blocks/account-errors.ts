/** Failures of links, sign-ins and suggestions. */
import type { ConsentOutcome } from '../src/core/people/oauth-callback.ts';
import { explainAgain } from './reasons.ts';
import { mrkdwn } from './text.ts';

/** For requests besides lists of tasks. */
export function notReached(provider: string): string {
  return `${provider} could not be reached, so nothing was changed. Try again in a few minutes; it is safe.`;
}

export const LINKS = {
  gone: 'This suggestion is no longer there. Nothing was changed.',
  notAdmin: 'Only admins of this workspace can see who is linked. `/tasks connect` shows your own accounts.',
  notMember: 'That is no active member of this workspace, so nothing was suggested.',
  stranger: 'Docket is for the people of its own workspace, and you belong to another one. Nothing was changed.',
} as const;

export function userTaken(provider: string): string {
  return `Someone else here is linked to that user in ${provider}, so nothing was changed. Tell your admin.`;
}

/** The result of a sign-in that the rep confirmed. */
export function signInConfirmed(outcome: ConsentOutcome | undefined, provider: string): string {
  switch (outcome?.is) {
    case 'connected':
      return `*${provider} is connected.*`;
    case 'no_user':
      return outcome.why === 'taken'
        ? userTaken(provider)
        : `*Nothing was connected.* Not exactly one active user in ${provider} has the address ${mrkdwn(outcome.email ?? '(none)', 120)}. Ask your ${provider} admin to mend that, or a Slack admin to suggest the right address with \`/tasks team\`; then press Connect again.`;
    case 'failed':
      return `*Nothing was connected yet.* ${explainAgain(outcome.reason, provider)} (Reference: ${outcome.reference})`;
    default:
      return SIGN_IN.gone;
  }
}

export const SIGN_IN = {
  gone: 'That sign-in was answered already, or was forgotten after an hour. Nothing was changed; press Connect to begin again.',
  forgotten:
    '*Nothing was connected, and that sign-in is forgotten.* If you did not forward the link, tell your admin. Press Connect to sign in yourself.',
} as const;

export function connectFirst(provider: string): string {
  return `${provider} is asked as you, so connect your own account first: \`/tasks connect\`. Nothing was suggested.`;
}
