import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/** Paths under which a library might hang a credential on an error; none of ours does. */
const SECRETS = ['authorization', 'Authorization', 'token', 'headers', 'config.headers', 'response_url', 'url'];

/** JSON lines on standard output. Errors are written with their causes, whose texts hold no secrets (`ProviderError`). */
export function createLog(level: Config['logLevel']): Logger {
  return pino({
    level,
    base: null,
    redact: {
      paths: SECRETS.flatMap((path) =>
        ['', 'err.', 'err.cause.', 'err.original.', 'err.cause.original.'].map((at) => at + path),
      ),
      censor: '[hidden]',
    },
  });
}
