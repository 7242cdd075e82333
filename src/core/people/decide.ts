/**
 * What people decide about links: a rep ends one or asks for it again, an admin suggests one for someone whose addresses
 * differ, and that rep confirms or declines. Every change is in the audit.
 */

import { enqueueNotice, type NoticeDeps } from '../jobs/notices.ts';
import { ProviderError } from '../model/errors.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { LinkEventKind, LinkOrigin, LinkProblemReason, Suggestion } from '../model/people.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Tx } from '../ports/transaction.ts';
import { onlyOne } from './matching.ts';

export type LinksDeps = NoticeDeps & { providers: ReadonlyMap<ProviderId, TaskProvider> };

/** How long an admin waits for a provider's directory, in milliseconds. */
const PATIENCE = 10_000;

/** Ends a link and forgets the consent behind it; the rep is not linked again by their address until they ask for it. */
export async function unlink(deps: LinksDeps, rep: RepKey, provider: ProviderId): Promise<boolean> {
  return deps.store.transact(async (tx) => {
    const link = (await deps.store.links.of(rep, tx)).find((candidate) => candidate.provider === provider);
    await deps.store.people.decline(rep, provider, deps.clock(), tx);
    await deps.store.connections.remove(rep, provider, tx);
    if (!link) return false;
    await deps.store.links.remove(rep, provider, tx);
    const { externalId, origin } = link;
    await record(deps, rep, { provider, event: 'unlinked', by: rep.userId, externalId, origin }, tx);
    return true;
  });
}

/** Lets the directory link the rep again; whoever calls this looks them up afterwards. */
export async function allowLink(deps: LinksDeps, rep: RepKey, provider: ProviderId): Promise<void> {
  await deps.store.people.undecline(rep, provider);
}

export type SuggestResult =
  | { is: 'suggested'; suggestion: Suggestion }
  | { is: 'refused'; why: LinkProblemReason | 'no_user' }
  | { is: 'unreachable'; error: ProviderError };

/** Whoever calls this has made sure that `by` is an admin, and that the rep is known. */
export async function suggestLink(
  deps: LinksDeps,
  by: RepKey,
  rep: RepKey,
  provider: TaskProvider,
  email: string,
): Promise<SuggestResult> {
  const address = email.trim().toLowerCase();
  try {
    const options = { priority: 'person', as: by, signal: AbortSignal.timeout(PATIENCE) } as const;
    const user = onlyOne((await provider.findUsers([address], options)).get(address) ?? []);
    if (user === undefined || typeof user === 'string') return { is: 'refused', why: user ?? 'no_user' };
    const holders = await deps.store.links.holders(rep.teamId, provider.id, user.externalId);
    if (holders.some(({ userId }) => userId !== rep.userId)) return { is: 'refused', why: 'taken' };
    const suggestion = {
      teamId: rep.teamId,
      userId: rep.userId,
      provider: provider.id,
      externalId: user.externalId,
      email: address,
      name: user.name ?? address,
      suggestedBy: by.userId,
      suggestedAt: deps.clock(),
    } satisfies Suggestion;
    await deps.store.transact(async (tx) => {
      await deps.store.people.suggest(suggestion, tx);
      const { externalId } = user;
      const line = {
        provider: provider.id,
        event: 'suggested',
        by: by.userId,
        externalId,
        origin: 'suggestion',
      } as const;
      await record(deps, rep, line, tx);
      const key = `suggestion:${provider.id}:${rep.teamId}:${rep.userId}:${suggestion.suggestedAt}`;
      await enqueueNotice(deps, key, rep, { about: 'suggestion', suggestion }, tx);
    });
    return { is: 'suggested', suggestion };
  } catch (error) {
    if (error instanceof ProviderError) return { is: 'unreachable', error };
    throw error;
  }
}

/** The suggestion that a rep read. Another may have replaced it since, and to that one they have not answered. */
export type SuggestionRef = Pick<Suggestion, 'provider' | 'suggestedAt'>;

/** `consent`: the rep has to sign in at the provider now, and then this suggestion says who they are there. */
export type ConfirmResult = 'linked' | 'taken' | 'gone' | { consent: Suggestion };

export async function confirmSuggestion(deps: LinksDeps, rep: RepKey, ref: SuggestionRef): Promise<ConfirmResult> {
  return deps.store.transact(async (tx) => {
    const suggestion = await findSuggestion(deps, rep, ref, tx);
    if (!suggestion) return 'gone';
    if (deps.providers.get(ref.provider)?.consent) return { consent: suggestion };
    return (await takeUser(deps, rep, suggestion, 'suggestion', tx)) ? 'linked' : 'taken';
  });
}

export async function declineSuggestion(deps: LinksDeps, rep: RepKey, ref: SuggestionRef): Promise<boolean> {
  return deps.store.transact(async (tx) => {
    const suggestion = await findSuggestion(deps, rep, ref, tx);
    if (!suggestion) return false;
    const { provider, externalId } = suggestion;
    await deps.store.people.dropSuggestion(rep, provider, tx);
    await record(deps, rep, { provider, event: 'declined', by: rep.userId, externalId }, tx);
    return true;
  });
}

async function findSuggestion(
  { store }: Pick<LinksDeps, 'store'>,
  rep: RepKey,
  { provider, suggestedAt }: SuggestionRef,
  tx: Tx,
): Promise<Suggestion | undefined> {
  const open = await store.people.suggestions(rep, tx);
  return open.find((each) => each.provider === provider && each.suggestedAt === suggestedAt);
}

/** Links a rep by their own decision; false when another rep has that user. */
export async function takeUser(
  deps: Pick<LinksDeps, 'store' | 'clock'>,
  rep: RepKey,
  user: { provider: ProviderId; externalId: string; email: string | undefined },
  origin: LinkOrigin,
  tx: Tx,
): Promise<boolean> {
  const { provider, externalId, email } = user;
  const { links, people } = deps.store;
  const holders = await links.holders(rep.teamId, provider, externalId, tx);
  if (holders.some(({ userId }) => userId !== rep.userId)) return false;
  const key = { teamId: rep.teamId, userId: rep.userId };
  await links.save({ ...key, provider, externalId, email, origin, linkedAt: deps.clock() }, tx);
  await people.undecline(key, provider, tx);
  await people.dropSuggestion(key, provider, tx);
  await record(deps, key, { provider, event: 'linked', by: rep.userId, externalId, origin }, tx);
  return true;
}

async function record(
  { store, clock }: Pick<LinksDeps, 'store' | 'clock'>,
  { teamId, userId }: RepKey,
  line: { provider: ProviderId; event: LinkEventKind; by: string; externalId?: string; origin?: LinkOrigin },
  tx: Tx,
): Promise<void> {
  const { provider, event, by, externalId, origin } = line;
  await store.people.record({ teamId, userId, provider, event, by, externalId, origin, at: clock() }, tx);
}
