/**
 * How long a typed line takes to be read: the corpus, lines made to be slow, and random ones. None may take 5 ms
 * of processor time, which does not depend on what else runs on the machine.
 */
import fc from 'fast-check';
import { readLine } from '../src/core/ask/read.ts';
import { CONTEXT, CORPUS } from '../test/ask/corpus.ts';
import { anyLine } from '../test/ask/lines.ts';
import { report } from './table.ts';

const MOST_MS = 5;
const RANDOM = 50_000;
const ROUNDS = 20;

/** Each repeats what some rule looks at, up to the length of a line. */
const SLOW = [
  ...[
    'before ',
    'before friday ',
    'by 12 dec ',
    'sort by ',
    'overdeu ',
    'tommorow ',
    '1,',
    '1-999 ',
    '- ',
    '1 - ',
    '" ',
    '. ',
  ],
  ...[
    'snooze 1 until 1 ',
    'done 1 and ',
    'reschedule 4 to 12 dec ',
    'at 5 ',
    'next ',
    'mon ',
    'in 2 days ',
    '5/12 ',
    '12:00 ',
  ],
].map((part) => part.repeat(400).slice(0, 299));

const VERBS = ['snooze 1 until ', 'reschedule 4 to '];
const DATES = ['at 5 jan 26 ', 'end of next week ', 'tomorrow at 5 ', '2026-13-01 ', 'friday midnight ', 'tonight '];
const HARD = VERBS.flatMap((verb) => DATES.map((date) => verb + date.repeat(20).slice(0, 55)));

const slowest = { line: '', ms: 0 };

/** A collection of garbage falls on any line, so what took long is taken twice more, and the least counts. */
function timed(line: string): number {
  const first = once(line);
  const ms = first < MOST_MS ? first : Math.min(first, once(line), once(line));
  if (ms > slowest.ms) Object.assign(slowest, { line, ms });
  return ms;
}

function once(line: string): number {
  const before = process.cpuUsage();
  readLine(line, CONTEXT);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const typed = CORPUS.flatMap(([, lines]) => lines.split('\n'));
// The first time that a rule runs it is compiled, which no rep waits for twice.
for (const line of [...typed, ...SLOW, ...HARD]) readLine(line, CONTEXT);

report('the corpus', Array.from({ length: ROUNDS }, () => typed.map(timed)).flat());
report('made to be slow', Array.from({ length: ROUNDS }, () => [...SLOW, ...HARD].map(timed)).flat());
report('random', fc.sample(anyLine, RANDOM).map(timed));
console.log(`slowest: ${slowest.ms.toFixed(2)} ms of ${MOST_MS}: ${JSON.stringify(slowest.line.slice(0, 120))}`);
process.exit(0);
