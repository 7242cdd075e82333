/** The measurement of `scale`, and its rows of the table. */
import { ms, type Row, times } from './table.ts';

const GOAL = 1.7;

export interface Measurement {
  name: string;
  processes: number;
  /** A second. */
  acks: number;
  /** Of an acknowledgement, in milliseconds. */
  p99: number;
  /** A second, at a tool that answers at once. */
  digests: number;
  /** Statements, looks for work included. */
  perDigest: number;
  perClick: number;
  /** A second, at a tool that takes a second. */
  slowDigests: number;
  /** Clicks that the tool has, a second, likewise. */
  slowClicks: number;
}

export function tell(one: Measurement): void {
  const { acks, p99, digests, perDigest, perClick, slowDigests, slowClicks } = one;
  console.log(
    `${nameOf(one)}: ${acks.toFixed(0)} acknowledgements a second, p99 ${ms(p99)}; ${digests.toFixed(1)} digests a second; ` +
      `${perDigest.toFixed(1)} statements a digest, ${perClick.toFixed(1)} a click; at a slow tool ${slowDigests.toFixed(2)} ` +
      `digests and ${slowClicks.toFixed(2)} clicks a second`,
  );
}

function nameOf({ name, processes }: Measurement): string {
  return `${name}, ${processes === 1 ? '1 process' : `${processes} processes`}`;
}

/** The floor is one process on PostgreSQL. */
export function rowsOf(all: readonly Measurement[]): Row[] {
  const one = all.find(({ name, processes }) => name === 'PostgreSQL' && processes === 1);
  const sqlite = all.find(({ name }) => name === 'SQLite');
  if (!one || !sqlite) return [];
  const figures: [what: string, of: (one: Measurement) => number, unit: string, isBoundByEach: boolean][] = [
    ['acknowledgements, computing bounds', ({ acks }) => acks, '/s', false],
    ['digests, computing bounds', ({ digests }) => digests, '/s', false],
    ['digests at a tool that takes a second', ({ slowDigests }) => slowDigests, '/s', true],
    ['clicks at a tool that takes a second', ({ slowClicks }) => slowClicks, '/s', true],
  ];
  return figures.flatMap(([what, of, unit, isBoundByEach]) =>
    all
      .filter(({ name, processes }) => name === 'PostgreSQL' && processes > 1)
      .map((many): Row => {
        const ratio = of(many) / of(one);
        const isAsked = many.processes === 2 && isBoundByEach;
        return {
          what: `${what}: ${nameOf(many)}`,
          floor: `${of(one).toFixed(1)}${unit} by one (SQLite ${of(sqlite).toFixed(1)}${unit})`,
          ours: `${of(many).toFixed(1)}${unit}`,
          ratio: times(ratio),
          goal: isAsked ? `at least ${GOAL}x` : '',
          met: isAsked ? ratio >= GOAL : undefined,
        };
      }),
  );
}
