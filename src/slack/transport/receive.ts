/** Guards in front of Bolt: it gets only requests and messages that cannot crash it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type BufferedIncomingMessage,
  HTTPModuleFunctions,
  type HTTPReceiver,
  isRawBodyError,
  type SocketModeReceiver,
} from '@slack/bolt';
import { onceAMinute } from '../../core/model/log-limit.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';

/** Slack's largest requests are far smaller. */
export const BODY_LIMIT = '1mb';

/** All listeners ended without an acknowledgement: one failed, or there is none. */
export class Unacknowledged extends Error {
  override name = 'Unacknowledged' as const;
}

/**
 * Bolt parses bodies in an unhandled promise, so a signed `payload=null` would end the process. It gets only signed
 * objects, with the body already read.
 */
export function createRequestListener(
  receiver: HTTPReceiver,
  signingSecret: string,
  log: Log,
  clock: Clock,
): (request: IncomingMessage, response: ServerResponse) => void {
  let why = '';
  const countUnsigned = onceAMinute(clock, (times) => log.warn({ from: 'slack', why, times }, 'refused requests'));
  return async (request, response) => {
    let refused = 401;
    try {
      const options = { signingSecret, bodyLimit: BODY_LIMIT };
      const read = await HTTPModuleFunctions.parseAndVerifyHTTPRequest(options, request);
      refused = 400;
      if (!isObject(parseBody(read))) throw new TypeError('the body is no object');
      receiver.requestListener(read, response);
    } catch (error) {
      why = error instanceof Error ? error.message : 'unknown';
      if (refused === 401) countUnsigned();
      else log.warn({ from: 'slack', why }, 'refused a request');
      refuse(response, isRawBodyError(error) ? error.statusCode : refused);
    }
  };
}

function parseBody(request: BufferedIncomingMessage): unknown {
  try {
    return HTTPModuleFunctions.parseHTTPRequestBody(request);
  } catch {
    // JSON's error quotes the text.
    throw new TypeError('the body is not what its type says');
  }
}

/** Without this header Slack would repeat a refused event three times. */
export function refuse(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status, { 'x-slack-no-retry': '1' }).end();
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
