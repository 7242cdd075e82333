/** The page acts for everyone in the workspace, so no other website may reach it through the visitor's browser. */
import type { IncomingMessage } from 'node:http';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function isForeign({ headers }: IncomingMessage): boolean {
  const host = headers.host ?? '';
  // A name of someone else's that resolves to this machine arrives with that name as its host.
  if (!LOOPBACK.has(host.replace(/:\d+$/, ''))) return true;
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) return true;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  // Following a link to the page is fine, asking it for anything else is not.
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document';
}
