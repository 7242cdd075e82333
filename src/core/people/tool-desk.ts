/**
 * The tools of a workspace, for its admins: what each one says, a key that is tried before it is kept, the end of one. Each
 * change is in the audit, in the same transaction. A value of a key is in no log, message or payload.
 */
import { leaveHook } from '../digests/left-webhooks.ts';
import { newJob } from '../jobs/kinds.ts';
import { newReference, ProviderError } from '../model/errors.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import { endOf, type ToolSettings } from '../model/tool-form.ts';
import type { Ports } from '../ports/ports.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { ToolBench, ToolKind } from '../ports/tool-bench.ts';
import type { StoredTool } from '../ports/tools.ts';
import { about, type Tx } from '../ports/transaction.ts';
import { isAdmin } from './decide.ts';
import { tryKey } from './try-key.ts';

interface DeskDeps
  extends Pick<Ports, 'store' | 'queue' | 'providers' | 'directory' | 'admins' | 'clock' | 'random' | 'log'> {
  bench: ToolBench;
}

/** The tool answers, or why not. */
export type ToolAnswer = { is: 'fine' } | { is: 'failed'; error: ProviderError; reference: string };

export interface ToolState extends Pick<ToolKind, 'id' | 'name'> {
  /** Who sets its key. `lost`: an admin has set one that ENCRYPTION_KEY does not open any more. */
  key: { of: 'operator' } | { of: 'nobody' } | ({ of: 'admin'; end: string | undefined; lost: boolean } & Seen);
  links: number;
  /** The last time that it gave somebody's tasks. */
  lastListedAt: Instant | undefined;
}

/** Nothing is changed where another key has been set since an admin looked. */
interface Seen {
  by: string;
  at: Instant;
}

export interface ToolView {
  states: readonly ToolState[];
  mayKeep: boolean;
}

export type SaveResult =
  | { is: 'saved'; again: boolean }
  | { is: 'not_admin' }
  | { is: 'operators' }
  | { is: 'cannot_keep' }
  | { is: 'refused'; error: ProviderError; reference: string }
  /** The key opens another company's account: nobody who is linked is in it. */
  | { is: 'another_account'; links: number }
  /** Somebody else was faster. undefined: they disconnected it. */
  | { is: 'changed'; now: Seen | undefined };

export type EndResult =
  | { is: 'ended'; links: number }
  | Extract<SaveResult, { is: 'not_admin' | 'operators' | 'changed' }>;

export type ToolDesk = ReturnType<typeof createToolDesk>;

/** Each asks Slack whether `by` is an admin, and throws `DeliveryError` if Slack does not answer. */
export function createToolDesk(deps: DeskDeps) {
  const kindOf = (provider: ProviderId) => deps.bench.kinds().find(({ id }) => id === provider);
  return {
    kindOf,
    /** undefined: `by` is no admin. Asks no tool. */
    async look(by: RepKey): Promise<ToolView | undefined> {
      return (await isAdmin(deps, by)) ? readTools(deps, by.teamId) : undefined;
    },
    /** Asks each tool that has a key. Never throws a `ProviderError`. */
    async ask(by: RepKey): Promise<ReadonlyMap<ProviderId, ToolAnswer>> {
      if (!(await isAdmin(deps, by))) return new Map();
      const tools = [...deps.providers.values()];
      return new Map(await Promise.all(tools.map(async (tool) => [tool.id, await answerOf(deps, tool, by)] as const)));
    },
    save: (by: RepKey, key: { kind: ToolKind; settings: ToolSettings; seenAt: Instant | undefined }) =>
      save(deps, by, key),
    end: (by: RepKey, of: { kind: ToolKind; seenAt: Instant }) => end(deps, by, of),
  };
}

/** For a person who waits. */
const TRY_WITHIN_MS = 20_000;
/** A directory of ten thousand takes Gong half a minute. */
const READ_WITHIN_MS = 90_000;
const asked = (withinMs = TRY_WITHIN_MS) => ({ priority: 'person', signal: AbortSignal.timeout(withinMs) }) as const;

async function readTools({ store, bench }: DeskDeps, teamId: string): Promise<ToolView> {
  const stored = await store.tools.list(teamId);
  const states: ToolState[] = [];
  for (const { id, name, form } of bench.kinds()) {
    const tool = stored.find(({ provider }) => provider === id);
    const key = bench.isOperators(id) ? ({ of: 'operator' } as const) : await keyOf(tool, form[0]?.name ?? '');
    const links = await store.links.count(teamId, id);
    states.push({ id, name, key, links, lastListedAt: await store.links.lastListed(teamId, id) });
  }
  return { states, mayKeep: bench.mayKeep };

  async function keyOf(tool: StoredTool | undefined, first: string): Promise<ToolState['key']> {
    if (!tool) return { of: 'nobody' };
    const settings = await store.tools.settings(teamId, tool.provider);
    return { of: 'admin', by: tool.by, at: tool.at, end: endOf(settings?.[first]), lost: settings === undefined };
  }
}

