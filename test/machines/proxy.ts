/** A TCP proxy of a test's own, so that a server that others use too can be cut off. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What stands between one process and a server. */
export interface Way {
  port: number;
  /** Ends every connection, and refuses new ones. */
  cut(): void;
  /** The next time that a client sends this, it still arrives, but the connection ends before the answer. */
  loseAnswerTo(words: string): void;
  /** Nothing arrives any more, in either direction, and nobody is told. */
  silence(): void;
  mend(): void;
}

/** `to`: the server of each connection; undefined: there is none. */
export async function startProxy(to: () => { host: string; port: number } | undefined, port = 0): Promise<Way> {
  const open = new Set<Socket>();
  let isCut = false;
  let isSilent = false;
  let losing: string | undefined;
  const server = createServer((near) => {
    const target = isCut ? undefined : to();
    if (!target) return void near.destroy();
    const far = connect(target);
    pass(far, near);
    pass(near, far, (sent) => {
      if (losing === undefined || !sent.includes(losing)) return;
      losing = undefined;
      far.removeAllListeners('data').once('data', () => near.destroy());
    });
  });

  function pass(from: Socket, into: Socket, look?: (sent: Buffer) => void): void {
    open.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => {
      if (isSilent) return;
      look?.(data);
      into.write(data);
    });
    // `close` follows an error.
    from
      .on('error', () => undefined)
      .on('close', () => {
        open.delete(from);
        into.destroy();
      });
  }

  function endAll(): void {
    for (const socket of open) socket.destroy();
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    endAll();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      endAll();
    },
    loseAnswerTo(words) {
      losing = words;
    },
    silence() {
      isSilent = true;
    },
    mend() {
      // What they had sent was dropped.
      if (isSilent) endAll();
      isSilent = false;
      isCut = false;
    },
  };
}
