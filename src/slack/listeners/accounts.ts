/** A rep's accounts: linking, signing in, unlinking, and answering an admin's suggestion. */
import type { App, BlockAction } from '@slack/bolt';
import { LINKS, notReached, SIGN_IN, signInConfirmed, userTaken } from '../../../blocks/account-errors.ts';
import { decodeConnect, decodeSignIn, decodeSuggestion } from '../../../blocks/account-ids.ts';
import { accountBlocks } from '../../../blocks/accounts.ts';
import { consentModal } from '../../../blocks/consent-modal.ts';
import { section } from '../../../blocks/elements.ts';
import { ACTION, decodeProvider } from '../../../blocks/ids.ts';
import { outsideText } from '../../../blocks/pilot.ts';
import type { Views } from '../../core/digests/views.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Rep, Suggestion } from '../../core/model/people.ts';
import type { LinkDecisions } from '../../core/people/decide.ts';
import type { People } from '../../core/people/people.ts';
import type { SignIns } from '../../core/people/sign-in.ts';
import type { Providers, TaskProvider } from '../../core/ports/provider.ts';
import type { LeftMessages } from '../screen/left-messages.ts';
import { Click } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import type { Home } from './home.ts';
import { type ActionArgs, type Replies, respondOf } from './replies.ts';

interface AccountDeps {
  signIns: SignIns;
  people: People;
  providers: Providers;
  home: Home;
  left: LeftMessages;
  /** By the provider's name. */
  showConnection(rep: RepKey, provider: string): Promise<void>;
}

export type Accounts = ReturnType<typeof createAccounts>;

export function createAccounts({ signIns, people, providers, home, left, showConnection }: AccountDeps) {
  const accounts = {
    /** All accounts with their buttons. Sign-in links are made now, and live for a day. */
    async say(rep: Rep, respond: Respond, said: string, { replace }: { replace: boolean }): Promise<void> {
      const state = await people.accounts(rep);
      const signIn = new Map<string, string>();
      for (const { id, consent, ended } of state.providers) {
        const provider = providers.get(id);
        const linked = state.links.some((link) => link.provider === id);
        if (provider && consent && (!linked || ended)) signIn.set(id, await signIns.link(rep, provider));
      }
      const blocks = [section(said), ...accountBlocks(state, await people.readerOf(rep), signIn)];
      await respond({ response_type: 'ephemeral', replace_original: replace, text: said, blocks });
    },
    /** Updates Home, and replaces the clicked message. */
    async show(clicker: RepKey, respond: Respond | undefined, said: string): Promise<void> {
      if (!respond) return home.show(clicker);
      const { rep } = await people.identify(clicker);
      await accounts.say(rep, respond, said, { replace: true });
      await home.update(clicker);
    },
    /** After a sign-in: updates the message that the rep came from, and Home. */
    async showConnected(rep: Rep, provider: string): Promise<void> {
      const respond = left.take(rep);
      if (respond) await accounts.say(rep, respond, `*${provider} is connected.*`, { replace: true });
      await Promise.all([home.show(rep), showConnection(rep, provider)]);
    },
  };
  return accounts;
}

interface AccountParts {
  views: Pick<Views, 'own'>;
  links: LinkDecisions;
  signIns: SignIns;
  people: People;
  providers: Providers;
  left: LeftMessages;
  accounts: Accounts;
  replies: Replies;
  wake(): void;
}

interface Press extends Pick<Click, 'clicker' | 'value'> {
  args: ActionArgs;
  click: Click;
  provider: TaskProvider;
}

/** The text above the accounts afterwards; undefined: answered already. */
type Answer = Promise<string | undefined>;

