/** Constructs every provider that has settings, with its circuit and the calls of its day. */
import type { Config } from './config.ts';
import { type Budget, createBudget } from './core/jobs/budget.ts';
import { type Circuit, type CircuitOthers, type CircuitWord, createCircuit } from './core/jobs/circuit.ts';
import type { SharePace } from './core/jobs/pace.ts';
import type { ProviderId } from './core/model/keys.ts';
import { grantsOf } from './core/people/grants.ts';
import type { Ports } from './core/ports/ports.ts';
import type { TaskProvider } from './core/ports/provider.ts';
import { consentPath } from './http/server.ts';
import type { Metrics } from './metrics.ts';
import { createProviders } from './providers/index.ts';
import type { Signals } from './store/postgres/signals.ts';

/** Replaced in tests. */
export interface ProviderOverrides {
  /** For a provider's answer. */
  timeoutMs?: number;
  providers?: ReadonlyMap<string, TaskProvider>;
  /** False: nothing waits for a rate limit now, because the clock is ahead of the machine's. */
  isPaced?: () => boolean;
  /** Loaded only where they are on (`main.ts`). */
  metrics?: Metrics | undefined;
}

interface ProviderParts extends Pick<Ports, 'store' | 'queue' | 'clock' | 'log' | 'random'> {
  config: Config;
  /** Of several processes. */
  sharePace: SharePace | undefined;
  others: Signals | undefined;
  address(path: string): string;
  wake(): void;
}

export function connectProviders(parts: ProviderParts, overrides: ProviderOverrides) {
  const { config, queue, clock, log, sharePace } = parts;
  const { timeoutMs, isPaced } = overrides;
  const circuits = new Map<ProviderId, Circuit>();
  const budgets = new Map<ProviderId, Budget>();
  /** Jobs that wait for the provider go on when it recovers. */
  const goOn = async (provider: ProviderId) => {
    try {
      const jobs = await queue.hasten(provider, clock());
      log.info({ provider, jobs }, 'a provider answers again');
      parts.wake();
    } catch (error) {
      log.error({ err: error, provider }, 'jobs go on later than they could');
    }
  };
  const createDepsOf = (provider: ProviderId) => {
    const circuit = createCircuit(clock, () => void goOn(provider), circuitOthers(parts, provider));
    circuits.set(provider, circuit);
    parts.others?.onWord((word) => {
      const told = CIRCUIT_WORDS.find((each) => word === circuitWord(provider, each));
      if (told) circuit.hear(told);
    });
    const grants = grantsOf(parts, provider);
    const redirectUri = parts.address(consentPath(provider));
    const noteCall = overrides.metrics?.meter.toolCalled;
    const budgetOf = (callsADay: number) => {
      const budget = createBudget({ ...parts, isShared: sharePace !== undefined }, provider, callsADay);
      budgets.set(provider, budget);
      return budget;
    };
    return {
      clock,
      circuit,
      grants,
      redirectUri,
      budgetOf,
      ...(noteCall && { noteCall }),
      ...(timeoutMs && { timeoutMs }),
      ...(isPaced && { isPaced }),
      ...(sharePace && { sharePace }),
    };
  };
  return { providers: overrides.providers ?? createProviders(config.providers, createDepsOf), circuits, budgets };
}

const CIRCUIT_WORDS: readonly CircuitWord[] = ['away', 'probing', 'back'];

function circuitWord(provider: ProviderId, word: CircuitWord): string {
  return `circuit ${provider} ${word}`;
}

function circuitOthers(
  { others, random }: Pick<ProviderParts, 'others' | 'random'>,
  provider: ProviderId,
): CircuitOthers | undefined {
  return others && { tell: (word) => others.tell(circuitWord(provider, word)), random };
}
