/** A route's answer, before the server adds the requestId and sends it. */
import type { WireObject } from '../json.ts';

export interface Answer {
  status: number;
  body: WireObject;
  headers?: Record<string, string>;
  /** The request broke the documented contract, in words for `unexpected`. */
  breach?: string;
}

/** A refusal that a correct client may meet: the world changed, or a limit was reached. Envelope: gong.md 5. */
export function refuse(status: number, error: string, headers: Record<string, string> = {}): Answer {
  return { status, body: { errors: [error] }, headers };
}

/** A refusal that a correct client never meets. */
export function breach(status: number, errors: readonly string[]): Answer {
  return { status, body: { errors: [...errors] }, breach: errors.join('; ') };
}
