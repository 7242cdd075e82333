/** Query parameters, JSON:API's way and Outreach's: only what is documented (outreach.md 2), each at most once. */
import { createHash } from 'node:crypto';
import { bad } from './answer.ts';
import { fieldsOf } from './fields.ts';
import type { ResourceType } from './resources.ts';

export type Key = string | null;

type Filter<Record> =
  /** One or several values, separated by commas; `fold`: without regard to case. */
  | {
      kind: 'in';
      of(record: Record): readonly (string | undefined)[];
      values?: readonly string[];
      ids?: true;
      fold?: true;
    }
  /** `A..B`, `neginf..B`, `A..inf` or `__null__`. */
  | { kind: 'range'; of(record: Record): Key };

export interface ListRules<Record> {
  filters: { [parameter: string]: Filter<Record> };
  sorts: { [attribute: string]: (record: Record) => Key };
  includes: readonly string[];
  authorizationMeta: boolean;
}

export interface ReadQuery {
  include: string[];
  fields: Map<string, ReadonlySet<string>>;
  authorizationMeta: boolean;
}

export interface ListQuery<Record> extends ReadQuery {
  matches(record: Record): boolean;
  order: { of: (record: Record) => Key; descending: boolean }[];
  size: number;
  after: string | undefined;
  count: boolean;
  /** The same for every page of one list. */
  signature: string;
}

const MAX_PAGE = 1_000;

/** The parameters, when none of them is unknown or given twice. */
export function parametersOf(query: URLSearchParams, known: (name: string) => boolean): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of query) {
    if (!known(name)) throw bad(`The query parameter ${name} is not supported here`);
    if (parameters.has(name)) throw bad(`The query parameter ${name} is given twice`);
    parameters.set(name, value);
  }
  return parameters;
}

export function readQuery(
  query: URLSearchParams,
  rules: Pick<ListRules<never>, 'includes' | 'authorizationMeta'>,
): ReadQuery {
  return readOf(
    parametersOf(query, (name) => isReadParameter(name, rules)),
    rules,
  );
}

export function listQuery<Record>(
  query: URLSearchParams,
  rules: ListRules<Record>,
  sizeDefault: number,
): ListQuery<Record> {
  const parameters = parametersOf(
    query,
    (name) =>
      isReadParameter(name, rules) ||
      Object.hasOwn(rules.filters, name) ||
      ['page[size]', 'page[after]', 'count'].includes(name) ||
      (name === 'sort' && Object.keys(rules.sorts).length > 0),
  );
  const tests = [...parameters].flatMap(([name, value]) => {
    const filter = rules.filters[name];
    return filter === undefined ? [] : [testOf(name, value, filter)];
  });
  return {
    ...readOf(parameters, rules),
    matches: (record) => tests.every((test) => test(record)),
    order: orderOf(parameters.get('sort'), rules),
    size: sizeOf(parameters.get('page[size]'), sizeDefault),
    after: parameters.get('page[after]'),
    count: flag('count', parameters.get('count')),
    signature: signatureOf(parameters),
  };
}

function isReadParameter(name: string, rules: Pick<ListRules<never>, 'includes' | 'authorizationMeta'>): boolean {
  if (name === 'include') return rules.includes.length > 0;
  if (name === 'provideAuthorizationMeta') return rules.authorizationMeta;
  return typeOfFields(name) !== undefined;
}

const TYPES: readonly ResourceType[] = [
  'task',
  'user',
  'prospect',
  'account',
  'opportunity',
  'sequence',
  'sequenceStep',
  'taskPriority',
  'webhook',
];

/** The key of `fields` is the type, singular: `fields[user]` also for an owner (outreach.md 2). */
function typeOfFields(name: string): ResourceType | undefined {
  return TYPES.find((type) => name === `fields[${type}]`);
}

function readOf(parameters: Map<string, string>, rules: Pick<ListRules<never>, 'includes'>): ReadQuery {
  const include = listOf(parameters.get('include'));
  for (const name of include) {
    if (!rules.includes.includes(name)) throw bad(`include: ${name} is not a relationship that can be included`);
  }
  const fields = new Map<string, ReadonlySet<string>>();
  for (const [name, value] of parameters) {
    const type = typeOfFields(name);
    if (type === undefined) continue;
    const known = fieldsOf(type);
    for (const field of listOf(value)) {
      if (!known.has(field)) throw bad(`${name}: a ${type} has no field ${field}`);
    }
    fields.set(type, new Set(listOf(value)));
  }
  const meta = parameters.get('provideAuthorizationMeta');
  return { include, fields, authorizationMeta: flag('provideAuthorizationMeta', meta) };
}

function testOf<Record>(name: string, value: string, filter: Filter<Record>): (record: Record) => boolean {
  if (filter.kind === 'range') {
    const within = rangeOf(name, value);
    return (record) => within(filter.of(record));
  }
  const { of, values, ids, fold = false } = filter;
  const asked = value.split(',');
  for (const each of asked) {
    if (values && !values.includes(each)) throw bad(`${name}: ${each} is none of ${values.join(', ')}`);
    if (ids && !/^[1-9]\d*$/.test(each)) throw bad(`${name}: ${JSON.stringify(each)} is not an id`);
  }
  const folded = (text: string): string => (fold ? text.toLowerCase() : text);
  const wanted = new Set(asked.map(folded));
  return (record) => of(record).some((held) => held !== undefined && wanted.has(folded(held)));
}

function rangeOf(name: string, value: string): (at: Key) => boolean {
  if (value === '__null__') return (at) => at === null;
  const [low, high, ...more] = value.split('..');
  if (low === undefined || high === undefined || more.length > 0) {
    throw bad(`${name}: must be a range A..B, with neginf or inf for an open end`);
  }
  const from = low === 'neginf' ? Number.NEGATIVE_INFINITY : instant(low);
  const to = high === 'inf' ? Number.POSITIVE_INFINITY : instant(high);
  if (from === undefined || to === undefined) throw bad(`${name}: ${value} holds something that is not a time`);
  return (at) => at !== null && Date.parse(at) >= from && Date.parse(at) <= to;
}

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** ISO-8601 with Z or an offset, in ms; a `+` that was not percent-encoded has become a space, and is none. */
export function instant(text: string): number | undefined {
  const at = ISO_8601.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function orderOf<Record>(sort: string | undefined, { sorts }: ListRules<Record>): ListQuery<Record>['order'] {
  return listOf(sort).map((each) => {
    const attribute = each.replace(/^-/, '');
    const of = Object.hasOwn(sorts, attribute) ? sorts[attribute] : undefined;
    if (!of) throw bad(`sort: ${attribute} cannot be sorted by`);
    return { of, descending: each.startsWith('-') };
  });
}

function sizeOf(text: string | undefined, sizeDefault: number): number {
  if (text === undefined) return sizeDefault;
  const size = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  if (!(size <= MAX_PAGE)) throw bad(`page[size]: must be a number from 1 to ${MAX_PAGE}`);
  return size;
}

function flag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw bad(`${name}: must be true or false`);
}

function listOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}

function signatureOf(parameters: Map<string, string>): string {
  const same = [...parameters].filter(([name]) => name !== 'page[after]').sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(same)).digest('hex');
}
