/** The message with a sweep's progress. */
import type { Screen } from '../../core/ports/screen.ts';
import { toDeliveryError } from '../transport/errors.ts';
import type { ScreenDeps } from './edits.ts';

/** Throws `DeliveryError`. */
export async function showSweep(
  { client }: ScreenDeps,
  { sweep, actions }: Parameters<Screen['showSweep']>[0],
): Promise<{ channel: string; ts: string }> {
  const text = `${actions.length} tasks`;
  try {
    const { channel, ts } = sweep.posted
      ? await client.chat.update({ ...sweep.posted, text })
      : await client.chat.postMessage({ channel: sweep.userId, text });
    if (!channel || !ts) throw new TypeError('Slack did not say where the message landed');
    return { channel, ts };
  } catch (error) {
    throw toDeliveryError(error);
  }
}
