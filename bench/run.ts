/**
 * `npm run bench`: every benchmark of the table, each in a process of its own, and the table. `npm run bench -- ack`: one
 * of them. `docs/performance.md` says what each measures.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { printTable, type Row } from './table.ts';

/** In the table, in this order. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Row[]>>> = {
  ack: async () => (await import('./ack.ts')).ack(),
  outcome: async () => (await import('./outcome.ts')).outcome(),
  start: async () => (await import('./start.ts')).start(),
  morning: async () => (await import('./morning.ts')).morning(),
  reps: async () => (await import('./reps.ts')).reps(),
  'gong-calls': async () => (await import('./gong-calls.ts')).gongCalls(),
};
/** Only where they are asked for. */
const OTHERS: Readonly<Record<string, () => Promise<unknown>>> = {
  triage: () => import('./triage.ts'),
  scale: async () => printTable(await (await import('./scale.ts')).scale()),
  lists: () => import('./lists.ts'),
  ask: () => import('./ask.ts'),
  soak: async () => (await import('./soak.ts')).soak(Number(process.argv[3] ?? 60)),
};

async function all(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of Object.keys(BENCHMARKS)) {
    console.log(`\n${name}`);
    const child = fork(import.meta.filename, [name]);
    child.on('message', (more: Row[]) => rows.push(...more));
    const [code] = await once(child, 'exit');
    if (code !== 0) process.exitCode = 1;
  }
  return rows;
}

async function one(name: string): Promise<void> {
  const rows = await BENCHMARKS[name]?.();
  if (!rows) await OTHERS[name]?.();
  else if (process.send) await new Promise((resolve) => process.send?.(rows, resolve));
  else printTable(rows);
}

const [name] = process.argv.slice(2);
if (name === undefined) printTable(await all());
else if (name in BENCHMARKS || name in OTHERS) await one(name);
else {
  const names = [...Object.keys(BENCHMARKS), ...Object.keys(OTHERS)].join(', ');
  console.error(`No benchmark “${name}”: there are ${names}.`);
  process.exitCode = 1;
}
process.exit();
