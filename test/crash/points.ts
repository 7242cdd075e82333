/**
 * Where the process is killed: each point by name, and how it is known from outside.
 *
 * `crash-at.ts` sees every statement, commit, request and acknowledgement of the process, before and after, as a line:
 *
 *     before sql update "actions" set … [parameters] => rows
 *     after commit insert into "actions" … [parameters]; insert into "jobs" … [parameters]
 *     before http PATCH http://127.0.0.1:1234/v2/tasks/9
 *     waiting http PATCH http://127.0.0.1:1234/v2/tasks/9 (half a second later, if it is not answered)
 *     after http 200 PATCH http://127.0.0.1:1234/v2/tasks/9
 *     before ack
 *
 * A point is reached at the last line of its path, once the others were seen in this order. The product knows nothing of it.
 */
export interface Point {
  name: string;
  path: readonly RegExp[];
}

export interface ClickPoint extends Point {
  /** What the rep's click came to before the process died. */
  click: 'lost' | 'recorded, not acknowledged' | 'acknowledged';
  /** What the provider does with the request that is on its way meanwhile; default: what it is asked, at once. */
  request?: 'done after the crash' | 'never done';
}

export interface DigestPoint extends Point {
  /** Between Slack's taking a digest and our noting it twice is better than never (invariant 5); else 1. */
  most: 1 | 2;
}

const ACK = /^before ack/;
const ACKED = /^after ack/;
const CLAIM = /^before sql with "due" .* returning \*/;
/** Slack's response_urls begin with the team's id; a process that did not take the click has none. */
const SHOWN = /^after http 200 POST \S+(?:\/actions\/T|\/chat\.update)/;
const SHOWING = /^before http POST \S+(?:\/actions\/T|\/chat\.update)/;
/** Requests that change a task at Gong, Outreach or Reply.io; Slack's response_urls are elsewhere. */
const CHANGE = String.raw`(?:(?:PATCH|PUT|DELETE) \S+/tasks/\d+|POST \S+/tasks/\d+/(?:actions/\w+|complete))(?:\?|$)`;
const CHANGING = new RegExp(`^before http ${CHANGE}`);
const CHANGED = new RegExp(`^after http 2\\d\\d ${CHANGE}`);
const SETTLING = /^before commit update "actions" /;
const SETTLED = /^after commit update "actions" /;
const MARK = 'update "actions" set .*"sent_at" = \\?';

const RECORDED = /^after commit .*insert into "actions"/;
const CLAIMED = /^after sql with "due" .*"kind":"perform"/;

export const CLICK_POINTS = [
  { name: 'received, nothing written', click: 'lost', path: [/^before sql insert into "actions"/] },
  { name: 'written, not committed', click: 'lost', path: [/^before commit insert into "actions"/] },
  { name: 'committed, not acknowledged', click: 'recorded, not acknowledged', path: [RECORDED, ACK] },
  { name: 'acknowledged, not claimed', click: 'acknowledged', path: [RECORDED, ACKED, CLAIM] },
  { name: 'claimed', click: 'acknowledged', path: [RECORDED, CLAIMED] },
  { name: 'task read', click: 'acknowledged', path: [RECORDED, CLAIMED, new RegExp(`^before sql ${MARK}`)] },
  { name: 'marked as sent', click: 'acknowledged', path: [RECORDED, CLAIMED, new RegExp(`^after sql ${MARK}`)] },
  { name: 'about to be sent', click: 'acknowledged', path: [RECORDED, CLAIMED, CHANGING] },
  {
    name: 'shown as under way, never done',
    click: 'acknowledged',
    request: 'never done',
    path: [RECORDED, CHANGING, SHOWN],
  },
  {
    name: 'shown as under way, done after the crash',
    click: 'acknowledged',
    request: 'done after the crash',
    path: [RECORDED, CHANGING, SHOWN],
  },
  { name: 'provider did it, answer not read', click: 'acknowledged', path: [RECORDED, CLAIMED, CHANGED] },
  { name: 'answer read, not settled', click: 'acknowledged', path: [RECORDED, CHANGED, SETTLING] },
  { name: 'settled, not shown', click: 'acknowledged', path: [RECORDED, CHANGED, SETTLED, SHOWING] },
  { name: 'shown, show job not cancelled', click: 'acknowledged', path: [RECORDED, CHANGED, SETTLED, SHOWN] },
] as const satisfies readonly ClickPoint[];

