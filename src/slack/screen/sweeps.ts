/** The message with a sweep's progress. */
import { sweepMessage } from '../../../blocks/sweep-message.ts';
import type { Screen } from '../../core/ports/screen.ts';
import type { ScreenDeps } from './edits.ts';

/** Throws `DeliveryError`. */
export async function showSweep(
  { client, people, providers, fit }: ScreenDeps,
  progress: Parameters<Screen['showSweep']>[0],
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
