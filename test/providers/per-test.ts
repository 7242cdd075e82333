/** A simulator and Docket's provider in front of it, for one test. */

import { afterEach, expect } from 'vitest';

interface Simulator {
  close(): Promise<void>;
  readonly unexpected: readonly string[];
}

/** Starts them when a test asks, stops them afterwards, and fails the test if something was asked that is not documented. */
export function perTest<Setup extends object, Started>(
  start: (setup: Setup) => Promise<Started>,
  simulatorOf: (started: Started) => Simulator,
): (setup?: Setup) => Promise<Started> {
  const simulators: Simulator[] = [];
  afterEach(async () => {
    for (const simulator of simulators.splice(0)) {
      await simulator.close();
      expect(simulator.unexpected).toEqual([]);
    }
  });
  return async (setup = {} as Setup) => {
    const started = await start(setup);
    simulators.push(simulatorOf(started));
    return started;
  };
}
