/** Constructs a tool of one workspace: its adapter, with the circuit of the workspace and the limits of its account. */
import { type Circuit, type CircuitOthers, type CircuitWord, createCircuit } from './core/jobs/circuit.ts';
import type { SharePace } from './core/jobs/pace.ts';
import { ProviderError } from './core/model/errors.ts';
import type { ProviderId } from './core/model/keys.ts';
import type { ToolSettings } from './core/model/tool-form.ts';
import { grantsOf } from './core/people/grants.ts';
import type { Ports } from './core/ports/ports.ts';
import type { Grants, TaskProvider } from './core/ports/provider.ts';
import { consentPath } from './http/server.ts';
import type { Metrics } from './metrics.ts';
import { MODULES, type ProviderModule } from './providers/index.ts';
import type { Signals } from './store/postgres/signals.ts';
import type { ToolAccounts } from './tool-accounts.ts';

/** Replaced in tests. */
export interface ProviderOverrides {
  /** For a provider's answer. */
  timeoutMs?: number;
  providers?: ReadonlyMap<string, TaskProvider>;
  /** False: nothing waits for a rate limit now, because the clock is ahead of the machine's. */
  isPaced?: () => boolean;
  /** Of tools that admins connect, instead of the tools' own addresses: `{ GONG_API_URL: … }`. */
  addresses?: Readonly<Record<string, string>>;
  /** Loaded only where they are on (`main.ts`). */
  metrics?: Metrics | undefined;
}

/** The workspace that has the tools. */
export interface Whose {
  /** undefined: Slack has not told yet. Only where it is the workspace of the settings. */
  teamId(): string | undefined;
  /** It has installed the app. undefined: it is the workspace of the settings. */
  installed: string | undefined;
}

export interface ProviderParts extends Pick<Ports, 'store' | 'queue' | 'clock' | 'log' | 'random'> {
  whose: Whose;
  toolAccounts: ToolAccounts;
  /** Of several processes. */
  sharePace: SharePace | undefined;
  others: Signals | undefined;
  address(path: string): string;
  wake(): void;
}

export interface Connected {
  provider: TaskProvider;
  circuit: Circuit;
}

/** `settings`: a value for every variable of the tool. */
export function connectProvider(
  parts: ProviderParts,
  overrides: ProviderOverrides,
  id: ProviderId,
  settings: Readonly<Record<string, string>>,
): Connected {
  const { toolAccounts, others, random, clock } = parts;
  const { meter } = overrides.metrics ?? {};
  const module = moduleOf(id);
  const circuit = createCircuit(clock, () => void goOn(parts, id), others && circuitOthers(others, random, id, parts));
  const account = accountOf(toolAccounts, id, settings);
  const provider = module.create(settings, {
    ...basicsOf(parts, overrides, id),
    circuit,
    account,
    keepPaces: toolAccounts.keepPaces,
    grants: grantsOf(parts, id),
    budgetOf: (callsADay) => toolAccounts.budgetOf(id, account, callsADay),
    ...(meter && { noteCall: meter.toolCalled }),
  });
  return { provider, circuit };
}

/** A tool whose key nobody can read any more: it is there, and every call of it says that the key is refused. */
export function lockedProvider(parts: ProviderParts, overrides: ProviderOverrides, id: ProviderId): Connected {
  const module = moduleOf(id);
  const never = createCircuit(parts.clock);
  const circuit: Circuit = {
    ...never,
    async enter() {
      throw new ProviderError({ provider: id, kind: 'auth', operation: 'opening the stored key' });
    },
  };
  const none = Object.fromEntries(module.required.map((name) => [name, '']));
  // A sign-in there would come back with nothing.
  const {
    consent: _,
    hooks: __,
    ...provider
  } = module.create(
    { ...module.optional, ...none },
    { ...basicsOf(parts, overrides, id), circuit, grants: grantsOf(parts, id) },
  );
  return { provider, circuit };
}

/** A value for every variable: what is not typed has its default. */
export function completed({ addresses = {} }: ProviderOverrides, id: ProviderId, typed: ToolSettings): ToolSettings {
  const { optional } = moduleOf(id);
  const others = Object.entries(addresses).filter(([name]) => name in optional);
  return { ...optional, ...Object.fromEntries(others), ...typed };
}

/** A tool as it is with these settings and sign-ins, to ask it once. */
export function toolWith(
  parts: Pick<ProviderParts, 'toolAccounts' | 'clock' | 'address' | 'sharePace'>,
  overrides: ProviderOverrides,
  id: ProviderId,
  { typed, grants }: { typed: ToolSettings; grants: Grants },
): TaskProvider {
  const { toolAccounts, clock } = parts;
  const settings = completed(overrides, id, typed);
  return moduleOf(id).create(settings, {
    ...basicsOf(parts, overrides, id),
    circuit: createCircuit(clock),
    account: accountOf(toolAccounts, id, settings),
    keepPaces: toolAccounts.triedPaces,
    grants,
  });
}

function moduleOf(id: ProviderId): ProviderModule {
  const module = MODULES[id];
  if (!module) throw new TypeError(`no provider ${id}`);
  return module;
}

function accountOf(accounts: ToolAccounts, id: ProviderId, settings: Readonly<Record<string, string>>): string {
  return accounts.nameOf(
    id,
    moduleOf(id).required.map((name) => settings[name]),
  );
}

function basicsOf(
  parts: Pick<ProviderParts, 'clock' | 'address' | 'sharePace'>,
  { timeoutMs, isPaced }: ProviderOverrides,
  id: ProviderId,
) {
  const { clock, address, sharePace } = parts;
  return {
    clock,
    redirectUri: address(consentPath(id)),
    ...(timeoutMs && { timeoutMs }),
    ...(isPaced && { isPaced }),
    ...(sharePace && { sharePace }),
  };
}

/** Jobs that wait for the provider go on when it recovers. */
async function goOn({ queue, clock, log, whose, wake }: ProviderParts, provider: ProviderId): Promise<void> {
  const team = whose.teamId();
  try {
    const jobs = await queue.hasten(provider, clock(), team);
    log.info({ provider, team, jobs }, 'a provider answers again');
    wake();
  } catch (error) {
    log.error({ err: error, provider, team }, 'jobs go on later than they could');
  }
}

const CIRCUIT_WORDS: readonly CircuitWord[] = ['away', 'probing', 'back'];

/** Of a workspace that installed the app its id stands before the tool; ids have capitals, tools have none. */
function circuitWord(provider: ProviderId, { installed }: Whose, word: CircuitWord): string {
  return `circuit ${installed === undefined ? '' : `${installed} `}${provider} ${word}`;
}

function circuitOthers(
  others: Signals,
  random: () => number,
  provider: ProviderId,
  { whose }: Pick<ProviderParts, 'whose'>,
): CircuitOthers {
  return { tell: (word) => others.tell(circuitWord(provider, whose, word)), random };
}

/** Tells the circuits of a workspace what other processes say of the same tools. */
export function hearOthers(
  { others, whose }: Pick<ProviderParts, 'others' | 'whose'>,
  circuits: ReadonlyMap<ProviderId, Pick<Circuit, 'hear'>>,
): void {
  others?.onWord((word) => {
    for (const [provider, circuit] of circuits) {
      const told = CIRCUIT_WORDS.find((each) => word === circuitWord(provider, whose, each));
      if (told) circuit.hear(told);
    }
  });
}
