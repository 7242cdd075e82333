/**
 * The fault matrix as data: what goes wrong at which provider, and where it strikes which verb (`verbs.ts`). `expected.ts`
 * says what each cell has to come to.
 */
import { NAMES, type Provider, VERBS, type Verb } from './verbs.ts';

/** The reading of the task before it is changed, or the change itself. */
type At = 'read' | 'change';

/** The list of the fault matrix: each of them has to be in the table. */
export const LISTED = [
  '429',
  '500 twice then fine',
  '503 with a date',
  'timeout',
  'connection reset',
  '200 with HTML',
  'malformed JSON',
  'wrong shape',
  'lost answer',
  '401',
  '403',
  '404',
  '409',
  '422',
] as const;

export interface Fault {
  name: string;
  /** Which entry of the list it belongs to. */
  listed?: (typeof LISTED)[number];
  /**
   * `error`: an answer in the provider's own envelope. `html`, `cut`, `shape`: an answer that is a page for people, breaks
   * off, or is JSON of another shape. `lose`: it is done, and the connection drops. `hang`: no answer at all.
   */
  how:
    | { kind: 'answer'; status: number; body: 'error' | 'html' | 'cut' | 'shape' }
    | { kind: 'reset' | 'lose' | 'hang' };
  /** How a wait is told; with `toldMs`, which is kept to. */
  header?: { name: string; form: 'seconds' | 'epoch' | 'http date' | 'iso date' };
  toldMs?: number;
  /** How many requests it strikes. */
  times: number;
  /** Only where it means something of its own. */
  at?: At;
  provider?: Provider;
  /**
   * `done`: it passes, and the rep never hears of it. `fails`: after a quarter of an hour the row says `says`. `refused`: the
   * row says `says` at once. `credentials`: whoever can mend them is asked to.
   */
  ends: 'done' | 'fails' | 'refused' | 'credentials';
  says?: string;
}

const ALWAYS = Number.POSITIVE_INFINITY;
const NO_ANSWER = 'did not answer';
const UNREADABLE = 'sent an answer that we could not read';

const TOO_MANY = {
  listed: '429',
  how: { kind: 'answer', status: 429, body: 'error' },
  times: 1,
  ends: 'done',
} as const;
const TWO_SECONDS = { ...TOO_MANY, toldMs: 2_000 } as const;
const AWAY = { listed: '503 with a date', how: { kind: 'answer', status: 503, body: 'error' }, times: 1 } as const;
const TWO_MINUTES = { ...AWAY, toldMs: 120_000, ends: 'done' } as const;

function passing(name: string, fault: Pick<Fault, 'listed' | 'how'>, says: string): Fault[] {
  return [
    { name: `${name}, once`, ...fault, times: 1, ends: 'done' },
    { name: `${name}, for ever`, ...fault, times: ALWAYS, ends: 'fails', says },
  ];
}

function strange(status: number, body: 'error' | 'html' | 'cut' | 'shape') {
  return { how: { kind: 'answer', status, body } } as const;
}

function refused(status: 403 | 404 | 409 | 422, says: string): Fault {
  return { name: `${status}`, listed: `${status}`, ...strange(status, 'error'), times: ALWAYS, ends: 'refused', says };
}

export const FAULTS: readonly Fault[] = [
  { ...TWO_SECONDS, name: '429, Retry-After: 2', header: { name: 'Retry-After', form: 'seconds' } },
  { ...TWO_SECONDS, name: '429, Retry-After as an HTTP date', header: { name: 'Retry-After', form: 'http date' } },
  { ...TWO_SECONDS, name: '429, Retry-After as epoch seconds', header: { name: 'Retry-After', form: 'epoch' } },
  { ...TWO_SECONDS, name: '429, Retry-After as an ISO date', header: { name: 'Retry-After', form: 'iso date' } },
  {
    ...TWO_SECONDS,
    name: '429, X-RateLimit-Reset alone',
    header: { name: 'X-RateLimit-Reset', form: 'epoch' },
    provider: 'outreach',
  },
  { ...TOO_MANY, name: '429 without a header' },
  { name: '500 twice, then fine', listed: '500 twice then fine', ...strange(500, 'error'), times: 2, ends: 'done' },
  { name: '500, for ever', ...strange(500, 'error'), times: ALWAYS, ends: 'fails', says: NO_ANSWER },
  { ...TWO_MINUTES, name: '503, Retry-After as an HTTP date', header: { name: 'Retry-After', form: 'http date' } },
  { ...TWO_MINUTES, name: '503, Retry-After as an ISO date', header: { name: 'Retry-After', form: 'iso date' } },
  ...passing('timeout', { listed: 'timeout', how: { kind: 'hang' } }, NO_ANSWER),
  ...passing('connection reset', { listed: 'connection reset', how: { kind: 'reset' } }, NO_ANSWER),
  ...passing('200 with HTML', { listed: '200 with HTML', ...strange(200, 'html') }, UNREADABLE),
  ...passing('malformed JSON', { listed: 'malformed JSON', ...strange(200, 'cut') }, UNREADABLE),
  ...passing('JSON of the wrong shape', { listed: 'wrong shape', ...strange(200, 'shape') }, UNREADABLE),
  ...passing('redirect', strange(302, 'html'), UNREADABLE),
  { name: 'lost answer', listed: 'lost answer', how: { kind: 'lose' }, times: 1, at: 'change', ends: 'done' },
  { name: 'lost answer, three times', how: { kind: 'lose' }, times: 3, at: 'change', ends: 'done' },
  { name: '401, once', listed: '401', ...strange(401, 'error'), times: 1, ends: 'credentials' },
  { name: '401, for ever', ...strange(401, 'error'), times: ALWAYS, ends: 'credentials' },
  refused(403, 'does not let Docket change this task'),
  refused(404, 'no longer has this task for you'),
  refused(409, 'The task was changed in'),
  refused(422, 'refused this change'),
];

export interface Cell {
  fault: Fault;
  at: At;
  verb: Verb;
  /** Its place in the printed table. */
  row: string;
  column: string;
  name: string;
}

export const CELLS: readonly Cell[] = FAULTS.flatMap((fault) =>
  (['read', 'change'] as const).flatMap((at) =>
    VERBS.filter((verb) => strikes(fault, at, verb)).map(cellOf(fault, at)),
  ),
);

function strikes(fault: Fault, at: At, verb: Verb): boolean {
  if (at === 'read' && verb.read === undefined) return false;
  return (fault.at ?? at) === at && (fault.provider ?? verb.provider) === verb.provider;
}

function cellOf(fault: Fault, at: At): (verb: Verb) => Cell {
  return (verb) => {
    const column = `${NAMES[verb.provider]} ${verb.name}`;
    return {
      fault,
      at,
      verb,
      row: `${fault.name}, at the ${at}`,
      column,
      name: `${column}, ${fault.name}, at the ${at}`,
    };
  };
}