export function registerAccounts(app: App, parts: AccountParts): void {
  const on = (action: string, work: (press: Press) => Answer) =>
    app.action<BlockAction>(action, (args) => takePress(parts, args, work));
  on(ACTION.connect, (press) => lookAgain(parts, press));
  on(ACTION.consent, async (press) => {
    await parts.people.known(press.clicker);
    return openConsent(parts, press);
  });
  on(ACTION.unlink, async ({ clicker, provider: { id, name } }) => {
    return (await parts.links.unlink(clicker, id)) ? `${name} is unlinked.` : `${name} was not linked.`;
  });
  on(ACTION.confirmLink, (press) => confirmLink(parts, press));
  on(ACTION.declineLink, async ({ clicker, value }) => {
    const ref = decodeSuggestion(value);
    const declined = ref !== undefined && (await parts.links.decline(clicker, ref));
    return declined ? 'The suggestion is gone. Nothing was linked.' : LINKS.gone;
  });
  on(ACTION.confirmSignIn, (press) => confirmSignIn(parts, press));
  on(ACTION.rejectSignIn, async ({ clicker, value }) => {
    const ref = decodeSignIn(value);
    const forgotten = ref !== undefined && (await parts.signIns.reject(clicker, ref));
    return forgotten ? SIGN_IN.forgotten : SIGN_IN.gone;
  });
  // The browser opens the link; Slack only reports the click.
  app.action<BlockAction>(ACTION.consentUrl, async (args) => {
    const { clicker } = Click.parse(args.body);
    await args.ack();
    const respond = respondOf(args);
    if (respond) parts.left.remember(clicker, respond);
  });
}

async function takePress(parts: AccountParts, args: Press['args'], work: (press: Press) => Answer): Promise<void> {
  const { providers, replies, accounts } = parts;
  const click = Click.parse(args.body);
  await args.ack();
  const { clicker, value } = click;
  const named = decodeSuggestion(value) ?? decodeSignIn(value);
  const list = decodeConnect(value);
  const provider = providers.get(list?.provider ?? decodeProvider(value) ?? named?.provider ?? '');
  const respond = respondOf(args);
  await replies.orApologise(clicker, respond, async () => {
    if (!provider) return replies.tellRefusal(clicker, { why: 'unknown_row' }, respond);
    // From a message of the time when they were in the pilot.
    const outside = await parts.people.outside(clicker);
    if (outside) return replies.tell(clicker, respond, outsideText(outside));
    // So that the list can say that it is connected.
    if (list && (await parts.views.own(clicker, list.messageId))) replies.keepResponseUrl(args, list.messageId);
    const said = await work({ args, click, clicker, value, provider });
    if (said !== undefined) await accounts.show(clicker, respond, said);
  });
}

async function lookAgain({ links, people }: AccountParts, { clicker, provider: { id, name } }: Press): Answer {
  await links.allow(clicker, id);
  const known = await people.identify(clicker, { again: true });
  if (known.links.some((link) => link.provider === id)) return `${name} is linked.`;
  if (known.unreachable.includes(name)) return notReached(name);
  return `${name} still has no one active user with your address.`;
}

async function confirmLink(parts: AccountParts, press: Press): Answer {
  const ref = decodeSuggestion(press.value);
  const result = ref ? await parts.links.confirm(press.clicker, ref) : 'gone';
  if (typeof result === 'object') return openConsent(parts, press, result.consent);
  const { name } = press.provider;
  const said = {
    linked: `${name} is linked. \`/tasks\` shows your tasks there.`,
    taken: userTaken(name),
    gone: LINKS.gone,
  };
  return said[result];
}

async function confirmSignIn({ signIns, replies, accounts, wake }: AccountParts, press: Press): Answer {
  const { args, clicker, value, provider } = press;
  const ref = decodeSignIn(value);
  const outcome = ref && (await signIns.confirm(clicker, provider, ref));
  const said = signInConfirmed(outcome, provider.name);
  // The question stays for another answer.
  if (outcome?.is === 'failed') return void (await replies.tell(clicker, respondOf(args), said));
  wake();
  if (outcome?.is === 'connected') await accounts.showConnected(outcome.rep, provider.name);
  return said;
}

async function openConsent({ signIns, replies }: AccountParts, press: Press, confirmed?: Suggestion): Answer {
  const { args, click, clicker, provider } = press;
  const url = await signIns.link(clicker, provider, confirmed);
  await replies.openModal(args, click, consentModal(provider, url));
  return undefined;
}
