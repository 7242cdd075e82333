/** Child processes and temporary folders, which end with the benchmark however it ends. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Answer } from './answering.ts';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Undone at the end, however that comes. */
const leftovers = new Set<() => void>();
process.on('exit', () => {
  for (const undo of leftovers) undo();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** Deleted at the end of this process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'docket-bench-'));
  leftovers.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Child {
  pid: number;
  /** Sends a question, and resolves with the answer. */
  ask<T>(question: string, details?: unknown): Promise<T>;
  stop(): Promise<void>;
}

interface Start {
  /** For node: a file, or `--eval` with a text. */
  args: readonly string[];
  env?: Record<string, string>;
}

/** Its output goes to a file and is shown only if it fails, so that nobody has to read it meanwhile. */
export function startNode({ args, env = {} }: Start): Child {
  const folder = temporaryFolder();
  const output = join(folder, 'output.log');
  const file = openSync(output, 'a');
  const child = spawn(process.execPath, [...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', file, file, 'ipc'],
    serialization: 'advanced',
  });
  const kill = () => void child.kill('SIGKILL');
  leftovers.add(kill);
  let stopping = false;
  child.once('exit', (code, signal) => {
    leftovers.delete(kill);
    if (stopping) return;
    console.error(`a process ended by itself (${code ?? signal}):\n${readFileSync(output, 'utf8').slice(-4_000)}`);
    process.exit(1);
  });
  return {
    pid: child.pid ?? 0,
    ask: createAsker(child),
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(10_000, undefined, { ref: false }).then(kill)]);
      await ended;
    },
  };
}

function createAsker(child: ChildProcess): Child['ask'] {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  child.on('message', ({ id, value, error }: Answer) => {
    if (error === undefined) waiting.get(id)?.resolve(value);
    else waiting.get(id)?.reject(new Error(error));
    waiting.delete(id);
  });
  return async <T>(question: string, details?: unknown) => {
    last += 1;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(last, answer);
    child.send({ id: last, question, details });
    return (await answer.promise) as T;
  };
}

/** A module of this folder without its types: a process that strips types itself takes up more memory. */
function plain(name: string): string {
  return stripTypeScriptTypes(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/** Arguments to run a module of this folder as JavaScript. It may import packages and node's own modules only. */
export function plainModule(name: string): string[] {
  return ['--input-type=module', '--eval', plain(name)];
}

/** Arguments to preload a module of this folder, which imports node's own modules only. */
export function preload(name: './probe.ts' | './lapse.ts'): string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(plain(name))}`];
}

/** In bytes. The process need not know that it is asked. */
export function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1_024;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

/** Milliseconds since `from` until `GET /readyz` answers 200, asked every 10 ms. */
export async function untilReady(port: number, from: number): Promise<number> {
  while (performance.now() - from < READY_WITHIN_MS) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return performance.now() - from;
    await sleep(10);
  }
  throw new Error('was not ready in time');
}

const READY_WITHIN_MS = 120_000;

/** Looks again every 10 ms, for a minute at most. */
export async function until<T>(look: () => T | undefined, withinMs = 60_000): Promise<T> {
  const from = performance.now();
  while (performance.now() - from < withinMs) {
    const seen = look();
    if (seen !== undefined) return seen;
    await sleep(10);
  }
  throw new Error('waited too long');
}
