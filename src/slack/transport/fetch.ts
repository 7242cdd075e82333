/** The fetch of all calls to Slack. */
import type { FetchFunction } from '@slack/web-api';
import { leanFetch, timeLimit } from '../../fetch.ts';

/** Resolves with the whole answer. Rejects with an error named `TimeoutError` after `timeoutMs`, and as `leanFetch` does. */
export function fetchWithin(timeoutMs: number): FetchFunction {
  return async (url, { method, headers, body } = {}) => {
    if (typeof body === 'object') throw new TypeError('Docket sends no files');
    const limit = timeLimit(timeoutMs);
    try {
      const answer = await leanFetch(url, { method, headers, body, signal: limit.signal });
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer.body) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      return {
        ...answer,
        text: async () => bytes.toString(),
        json: async () => JSON.parse(bytes.toString()),
        arrayBuffer: async () => new Uint8Array(bytes).buffer,
      };
    } finally {
      limit.end();
    }
  };
}
