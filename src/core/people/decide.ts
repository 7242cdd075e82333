/** People's decisions about links: reps end and allow them, admins suggest them, reps answer suggestions. */
import { enqueueNotice } from '../jobs/notices.ts';
import { ProviderError } from '../model/errors.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { LinkEventKind, LinkOrigin, LinkProblemReason, Rep, Suggestion } from '../model/people.ts';
import type { Ports } from '../ports/ports.ts';
import type { TaskProvider } from '../ports/provider.ts';
import { about, type Tx } from '../ports/transaction.ts';
import { onlyOne } from './matching.ts';
import { isOurs, type SaveRep } from './reps.ts';

interface LinksDeps extends Pick<Ports, 'store' | 'queue' | 'providers' | 'directory' | 'admins' | 'clock'> {
  saveRep: SaveRep;
}

export type LinkDecisions = ReturnType<typeof createLinkDecisions>;

export function createLinkDecisions(deps: LinksDeps) {
  return {
    /** Ends a link and deletes its grant. The rep is not linked by address again until they ask for it. */
    unlink: (rep: RepKey, provider: ProviderId) => unlink(deps, rep, provider),
    /** Allows the directory to link the rep again; the caller looks them up afterwards. */
    allow: (rep: RepKey, provider: ProviderId) => deps.store.people.undecline(rep, provider),
    /** An admin's proposal. Throws `DeliveryError` if Slack cannot be asked about the two people. */
    suggest: (by: RepKey, userId: string, provider: TaskProvider, email: string) =>
      suggest(deps, by, userId, { provider, email }),
    confirm: (rep: RepKey, ref: SuggestionRef) => confirm(deps, rep, ref),
    decline: (rep: RepKey, ref: SuggestionRef) => decline(deps, rep, ref),
  };
}

/** An admin waits for the answer. */
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
  }, about(rep));
}

export type SuggestResult =
  | { is: 'suggested'; rep: Rep; suggestion: Suggestion }
  /** `by` is no admin, or the person is no member of this workspace. */
  | { is: 'not_admin' | 'not_member' }
  | { is: 'refused'; why: LinkProblemReason | 'no_user' }
  | { is: 'unreachable'; error: ProviderError };

/** Asks Slack each time: admins change. */
export async function isAdmin(
  { directory, admins }: Pick<Ports, 'directory' | 'admins'>,
  key: RepKey,
): Promise<boolean> {
  const member = await directory.member(key);
  if (member === undefined || member.active === false) return false;
  return admins ? admins.includes(member) : member.admin;
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
  const key = `suggestion:${provider.id}:${teamId}:${userId}:${suggestedAt}`;
  await deps.store.transact(async (tx) => {
    await deps.store.people.suggest(suggestion, tx);
    await record(deps, who, { event: 'suggested', by: by.userId, externalId, origin: 'suggestion' }, tx);
    await enqueueNotice(deps, { key, to: rep, notice: { about: 'suggestion', suggestion } }, tx);
  }, about(rep));
  return { is: 'suggested', rep, suggestion };
}

/** The suggestion that the rep answers. A newer one may have replaced it. */
export type SuggestionRef = Pick<Suggestion, 'provider' | 'suggestedAt'>;

/** `consent`: the rep has to sign in now; the suggestion then says who they are. */
type ConfirmResult = 'linked' | 'taken' | 'gone' | { consent: Suggestion };

async function confirm(deps: LinksDeps, rep: RepKey, ref: SuggestionRef): Promise<ConfirmResult> {
  return deps.store.transact(async (tx) => {
    const suggestion = await findSuggestion(deps, rep, ref, tx);
    if (!suggestion) return 'gone';
    if (deps.providers.get(ref.provider)?.consent) return { consent: suggestion };
    return (await takeUser(deps, rep, { ...suggestion, origin: 'suggestion' }, tx)) ? 'linked' : 'taken';
  }, about(rep));
}

async function decline(deps: LinksDeps, rep: RepKey, ref: SuggestionRef): Promise<boolean> {
  return deps.store.transact(async (tx) => {
    const suggestion = await findSuggestion(deps, rep, ref, tx);
    if (!suggestion) return false;
    const { provider, externalId } = suggestion;
    await deps.store.people.dropSuggestion(rep, provider, tx);
    await record(deps, { ...rep, provider }, { event: 'declined', by: rep.userId, externalId }, tx);
    return true;
  }, about(rep));
}

async function findSuggestion(
  { store }: LinksDeps,
  rep: RepKey,
  { provider, suggestedAt }: SuggestionRef,
  tx: Tx,
): Promise<Suggestion | undefined> {
  const open = await store.people.suggestions(rep, tx);
  return open.find((each) => each.provider === provider && each.suggestedAt === suggestedAt);
}

/** Links a rep by their own decision. False: another rep has that user. */
export async function takeUser(
  deps: Pick<Ports, 'store' | 'clock'>,
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
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  { teamId, userId, provider }: RepKey & { provider: ProviderId },
  line: { event: LinkEventKind; by: string; externalId?: string; origin?: LinkOrigin },
  tx: Tx,
): Promise<void> {
  const { event, by, externalId, origin } = line;
  await store.people.record({ teamId, userId, provider, event, by, externalId, origin, at: clock() }, tx);
}
