/** When a digest is compared with the tools again, so that its rows stay true: a few times a day, and few tools allow more. */
import { newJob } from '../jobs/kinds.ts';
import type { RepKey } from '../model/keys.ts';
import { HOUR } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Tx } from '../ports/transaction.ts';

type LookDeps = Pick<Ports, 'queue' | 'clock'>;

/** After the digest: twice while it is in use, then once a day until it is not updated any more (`KEEP_UPDATED_MS`). */
const LOOKS_AT_MS = [3 * HOUR, 6 * HOUR, 24 * HOUR, 48 * HOUR, 72 * HOUR] as const;
/** A rep who opened a list since then had it compared. */
export const LOOKED_WITHIN_MS = 2.5 * HOUR;

/** `look`: 1 is the first. */
export interface PlannedLook {
  messageId: string;
  look: number;
}

/** Plans a look after a digest that is posted now, or after the look before it. */
export async function planLook(
  { queue, clock }: LookDeps,
  { teamId, userId }: RepKey,
  digest: PlannedLook,
  tx?: Tx,
): Promise<void> {
  const { look } = digest;
  const at = LOOKS_AT_MS[look - 1];
  if (at === undefined) return;
  const after = at - (LOOKS_AT_MS[look - 2] ?? 0);
  const payload = { kind: 'reconcile', teamId, userId, digest } as const;
  await queue.enqueue(newJob(`reconcile:${digest.messageId}:${look}`, payload, clock() + after), tx);
}

/** The last reading still counts then (`kept.ts`), and no row moves while a rep begins to read the list. */
const SOON_MS = 10_000;

/** A look soon: somebody has just read the lists, so that it costs no call. */
export async function lookSoon({ queue, clock }: LookDeps, { teamId, userId }: RepKey): Promise<void> {
  const now = clock();
  const payload = { kind: 'reconcile', teamId, userId, isRead: true } as const;
  await queue.enqueue(newJob(`reconcile:${teamId}:${userId}:${now}`, payload, now + SOON_MS));
}
