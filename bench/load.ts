/** A process of its own that sends signed clicks, so many at a time, and measures each until its answer is read. */
import { Pool } from 'undici';
import { answerQuestions } from './answering.ts';
import { signedHeaders } from './clicks.ts';

export interface Load {
  port: number;
  signingSecret: string;
  bodies: string[];
  inFlight: number;
}

export interface Measured {
  /** Of each click, until its answer was read. */
  times: number[];
  wallMs: number;
  /** Processor time of this process meanwhile. */
  cpuMs: number;
  /** Other than 200. */
  refused: number;
}

function signed({ signingSecret }: Load, body: string) {
  return { path: '/slack/events', method: 'POST', headers: signedHeaders(signingSecret, body), body } as const;
}

async function run(load: Load): Promise<Measured> {
  const pool = new Pool(`http://127.0.0.1:${load.port}`, { connections: load.inFlight, pipelining: 1 });
  const requests = load.bodies.map((body) => signed(load, body));
  const times: number[] = [];
  let refused = 0;
  let next = 0;
  const before = process.cpuUsage();
  const from = performance.now();
  async function work(): Promise<void> {
    for (let request = requests[next++]; request; request = requests[next++]) {
      const start = performance.now();
      const { statusCode, body } = await pool.request(request);
      await body.dump();
      times.push(performance.now() - start);
      if (statusCode !== 200) refused += 1;
    }
  }
  await Promise.all(Array.from({ length: load.inFlight }, work));
  const wallMs = performance.now() - from;
  const { user, system } = process.cpuUsage(before);
  await pool.close();
  return { times, wallMs, cpuMs: (user + system) / 1_000, refused };
}

answerQuestions({ run });
