/** Lines of Bolt, the SDK and the socket, in our log. */
import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../core/ports/runtime.ts';

/** Bolt's and the SDK's log lines. Their debug lines hold whole payloads and are dropped. */
export function boltLogger(log: Log): Logger {
  const text = (parts: unknown[]) =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug() {},
    info: (...parts) => log.info({ from: 'slack' }, text(parts)),
    warn: (...parts) => log.warn({ from: 'slack' }, text(parts)),
    error: (...parts) => log.error({ from: 'slack' }, text(parts)),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  };
}

/** A lost socket is a warning, not an error, because it is reopened. Failed attempts are not logged (`socket.ts`). */
export function socketLogger(log: Log, isReopening: () => boolean): Logger {
  const logger = boltLogger(log);
  const warn: Logger['warn'] = (...parts) => {
    if (!isReopening()) logger.warn(...parts);
  };
  return { ...logger, warn, error: warn };
}
