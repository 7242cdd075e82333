/**
 * Why something failed, for each reason: what happened, what the rep can do, and whether it is safe to try again. A rep never
 * reads what a provider or Slack wrote themselves.
 */
import type { FailureReason } from '../src/core/model/action.ts';

/** `pointless` gets no Retry; `by itself`: Docket goes on once the cause is gone. */
type Again = 'safe' | 'safe, later' | 'safe, once that changed' | 'by itself' | 'pointless';

interface Explanation {
  happened: string;
  /** Besides trying again. */
  todo?: string;
  again: Again;
}

const AGAIN: Record<Again, string> = {
  safe: 'Retry is safe: it cannot happen twice.',
  'safe, later': 'Retry in a few minutes is safe.',
  'safe, once that changed': 'Retry is safe, and helps once that has changed.',
  'by itself': 'Docket then does this by itself.',
  pointless: 'Nothing was changed.',
};

const EXPLANATIONS: Record<FailureReason, (provider: string) => Explanation> = {
  rate_limited: (provider) => ({
    happened: `${provider} is getting too many requests from your company right now.`,
    again: 'safe, later',
  }),
  away: (provider) => ({ happened: `${provider} is not answering just now.`, again: 'safe' }),
  unavailable: (provider) => ({ happened: `${provider} did not answer.`, again: 'safe' }),
  unreadable: (provider) => ({ happened: `${provider} sent an answer that we could not read.`, again: 'safe' }),
  auth: (provider) => ({
    happened: `${provider} refused Docket's credentials.`,
    todo: 'Ask your Docket admin to renew them.',
    again: 'by itself',
  }),
  disconnected: (provider) => ({
    happened: `Your ${provider} connection has ended.`,
    todo: 'Type `/tasks connect` and sign in again.',
    again: 'by itself',
  }),
  not_enabled: (provider) => ({
    happened: `The tasks API is not enabled for your ${provider} account.`,
    todo: `Ask your ${provider} admin.`,
    again: 'safe, once that changed',
  }),
  forbidden: (provider) => ({
    happened: `${provider} does not let Docket change this task.`,
    todo: 'It may be someone else’s now; look there.',
    again: 'safe, once that changed',
  }),
  not_found: (provider) => ({
    happened: `${provider} no longer has this task for you: it was deleted, or given to someone else.`,
    again: 'safe, once that changed',
  }),
  invalid: (provider) => ({
    happened: `${provider} refused this change.`,
    todo: `Choose another action, or make the change in ${provider}.`,
    again: 'safe, once that changed',
  }),
  immovable: (provider) => ({
    happened: `${provider} lets no app move this task: it has no text, or starts when it is due.`,
    todo: `Move it in ${provider} itself.`,
    again: 'pointless',
  }),
  conflict: (provider) => ({
    happened: `The task was changed in ${provider} since, so this no longer fits and was left alone.`,
    todo: 'Look there.',
    again: 'safe',
  }),
  not_linked: (provider) => ({
    happened: `Your ${provider} account is no longer linked.`,
    todo: 'Type `/tasks connect`.',
    again: 'safe, once that changed',
  }),
  expired: (provider) => ({
    happened: `The time that you chose had passed before this could go to ${provider}.`,
    todo: 'Choose another one.',
    again: 'pointless',
  }),
  unexpected: () => ({ happened: 'Something broke in Docket, and your admin can see what.', again: 'safe' }),
};

export function happened(reason: FailureReason, provider: string): string {
  return EXPLANATIONS[reason](provider).happened;
}

/** Two or three short sentences. */
export function explain(reason: FailureReason, provider: string): string {
  const { happened, todo, again } = EXPLANATIONS[reason](provider);
  return [happened, todo, AGAIN[again]].filter(Boolean).join(' ');
}

/** As `explain`, where there is no Retry button: the rep repeats what they did. */
export function explainAgain(reason: FailureReason, provider: string): string {
  const { happened, todo, again } = EXPLANATIONS[reason](provider);
  const said = again === 'by itself' ? 'Then try again: it is safe.' : AGAIN[again].replace('Retry', 'Trying again');
  return [happened, todo, said].filter(Boolean).join(' ');
}

export function isRetryUseful(reason: FailureReason): boolean {
  return EXPLANATIONS[reason]('').again !== 'pointless';
}
