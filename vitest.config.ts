import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest: begun last, one of them would still run when all others have ended. */
const FIRST = [
  'test/fuzz/http',
  'test/blocks/size',
  'test/flow/failures',
  'test/secrets/session',
  'test/flow/patience',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => FIRST.some((name) => moduleId.includes(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** `--mode browser`: the page in a real browser, a command of its own because it takes over a minute. */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'browser' ? ['test/**/*.browser.ts'] : ['test/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Tests wait more than they compute.
    maxWorkers: 4,
    // No module keeps anything that one test file could see of another, and loading them anew takes as long as the tests.
    isolate: false,
  },
}));
