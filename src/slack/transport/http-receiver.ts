/**
 * Slack's requests over HTTP: verified, read once, and given to Bolt. Bolt's own receiver reads each body three times, and
 * in an unhandled promise, so that a signed `payload=null` would end the process.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  HTTPModuleFunctions,
  HTTPResponseAck,
  isRawBodyError,
  type Logger,
  type Receiver,
  verifySlackRequest,
} from '@slack/bolt';
import { onceAMinute } from '../../core/model/log-limit.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { isObject, noteRefusal, Unacknowledged } from './receive.ts';

/** Slack's largest requests are far smaller. */
const BODY_LIMIT = '1mb';

interface ReceiverDeps {
  signingSecret: string;
  logger: Logger;
  log: Log;
  clock: Clock;
}

type App = Parameters<Receiver['init']>[0];

export function createHttpReceiver(deps: ReceiverDeps): { receiver: Receiver; requests: RequestListener } {
  const { log, clock } = deps;
  let app: App | undefined;
  let why = '';
  const countUnsigned = onceAMinute(clock, (times) => log.warn({ from: 'slack', why, times }, 'refused requests'));
  const receiver: Receiver = {
    init(initialised) {
      app = initialised;
    },
    // `src/http` listens.
    start: async () => {},
    stop: async () => {},
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let refused = 401;
    try {
      const read = await readSigned(deps, request);
      refused = 400;
      const body = read === 'ssl_check' ? read : parse(request, read);
      if (body === 'ssl_check') return HTTPModuleFunctions.buildSSLCheckResponse(response);
      if (!isObject(body)) throw new TypeError('the body is no object');
      if (body.type === 'url_verification') return HTTPModuleFunctions.buildUrlVerificationResponse(response, body);
      if (app) await dispatch(deps, app, { body, request, response });
    } catch (error) {
      why = error instanceof Error ? error.message : 'unknown';
      if (refused === 401) countUnsigned();
      else log.warn({ from: 'slack', why }, 'refused a request');
      refuse(response, isRawBodyError(error) ? error.statusCode : refused);
    }
  }

  return { receiver, requests: (request, response) => void answer(request, response) };
}

/** Throws if the signature is missing, wrong or old. Slack's checks of the certificate are not signed, and say nothing else. */
async function readSigned({ signingSecret }: ReceiverDeps, request: IncomingMessage): Promise<string> {
  const { rawBody } = await HTTPModuleFunctions.bufferIncomingMessage(request, BODY_LIMIT);
  const text = rawBody.toString();
  if (isForm(request) && text.includes('ssl_check=1') && new URLSearchParams(text).get('ssl_check') === '1') {
    return 'ssl_check';
  }
  const headers = {
    'x-slack-signature': HTTPModuleFunctions.getHeader(request, 'x-slack-signature'),
    'x-slack-request-timestamp': Number(HTTPModuleFunctions.getHeader(request, 'x-slack-request-timestamp')),
  };
  verifySlackRequest({ signingSecret, body: text, headers });
  return text;
}

function isForm({ headers }: IncomingMessage): boolean {
  return headers['content-type'] === 'application/x-www-form-urlencoded';
}

/** A click is JSON in a form, a command is a form, an event is JSON. */
function parse(request: IncomingMessage, text: string): unknown {
  try {
    if (!isForm(request)) return JSON.parse(text);
    const form = new URLSearchParams(text);
    const payload = form.get('payload');
    return payload === null ? Object.fromEntries(form) : JSON.parse(payload);
  } catch {
    // JSON's error quotes the text.
    throw new TypeError('the body is not what its type says');
  }
}

interface Exchange {
  body: Record<string, unknown>;
  request: IncomingMessage;
  response: ServerResponse;
}

async function dispatch({ logger, log }: ReceiverDeps, app: App, { body, request, response }: Exchange): Promise<void> {
  const ack = new HTTPResponseAck({
    logger,
    processBeforeResponse: false,
    httpRequest: request,
    httpRequestBody: body,
    httpResponse: response,
  });
  try {
    await app.processEvent({
      body,
      ack: ack.bind(),
      ...retryOf(request),
    });
  } catch (error) {
    noteRefusal(log, error instanceof Error ? error : new TypeError('unknown'));
    refuse(response, error instanceof Unacknowledged ? 404 : 400);
    ack.ack();
  }
}

function retryOf(request: IncomingMessage) {
  const retryNum = HTTPModuleFunctions.extractRetryNumFromHTTPRequest(request);
  const retryReason = HTTPModuleFunctions.extractRetryReasonFromHTTPRequest(request);
  return { ...(retryNum !== undefined && { retryNum }), ...(retryReason !== undefined && { retryReason }) };
}

/** Without this header Slack would repeat a refused event three times. */
function refuse(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status, { 'x-slack-no-retry': '1' }).end();
}
