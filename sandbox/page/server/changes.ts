/** Tells every open page that something changed; what changed, the page asks for itself. */
import type { ServerResponse } from 'node:http';

/** A digest for everyone is many changes at once: pages hear of them together. */
const THROTTLE_MS = 60;
/** While the clock is on its way, everything changes all the time. */
const UNDERWAY_MS = 1_000;

interface Source {
  onChange(listener: () => void): () => void;
}

export function createChanges(sources: readonly Source[], isUnderway: () => boolean) {
  const pages = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;
  let version = 0;

  function tell(): void {
    timer = undefined;
    version += 1;
    for (const page of pages) page.write(`data: ${version}\n\n`);
  }

  function changed(): void {
    if (pages.size > 0) timer ??= setTimeout(tell, isUnderway() ? UNDERWAY_MS : THROTTLE_MS);
  }

  const stops = sources.map((source) => source.onChange(changed));

  return {
    stream(response: ServerResponse): void {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`retry: 1000\ndata: ${version}\n\n`);
      pages.add(response);
      response.on('close', () => pages.delete(response));
    },
    close(): void {
      clearTimeout(timer);
      for (const stop of stops) stop();
      for (const page of pages) page.end();
    },
  };
}
