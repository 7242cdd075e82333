/** A rep's links: looking again, signing in, unlinking, and answering an admin's suggestion. */
import type { App, BlockAction } from '@slack/bolt';
import { accountBlocks } from '../../../blocks/accounts.ts';
import { consentModal } from '../../../blocks/consent-modal.ts';
import { section } from '../../../blocks/elements.ts';
import { LINKS, notReached, SIGN_IN, signInConfirmed, userTaken } from '../../../blocks/errors.ts';
import { ACTION, decodeProvider, decodeSignIn, decodeSuggestion } from '../../../blocks/ids.ts';
import type { Rep, Suggestion } from '../../core/model/people.ts';
import { allowLink, confirmSuggestion, declineSuggestion, unlink } from '../../core/people/decide.ts';
import { confirmSignIn, connectLink, rejectSignIn } from '../../core/people/sign-in.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import { Click } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import type { SlackContext } from './context.ts';
import { showHome } from './home.ts';
import { type ActionArgs, openModal, orApologise, respondOf, tell, tellRefusal } from './replies.ts';
import { accountState, identify, known } from './reps.ts';

export function registerAccounts(app: App, context: SlackContext): void {
  type Work = (args: ActionArgs, click: Click, provider: TaskProvider) => Promise<void>;
  const on = (action: string, work: Work) =>
    app.action<BlockAction>(action, async (args) => {
      const click = Click.parse(args.body);
      await args.ack();
      const named = decodeSuggestion(click.value) ?? decodeSignIn(click.value);
      const id = decodeProvider(click.value) ?? named?.provider;
      const provider = context.providers.get(id ?? '');
      await orApologise(context, click.clicker, respondOf(args), () =>
        provider
          ? work(args, click, provider)
          : tellRefusal(context, click.clicker, { why: 'unknown_row' }, respondOf(args)),
      );
    });
  on(ACTION.connect, (args, click, provider) => lookAgain(context, args, click, provider));
  on(ACTION.consent, async (args, click, provider) => {
    await known(context, click.clicker);
    await openConsent(context, args, click, provider);
  });
  on(ACTION.unlink, async (args, click, provider) => {
    const ended = await unlink(context, click.clicker, provider.id);
    const said = ended ? `${provider.name} is unlinked.` : `${provider.name} was not linked.`;
    await showAccounts(context, args, click, said);
  });
  on(ACTION.confirmLink, (args, click, provider) => confirm(context, args, click, provider));
  on(ACTION.declineLink, async (args, click) => {
    const ref = decodeSuggestion(click.value);
    const declined = ref !== undefined && (await declineSuggestion(context, click.clicker, ref));
    await showAccounts(context, args, click, declined ? 'The suggestion is gone. Nothing was linked.' : LINKS.gone);
  });
  on(ACTION.confirmSignIn, (args, click, provider) => confirmIn(context, args, click, provider));
  on(ACTION.rejectSignIn, async (args, click) => {
    const ref = decodeSignIn(click.value);
    const forgotten = ref !== undefined && (await rejectSignIn(context, click.clicker, ref));
    await showAccounts(context, args, click, forgotten ? SIGN_IN.forgotten : SIGN_IN.gone);
  });
  // The browser opens the link; Slack only tells us that it was pressed, and from where.
  app.action<BlockAction>(ACTION.consentLink, async (args) => {
    const { clicker } = Click.parse(args.body);
    await args.ack();
    const respond = respondOf(args);
    if (respond) context.signIns.remember(clicker, respond);
  });
}

async function lookAgain(context: SlackContext, args: ActionArgs, click: Click, provider: TaskProvider): Promise<void> {
  await allowLink(context, click.clicker, provider.id);
  const { links, unreachable } = await identify(context, click.clicker, { again: true });
  const linked = links.some((link) => link.provider === provider.id);
  const missing = unreachable.includes(provider.name)
    ? notReached(provider.name)
    : `${provider.name} still has no one active user with your address.`;
  await showAccounts(context, args, click, linked ? `${provider.name} is linked.` : missing);
}

async function confirm(context: SlackContext, args: ActionArgs, click: Click, provider: TaskProvider): Promise<void> {
  const ref = decodeSuggestion(click.value);
  const result = ref ? await confirmSuggestion(context, click.clicker, ref) : 'gone';
  if (typeof result === 'object') return openConsent(context, args, click, provider, result.consent);
  const said = {
    linked: `${provider.name} is linked. \`/tasks\` shows your tasks there.`,
    taken: userTaken(provider.name),
    gone: LINKS.gone,
  };
  await showAccounts(context, args, click, said[result]);
}

async function confirmIn(context: SlackContext, args: ActionArgs, click: Click, provider: TaskProvider): Promise<void> {
  const ref = decodeSignIn(click.value);
  const outcome = ref && (await confirmSignIn(context, click.clicker, provider, ref));
  const said = signInConfirmed(outcome, provider.name);
  // The question stays, so that it can be answered again.
  if (outcome?.is === 'failed') return tell(context, click.clicker, respondOf(args), said);
  context.wake();
  await showAccounts(context, args, click, said);
  if (outcome?.is === 'connected') await showHome(context, click.clicker);
}

async function openConsent(
  context: SlackContext,
  args: ActionArgs,
  click: Click,
  provider: TaskProvider,
  confirmed?: Suggestion,
): Promise<void> {
  const url = await connectLink(context, click.clicker, provider, confirmed);
  await openModal(context, args, click, consentModal(provider, url));
}

/** Where the click came from: Home is made anew, a message gives way to how the accounts stand now. */
async function showAccounts(context: SlackContext, args: ActionArgs, click: Click, said: string): Promise<void> {
  const respond = respondOf(args);
  if (!respond) return showHome(context, click.clicker);
  const { rep } = await identify(context, click.clicker);
  await sayAccounts(context, rep, respond, said, { replace: true });
}

/** A rep is back from signing in: the message from which they went shows it, and so does Home. */
export async function showConnected(context: SlackContext, rep: Rep, provider: string): Promise<void> {
  const respond = context.signIns.take(rep);
  if (respond) await sayAccounts(context, rep, respond, `*${provider} is connected.*`, { replace: true });
  await showHome(context, rep);
}

/** Every account with what can be done about it; links to sign in are made now, and live for a day. */
export async function sayAccounts(
  context: SlackContext,
  rep: Rep,
  respond: Respond,
  said: string,
  { replace }: { replace: boolean },
): Promise<void> {
  const state = await accountState(context, rep);
  const signIn = new Map<string, string>();
  for (const { id, consent, ended } of state.providers) {
    const provider = context.providers.get(id);
    const linked = state.links.some((link) => link.provider === id);
    if (provider && consent && (!linked || ended)) signIn.set(id, await connectLink(context, rep, provider));
  }
  const reader = { now: context.clock(), zone: rep.zone };
  await respond({
    response_type: 'ephemeral',
    replace_original: replace,
    text: said,
    blocks: [section(said), ...accountBlocks(state, reader, signIn)],
  });
}
