import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest: begun last, one of them would still run when all others have ended. */
const FIRST = [
  'test/flow/focus',
  'test/flow/sweep',
  'test/fuzz/http',
  'test/blocks/size',
  'test/flow/failures',
  'test/secrets/session',
  'test/flow/patience',
  'test/queue/processes',
  'test/store/postgres.test',
  'test/machines/clicks-outreach',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => FIRST.some((name) => moduleId.includes(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** What `--mode` runs. `browser`: the page in a real browser, over a minute long. Without it: everything but that. */
const INCLUDE: Readonly<Record<string, string>> = {
  sandbox: 'test/sandbox/**/*.test.ts',
  browser: 'test/**/*.browser.ts',
};

export default defineConfig(({ mode }) => ({
  test: {
    include: [INCLUDE[mode] ?? 'test/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Only what is not in there uses it.
    globalSetup: mode in INCLUDE ? [] : ['test/store/postgres-server.ts'],
    // Tests wait more than they compute.
    maxWorkers: 6,
    // No module keeps anything that one test file could see of another, and loading them anew takes as long as the tests.
    isolate: false,
  },
}));
