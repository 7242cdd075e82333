/** `npm run fuzz`: a million lines, of which none may act without a verb and a number. Prints the slowest. */
import fc from 'fast-check';
import { readLine } from '../../src/core/ask/read.ts';
import { CONTEXT } from './corpus.ts';
import { anyLine, isRightToAct } from './lines.ts';

const LINES = Number(process.argv[2] ?? 1_000_000);
const AT_ONCE = 10_000;
const MOST_MS = 5;

const counts = new Map<string, number>();
const wrong: string[] = [];
let slowest = { line: '', ms: 0 };
const seed = Number(process.argv[3] ?? Date.now());

function timed(line: string): number {
  const before = process.cpuUsage();
  readLine(line, CONTEXT);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

for (let done = 0; done < LINES; done += AT_ONCE) {
  for (const line of fc.sample(anyLine, { numRuns: AT_ONCE, seed: seed + done })) {
    const asked = readLine(line, CONTEXT);
    const first = timed(line);
    // A collection of garbage falls on any line: the least of three is the line's own.
    const ms = first < MOST_MS ? first : Math.min(first, timed(line), timed(line));
    if (ms > slowest.ms) slowest = { line, ms };
    counts.set(asked.is, (counts.get(asked.is) ?? 0) + 1);
    if ((asked.is === 'act' || asked.is === 'undo') && !isRightToAct(line, asked)) wrong.push(line);
  }
}

console.log(`${LINES} lines, seed ${seed}: ${[...counts].map(([is, count]) => `${is} ${count}`).join(', ')}`);
console.log(`slowest: ${slowest.ms.toFixed(2)} ms of processor time, ${JSON.stringify(slowest.line.slice(0, 200))}`);
for (const line of wrong.slice(0, 20)) console.error(`acts without a verb and a number: ${JSON.stringify(line)}`);
process.exit(wrong.length > 0 ? 1 : 0);
