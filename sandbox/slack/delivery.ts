import type { State } from './state.ts';
import type { Delivery, EnvelopeKind, JsonObject } from './types.ts';

/** Slack waits this long for an acknowledgement. */
export const ACK_MS = 3_000;

/** Set when Slack sends something for a further time. */
export interface Retry {
  attempt: number;
  reason: 'timeout' | 'http_error';
}

/** The way to the app: its sockets, or its HTTP address. */
export interface Transport {
  send(kind: EnvelopeKind, payload: JsonObject, retry?: Retry): Promise<Delivery>;
  connected(): boolean;
  disconnect(reason: string): void;
  /** Ends what is open, without a word. */
  cut(): void;
  close(): Promise<void>;
}

/** Updates the screen once the app has answered, or failed to. */
export type Settle = (delivery: Delivery) => void;

/** The workspace and its way to the app, with what was sent last. */
export interface Line {
  readonly state: State;
  readonly transport: Transport;
  last: { kind: EnvelopeKind; payload: JsonObject; settle: Settle; attempt: number } | undefined;
}

export function notAcked(startedAt: number): Delivery {
  return { acked: false, ackMs: Math.round(performance.now() - startedAt), ackBody: {} };
}

export async function dispatch(
  line: Line,
  kind: EnvelopeKind,
  payload: JsonObject,
  settle: Settle = () => undefined,
): Promise<Delivery> {
  line.last = { kind, payload, settle, attempt: 0 };
  line.state.sent.push({ kind, payload: structuredClone(payload) });
  const delivery = await line.transport.send(kind, payload);
  settle(delivery);
  return delivery;
}

export async function dispatchAgain(line: Line): Promise<Delivery> {
  const { last } = line;
  if (!last) throw new Error('Nothing was delivered yet, so there is nothing to deliver again');
  last.attempt += 1;
  line.state.sent.push({ kind: last.kind, payload: structuredClone(last.payload) });
  const delivery = await line.transport.send(last.kind, last.payload, { attempt: last.attempt, reason: 'timeout' });
  last.settle(delivery);
  return delivery;
}
