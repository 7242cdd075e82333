/** The message with a sweep's progress. */

import { sweepMessage } from '../../../blocks/sweep-message.ts';
import type { Screen } from '../../core/ports/screen.ts';
import type { ScreenDeps } from './edits.ts';
import type { Gate } from './gate.ts';

type Progress = Parameters<Screen['showSweep']>[0];

/** A job waits with a place of the worker, so it does not wait for long. */
const LONGEST_WAIT_MS = 2_000;

/** The post is at once: it has the Undo. Edits come before other background edits. Throws `DeliveryError`. */
export function showSweep(deps: ScreenDeps, background: Gate, progress: Progress): ReturnType<Screen['showSweep']> {
  const { posted } = progress.sweep;
  return posted ? whenFree(background, () => send(deps, progress)) : send(deps, progress);
}

async function whenFree<T>(background: Gate, edit: () => Promise<T>): Promise<T | 'busy'> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), LONGEST_WAIT_MS);
  const begin = () => {
    clearTimeout(timer);
    return edit();
  };
  try {
    return await background.add(begin, { priority: 1, signal: waiting.signal });
  } catch (error) {
    if (waiting.signal.aborted) return 'busy';
    throw error;
  }
}

async function send(
  { client, people, providers, fit }: ScreenDeps,
  progress: Progress,
): Promise<{ channel: string; ts: string }> {
  const { posted, userId } = progress.sweep;
  const reader = await people.readerOf(progress.sweep);
  const place = { channel: userId, unfurl_links: false, unfurl_media: false };
  const { channel, ts } = await fit.send(
    (room) => sweepMessage(progress, providers, reader, room),
    async (content): Promise<{ channel?: string; ts?: string }> =>
      posted ? client.chat.update({ ...posted, ...content }) : client.chat.postMessage({ ...place, ...content }),
  );
  if (!channel || !ts) throw new TypeError('Slack did not say where the message landed');
  return { channel, ts };
}
