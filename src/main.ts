/** The process: reads the environment, starts the app, handles signals. Acts on import. */
import { setGlobalProxyFromEnv } from 'node:http';
import { createApp, type DocketApp } from './app.ts';
import { readConfig } from './config.ts';
import { StartError } from './core/model/errors.ts';
import { createLog, secretsOf } from './log.ts';
import { PROVIDERS } from './providers/index.ts';

/** Longer than the app's own stop, and short enough for a supervisor. */
const HARD_STOP_MS = 9_500;

const result = readConfig(process.env, PROVIDERS);
if ('problems' in result) {
  const lines = ['Docket cannot start. Fix these settings:', ...result.problems.map((problem) => `  ${problem}`)];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

const { config } = result;
const log = createLog(config.logLevel, secretsOf(config));
if (config.proxied) {
  setGlobalProxyFromEnv();
  log.info({}, 'requests go through the proxy that the environment names');
}
if (config.slack.botToken !== undefined && config.providers.size === 0)
  log.warn({}, 'no provider is set up, so there are no tasks to bring');

// Loaded only where they are on.
const metrics = config.metrics && (await import('./metrics.ts')).createMetrics();
let stopping = false;
const app = open();

function open(): DocketApp {
  try {
    return createApp(config, log, { metrics });
  } catch (error) {
    return fail(error);
  }
}

/** A known problem is one sentence; anything else is a bug and gets a stack. */
function fail(error: unknown): never {
  if (error instanceof StartError) log.fatal({}, `Docket cannot start. ${error.message}`);
  else log.fatal({ err: error }, 'Docket could not start');
  process.exit(1);
}

function stop(signal: string, exitCode = 0): void {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  setTimeout(() => {
    log.error({}, 'did not stop in time');
    process.exit(1);
  }, HARD_STOP_MS).unref();
  app.stop().then(
    () => process.exit(exitCode),
    (error) => {
      log.error({ err: error }, 'could not stop cleanly');
      process.exit(1);
    },
  );
}

process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
// A library's unhandled rejection: running work is finished, then the process ends, so that a supervisor restarts it.
process.on('unhandledRejection', (error) => {
  if (stopping) return;
  log.fatal({ err: error }, 'something failed that nothing waited for');
  stop('unhandledRejection', 1);
});

app.start().catch((error: unknown) => {
  if (!stopping) fail(error);
});
