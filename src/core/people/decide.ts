/**
 * What people decide about links: a rep ends one or asks for it again, an admin suggests one for someone whose addresses
 * differ, and that rep confirms or declines. Every change is in the audit.
 */
import { enqueueNotice } from '../jobs/notices.ts';
import { ProviderError } from '../model/errors.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { LinkEventKind, LinkOrigin, LinkProblemReason, Rep, Suggestion } from '../model/people.ts';
import type { Directory } from '../ports/directory.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';
import { onlyOne } from './matching.ts';
import { isOurs, type SaveRep } from './reps.ts';

interface LinksDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  directory: Directory;
  clock: Clock;
  saveRep: SaveRep;
}

export interface LinkDecisions {
  /** Ends a link and forgets the consent behind it; the rep is not linked again by their address until they ask for it. */
  unlink(rep: RepKey, provider: ProviderId): Promise<boolean>;
  /** Lets the directory link the rep again; whoever calls this looks them up afterwards. */
  allow(rep: RepKey, provider: ProviderId): Promise<void>;
  /** An admin's proposal. Throws `DeliveryError` when Slack cannot be asked about the two people. */
  suggest(by: RepKey, userId: string, provider: TaskProvider, email: string): Promise<SuggestResult>;
  confirm(rep: RepKey, ref: SuggestionRef): Promise<ConfirmResult>;
  decline(rep: RepKey, ref: SuggestionRef): Promise<boolean>;
}

export function createLinkDecisions(deps: LinksDeps): LinkDecisions {
  return {
    unlink: (rep, provider) => unlink(deps, rep, provider),
    allow: (rep, provider) => deps.store.people.undecline(rep, provider),
    suggest: (by, userId, provider, email) => suggest(deps, by, userId, { provider, email }),
    confirm: (rep, ref) => confirm(deps, rep, ref),
    decline: (rep, ref) => decline(deps, rep, ref),
  };
}

/** How long an admin waits for a provider's directory, in milliseconds. */
const LOOKUP_TIMEOUT_MS = 10_000;

async function unlink(deps: LinksDeps, rep: RepKey, provider: ProviderId): Promise<boolean> {
  return deps.store.transact(async (tx) => {
    const link = await deps.store.links.find(rep, provider, tx);
    await deps.store.people.decline(rep, provider, deps.clock(), tx);
    await deps.store.connections.remove(rep, provider, tx);
    if (!link) return false;
    await deps.store.links.remove(rep, provider, tx);
    const { externalId, origin } = link;
    await record(deps, { ...rep, provider }, { event: 'unlinked', by: rep.userId, externalId, origin }, tx);
    return true;
  });
}

export type SuggestResult =
  | { is: 'suggested'; rep: Rep; suggestion: Suggestion }
  /** `by` is no admin, or the person is nobody of this workspace. */
  | { is: 'not_admin' | 'not_member' }
  | { is: 'refused'; why: LinkProblemReason | 'no_user' }
  | { is: 'unreachable'; error: ProviderError };

/** Asked of Slack each time: someone may have stopped being an admin since. */
export async function isAdmin({ directory }: { directory: Directory }, key: RepKey): Promise<boolean> {
  const member = await directory.member(key);
  return member !== undefined && member.active !== false && member.admin;
}

interface Proposal {
  provider: TaskProvider;
  email: string;
}

async function suggest(deps: LinksDeps, by: RepKey, userId: string, proposal: Proposal): Promise<SuggestResult> {
  if (!(await isAdmin(deps, by))) return { is: 'not_admin' };
  const key = { teamId: by.teamId, userId };
  const member = await deps.directory.member(key);
  const isMember = member && member.active !== false && isOurs(member, await deps.store.reps.find(key));
  if (!isMember) return { is: 'not_member' };
  const rep = await deps.saveRep({ teamId: by.teamId, ...member });
  try {
    return await suggestUser(deps, by, rep, proposal);
  } catch (error) {
    if (error instanceof ProviderError) return { is: 'unreachable', error };
    throw error;
  }
}

