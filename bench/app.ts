/**
 * Docket as a process, wired as `src/main.ts` wires it, but for what a benchmark must change: `UNPACED` does not wait for
 * a tool's limits, which this tool does not have, the clock can be set ahead, and `COUNT_STATEMENTS` counts them.
 */
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createLog, secretsOf } from '../src/log.ts';
import { PROVIDERS } from '../src/providers/index.ts';
import { answerQuestions } from './answering.ts';
import { countStatements } from './statements.ts';

const result = readConfig(process.env, PROVIDERS);
if ('problems' in result) throw new Error(result.problems.join('\n'));
const { config } = result;
const statements = process.env.COUNT_STATEMENTS === 'yes' ? countStatements() : () => 0;
const isUnpaced = process.env.UNPACED === 'yes';
let aheadMs = 0;
const app = createApp(config, createLog(config.logLevel, secretsOf(config)), {
  clock: () => Date.now() + aheadMs,
  ...(isUnpaced && { isPaced: () => false }),
});

answerQuestions({
  idle: () => app.idle(),
  tick: () => app.tick(),
  statements,
  ahead(ms: number) {
    aheadMs = ms;
  },
});
process.on('SIGTERM', () => app.stop().then(() => process.exit()));
await app.start();
