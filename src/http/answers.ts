/** How the server answers. */
import type { IncomingMessage, RequestListener } from 'node:http';
import { type Page, pageHtml } from './pages.ts';

export type Response = Parameters<RequestListener>[1];

/** The value of a parameter; undefined where it is absent or empty. */
export type Query = (name: string) => string | undefined;

/** The URL may hold a ticket, or a code and a state: it must not be stored or sent elsewhere. */
export const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

export function queryOf(request: IncomingMessage): Query {
  const query = new URL(request.url ?? '/', 'http://docket.invalid').searchParams;
  return (name) => query.get(name) || undefined;
}

/** A prefetch or preview by a browser, which must not use a sign-in up. */
export function isPrefetch({ headers }: IncomingMessage): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /\b(prefetch|prerender|preview)\b/i.test(String(headers[name] ?? '')),
  );
}

export function answer(response: Response, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${text}\n`);
}

export function nothing(response: Response, status: number): void {
  response.writeHead(status, PRIVATE).end();
}

export function show(response: Response, page: Page): void {
  response
    .writeHead(page.status, {
      ...PRIVATE,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'x-content-type-options': 'nosniff',
    })
    .end(pageHtml(page));
}
