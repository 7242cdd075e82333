/** The page's way to its server. */
import { useEffect, useState } from 'react';
import type { Outcome, PageState, Requests } from './protocol.ts';

/** Also asked for without news, because nobody tells the page when the app connects or leaves. */
const REFRESH_MS = 3_000;

async function post(path: string, body: unknown): Promise<Response> {
  return await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export async function send<Path extends keyof Requests>(path: Path, body: Requests[Path]): Promise<Outcome> {
  try {
    const response = await post(path, body);
    return (await response.json()) satisfies Outcome;
  } catch {
    return { refused: 'The sandbox does not answer. Is npm run demo still running?' };
  }
}

export async function playProvider(id: string, action: 'close' | 'down', body: object): Promise<void> {
  // The panel itself shows the result.
  await post(`/provider/${encodeURIComponent(id)}/${action}`, body).catch(() => undefined);
}

export interface Live {
  state: PageState | undefined;
  /** The sandbox itself does not answer. */
  isLost: boolean;
}

export function useLive(userId: string | undefined): Live {
  const [live, setLive] = useState<Live>({ state: undefined, isLost: false });

  useEffect(() => {
    let isOver = false;
    let isLoading = false;
    let isStale = false;
    async function load(): Promise<void> {
      // One question at a time, so that an older answer never replaces a newer one.
      if (isLoading) {
        isStale = true;
        return;
      }
      isLoading = true;
      isStale = false;
      const state = await loadState(userId);
      isLoading = false;
      if (isOver) return;
      setLive((before) => (state ? { state, isLost: false } : { ...before, isLost: true }));
      if (isStale) void load();
    }
    const events = new EventSource('/events');
    events.onmessage = () => void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    void load();
    return () => {
      isOver = true;
      events.close();
      clearInterval(timer);
    };
  }, [userId]);

  return live;
}

async function loadState(userId: string | undefined): Promise<PageState | undefined> {
  try {
    const response = await fetch(`/state?user=${encodeURIComponent(userId ?? '')}`);
    return response.ok ? ((await response.json()) satisfies PageState) : undefined;
  } catch {
    return undefined;
  }
}
