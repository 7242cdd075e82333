/** The results of a matrix as tables: aligned for a terminal, and as Markdown for the documents. */
import { POINTS } from '../crash/points.ts';
import { EVERY } from '../crash/verbs.ts';
import type { Result } from '../matrix/cells.ts';
import { COLUMNS } from './kinds/story.ts';
import { KINDS, STORIES } from './kinds/table.ts';
import { CELLS } from './table.ts';
import { NAMES, type Provider, VERBS } from './verbs.ts';

export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly { name: string; cells: readonly string[] }[];
}

/** There is no such cell: nothing is read before, or the provider does not speak so. */
const NONE = '–';
/** There is one, and nothing is known of it. */
export const MISSING = 'not run';

/** One for each provider, with its own verbs. */
export function faultTables(results: readonly Result[]): Table[] {
  const came = byPlace(results.filter(({ matrix }) => matrix === 'faults'));
  return (Object.keys(NAMES) as Provider[]).map((provider) => {
    const cells = CELLS.filter(({ verb }) => verb.provider === provider);
    const places = new Set(cells.map(placeOf));
    const title = NAMES[provider];
    const columns = VERBS.filter((verb) => verb.provider === provider).map(({ name }) => `${title} ${name}`);
    const table = tableOf(title, unique(cells, 'row'), columns, (place) =>
      places.has(place) ? (came.get(place) ?? MISSING) : NONE,
    );
    return { ...table, columns: columns.map((column) => column.slice(title.length + 1)) };
  });
}

/** The column of what is no killing. */
export const STORY = 'story';

/** Where columns differ from row to row, as for a digest, the rows that share them stand together. */
export function crashTables(results: readonly Result[], matrix: 'crashes' | 'survivors' = 'crashes'): Table[] {
  const crashes = results.filter((result) => result.matrix === matrix);
  const came = byPlace(crashes);
  const groups = new Map<string, { rows: string[]; columns: string[] }>();
  for (const row of unique(crashes, 'row').sort(inOrderOf(POINTS))) {
    const ofRow = crashes.filter((result) => result.row === row);
    const columns = unique(ofRow, 'column').sort(inOrderOf(EVERY));
    const group = groups.get(columns.join()) ?? { rows: [], columns };
    group.rows.push(row);
    groups.set(columns.join(), group);
  }
  return [...groups.values()].map(({ rows, columns }) =>
    tableOf(columns.includes(STORY) ? 'What happens' : 'Killed at', rows, columns, (place) => came.get(place) ?? NONE),
  );
}

/** One for each kind. */
export function kindTables(results: readonly Result[]): Table[] {
  const came = byPlace(results.filter(({ matrix }) => matrix === 'kinds'));
  return Object.values(KINDS).map(({ title, stories }) => {
    const places = new Set(stories.map(placeOf));
    return tableOf(title, unique(stories, 'row'), COLUMNS, (place) =>
      places.has(place) ? (came.get(place) ?? MISSING) : NONE,
    );
  });
}

/** As they are declared; they end in any order. What stands after a name does not matter. */
function inOrderOf(declared: readonly { name: string }[]): (a: string, b: string) => number {
  const index = (text: string) =>
    declared.findIndex(({ name }) => text.replace(/^(Undo|Retry) of /, '').startsWith(name));
  return (a, b) => index(a) - index(b) || a.localeCompare(b);
}

interface Place {
  row: string;
  column: string;
}

function tableOf(
  title: string,
  rows: readonly string[],
  columns: readonly string[],
  came: (place: string) => string,
): Table {
  return {
    title,
    columns,
    rows: rows.map((row) => ({ name: row, cells: columns.map((column) => came(placeOf({ row, column }))) })),
  };
}

function byPlace(results: readonly Result[]): Map<string, string> {
  const came = new Map<string, string>();
  for (const result of results) {
    const place = placeOf(result);
    came.set(place, [came.get(place), result.came].filter(Boolean).join(' / '));
  }
  return came;
}

function placeOf({ row, column }: Place): string {
  return `${row}\n${column}`;
}

function unique(cells: readonly Place[], key: 'row' | 'column'): string[] {
  return [...new Set(cells.map((cell) => cell[key]))];
}

export function toText({ title, columns, rows }: Table): string {
  const lines = [[title, ...columns], ...rows.map(({ name, cells }) => [name, ...cells])];
  const widths = [title, ...columns].map((_, index) => Math.max(...lines.map((line) => (line[index] ?? '').length)));
  return lines.map((line) => line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')).join('\n');
}

function toMarkdown({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = [line([title, ...columns]), line([title, ...columns].map(() => '---'))];
  return [...head, ...rows.map(({ name, cells }) => line([name, ...cells]))].join('\n');
}

/** The whole of `docs/results/<matrix>.md`. */
export const DOCUMENTS = {
  faults: (results) => documentOf('Faults', CELLS.length, headed(faultTables(results))),
  kinds: (results) => documentOf('Kinds', STORIES.length, headed(kindTables(results))),
  crashes: (results) => {
    const count = results.filter(({ matrix }) => matrix === 'crashes').length;
    return documentOf('Crashes', count, crashTables(results).map(toMarkdown));
  },
  survivors: (results) => {
    const count = results.filter(({ matrix }) => matrix === 'survivors').length;
    const tables = crashTables(results, 'survivors').map(toMarkdown);
    return documentOf('Survivors', count, [...SURVIVORS, ...tables], 'npm run faults -- survivors');
  },
} as const satisfies Record<Result['matrix'], (results: readonly Result[]) => string>;

export function pathOf(matrix: Result['matrix']): string {
  return `docs/results/${matrix}.md`;
}

/** These points are played with survivors, and these are not. */
const SURVIVORS: readonly string[] = [
  `Three processes share one PostgreSQL, and one is killed by SIGKILL. *A job taken up* is one whose lease another process took over, within two seconds of its
end and the next look for work.`,
  `*Gong done*, which may be sent twice and so has a short lease, and *Outreach done*, which must not and has a long one, are killed at every point of a click. Each
other verb of each tool is killed where it has a request, an answer or a row of its own: about to be sent, done by its tool, settled, shown; and so is Undo of each that
can be taken back. Retry is sent as its verb is: one verb of each tool. What a tool cannot take back is also killed while it waits for the undo window.`,
  `At points that the requests of a process tell alone (about to be sent, answer not read, under way, not posted) the three run the bundle, as production does. At
the others they run the sources: statements and acknowledgements are seen in the libraries, which the bundle has minified inside it.`,
  `Not played with survivors: being received, written, acknowledged, claimed and read for the other verbs, where nothing has been sent, and each is written alike; edits, endings,
follow-ups, working through a list, welcomes, returns, closes, reminders and roll-ups, which are jobs of the same queue: [crashes](crashes.md) has them with one process.`,
];

/** Each under its title. */
function headed(tables: readonly Table[]): string[] {
  return tables.map((table) => `## ${table.title}\n\n${toMarkdown({ ...table, title: HEAD })}`);
}

/** Over the names of the rows. */
export const HEAD = 'What goes wrong';

function documentOf(title: string, cells: number, tables: readonly string[], command = 'npm run faults'): string {
  const counted = `${cells.toLocaleString('en-US')} cells, as \`${command}\` found them.`;
  return `${[`# ${title}`, counted, ...tables].join('\n\n')}\n`;
}
