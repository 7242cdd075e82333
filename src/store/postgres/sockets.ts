/** The connections of one process to the server, so that all of them can be ended when a network drops what they send. */
import { Socket } from 'node:net';

export interface Sockets {
  /** For `ClientConfig.stream`: a connection to be, which counts until it is closed. */
  open(): Socket;
  /** Ends every one. What waits for an answer on it is told that it was lost. */
  cut(why: string): void;
}

export function createSockets(): Sockets {
  const all = new Set<Socket>();
  return {
    open() {
      const socket = new Socket();
      all.add(socket);
      return socket.once('close', () => all.delete(socket));
    },
    cut(why) {
      for (const socket of all) socket.destroy(new Error(why));
    },
  };
}
