/** The query parameters that Docket asks with (outreach.md 2), each at most once. Any other is a breach, even one that Outreach would take. */
import { createHash } from 'node:crypto';
import { bad } from './answer.ts';
import type { Records } from './book.ts';
import { FIELDS } from './resources.ts';

export type Key = string | null;
type Shown = keyof Records;

/** One value: Outreach would take several, with commas between them. */
interface Filter<Record> {
  pattern: RegExp;
  /** Compared without regard to case. */
  of(record: Record): readonly (string | undefined)[];
}

export interface ListRules<Record> {
  filters: { [parameter: string]: Filter<Record> };
  sort?: { by: string; of(record: Record): Key };
  /** Types that `fields[type]` may thin out. */
  shows: readonly Shown[];
  /** May come with what `include` names, and with `provideAuthorizationMeta`. */
  isDecorated: boolean;
}

type ReadRules = Pick<ListRules<never>, 'shows' | 'isDecorated'>;

export interface ReadQuery {
  include: Shown[];
  fields: Map<string, ReadonlySet<string>>;
  authorizationMeta: boolean;
}

export interface ListQuery<Record> extends ReadQuery {
  matches(record: Record): boolean;
  keyOf(record: Record): Key;
  size: number;
  after: string | undefined;
  /** The same for every page of one list. */
  signature: string;
}

const SIZE = 50;
const MAX_SIZE = 1_000;
export const ID = /^[1-9]\d*$/;

/** The parameters, when none of them is unknown or given twice. */
export function parametersOf(query: URLSearchParams, known: readonly string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of query) {
    if (!known.includes(name)) throw bad(`The query parameter ${name} is not supported here`);
    if (parameters.has(name)) throw bad(`The query parameter ${name} is given twice`);
    parameters.set(name, value);
  }
  return parameters;
}

export function readQuery(query: URLSearchParams, rules: ReadRules): ReadQuery {
  return readOf(parametersOf(query, readParameters(rules)), rules);
}

export function listQuery<Record>(query: URLSearchParams, rules: ListRules<Record>): ListQuery<Record> {
  const { filters, sort } = rules;
  const own = ['page[size]', 'page[after]', 'count', ...(sort ? ['sort'] : [])];
  const parameters = parametersOf(query, [...readParameters(rules), ...Object.keys(filters), ...own]);
  const isSorted = isAsked(parameters, 'sort', sort?.by);
  isAsked(parameters, 'count', 'false');
  const tests = Object.entries(filters).flatMap(([name, filter]) => testOf(parameters, name, filter));
  return {
    ...readOf(parameters, rules),
    matches: (record) => tests.every((test) => test(record)),
    keyOf: (record) => (isSorted && sort ? sort.of(record) : null),
    size: sizeOf(parameters.get('page[size]')),
    after: parameters.get('page[after]'),
    signature: signatureOf(parameters),
  };
}

function readParameters({ shows, isDecorated }: ReadRules): string[] {
  return [...shows.map((type) => `fields[${type}]`), ...(isDecorated ? ['include', 'provideAuthorizationMeta'] : [])];
}

function readOf(parameters: Map<string, string>, { shows }: ReadRules): ReadQuery {
  const names = listOf(parameters.get('include'));
  const include = shows.filter((type) => names.includes(type));
  const unknown = names.find((name) => !include.some((type) => type === name));
  if (unknown !== undefined) throw bad(`include: ${unknown} is not a relationship that can be included`);
  const fields = new Map<string, ReadonlySet<string>>();
  for (const type of shows) {
    const value = parameters.get(`fields[${type}]`);
    const strange = listOf(value).find((field) => !FIELDS[type].includes(field));
    if (strange !== undefined) throw bad(`fields[${type}]: a ${type} has no field ${strange}`);
    if (value !== undefined) fields.set(type, new Set(listOf(value)));
  }
  return { include, fields, authorizationMeta: isAsked(parameters, 'provideAuthorizationMeta', 'true') };
}

/** Takes one value only. */
function isAsked(parameters: Map<string, string>, name: string, value: string | undefined): boolean {
  const given = parameters.get(name);
  if (given !== undefined && given !== value) throw bad(`${name}: must be ${value}`);
  return given !== undefined;
}

function testOf<Record>(
  parameters: Map<string, string>,
  name: string,
  { pattern, of }: Filter<Record>,
): ((record: Record) => boolean)[] {
  const value = parameters.get(name)?.toLowerCase();
  if (value === undefined) return [];
  if (!pattern.test(value)) throw bad(`${name}: ${JSON.stringify(value)} cannot be asked for`);
  return [(record) => of(record).some((held) => held?.toLowerCase() === value)];
}

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** ISO-8601 with Z or an offset, in ms; a `+` that was not percent-encoded has become a space, and is none. */
export function instant(text: string): number | undefined {
  const at = ISO_8601.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function sizeOf(text = String(SIZE)): number {
  if (!ID.test(text) || Number(text) > MAX_SIZE) throw bad(`page[size]: must be a number from 1 to ${MAX_SIZE}`);
  return Number(text);
}

function listOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}

function signatureOf(parameters: Map<string, string>): string {
  const same = [...parameters].filter(([name]) => name !== 'page[after]').sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(same)).digest('hex');
}
