/** Kinds of addresses: where consent may lead back to, and where webhooks may go. */

/** Where the sandbox's own listeners are. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** Loopback is not among them. */
export function isPrivate({ hostname }: URL): boolean {
  return /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)\d/.test(hostname);
}

/** `registered`: origins with the start of a path; absent: any loopback address. */
export function isRegistered(address: string, registered: readonly string[] | undefined): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.hash) return false;
  if (!registered) return isLoopback(url);
  return registered.some((prefix) => {
    const { origin, pathname } = new URL(prefix);
    return url.origin === origin && url.pathname.startsWith(pathname);
  });
}
