import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Tests wait more than they compute.
    maxWorkers: 4,
    // No module keeps anything that one test file could see of another, and loading them anew takes as long as the tests.
    isolate: false,
  },
});
