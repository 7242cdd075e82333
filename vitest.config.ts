import { defineConfig } from 'vitest/config';

/** `--mode browser`: the page in a real browser, a command of its own because it takes over a minute. */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'browser' ? ['test/**/*.browser.ts'] : ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Tests wait more than they compute.
    maxWorkers: 4,
    // No module keeps anything that one test file could see of another, and loading them anew takes as long as the tests.
    isolate: false,
  },
}));
