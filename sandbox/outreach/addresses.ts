/** Kinds of addresses: where consent may lead back to, and where webhooks may go without https. */

/** Hosts of the sandbox's own listeners. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** Any loopback address is registered for the app, and no other. */
export function isRegistered(address: string): boolean {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash) return false;
  return isLoopback(url);
}
