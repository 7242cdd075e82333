/**
 * What a rep can type, as data: the parser, the help, docs/commands.md and the usage hint of the manifest are made of
 * it. Words are folded (`src/core/model/text.ts`); the first of each row is the one that reps read.
 */
import type { Sort, When } from '../model/query.ts';
import type { TaskKind, Verb } from '../model/task.ts';

type Meaning = { when: Exclude<When['is'], 'before'> } | { kind: TaskKind } | { urgent: true };

export interface Term {
  means: Meaning;
  words: readonly string[];
  does: string;
}

export const TERMS: readonly Term[] = [
  { means: { when: 'overdue' }, words: ['overdue', 'late', 'past due', 'over due'], does: 'what is late' },
  { means: { when: 'today' }, words: ['today', 'todays'], does: 'what is due today' },
  {
    means: { when: 'tomorrow' },
    words: ['tomorrow', 'tomorrows', 'tmrw', 'tmr'],
    does: 'what is due tomorrow',
  },
  {
    means: { when: 'week' },
    words: ['week', 'next 7 days', 'next seven days', '7 days', 'coming week'],
    does: 'what is due in the next seven days',
  },
  { means: { when: 'this week' }, words: ['this week', 'this weeks'], does: 'what is due until Sunday' },
  { means: { when: 'next week' }, words: ['next week', 'next weeks'], does: 'what is due from Monday to Sunday after' },
  {
    means: { when: 'no date' },
    words: ['no date', 'no due date', 'without date', 'without a date', 'without due date', 'undated'],
    does: 'what has no due date',
  },
  { means: { when: 'snoozed' }, words: ['snoozed'], does: 'what you snoozed, and until when' },
  { means: { kind: 'call' }, words: ['calls', 'call', 'phone calls', 'phone call'], does: 'calls' },
  {
    means: { kind: 'email' },
    words: ['emails', 'email', 'e-mails', 'e-mail', 'mails', 'mail'],
    does: 'e-mails',
  },
  { means: { kind: 'linkedin' }, words: ['linkedin', 'linked in'], does: 'LinkedIn steps' },
  { means: { kind: 'sms' }, words: ['sms', 'text messages', 'text message', 'texts'], does: 'text messages' },
  { means: { kind: 'meeting' }, words: ['meetings', 'meeting'], does: 'meetings' },
  {
    means: { kind: 'todo' },
    words: ['todos', 'todo', 'to-dos', 'to-do', 'to dos', 'to do'],
    does: 'to-dos',
  },
  {
    means: { urgent: true },
    words: ['urgent', 'critical', 'high priority', 'top priority', 'asap'],
    does: 'what its tool calls urgent',
  },
];

export const SORT_WORDS = {
  due: { words: ['due', 'date', 'due date'], does: 'soonest first' },
  amount: { words: ['amount', 'value', 'deal'], does: 'the largest deal first' },
  account: { words: ['account', 'company'], does: 'by company' },
  age: { words: ['age', 'oldest'], does: 'the oldest task first' },
} as const satisfies Record<Sort, { words: readonly string[]; does: string }>;

/** `until`: that day counts too. */
export const BEFORE = { strict: ['before'], until: ['by', 'until', 'till'] } as const;

/** `time`: whether a time may stand behind the numbers. */
export interface VerbRule {
  verb: Verb;
  /** A word after the first is a verb only beside numbers, because it may be of a name or a title. */
  words: readonly string[];
  time: 'none' | 'optional' | 'needed';
  examples: readonly string[];
  does: string;
}

