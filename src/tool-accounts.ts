/**
 * Counts calls for a tool's credential, whoever has it: the tools limit a company, and two workspaces may be of one
 * company. Those of this process share it here; several processes by the name, which is a fingerprint of the credential.
 */
import { type Budget, createBudget } from './core/jobs/budget.ts';
import type { KeepPaces, LimitedPace } from './core/jobs/pace.ts';
import type { ProviderId } from './core/model/keys.ts';
import type { Clock, Secrets } from './core/ports/runtime.ts';
import type { Store } from './core/ports/store.ts';

interface AccountsDeps {
  store: Pick<Store, 'spending'>;
  secrets: Pick<Secrets, 'hash'>;
  clock: Clock;
  /** Other processes have the same accounts. */
  isShared: boolean;
}

const MOST_TRIED = 20;

export type ToolAccounts = ReturnType<typeof createToolAccounts>;

export function createToolAccounts({ store, secrets, clock, isShared }: AccountsDeps) {
  const paces = new Map<string, readonly LimitedPace[]>();
  const budgets = new Map<string, { provider: ProviderId; budget: Budget }>();
  /** Of keys that were tried last: calls of a moment ago count, whether or not the key was kept. */
  const tried = new Map<string, readonly LimitedPace[]>();
  const keepPaces: KeepPaces = (name, make) => {
    const kept = paces.get(name) ?? tried.get(name) ?? make();
    paces.set(name, kept);
    return kept;
  };
  const triedPaces: KeepPaces = (name, make) => {
    const found = paces.get(name) ?? tried.get(name) ?? make();
    tried.delete(name);
    tried.set(name, found);
    const [oldest] = tried.keys();
    if (tried.size > MOST_TRIED && oldest !== undefined) tried.delete(oldest);
    return found;
  };
  return {
    keepPaces,
    triedPaces,
    /** `credential`: the values that open the account, and nothing else that can be set. */
    nameOf: (provider: ProviderId, credential: readonly (string | undefined)[]) =>
      secrets.hash(JSON.stringify([provider, ...credential])).slice(0, 16),
    budgetOf(provider: ProviderId, account: string, callsADay: number): Budget {
      const name = `${provider} ${account}`;
      const { budget } = budgets.get(name) ?? {
        budget: createBudget({ store, clock, isShared }, name, callsADay),
      };
      budgets.set(name, { provider, budget });
      return budget;
    },
    /** Once a minute: what was spent here and elsewhere. */
    async share(): Promise<void> {
      await Promise.all([...budgets.values()].map(({ budget }) => budget.share()));
    },
    /** Calls that are left of the day: of each tool the account that has the fewest. */
    left(): ReadonlyMap<ProviderId, number> {
      const least = new Map<ProviderId, number>();
      for (const { provider, budget } of budgets.values()) {
        least.set(provider, Math.min(budget.left(), least.get(provider) ?? Number.POSITIVE_INFINITY));
      }
      return least;
    },
  };
}
