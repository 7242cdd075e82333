/**
 * Preloaded into a process that is measured: answers its parent's question for what it has used. It imports nothing but
 * node's own modules, because it is loaded as text.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Usage {
  /** Since the start of the process. */
  cpuMs: number;
  rss: number;
  heapUsed: number;
  /** The longest time that the loop was held, since the question before. */
  heldMs: number;
  /** The most processor time of the main thread between two turns of the loop, likewise: it waited for no other process then. */
  heldCpuMs: number;
}

/** A loop that is free still comes round this late. */
const RESOLUTION_MS = 10;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

let heldCpuMs = 0;
/** undefined: the modules are still being loaded. */
let lastCpuMs: number | undefined;
setInterval(() => {
  const now = threadMs();
  heldCpuMs = Math.max(heldCpuMs, now - (lastCpuMs ?? now));
  lastCpuMs = now;
}, RESOLUTION_MS).unref();

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

process.on('message', ({ id, question }: { id: number; question: string }) => {
  if (question !== 'usage') return;
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const heldMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
  delay.reset();
  const usage = { cpuMs: (user + system) / 1_000, rss, heapUsed, heldMs, heldCpuMs } satisfies Usage;
  heldCpuMs = 0;
  process.send?.({ id, value: usage });
});
process.on('disconnect', () => process.exit());
process.channel?.unref();
