/** Having providers tell us of changes: subscribing once a rep has consented, and taking in what they send. */

import { type Handler, newJob } from '../jobs/kinds.ts';
import { ProviderError } from '../model/errors.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import { DAY } from '../model/time.ts';
import type { Hooks, TaskProvider } from '../ports/provider.ts';
import type { NewJob, Queue } from '../ports/queue.ts';
import type { Clock, Log, Secrets } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { watchers } from './reconcile.ts';

export interface HookDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  clock: Clock;
  log: Log;
  secrets: Secrets;
  /** Where a provider reaches us from outside; undefined: nowhere, and then only looking tells. */
  hookUrl: (provider: ProviderId) => string | undefined;
}

/** Looks once a day whether each provider still tells us: Outreach gives up on an address after a week (outreach.md 8). */
export async function enqueueHookChecks({ queue, providers, clock }: HookDeps): Promise<void> {
  const now = clock();
  const today = Math.floor(now / DAY) * DAY;
  for (const { id, hooks } of providers.values()) if (hooks) await queue.enqueue(hookJob(id, today, now));
}

/** Subscribes as any rep whose consent lives, unless a subscription of ours for this address still works. */
export function hookHandler(deps: HookDeps): Handler<'hook'> {
  return async ({ provider: id }) => ({
    async run() {
      const provider = deps.providers.get(id);
      const url = deps.hookUrl(id);
      if (provider?.hooks && url) await subscribe(deps, provider, url);
      return {};
    },
  });
}

async function subscribe(deps: HookDeps, provider: TaskProvider, url: string): Promise<void> {
  const { hooks } = provider;
  const reps = await deps.store.connections.live(provider.id);
  const known = await deps.store.hooks.find(provider.id);
  // The one who has it can look at it; if they left, anyone can make another.
  const owner = reps.find((rep) => rep.teamId === known?.teamId && rep.userId === known.userId);
  if (!hooks || reps.length === 0) return;
  const options = { priority: 'digest' } as const;
  if (known?.url === url && owner && (await hooks.isActive(owner, known.hookId, options))) {
    // Sealed anew, so that a key that was replaced can go.
    return deps.store.hooks.save(known);
  }
  const secret = deps.secrets.token();
  const asked = [...(owner ? [owner] : []), ...reps.filter((rep) => rep !== owner)].slice(0, MOST_ASKED);
  const { hookId, teamId, userId } = await registerAsAnyone(hooks, asked, { url, secret });
  await deps.store.hooks.save({ teamId, userId, provider: provider.id, hookId, url, secret });
  deps.log.info({ provider: provider.id, hook: hookId }, 'a provider tells of changes from now on');
}

/** A company may let only some of its people subscribe; asking very many would cost more than it brings. */
const MOST_ASKED = 10;

async function registerAsAnyone(
  hooks: Hooks,
  reps: readonly RepKey[],
  hook: { url: string; secret: string },
): Promise<RepKey & { hookId: string }> {
  let refused: unknown;
  for (const { teamId, userId } of reps) {
    try {
      const hookId = await hooks.register({ teamId, userId }, hook, { priority: 'digest' });
      return { teamId, userId, hookId };
    } catch (error) {
      const isTheirs = error instanceof ProviderError && (error.kind === 'forbidden' || error.kind === 'disconnected');
      if (!isTheirs) throw error;
      refused = error;
    }
  }
  throw refused;
}

export interface Delivery {
  body: Uint8Array;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Takes in what a provider sent, before it is answered: some count every answer as delivered (outreach.md 8). `unsigned`:
 * not from the provider. The same delivery twice is one job, because the job's key names it.
 */
export async function takeDelivery(
  deps: HookDeps,
  providerId: ProviderId,
  { body, headers }: Delivery,
): Promise<'taken' | 'unsigned'> {
  const provider = deps.providers.get(providerId);
  const hook = await deps.store.hooks.find(providerId);
  if (!provider?.hooks || !hook || !provider.hooks.verify(hook.secret, body, headers)) return 'unsigned';
  const event = provider.hooks.parse(new TextDecoder().decode(body));
  // A new task stands in no message yet.
  if (!event || event.what === 'created') return 'taken';
  const { taskId, what, key } = event;
  // They tell of every task of the company; what nobody looks at makes no work.
  if ((await watchers(deps, providerId, taskId)).length === 0) return 'taken';
  const payload = { kind: 'changed', provider: providerId, taskId, what } as const;
  await deps.queue.enqueue(newJob(`changed:${providerId}:${key}`, payload, deps.clock()));
  return 'taken';
}

/** `when` tells this look from the others. */
export function hookJob(provider: ProviderId, when: Instant, runAt: Instant): NewJob {
  return newJob(`hook:${provider}:${when}`, { kind: 'hook', provider }, runAt);
}
