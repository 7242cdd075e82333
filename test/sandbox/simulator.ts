/** What tests of the simulated providers share: a bare client, and an eye on breaches of the contract. */
import { expect, onTestFinished } from 'vitest';

interface Simulator {
  readonly unexpected: readonly string[];
  close(): Promise<void>;
}

const looked = new WeakMap<Simulator, number>();

/** Closes the simulator with the test, which fails if a request broke the contract and `breaches` was not asked of it. */
export function watch<S extends Simulator>(simulator: S): S {
  onTestFinished(async () => {
    await simulator.close();
    expect(breaches(simulator), 'requests that break the contract').toEqual([]);
  });
  return simulator;
}

/** The breaches since the last look. */
export function breaches(simulator: Simulator): string[] {
  const seen = looked.get(simulator) ?? 0;
  looked.set(simulator, simulator.unexpected.length);
  return simulator.unexpected.slice(seen);
}

export interface Sent {
  /** Text goes out as it is. */
  body?: unknown;
  /** undefined takes a header away. */
  headers?: Record<string, string | undefined>;
  signal?: AbortSignal;
}

export interface Got {
  status: number;
  headers: Headers;
  text: string;
  /** Looked into freely. Long ids are rounded in it: read those from the text. */
  json: ReturnType<typeof JSON.parse>;
}

/** `request` is `METHOD /path`. */
export async function send(url: string, request: string, { body, headers = {}, signal }: Sent): Promise<Got> {
  const [method = '', path = ''] = request.split(' ');
  const wanted = { 'content-type': body === undefined ? undefined : 'application/json', ...headers };
  const response = await fetch(`${url}${path}`, {
    method,
    headers: Object.entries(wanted).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === '' ? undefined : JSON.parse(text) };
}

/** The code of the socket error under fetch's own error. */
export async function dropped(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

/** A clock that stands still until it is set forward. */
export function clockAt(start: number) {
  let now = start;
  function advance(ms: number): void {
    now += ms;
  }
  return { read: () => now, advance };
}
