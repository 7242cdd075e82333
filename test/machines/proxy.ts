/** A TCP proxy of a test's own, so that a server that others use too can be cut off. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What stands between one process and a server. */
export interface Way {
  port: number;
  /** Ends every connection, and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
}

/** `to`: the port of each connection's server; undefined: there is none. */
export async function startProxy(to: () => { host: string; port: number } | undefined, port = 0): Promise<Way> {
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const target = isCut ? undefined : to();
    if (!target) return void near.destroy();
    join(near, connect(target));
  });

  function join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.pipe(other);
      // An error is followed by this.
      socket
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(socket);
          other.destroy();
        });
    }
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
    mend() {
      isCut = false;
    },
  };
}
