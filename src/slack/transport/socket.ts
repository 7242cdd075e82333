/**
 * Keeps Socket Mode's socket open. The SDK's own reconnecting has no ceiling: its next try comes later and later, up to
 * 30 % of an outage (slack.md 6), and what it throws nobody can catch. So it is told not to reconnect, and we do.
 */
import type { SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Log } from '../../core/ports/runtime.ts';
import { isTokenRefused, toDeliveryError } from './errors.ts';

export interface Socket {
  /** Opens the socket; from then on it is opened again whenever it is lost. Rejects when the first try fails. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** False once the socket has been away for more than a moment: Slack recycles each one every few hours. */
  isUp(): boolean;
  /** Being opened again. The SDK complains of each try that fails; what it says then is left out of the log. */
  isReopening(): boolean;
}

type Client = Pick<SocketModeReceiver['client'], 'start' | 'disconnect' | 'on'>;

/** The next try begins no later than this after the last one began. */
const LONGEST_PAUSE = 15_000;
const FIRST_PAUSE = 1_000;
/** Less than the longest pause, so that a try which gets no answer delays no other. */
const OPEN_WITHIN = 10_000;
const A_MOMENT = 10_000;

/** From the beginning of one try to that of the next. */
export function pauseAfterTry(failures: number): number {
  return Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
}

export interface Timing {
  now(): number;
  wait(ms: number): Promise<void>;
}

const REAL: Timing = {
  now: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
};

export function createSocket(client: Client, log: Log, { now, wait }: Timing = REAL): Socket {
  let wanted = false;
  let opening = false;
  let lostAt: number | undefined;

  async function open(): Promise<void> {
    opening = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the socket did not open in time')), OPEN_WITHIN);
    });
    try {
      await Promise.race([client.start(), late]);
    } catch (error) {
      // What was half open must not open later, beside that of the next try: Slack would share events out between them.
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
      const triedAt = now();
      try {
        await open();
        lostAt = undefined;
        if (failures > 0) log.info({ awayMs: Math.round(now() - since) }, 'the socket to Slack is back');
        return;
      } catch (error) {
        failures += 1;
        if (wanted && failures === 1) sayLost(error);
        await wait(Math.max(pauseAfterTry(failures) - (now() - triedAt), FIRST_PAUSE));
      }
    }
  }

  function sayLost(error: unknown): void {
    const refused = error instanceof WebAPIPlatformError && isTokenRefused(error.data.error);
    if (refused) log.error({ code: error.data.error }, 'Slack refuses SLACK_APP_TOKEN, so no click or command arrives');
    else
      log.warn({ err: toDeliveryError(error) }, 'the socket to Slack is lost; it is opened again once Slack answers');
  }

  client.on('disconnected', () => {
    // What a try comes to is known to whoever made it.
    if (wanted && !opening && lostAt === undefined) void reopen();
  });

  return {
    async connect() {
      await open();
      wanted = true;
    },
    async disconnect() {
      wanted = false;
      await client.disconnect();
    },
    isUp: () => lostAt === undefined || now() - lostAt < A_MOMENT,
    isReopening: () => lostAt !== undefined,
  };
}
