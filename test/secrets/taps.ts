/** Between the app and the others: notes what each gets, and answers in ways that tempt a secret out. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from '../providers/serve.ts';

interface Heard {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  answer: string;
}

type Trick = (heard: Heard, response: ServerResponse) => void;

export interface Tap {
  url: string;
  heard: Heard[];
  /** Until it is taken away, this answers what starts with `on` instead of the provider. */
  trick: { on: string; by: Trick } | undefined;
}

/** Lies between the app and one of the others, and hears every byte. */
export async function createTap(target: string): Promise<Tap> {
  const tap: Tap = { url: '', heard: [], trick: undefined };
  const { url: own } = await serve(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const heard: Heard = { method, path: url, headers, body: await text(request), answer: '' };
    tap.heard.push(heard);
    if (tap.trick && `${method} ${url}`.startsWith(tap.trick.on)) return tap.trick.by(heard, response);
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...passed } = headers;
    const answer = await fetch(new URL(url, target), {
      method,
      headers: passed as Record<string, string>,
      redirect: 'manual',
      ...(heard.body !== '' && { body: heard.body }),
    });
    heard.answer = await answer.text();
    const kept = ['content-type', 'location', 'retry-after'].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    response.writeHead(answer.status, Object.fromEntries(kept)).end(heard.answer);
  });
  tap.url = own;
  return tap;
}

/** Everything that came, as an error that a careless server writes: in the body, in the headers, in the status line. */
export function echo(status: number): Trick {
  return ({ method, path, headers, body }, response) => {
    const error = { error: `${method} ${path}`, error_description: body };
    const all = JSON.stringify({ ...error, message: headers, headers, body });
    response.statusMessage = `Refused ${headers.authorization ?? path}`.replace(/[^\x20-\x7e]/g, '');
    response
      .writeHead(status, {
        'content-type': 'application/json',
        'www-authenticate': headers.authorization ?? headers['x-api-key']?.toString() ?? '',
        'retry-after': '1',
        'x-request-id': path,
      })
      .end(all);
  };
}

/** JSON that breaks off, and a parser that quotes what it could not read. */
export const UNFINISHED: Trick = ({ headers, body }, response) =>
  void response
    .setHeader('content-type', 'application/json')
    .end(`{"token":"${headers.authorization ?? headers['x-api-key']}${body}`);

/** As OAuth refuses a token that is over (RFC 6749, 5.2), with the token in its words. */
export const refusal: Trick = ({ body }, response) =>
  void response
    .writeHead(400, { 'content-type': 'application/json' })
    .end(JSON.stringify({ error: 'invalid_grant', error_description: `${body} is over` }));

/** As Slack refuses, with everything that came in the places that its SDK hangs on the error. */
export const slackRefusal: Trick = ({ headers, body }, response) =>
  void response.setHeader('content-type', 'application/json').end(
    JSON.stringify({
      ok: false,
      error: 'invalid_arguments',
      needed: headers.authorization,
      provided: body,
      response_metadata: { messages: [`[ERROR] ${headers.authorization} ${body}`] },
    }),
  );

export const TRICKS: readonly Trick[] = [
  ...[400, 403, 429, 500].map(echo),
  UNFINISHED,
  ({ headers }, response) =>
    void response.end(JSON.stringify({ tasks: headers.authorization, data: headers, items: headers })),
  ({ path, headers }, response) =>
    void response
      .writeHead(302, { location: `http://127.0.0.1:1${path}?key=${encodeURIComponent(headers.authorization ?? '')}` })
      .end(),
  (_, response) => void response.destroy(),
];