const UNDO = /^after commit update "actions" set .*"undoing"/;
const UNDO_CLAIMED = /^after sql with "due" .*"kind":"undo"/;

/** Of a verb that its provider has done and can take back. */
export const UNDO_POINTS = [
  { name: 'Undo recorded, not acknowledged', click: 'recorded, not acknowledged', path: [UNDO, ACK] },
  { name: 'Undo claimed', click: 'acknowledged', path: [UNDO, UNDO_CLAIMED] },
  { name: 'provider took it back, answer not read', click: 'acknowledged', path: [UNDO, UNDO_CLAIMED, CHANGED] },
  { name: 'Undo settled, not shown', click: 'acknowledged', path: [UNDO, CHANGED, SETTLED, SHOWING] },
] as const satisfies readonly ClickPoint[];

const WITHDRAWN = /^after commit update "actions" set .*"undone"/;
const RETRIED = /^after commit update "actions" set .*"perform:/;

/** Of a verb that waits for the undo window. */
export const HELD_POINTS = [
  { name: 'held back, shown', path: [RECORDED, SHOWN] },
  { name: 'withdrawn by Undo, not acknowledged', path: [WITHDRAWN, ACK] },
  { name: 'withdrawn by Undo, not shown', path: [WITHDRAWN, SHOWING] },
] as const satisfies readonly Point[];

/** Of a verb that failed and is sent again, where several processes share the work. */
const RETRY_POINTS = [
  { name: 'Retry recorded, not acknowledged', click: 'recorded, not acknowledged', path: [RETRIED, ACK] },
  { name: 'Retry about to be sent', click: 'acknowledged', path: [RETRIED, CHANGING] },
  { name: 'Retry done by its provider, answer not read', click: 'acknowledged', path: [RETRIED, CHANGED] },
  { name: 'Retry settled, not shown', click: 'acknowledged', path: [RETRIED, CHANGED, SETTLED, SHOWING] },
] as const satisfies readonly ClickPoint[];

/** Of a step in the window that works through a list. Its row is shown when the window is left. */
export const FOCUS_POINTS = [
  {
    name: 'sweep begun, step not written',
    click: 'lost',
    path: [/^after commit insert into "sweeps"/, /^before sql insert into "actions"/],
  },
  { name: 'step committed, not acknowledged', click: 'recorded, not acknowledged', path: [RECORDED, ACK] },
  { name: 'step done by its provider, not settled', click: 'acknowledged', path: [RECORDED, CHANGED, SETTLING] },
  { name: 'step settled, its message not shown', click: 'acknowledged', path: [RECORDED, CHANGED, SETTLED] },
] as const satisfies readonly ClickPoint[];

const RUN = /^after commit .*insert into "runs"/;
const TAKEN = /^after http 200 POST \S+\/chat\.postMessage/;
const MARKED = 'update "runs" set .*"posted"';

export const DIGEST_POINTS = [
  { name: 'run written, not committed', most: 1, path: [/^before commit .*insert into "runs"/] },
  { name: 'run committed, job not claimed', most: 1, path: [RUN, CLAIM] },
  { name: 'listing', most: 1, path: [RUN, /^after http 200 \w+ \S+\/tasks/] },
  { name: 'message stored, not noted', most: 1, path: [RUN, /^after commit insert into "messages"/] },
  { name: 'message noted, not posted', most: 1, path: [RUN, /^before http POST \S+\/chat\.postMessage/] },
  { name: 'Slack has it, answer not read', most: 2, path: [RUN, TAKEN] },
  { name: 'noted where it landed, not marked', most: 1, path: [RUN, TAKEN, new RegExp(`^before commit .*${MARKED}`)] },
  { name: 'marked', most: 1, path: [RUN, TAKEN, new RegExp(`^after commit .*${MARKED}`)] },
] as const satisfies readonly DigestPoint[];

