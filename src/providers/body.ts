/** The body of an answer, read only as far as any answer goes. */

/**
 * In bytes as they are once decompressed. What the documents allow fits: a hundred tasks of Outreach's whose notes all have
 * the 65,535 characters that a note may have, of three bytes each, are 19.7 MB; five thousand tasks of Gong's, which does not
 * page, of four kilobytes each, are 20 MB; a thousand of Reply.io's are half of one.
 */
export const MAX_ANSWER_BYTES = 20 * 1024 * 1024;

/**
 * Counts as the bytes come, and stops at once when there are too many: undefined then. Leaving the loop cancels the stream,
 * which closes the connection, so nothing more is received or decompressed.
 */
export async function readBody(body: ReadableStream<Uint8Array> | null | undefined): Promise<string | undefined> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
