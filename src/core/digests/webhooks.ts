/** Webhooks: subscribing at providers, and handling what they send. */
import { type Handler, newJob, simpleHandler } from '../jobs/kinds.ts';
import { ProviderError } from '../model/errors.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import { DAY } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { HookEvent, Hooks, TaskProvider } from '../ports/provider.ts';
import type { NewJob } from '../ports/queue.ts';
import { digestOfToday } from './later.ts';
import type { Lists } from './listing.ts';
import { watchers } from './reconcile.ts';

export interface HookDeps extends Pick<Ports, 'store' | 'queue' | 'providers' | 'clock' | 'log' | 'secrets'> {
  /** Our public webhook URL; undefined: there is none, so only the periodic check finds changes. */
  hookUrl: (provider: ProviderId) => string | undefined;
  lists: Pick<Lists, 'forgetTask'>;
}

/** Checks each subscription once a day: Outreach disables an address after a week of failures (outreach.md 8). */
export async function enqueueHookChecks({ queue, providers, clock }: HookDeps, teamId: string): Promise<void> {
  const now = clock();
  const today = Math.floor(now / DAY) * DAY;
  for (const { id, hooks } of providers.values())
    if (hooks) await queue.enqueue(hookJob({ teamId, provider: id }, today, now));
}

/** Subscribes with any rep's grant, unless our subscription for this address works. */
export function hookHandler(deps: HookDeps): Handler<'hook'> {
  return simpleHandler(async ({ teamId, provider: id }) => {
    const provider = deps.providers.get(id);
    const url = deps.hookUrl(id);
    if (provider?.hooks && url) await subscribe(deps, teamId, provider, url);
  });
}

async function subscribe(deps: HookDeps, of: string | undefined, provider: TaskProvider, url: string): Promise<void> {
  const { hooks } = provider;
  const reps = await deps.store.connections.live(provider.id, of);
  const known = await deps.store.hooks.find(provider.id, of);
  // Only its owner can read a subscription. If they left, another rep makes a new one.
  const owner = reps.find((rep) => rep.teamId === known?.teamId && rep.userId === known.userId);
  if (!hooks || reps.length === 0) return;
  const options = { priority: 'digest' } as const;
  if (known?.url === url && owner && (await hooks.isActive(owner, known.hookId, options))) {
    // Encrypted again, so that an old key can be removed.
    return deps.store.hooks.save(known);
  }
  const secret = deps.secrets.token();
  const asked = [...(owner ? [owner] : []), ...reps.filter((rep) => rep !== owner)].slice(0, MOST_ASKED);
  const { hookId, teamId, userId } = await registerAsAnyone(hooks, asked, { url, secret });
  await deps.store.hooks.save({ teamId, userId, provider: provider.id, hookId, url, secret });
  deps.log.info({ provider: provider.id, hook: hookId }, 'a provider tells of changes from now on');
}

/** Not all reps may have the permission to subscribe. */
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

export interface WebhookRequest {
  body: Uint8Array;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Handles a webhook before it is answered, because some providers count every answer as delivered (outreach.md 8).
 * `unsigned`: not from the provider. A repeated webhook has the same job key. Without a team: ours, which is not known before
 * Slack has answered.
 */
export async function handleWebhook(
  deps: HookDeps,
  { teamId: of, provider: providerId }: { teamId: string | undefined; provider: ProviderId },
  { body, headers }: WebhookRequest,
): Promise<'taken' | 'unsigned'> {
  const provider = deps.providers.get(providerId);
  const hook = await deps.store.hooks.find(providerId, of);
  if (!provider?.hooks || !hook || !provider.hooks.verify(hook.secret, body, headers)) return 'unsigned';
  const event = provider.hooks.parse(new TextDecoder().decode(body));
  if (!event) return 'taken';
  const { taskId, what, key } = event;
  const { teamId } = hook;
  deps.lists.forgetTask(providerId, event);
  if (what === 'created') {
    await lookAtNew(deps, teamId, { ...event, provider: providerId });
    return 'taken';
  }
  // Webhooks report all tasks of the company. Tasks in no message need no job.
  const task = { teamId, provider: providerId, taskId };
  if ((await watchers(deps, task)).length === 0) return 'taken';
  const payload = { kind: 'changed', ...task, what } as const;
  await deps.queue.enqueue(newJob(`changed:${teamId}:${providerId}:${key}`, payload, deps.clock()));
  return 'taken';
}

/** A job for each rep who is said to own it and has a digest of today; without an owner nobody knows as whom to read it. */
async function lookAtNew(
  deps: HookDeps,
  teamId: string,
  { provider, taskId, key, owner }: HookEvent & { provider: ProviderId },
): Promise<void> {
  if (owner === undefined) return;
  for (const { userId } of await deps.store.links.holders(teamId, provider, owner)) {
    const rep = { teamId, userId };
    if ((await digestOfToday(deps, rep)) === undefined) continue;
    const payload = { kind: 'changed', teamId, provider, taskId, what: 'created', rep } as const;
    await deps.queue.enqueue(newJob(`changed:${teamId}:${provider}:${key}:${userId}`, payload, deps.clock()));
  }
}

/** `when` makes the job's key unique. */
export function hookJob(
  { teamId, provider }: { teamId: string; provider: ProviderId },
  when: Instant,
  runAt: Instant,
): NewJob {
  return newJob(`hook:${teamId}:${provider}:${when}`, { kind: 'hook', teamId, provider }, runAt);
}
