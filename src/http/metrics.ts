/** Answers `GET /metrics`. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The path of a scrape, if metrics are on. `token`: only those who send it as a bearer token get an answer. */
export interface MetricsPage {
  token: string | undefined;
  read(): Promise<{ type: string; text: string }>;
}

export async function serveMetrics(
  { token, read }: MetricsPage,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (token !== undefined && !isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
    response.writeHead(401, { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' }).end('not allowed\n');
    return;
  }
  const { type, text } = await read();
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

/** In a time that tells nothing of either, their lengths included. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
