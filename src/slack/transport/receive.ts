/** Guards in front of Bolt: it gets only requests and messages that cannot crash it. */
import type { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../core/ports/runtime.ts';

/** All listeners ended without an acknowledgement: one failed, or there is none. */
export class Unacknowledged extends Error {
  override name = 'Unacknowledged' as const;
}

/** Bolt's parse errors quote the text; listeners' errors are logged already. */
export function noteRefusal(log: Log, error: Error): void {
  if (error instanceof Unacknowledged) log.info({ from: 'slack' }, 'nothing acknowledged what Slack sent');
  else log.warn({ from: 'slack', why: error.name }, 'refused what Slack sent: it could not be read');
}

/**
 * The SDK parses messages in an unhandled promise, too. Anything but an envelope is dropped. An event without a type is
 * replaced by one without a listener, so that it is acknowledged and not repeated.
 */
export function readWithCare(client: SocketModeReceiver['client'], log: Log): void {
  const [read] = client.listeners(MESSAGE);
  client.removeAllListeners(MESSAGE);
  client.on(MESSAGE, async (data: unknown, isBinary: unknown) => {
    try {
      const envelope = typeof data === 'string' ? JSON.parse(data) : undefined;
      if (!isObject(envelope)) throw new TypeError('a message is no object');
      if (envelope.type !== 'events_api' || isEvent(envelope.payload)) return await read?.(data, isBinary);
      log.warn({ from: 'slack' }, 'passed over an event without a type');
      await read?.(JSON.stringify({ ...envelope, payload: { event: { type: 'unreadable' } } }), isBinary);
    } catch (error) {
      const why = error instanceof Error ? error.name : 'unknown';
      log.warn({ from: 'slack', why }, 'passed over a message that could not be read');
    }
  });
}

const MESSAGE = 'ws_message';

export function isEvent(payload: unknown): boolean {
  return isObject(payload) && isObject(payload.event) && typeof payload.event.type === 'string';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