async function suggestUser(
  deps: LinksDeps,
  by: RepKey,
  rep: Rep,
  { provider, email }: Proposal,
): Promise<SuggestResult> {
  const address = email.trim().toLowerCase();
  const options = { priority: 'person', as: by, signal: AbortSignal.timeout(LOOKUP_TIMEOUT_MS) } as const;
  const user = onlyOne((await provider.findUsers([address], options)).get(address) ?? []);
  if (user === undefined || typeof user === 'string') return { is: 'refused', why: user ?? 'no_user' };
  const { externalId, name = address } = user;
  const { teamId, userId } = rep;
  const holders = await deps.store.links.holders(teamId, provider.id, externalId);
  if (holders.some((link) => link.userId !== userId)) return { is: 'refused', why: 'taken' };
  const who = { teamId, userId, provider: provider.id, externalId };
  const suggestedAt = deps.clock();
  const suggestion = { ...who, email: address, name, suggestedBy: by.userId, suggestedAt } satisfies Suggestion;
  await deps.store.transact(async (tx) => {
    await deps.store.people.suggest(suggestion, tx);
    await record(deps, who, { event: 'suggested', by: by.userId, externalId, origin: 'suggestion' }, tx);
    const notice = {
      key: `suggestion:${provider.id}:${teamId}:${userId}:${suggestedAt}`,
      to: rep,
      notice: { about: 'suggestion', suggestion },
    } as const;
    await enqueueNotice(deps, notice, tx);
  });
  return { is: 'suggested', rep, suggestion };
}

/** The suggestion that a rep read. Another may have replaced it since, and to that one they have not answered. */
export type SuggestionRef = Pick<Suggestion, 'provider' | 'suggestedAt'>;

/** `consent`: the rep has to sign in at the provider now, and then this suggestion says who they are there. */
type ConfirmResult = 'linked' | 'taken' | 'gone' | { consent: Suggestion };

async function confirm(deps: LinksDeps, rep: RepKey, ref: SuggestionRef): Promise<ConfirmResult> {
  return deps.store.transact(async (tx) => {
    const suggestion = await findSuggestion(deps, rep, ref, tx);
    if (!suggestion) return 'gone';
    if (deps.providers.get(ref.provider)?.consent) return { consent: suggestion };
    return (await takeUser(deps, rep, { ...suggestion, origin: 'suggestion' }, tx)) ? 'linked' : 'taken';
  });
}

async function decline(deps: LinksDeps, rep: RepKey, ref: SuggestionRef): Promise<boolean> {
  return deps.store.transact(async (tx) => {
    const suggestion = await findSuggestion(deps, rep, ref, tx);
    if (!suggestion) return false;
    const { provider, externalId } = suggestion;
    await deps.store.people.dropSuggestion(rep, provider, tx);
    await record(deps, { ...rep, provider }, { event: 'declined', by: rep.userId, externalId }, tx);
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
  user: { provider: ProviderId; externalId: string; email: string | undefined; origin: LinkOrigin },
  tx: Tx,
): Promise<boolean> {
  const { provider, externalId, email, origin } = user;
  const { links, people } = deps.store;
  const holders = await links.holders(rep.teamId, provider, externalId, tx);
  if (holders.some(({ userId }) => userId !== rep.userId)) return false;
  const key = { teamId: rep.teamId, userId: rep.userId };
  await links.save({ ...key, provider, externalId, email, origin, linkedAt: deps.clock() }, tx);
  await people.undecline(key, provider, tx);
  await people.dropSuggestion(key, provider, tx);
  await record(deps, { ...key, provider }, { event: 'linked', by: rep.userId, externalId, origin }, tx);
  return true;
}

async function record(
  { store, clock }: Pick<LinksDeps, 'store' | 'clock'>,
  { teamId, userId, provider }: RepKey & { provider: ProviderId },
  line: { event: LinkEventKind; by: string; externalId?: string; origin?: LinkOrigin },
  tx: Tx,
): Promise<void> {
  const { event, by, externalId, origin } = line;
  await store.people.record({ teamId, userId, provider, event, by, externalId, origin, at: clock() }, tx);
}
