/** Somewhere for webhooks to go: it keeps what came, and answers as a test says. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
}

export type Behaviour = (response: ServerResponse, request: IncomingMessage, count: number) => void;

function ok(response: ServerResponse): void {
  response.writeHead(200).end();
}

/** `behaviour` is told how many have come, this one included. */
export async function receiver(behaviour: Behaviour = ok): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    behaviour(response, request, received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return { url: `http://127.0.0.1:${address.port}/webhooks/outreach`, received };
}
