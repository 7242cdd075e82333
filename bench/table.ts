/** The words of benchmarks: lines while they run, and a row for each goal. */

/** Of the table at the end. Texts carry their units. */
export interface Row {
  what: string;
  /** What forces or costs the least, measured in the same run. */
  floor: string;
  ours: string;
  ratio: string;
  goal: string;
  /** undefined: nothing is asked of it. */
  met: boolean | undefined;
}

const COLUMNS = ['what', 'floor', 'ours', 'ratio', 'goal', 'met?'] as const;

export function printTable(rows: readonly Row[]): void {
  const lines = [
    COLUMNS,
    ...rows.map(({ what, floor, ours, ratio, goal, met }) => [
      what,
      floor,
      ours,
      ratio,
      goal,
      met === undefined ? '' : met ? 'yes' : 'NO',
    ]),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const drawn = lines.map((line) => `| ${line.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  drawn.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  console.log(`\n${drawn.join('\n')}`);
}

/** 0.5: the median. */
export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

export function mb(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MB`;
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)}x`;
}

/** Prints the times, in milliseconds, and returns their median. */
export function report(name: string, all: readonly number[]): number {
  const at = (share: number) => percentile(all, share).toFixed(2);
  console.log(`${name.padEnd(34)} median ${at(0.5)} ms   p95 ${at(0.95)} ms   n ${all.length}`);
  return median(all);
}
