/** The demo's command line. */
import { parseArgs } from 'node:util';
import { isProvider, PROVIDERS, type Provider } from './providers.ts';

export interface DemoOptions {
  providers: readonly Provider[];
  /** Without a browser: presses every verb, and checks every effect. */
  tour: boolean;
}

const USAGE = `the demo knows --tour, and --providers with one or more of ${PROVIDERS.join(',')}`;

/** A problem is one sentence for whoever called. */
export function readOptions(args: readonly string[]): DemoOptions | { problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { providers: { type: 'string', multiple: true }, tour: { type: 'boolean', default: false } },
    });
    const named = values.providers?.join().split(',') ?? PROVIDERS;
    const unknown = named.find((name) => !isProvider(name));
    if (unknown !== undefined) return { problem: `Unknown provider '${unknown}': ${USAGE}.` };
    return { providers: PROVIDERS.filter((provider) => named.includes(provider)), tour: values.tour };
  } catch (error) {
    // The rest of Node's message is about options that begin with a dash.
    const [what = ''] = error instanceof Error ? error.message.split(/\.\s/) : [];
    return { problem: `${what}: ${USAGE}.` };
  }
}