const GREET = /^after sql with "due" .*"kind":"welcome"/;
const GREETED = 'update "reps" set "welcomed_at"';

/** Of the first message to a rep. */
export const WELCOME_POINTS = [
  { name: 'welcome planned, not claimed', most: 1, path: [/^after sql insert into "jobs" .*"welcome:/] },
  { name: 'welcome claimed', most: 1, path: [GREET] },
  { name: 'welcome not posted', most: 1, path: [GREET, /^before http POST \S+\/chat\.postMessage/] },
  { name: 'Slack has the welcome, answer not read', most: 2, path: [GREET, TAKEN] },
  { name: 'welcome posted, not marked', most: 2, path: [GREET, TAKEN, new RegExp(`^before commit .*${GREETED}`)] },
  { name: 'welcome marked', most: 1, path: [GREET, TAKEN, new RegExp(`^after commit .*${GREETED}`)] },
] as const satisfies readonly DigestPoint[];

const RETURN = /^after sql with "due" .*"kind":"return"/;
const TAKING = /^before commit .*delete from "returns"/;
const TAKEN_IN = /^after commit .*delete from "returns"/;
const POSTED = 'update "messages" set "channel"';

/** Of a task that comes back from a snooze. */
export const RETURN_POINTS = [
  { name: 'return claimed', most: 1, path: [RETURN] },
  { name: 'return read, not written', most: 1, path: [RETURN, TAKING] },
  { name: 'return written, not posted', most: 1, path: [RETURN, TAKEN_IN, /^before http POST \S+\/chat\.postMessage/] },
  { name: 'Slack has the return, answer not read', most: 2, path: [RETURN, TAKEN_IN, TAKEN] },
  {
    name: 'return posted, not noted',
    most: 2,
    path: [RETURN, TAKEN_IN, TAKEN, new RegExp(`^before commit .*${POSTED}`)],
  },
  { name: 'return noted', most: 1, path: [RETURN, TAKEN_IN, TAKEN, new RegExp(`^after commit .*${POSTED}`)] },
] as const satisfies readonly DigestPoint[];

/** Of the snooze that it comes back from. */
export const RETURNING_POINTS = [
  {
    name: 'snooze and its return not committed',
    click: 'acknowledged',
    path: [RECORDED, CHANGED, /^before commit .*insert into "returns"/],
  },
  {
    name: 'snooze and its return committed',
    click: 'acknowledged',
    path: [RECORDED, CHANGED, /^after commit .*insert into "returns"/],
  },
] as const satisfies readonly ClickPoint[];

const CLOSE = /^after sql with "due" .*"kind":"close"/;
const WRITTEN = /^after commit .*insert into "messages"/;

/** Of the close of a day: the job of its time, the one that closes the date, and the message. */
export const CLOSE_POINTS = [
  { name: 'time of the close claimed', most: 1, path: [CLOSE] },
  { name: 'close begun, not committed', most: 1, path: [CLOSE, /^before commit .*insert into "jobs".*isTime/] },
  { name: 'close begun, not claimed', most: 1, path: [CLOSE, /^after commit .*insert into "jobs".*isTime/] },
  { name: 'day counted, not written', most: 1, path: [CLOSE, /^before commit .*insert into "messages"/] },
  { name: 'close written, not posted', most: 1, path: [CLOSE, WRITTEN, /^before http POST \S+\/chat\.postMessage/] },
  { name: 'Slack has the close, answer not read', most: 2, path: [CLOSE, WRITTEN, TAKEN] },
  { name: 'close posted, not noted', most: 2, path: [CLOSE, WRITTEN, TAKEN, new RegExp(`^before commit .*${POSTED}`)] },
  { name: 'close noted', most: 1, path: [CLOSE, WRITTEN, TAKEN, new RegExp(`^after commit .*${POSTED}`)] },
] as const satisfies readonly DigestPoint[];

const NUDGE = /^after sql with "due" .*"kind":"nudge"/;

/** Of the reminder of a call. */
export const NUDGE_POINTS = [
  { name: 'reminder claimed', most: 1, path: [NUDGE] },
  { name: 'calls listed, reminder not written', most: 1, path: [NUDGE, /^before commit .*insert into "messages"/] },
  { name: 'reminder written, not posted', most: 1, path: [NUDGE, WRITTEN, /^before http POST \S+\/chat\.postMessage/] },
  { name: 'Slack has the reminder, answer not read', most: 2, path: [NUDGE, WRITTEN, TAKEN] },
  { name: 'reminder noted', most: 1, path: [NUDGE, WRITTEN, TAKEN, new RegExp(`^after commit .*${POSTED}`)] },
] as const satisfies readonly DigestPoint[];

const ROLLUP = /^after sql with "due" .*"kind":"rollup"/;
const ROLLUP_PLANNED = 'update "rollups" set "next_due_at"';
const ROLLUP_MARKED = 'update "rollups" set "last_sent_at"';

/** Of the weekly roll-up of a team. */
export const ROLLUP_POINTS = [
  { name: 'roll-up planned, not committed', most: 1, path: [new RegExp(`^before commit .*${ROLLUP_PLANNED}`)] },
  { name: 'roll-up planned, not claimed', most: 1, path: [new RegExp(`^after commit .*${ROLLUP_PLANNED}`), CLAIM] },
  { name: 'roll-up claimed', most: 1, path: [ROLLUP] },
  { name: 'roll-up counted, not posted', most: 1, path: [ROLLUP, /^before http POST \S+\/chat\.postMessage/] },
  { name: 'Slack has the roll-up, answer not read', most: 2, path: [ROLLUP, TAKEN] },
  {
    name: 'roll-up posted, not marked',
    most: 2,
    path: [ROLLUP, TAKEN, new RegExp(`^before commit .*${ROLLUP_MARKED}`)],
  },
  { name: 'roll-up marked', most: 1, path: [ROLLUP, TAKEN, new RegExp(`^after commit .*${ROLLUP_MARKED}`)] },
] as const satisfies readonly DigestPoint[];

export interface SweepPoint extends Point {
  click: ClickPoint['click'];
  /** Between Slack's taking the message with the progress and our noting where it is, twice is better than never; else 1. */
  most: 1 | 2;
  /** The rep has pressed Undo all when the process dies. */
  undo?: true;
}

const SWEPT = /^after commit .*insert into "sweeps"/;
const ALL_UNDONE = /^after commit .*"undo_asked_at" = \?/;
const NOTED = /^after commit .*update "sweeps" set "channel"/;

/** Of one choice for many tasks. */
export const SWEEP_POINTS = [
  { name: 'sweep written, not committed', click: 'lost', most: 1, path: [/^before commit .*insert into "sweeps"/] },
  { name: 'sweep committed, not acknowledged', click: 'recorded, not acknowledged', most: 1, path: [SWEPT, ACK] },
  { name: 'sweep acknowledged, nothing claimed', click: 'acknowledged', most: 1, path: [SWEPT, ACKED, CLAIM] },
  {
    name: 'three tasks of a sweep changed, answer not read',
    click: 'acknowledged',
    most: 2,
    path: [SWEPT, CHANGED, CHANGED, CHANGED],
  },
  { name: 'Slack has the progress, answer not read', click: 'acknowledged', most: 2, path: [SWEPT, TAKEN] },
  { name: 'noted where the progress is', click: 'acknowledged', most: 1, path: [SWEPT, TAKEN, NOTED] },
  {
    name: 'Undo all recorded, not acknowledged',
    click: 'recorded, not acknowledged',
    most: 1,
    undo: true,
    path: [ALL_UNDONE, ACK],
  },
  {
    name: 'three tasks of a sweep put back, answer not read',
    click: 'acknowledged',
    most: 1,
    undo: true,
    path: [ALL_UNDONE, CHANGED, CHANGED, CHANGED],
  },
] as const satisfies readonly SweepPoint[];

export const AMONG = 'among several: ';

/**
 * The same points where several processes share the work, and any of them may take the next step. Another process may go on
 * before the one that committed hears of it, so what a later step implies is left out. What is under way is known by the
 * process that waits for the answer, because another may be the one that shows it.
 */
function amongSeveral<P extends Point & Partial<ClickPoint>>(point: P): P {
  const [first, ...rest] = point.path;
  const name = `${AMONG}${point.name}`;
  if (point.request) return { ...point, name, path: [WAITING] };
  const [second] = rest;
  const isImplied = first !== undefined && STORED.has(first) && second !== undefined && !OF_ITS_OWN.has(second);
  const path = isImplied ? rest : point.path;
  const last = path.at(-1);
  const isRequest = last === CHANGING || last === CHANGED;
  // A process that sends one has claimed its job.
  return { ...point, name, path: isRequest ? path.filter((step) => !CLAIMS.has(step)) : path };
}

const CLAIMS: ReadonlySet<RegExp> = new Set([CLAIMED, UNDO_CLAIMED]);

/** Known by the requests of the process alone, whatever its code looks like. */
export function isOnWire({ path }: Point): boolean {
  return path.every(({ source }) => /^\^\w+ http /.test(source));
}

const WAITING = new RegExp(`^waiting http ${CHANGE}`);
const STORED: ReadonlySet<RegExp> = new Set([RECORDED, UNDO, RETRIED, RUN, SWEPT]);
/** These follow in the process that stored it, or in any and at any time. */
const OF_ITS_OWN: ReadonlySet<RegExp> = new Set([ACK, ACKED, CLAIM]);

/** Withdrawing is shown by the process that did it, or by another one that was faster. */
const HELD_AMONG_SEVERAL = [
  { name: 'held back, shown', path: [SHOWN] },
  { name: 'withdrawn by Undo, not acknowledged', path: [WITHDRAWN, ACK] },
  { name: 'withdrawn by Undo, not shown', path: [/^before commit update "actions" set .*"undone"/, SHOWING] },
] as const satisfies readonly Point[];

/** Of a click, a digest and a sweep. Lists that are read ahead of time leave nothing to list. */
export const SEVERAL = {
  clicks: CLICK_POINTS.map((point: ClickPoint) => amongSeveral(point)),
  undos: UNDO_POINTS.map((point: ClickPoint) => amongSeveral(point)),
  retries: RETRY_POINTS.map((point: ClickPoint) => amongSeveral(point)),
  held: HELD_AMONG_SEVERAL.map((point: Point) => ({ ...point, name: `${AMONG}${point.name}` })),
  digests: DIGEST_POINTS.map((point: DigestPoint) => amongSeveral(point)).filter(({ name }) => !/listing$/.test(name)),
  sweeps: SWEEP_POINTS.map((point: SweepPoint) => amongSeveral(point)),
};

export const POINTS: readonly Point[] = [
  ...CLICK_POINTS,
  ...UNDO_POINTS,
  ...RETRY_POINTS,
  ...HELD_POINTS,
  ...FOCUS_POINTS,
  ...DIGEST_POINTS,
  ...WELCOME_POINTS,
  ...RETURN_POINTS,
  ...RETURNING_POINTS,
  ...CLOSE_POINTS,
  ...NUDGE_POINTS,
  ...ROLLUP_POINTS,
  ...SWEEP_POINTS,
  ...Object.values(SEVERAL).flat(),
];
