/**
 * Limits on request bodies. Anyone can send requests, and each body is in memory until its signature is checked: so
 * only short bodies are read without a signature, and all bodies together have a limit.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A task with its note of 65,535 characters (outreach.md 2), twice, escaped. Slack's largest requests are far smaller. */
export const MOST_BODY_BYTES = 1_048_576;
/** Slack's certificate checks are short and unsigned. */
const MOST_UNSIGNED_BYTES = 1_000;
/** Slack's requests have some 10 kB. */
const MOST_BYTES_AT_ONCE = 64 * MOST_BODY_BYTES;

interface Refusal {
  status: 401 | 413 | 503;
  text: string;
}

export function createAdmission() {
  let reading = 0;
  return {
    /** undefined: the body may be read. It counts until the response is closed. */
    refuse(
      request: IncomingMessage,
      response: ServerResponse,
      signatureHeaders: readonly string[],
    ): Refusal | undefined {
      const announced = Number(request.headers['content-length'] ?? MOST_BODY_BYTES);
      const isSigned = signatureHeaders.every((name) => request.headers[name]);
      if (!isSigned && announced > MOST_UNSIGNED_BYTES) return { status: 401, text: 'not signed' };
      if (announced > MOST_BODY_BYTES) return { status: 413, text: 'too large' };
      if (reading + announced > MOST_BYTES_AT_ONCE) return { status: 503, text: 'busy' };
      reading += announced;
      response.once('close', () => {
        reading -= announced;
      });
      return undefined;
    },
  };
}
