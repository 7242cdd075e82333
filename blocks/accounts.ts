/** A rep's accounts at the providers: how each is linked, and what they can do about it. For Home and `/tasks connect`. */
import type { LinkOrigin, Suggestion } from '../src/core/model/people.ts';
import type { AccountState, ProviderState } from '../src/core/people/accounts.ts';
import { encodeSuggestion } from './account-ids.ts';
import { actions, type Block, button, confirm, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { distance, mrkdwn, type Reader } from './text.ts';

/**
 * `signIn` has a URL for each provider where the rep has to sign in. Home stays on screen for longer than the day that a URL
 * lives, so it has none: its button asks for one.
 */
export function accountBlocks(
  state: AccountState,
  reader: Reader,
  signIn: ReadonlyMap<string, string> = new Map(),
): Block[] {
  return state.providers.flatMap((provider) => {
    const account = section(accountText(state, provider, reader), accountButton(state, provider, signIn));
    const suggestion = state.suggestions.find((each) => each.provider === provider.id);
    return [
      account,
      ...signInAgain(state, provider),
      ...(suggestion ? suggestionBlocks(suggestion, provider.name) : []),
    ];
  });
}

/** `*Gong*: linked by your address …, last reached 5 minutes ago.` */
export function accountText(state: AccountState, provider: ProviderState, reader: Reader): string {
  const { id, name } = provider;
  const link = state.links.find((each) => each.provider === id);
  if (!link) return `*${name}*: ${notLinked(state, provider)}`;
  if (provider.ended) return `*${name}*: your connection has ended. Sign in again to bring its tasks back.`;
  const reached =
    link.lastListedAt === undefined ? 'not asked yet' : `last reached ${distance(link.lastListedAt, reader)} ago`;
  const how = {
    address: 'linked by your address',
    consent: 'connected by you as',
    suggestion: 'linked, as you confirmed, as',
  };
  return `*${name}*: ${how[link.origin satisfies LinkOrigin]} ${mrkdwn(link.email ?? state.rep.email ?? '(none)', 120)}, ${reached}.`;
}

function notLinked(state: AccountState, { name, consent, declined }: ProviderState): string {
  if (consent) return `not connected. ${name} asks for your own consent: sign in there once.`;
  if (declined) return 'not linked, as you chose.';
  if (state.rep.email === undefined) return 'not linked. Slack shows Docket no e-mail address for you.';
  return `not linked. No one active user of ${name} has your address ${mrkdwn(state.rep.email, 120)}.`;
}

function accountButton(state: AccountState, provider: ProviderState, signIn: ReadonlyMap<string, string>) {
  const { id, name, consent, ended } = provider;
  const linked = state.links.some((link) => link.provider === id);
  if (consent && (!linked || ended))
    return signInButton(id, linked ? `Sign in to ${name} again` : `Connect ${name}`, signIn.get(id));
  if (!linked) return button(ACTION.connect, 'Look again', id, { label: `Look for your ${name} account again` });
  const consequence = `Your ${name} tasks no longer come to Slack, and nothing is changed in ${name}. You can link it again at any time.`;
  return button(ACTION.unlink, 'Unlink', id, {
    label: `Unlink ${name}`,
    confirm: confirm(`Unlink ${name}?`, consequence, 'Unlink'),
  });
}

/** A connection may be broken although Docket believes it alive, so the rep can always sign in again. */
function signInAgain(state: AccountState, { id, name, consent, ended }: ProviderState): Block[] {
  if (!consent || ended || !state.links.some((link) => link.provider === id)) return [];
  return [actions([button(ACTION.consent, 'Sign in again', id, { label: `Sign in to ${name} again` })])];
}

function signInButton(id: string, text: string, url: string | undefined) {
  return url === undefined
    ? button(ACTION.consent, text, id, { style: 'primary' })
    : button(ACTION.consentUrl, text, id, { style: 'primary', url });
}

/** Only the rep can say whether a suggestion is right. It is also sent as a message of its own. */
export function suggestionBlocks(suggestion: Suggestion, provider: string): Block[] {
  return [
    section(suggestionText(suggestion, provider)),
    actions([
      button(ACTION.confirmLink, 'Yes, this is me', encodeSuggestion(suggestion), { style: 'primary' }),
      button(ACTION.declineLink, 'Not me', encodeSuggestion(suggestion)),
    ]),
  ];
}

export function suggestionText(suggestion: Suggestion, provider: string): string {
  const { name, email, suggestedBy } = suggestion;
  const who = [`*${mrkdwn(name, 80)}*`, email ? `(${mrkdwn(email, 120)})` : ''].filter(Boolean).join(' ');
  // A mention, because `suggestedBy` is a Slack id.
  return `<@${mrkdwn(suggestedBy, 40)}> suggests that you are ${who} in ${provider}. Nothing is linked before you say so.`;
}
