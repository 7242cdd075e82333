/** Keeps the socket open. The SDK's own reconnecting waits too long (slack.md 6) and throws where nobody can catch. */
import type { SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Log } from '../../core/ports/runtime.ts';
import { isTokenRefused, toDeliveryError } from './errors.ts';

type Client = Pick<SocketModeReceiver['client'], 'start' | 'disconnect' | 'on'>;

/** Between the starts of two attempts. */
const LONGEST_PAUSE_MS = 15_000;
const FIRST_PAUSE_MS = 1_000;
/** Shorter than the longest pause, so that an attempt without an answer delays no other. */
const OPEN_TIMEOUT_MS = 10_000;
const DOWN_AFTER_MS = 10_000;

/** Between the starts of two attempts. */
export function pauseAfterFailures(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

interface Timing {
  now(): number;
  wait(ms: number): Promise<void>;
}

const REAL: Timing = {
  now: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
};

export function createSocket(client: Client, log: Log, { now, wait }: Timing = REAL) {
  let wanted = false;
  let opening = false;
  let lostAt: number | undefined;

  async function open(): Promise<void> {
    opening = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the socket did not open in time')), OPEN_TIMEOUT_MS);
    });
    try {
      await Promise.race([client.start(), late]);
    } catch (error) {
      // A late socket must not open beside the next one: Slack would split events between them.
      void client.disconnect();
      throw error ?? new Error('the socket closed before it was open');
    } finally {
      clearTimeout(timer);
      opening = false;
    }
  }

  async function reopen(): Promise<void> {
    const since = now();
    lostAt = since;
    for (let failures = 0; wanted; ) {
      const startedAt = now();
      try {
        await open();
        lostAt = undefined;
        if (failures > 0) log.info({ awayMs: Math.round(now() - since) }, 'the socket to Slack is back');
        return;
      } catch (error) {
        failures += 1;
        if (wanted && failures === 1) logLost(error);
        await wait(Math.max(pauseAfterFailures(failures) - (now() - startedAt), FIRST_PAUSE_MS));
      }
    }
  }

  function logLost(error: unknown): void {
    const refused = error instanceof WebAPIPlatformError && isTokenRefused(error.data.error);
    if (refused) log.error({ code: error.data.error }, 'Slack refuses SLACK_APP_TOKEN, so no click or command arrives');
    else
      log.warn({ err: toDeliveryError(error) }, 'the socket to Slack is lost; it is opened again once Slack answers');
  }

  client.on('disconnected', () => {
    // The attempt itself reports its result.
    if (wanted && !opening && lostAt === undefined) void reopen();
  });

  return {
    /** Opens the socket, and reopens it whenever it is lost. Rejects if the first attempt fails. */
    async connect(): Promise<void> {
      await open();
      wanted = true;
    },
    async disconnect(): Promise<void> {
      wanted = false;
      await client.disconnect();
    },
    /** A short loss does not count: Slack closes every socket after a few hours. */
    isUp: () => lostAt === undefined || now() - lostAt < DOWN_AFTER_MS,
    /** The SDK's own log lines of failed attempts are dropped meanwhile. */
    isReopening: () => lostAt !== undefined,
  };
}