async function answerOf(deps: DeskDeps, tool: TaskProvider, by: RepKey): Promise<ToolAnswer> {
  try {
    await tryKey(tool, asked());
    return { is: 'fine' };
  } catch (error) {
    return failedBy(deps, error, by, tool.id);
  }
}

function failedBy(deps: DeskDeps, error: unknown, by: RepKey, provider: ProviderId) {
  if (!(error instanceof ProviderError)) throw error;
  const reference = newReference(deps);
  deps.log.warn({ err: error, reference, team: by.teamId, provider, rep: by.userId }, 'a tool did not take its key');
  return { is: 'failed', error, reference } as const;
}

async function save(
  deps: DeskDeps,
  by: RepKey,
  { kind, settings, seenAt }: { kind: ToolKind; settings: ToolSettings; seenAt: Instant | undefined },
): Promise<SaveResult> {
  const { bench, store, queue, clock, log } = deps;
  const { teamId } = by;
  const provider = kind.id;
  if (!(await isAdmin(deps, by))) return { is: 'not_admin' };
  if (bench.isOperators(provider)) return { is: 'operators' };
  if (!bench.mayKeep) return { is: 'cannot_keep' };
  const links = await tryNew(deps, by, bench.tried(provider, settings));
  if (links) return links;
  const changed = await store.transact(async (tx) => {
    const now = await seenIn(deps, by, provider, tx);
    if (now?.at !== seenAt) return { is: 'changed', now } as const;
    // Later than the key before it, so that both can be told apart.
    const at = Math.max(clock(), (now?.at ?? 0) + 1);
    await store.tools.save({ teamId, provider, settings, by: by.userId, at }, tx);
    await record(deps, by, { provider, event: now ? 'key_replaced' : 'key_set', at }, tx);
    // Not by its time: disconnected and connected again within an instant, people are to be linked again.
    const version = (await store.tools.list(teamId, tx)).find((tool) => tool.provider === provider)?.version ?? '';
    await queue.enqueue(newJob(`link:${teamId}:${provider}:${version}`, { kind: 'link', teamId }, at), tx);
    return undefined;
  }, about({ teamId }));
  if (changed) return changed;
  log.info({ team: teamId, provider, by: by.userId }, 'an admin set the key of a tool');
  await bench.follow();
  return { is: 'saved', again: seenAt !== undefined };
}

/** undefined: the tool takes the key, and knows at least one of those who are linked. */
async function tryNew(deps: DeskDeps, by: RepKey, tool: TaskProvider): Promise<SaveResult | undefined> {
  try {
    await tryKey(tool, asked());
    const links = (await deps.store.links.list(by.teamId)).filter(({ provider }) => provider === tool.id);
    if (links.length === 0 || !tool.findKnown) return undefined;
    const known = await tool.findKnown(links, asked(READ_WITHIN_MS));
    return known.length > 0 ? undefined : { is: 'another_account', links: links.length };
  } catch (error) {
    const { error: why, reference } = failedBy(deps, error, by, tool.id);
    return { is: 'refused', error: why, reference };
  }
}

async function end(
  deps: DeskDeps,
  by: RepKey,
  { kind: { id: provider }, seenAt }: { kind: ToolKind; seenAt: Instant },
): Promise<EndResult> {
  const { bench, store, clock, log } = deps;
  const { teamId } = by;
  if (!(await isAdmin(deps, by))) return { is: 'not_admin' };
  if (bench.isOperators(provider)) return { is: 'operators' };
  const result = await store.transact(async (tx) => {
    const now = await seenIn(deps, by, provider, tx);
    if (now?.at !== seenAt) return { is: 'changed', now } as const;
    const at = clock();
    await leaveHook(deps, { teamId, provider }, tx);
    const links = await store.tools.end({ teamId, provider, by: by.userId, at }, tx);
    await record(deps, by, { provider, event: 'key_removed', at }, tx);
    return { is: 'ended', links } as const;
  }, about({ teamId }));
  if (result.is !== 'ended') return result;
  log.warn({ team: teamId, provider, by: by.userId, links: result.links }, 'an admin disconnected a tool');
  await bench.follow();
  return result;
}

async function seenIn(
  { store }: DeskDeps,
  { teamId }: RepKey,
  provider: ProviderId,
  tx: Tx,
): Promise<Seen | undefined> {
  const tool = (await store.tools.list(teamId, tx)).find((each) => each.provider === provider);
  return tool && { by: tool.by, at: tool.at };
}

async function record(
  { store }: DeskDeps,
  { teamId, userId }: RepKey,
  line: { provider: ProviderId; event: 'key_set' | 'key_replaced' | 'key_removed'; at: Instant },
  tx: Tx,
): Promise<void> {
  const nobodys = { externalId: undefined, origin: undefined };
  await store.people.record({ teamId, userId, by: userId, ...nobodys, ...line }, tx);
}
