/** The demo's command line. */
import { parseArgs } from 'node:util';
import { isProvider, PROVIDERS, type Provider } from './providers.ts';

export interface DemoOptions {
  providers: readonly Provider[];
  /**
   * `page`: in a browser. Without one, `tour` presses every verb and checks every effect, and `week` prints five mornings.
   */
  show: 'page' | 'tour' | 'week';
}

const USAGE = `the demo knows --tour, --week, and --providers with one or more of ${PROVIDERS.join(',')}`;

/** A problem is one sentence for whoever called. */
export function readOptions(args: readonly string[]): DemoOptions | { problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        providers: { type: 'string', multiple: true },
        tour: { type: 'boolean', default: false },
        week: { type: 'boolean', default: false },
      },
    });
    if (values.tour && values.week) return { problem: `Either --tour or --week: ${USAGE}.` };
    const named = values.providers?.join().split(',') ?? PROVIDERS;
    const unknown = named.find((name) => !isProvider(name));
    if (unknown !== undefined) return { problem: `Unknown provider '${unknown}': ${USAGE}.` };
    return { providers: PROVIDERS.filter((provider) => named.includes(provider)), show: showOf(values) };
  } catch (error) {
    // The rest of Node's message is about options that begin with a dash.
    const [what = ''] = error instanceof Error ? error.message.split(/\.\s/) : [];
    return { problem: `${what}: ${USAGE}.` };
  }
}

function showOf({ tour, week }: { tour: boolean; week: boolean }): DemoOptions['show'] {
  if (tour) return 'tour';
  return week ? 'week' : 'page';
}
