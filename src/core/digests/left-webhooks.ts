/**
 * Deletes the webhook subscription of a tool that was disconnected, at the tool. Nothing waits for it. While it is still there,
 * what it sends is answered as what nobody subscribed to.
 */
import { type Handler, newJob } from '../jobs/kinds.ts';
import type { ProviderId } from '../model/keys.ts';
import type { LeftHook } from '../ports/left-hooks.ts';
import type { Ports } from '../ports/ports.ts';
import type { Grant, Grants, TaskProvider } from '../ports/provider.ts';
import type { Tx } from '../ports/transaction.ts';

export interface UnhookDeps extends Pick<Ports, 'store' | 'log'> {
  /** The tool as it is with this key and these sign-ins, whether or not it is connected anywhere. */
  toolWith(provider: ProviderId, settings: Readonly<Record<string, string>>, grants: Grants): TaskProvider;
}

/** In the transaction that ends the key and the sign-ins, before it does. */
export async function leaveHook(
  deps: Pick<Ports, 'store' | 'queue' | 'clock'>,
  of: { teamId: string; provider: ProviderId },
  tx: Tx,
): Promise<void> {
  const hook = await deps.store.leftHooks.leave(of, tx);
  if (hook) await enqueueUnhook(deps, hook, tx);
}

/** For those whose jobs were deleted with the workspace. */
export async function unhookAll(deps: Pick<Ports, 'store' | 'queue' | 'clock'>, teamId: string): Promise<void> {
  for (const hook of await deps.store.leftHooks.ofTeam(teamId)) await enqueueUnhook(deps, hook);
}

async function enqueueUnhook(
  { queue, clock }: Pick<Ports, 'queue' | 'clock'>,
  { teamId, provider, hookId }: LeftHook,
  tx?: Tx,
): Promise<void> {
  const at = clock();
  const key = `unhook:${provider}:${teamId}:${hookId}:${at}`;
  await queue.enqueue(newJob(key, { kind: 'unhook', teamId, provider, hookId }, at), tx);
}

export function unhookHandler(deps: UnhookDeps): Handler<'unhook'> {
  const { store } = deps;
  return async ({ teamId, provider, hookId }) => {
    const hook = await store.leftHooks.find({ teamId, provider, hookId });
    if (!hook) return undefined;
    const end = (tell: () => void) => ({
      write: (tx: Tx) => store.leftHooks.remove(hook, tx),
      after: async () => tell(),
    });
    const left = () => end(() => tellLeft(deps, hook));
    return {
      async run() {
        const tool = hook.keys && deps.toolWith(provider, hook.keys.settings, grantsOf(deps, hook, hook.keys.grant));
        if (!tool?.hooks) return left();
        await tool.hooks.remove(hook, hookId, { priority: 'digest' });
        return end(() => tellDeleted(deps, hook));
      },
      giveUp: left,
    };
  };
}

function tellDeleted({ log }: UnhookDeps, { teamId, provider, hookId }: LeftHook): void {
  log.info({ team: teamId, provider, hook: hookId }, 'deleted the webhook of a tool that was disconnected');
}

function tellLeft({ log }: UnhookDeps, { teamId, provider, hookId, url }: LeftHook): void {
  log.error(
    { team: teamId, provider, hook: hookId, url },
    'a webhook is left at a tool that was disconnected: delete it there',
  );
}

/** A sign-in that has no other user any more: nobody else renews it, and nobody is told of its end. */
function grantsOf({ store }: UnhookDeps, hook: LeftHook, grant: Grant): Grants {
  const { teamId, userId } = hook;
  let held = { teamId, userId, grant, version: 1 };
  return {
    find: async () => held,
    lock: async () => true,
    unlock: async () => {},
    async renew(_, next) {
      await store.leftHooks.renew(hook, next);
      held = { ...held, grant: next, version: held.version + 1 };
      return true;
    },
    end: async () => {},
  };
}