export const VERB_RULES: readonly VerbRule[] = [
  {
    verb: 'done',
    words: ['done', 'complete', 'completed', 'finish', 'finished'],
    time: 'none',
    examples: ['done 2', 'done 2,5'],
    does: 'marks these tasks done',
  },
  {
    verb: 'snooze',
    words: ['snooze', 'postpone'],
    time: 'optional',
    examples: ['snooze 4', 'snooze 1-3 until tue 9am'],
    does: 'moves them to that time; without one, to your next working morning',
  },
  {
    verb: 'reschedule',
    words: ['reschedule', 'move', 'push'],
    time: 'needed',
    examples: ['reschedule 4 to 12 dec 15:00'],
    does: 'gives them that due date',
  },
  { verb: 'dismiss', words: ['dismiss'], time: 'none', examples: ['dismiss 5'], does: 'dismisses them' },
];

export const UNDO = { word: 'undo', does: 'takes back the last thing that you did' } as const;

export const COMMAND_RULES = [
  { word: 'digest', words: ['digest'], does: "sends today's digest now" },
  { word: 'status', words: ['status'], does: 'your linked accounts, last and next digest' },
  { word: 'history', words: ['history'], does: 'what you did in the last 30 days, and what came of it' },
  {
    word: 'settings',
    words: ['settings', 'setting', 'preferences'],
    does: 'when your digest comes, and what follows it: time, days, holidays, pause, close of the day, reminders',
  },
  { word: 'connect', words: ['connect', 'accounts'], does: 'your accounts: link, sign in, unlink' },
  { word: 'pause', words: ['pause'], args: '[until date]', does: 'stops digests, for good or until a date' },
  { word: 'resume', words: ['resume', 'unpause'], does: 'lets digests come again' },
  {
    word: 'team',
    words: ['team'],
    args: '[name | pause | resume]',
    does: 'for admins: who is linked, and who is not; stops all digests, or lets them come again',
  },
  {
    word: 'rollup',
    words: ['rollup', 'rollups', 'roll-up', 'roll-ups'],
    does: 'for admins: weekly counts of a team, for a channel or a person; for others, those that they are in',
  },
  {
    word: 'tools',
    words: ['tools'],
    does: "for admins: the workspace's sales tools; connects one, replaces its key, disconnects it",
  },
  { word: 'help', words: ['help'], does: 'shows this' },
] as const satisfies readonly { word: string; words: readonly string[]; args?: string; does: string }[];

export type CommandWord = (typeof COMMAND_RULES)[number]['word'];

export const TEXT_SEARCH = {
  args: '<text>',
  does: 'tasks whose contact, company, flow, title or note contains the text; quotation marks make any word a text',
} as const;

/** Said of a list as a whole, so that a line of these alone asks for all tasks. */
const LISTERS = 'tasks task list all everything anything show open have left due next more mine';

/** Without a meaning of their own. */
const FILLERS =
  'a am an and any are at by can could did do does for from get give got hello hey hi docket i im in is it its ' +
  'let like look me my need now of on or our please pls see send should so still tell thanks thank than that the there ' +
  'these this those to up us want was we what whats when where which who whos will with would you your find search';

export const SMALL_WORDS: ReadonlySet<string> = new Set(`${LISTERS} ${FILLERS}`.split(' '));
export const LIST_WORDS: ReadonlySet<string> = new Set(LISTERS.split(' '));

/** May stand around a verb and its numbers. `not` and the like are not among them: then the line is not understood. */
export const VERB_FILLERS: ReadonlySet<string> = new Set(
  'please pls can could you would i want to hey hi docket mark set as task tasks number numbers row rows the my thanks just'.split(
    ' ',
  ),
);

/** For all that are listed: a verb asks for numbers. */
export const EVERYTHING: ReadonlySet<string> = new Set('everything all them these those it this that both'.split(' '));

/** Slack shows it while someone types. */
export function usageHint(): string {
  const whens = TERMS.filter(({ means }) => 'when' in means).map(({ words: [word] }) => word);
  const examples = VERB_RULES.map(({ examples: [example] }) => example);
  const words = COMMAND_RULES.map(({ word }) => word);
  return `[${[...whens, ...examples, UNDO.word, ...words, TEXT_SEARCH.args].join(' | ')}]`;
}
