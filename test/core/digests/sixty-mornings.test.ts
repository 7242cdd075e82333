/**
 * Sixty mornings of a rep whose tasks change in every way that there is, against an account of what the rep has read: no row
 * is repeated unless its task changed, is due today, or is one of the first three; nothing that changed is left out; a
 * morning without a change is at most six lines.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Block } from '../../../blocks/elements.ts';
import { renderList } from '../../../blocks/task-list.ts';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import type { LoadedMessage } from '../../../src/core/model/message.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { localDate, startOfLocalDate } from '../../../src/core/model/time.ts';
import { textsOf } from '../../blocks/fixtures.ts';
import { ANN, addRep, createDocket, DAY, type Docket, HOUR, NEW_YORK } from '../docket.ts';
import { task } from '../provider.ts';

const MORNINGS = 60;
const SCHEDULE_DAYS = [1, 2, 3, 4, 5];

/** What happens between two mornings. `which`: a place among the open tasks. `days`: from then on, at noon. */
type Event =
  | { is: 'new' | 'moved elsewhere' | 'snoozed' | 'rescheduled'; which: number; days: number }
  | { is: 'closed elsewhere' | 'gone' | 'done' | 'undone'; which: number }
  | { is: 'checked' | 'away' }
  | { is: 'paused'; days: number };

const which = fc.nat(1_000);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ is: fc.constant('new' as const), which, days: fc.integer({ min: -3, max: 20 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constantFrom('moved elsewhere' as const, 'snoozed' as const, 'rescheduled' as const),
      which,
      days: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constantFrom('closed elsewhere' as const, 'gone' as const, 'done' as const, 'undone' as const),
      which,
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constantFrom('checked' as const, 'away' as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('paused' as const), days: fc.integer({ min: 2, max: 9 }) }) },
);
/** Many mornings have nothing new. */
const night = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Event[]>([]) },
  { weight: 3, arbitrary: fc.array(event, { maxLength: 5 }) },
);
const life = fc.record({
  atFirst: fc.array(fc.integer({ min: -15, max: 20 }), { maxLength: 45 }),
  nights: fc.array(night, { minLength: MORNINGS, maxLength: MORNINGS }),
});

/** What the rep has read of a task: when it is due, or where they put it since. */
interface Read {
  due: number | undefined;
  /** The rep's snooze since then, or before. */
  snoozedTo?: number;
}

interface Diary {
  /** Of the last digest that had the tasks in it. */
  read: Map<string, Read>;
  /** When that was. */
  at: number;
  /** Closed by the rep since. */
  own: Set<string>;
  hasDigest: boolean;
}

/** Nothing is ever open. */
const NOTHING: Event[][] = Array.from({ length: MORNINGS }, () => []);

test('sixty mornings: what changed is told, and what did not is not told again', { timeout: 120_000 }, async () => {
  const seen = { unchanged: 0, changed: 0, quiet: 0, folded: 0, afterAbsence: 0 };
  await fc.assert(
    fc.asyncProperty(life, async (days) => {
      const docket = await createDocket({ empty: true });
      await addRep(docket, ANN, 'ann at fake');
      await live(docket, days, seen);
    }),
    { numRuns: 6, seed: 20261127, endOnFailure: true, examples: [[{ atFirst: [], nights: NOTHING }]] },
  );
  // Each kind of morning was among them.
  expect(Object.entries(seen).filter(([, mornings]) => mornings < 5)).toEqual([]);
});

async function live(docket: Docket, { atFirst, nights }: { atFirst: number[]; nights: Event[][] }, seen: Seen) {
  let made = 0;
  const person = (days: number): Task => {
    made += 1;
    const id = `${made}`;
    return task(id, {
      title: 'Talk',
      contact: { name: `Person ${id}.` },
      dueAt: docket.deps.clock() + days * DAY + 3 * HOUR,
    });
  };
  docket.holds(...atFirst.map(person));
  const diary: Diary = { read: new Map(), at: 0, own: new Set(), hasDigest: false };
  for (const events of nights) {
    await morning(
      docket,
      diary,
      seen,
      events.some(({ is }) => is === 'away'),
    );
    docket.pass(HOUR);
    for (const each of events) await happens(docket, diary, each, person);
    await docket.work();
    const { nextDueAt } = (await docket.deps.store.schedules.find(ANN)) ?? { nextDueAt: 0 };
    docket.at(Math.max(nextDueAt, docket.deps.clock()));
  }
}

const openOf = (docket: Docket) => docket.provider.open.get('ann at fake') ?? [];

async function happens(docket: Docket, diary: Diary, happening: Event, person: (days: number) => Task): Promise<void> {
  if (happening.is === 'away') return;
  if (happening.is === 'new') return docket.holds(...openOf(docket), person(happening.days));
  if (happening.is === 'checked') return docket.enqueue({ kind: 'reconcile', ...ANN });
  if (happening.is === 'paused') {
    await docket.schedules.pause(await docket.rep(), docket.deps.clock() + happening.days * DAY);
    return;
  }
  const open = openOf(docket);
  const picked = open['which' in happening ? happening.which % Math.max(open.length, 1) : 0];
  if (!picked) return;
  const others = open.filter(({ id }) => id !== picked.id);
  const dueAt = 'days' in happening ? noonIn(docket, happening.days) : 0;
  switch (happening.is) {
    case 'moved elsewhere':
      return docket.holds(...others, { ...picked, dueAt });
    case 'closed elsewhere':
      docket.provider.done.set(picked.id, docket.deps.clock());
      return docket.holds(...others);
    case 'gone':
      return docket.holds(...others);
    default:
      return press(docket, diary, picked, happening.is, dueAt);
  }
}

function noonIn(docket: Docket, days: number): number {
  return startOfLocalDate(localDate(docket.deps.clock() + days * DAY, NEW_YORK), NEW_YORK) + 12 * HOUR;
}

/** On the row of the last digest, if it has one. */
async function press(docket: Docket, diary: Diary, picked: Task, is: string, dueAt: number): Promise<void> {
  const row = (await lastDigest(docket))?.items.find(({ task: { id } }) => id === picked.id);
  if (!row || row.seen) return;
  const verb = is === 'snoozed' ? 'snooze' : is === 'rescheduled' ? 'reschedule' : 'done';
  const at = { messageId: docket.shown, position: row.position, seq: row.action?.seq ?? row.seq };
  const result = await docket.clicks.change(ANN, at, verb === 'done' ? { verb } : { verb, dueAt });
  await docket.work();
  if (result.is === 'refused') return;
  const found = openOf(docket).find(({ id }) => id === picked.id);
  if (verb === 'done' && !found) diary.own.add(picked.id);
  if (verb !== 'done' && found?.dueAt === dueAt) {
    diary.read.set(picked.id, { due: dueAt, ...(verb === 'snooze' && { snoozedTo: dueAt }) });
  }
  if (is !== 'undone') return;
  await docket.clicks.undo(ANN, { ...at, seq: at.seq + 1 });
  await docket.work();
  if (openOf(docket).some(({ id }) => id === picked.id)) diary.own.delete(picked.id);
}

async function lastDigest(docket: Docket): Promise<LoadedMessage | undefined> {
  const [id] = await docket.deps.store.messages.digestsSince(ANN, 0);
  if (id === undefined) return undefined;
  docket.shown = id;
  return docket.deps.store.messages.load(id);
}

/** One morning, and all that is asked of its digest. */
async function morning(docket: Docket, diary: Diary, seen: Seen, isAway: boolean): Promise<void> {
  const before = docket.screen.posted.length;
  if (isAway) docket.provider.listTrouble.push({ kind: 'unavailable' });
  await claimDueDigests(docket.deps);
  await docket.work();
  docket.provider.listTrouble.length = 0;
  const now = docket.deps.clock();
  const open = openOf(docket);
  const isPosted = docket.screen.posted.length > before;
  if (!isPosted) {
    expect({ open, isAway, hadOne: diary.hasDigest }).toEqual({ open: [], isAway: false, hadOne: true });
    seen.quiet += 1;
    return;
  }
  const message = await lastDigest(docket);
  if (!message) throw new Error('the digest is not there');
  const { rows, blocks, said } = allPages(docket, message);
  if (isAway) {
    diary.hasDigest = true;
    expect(said).toContain('Fake could not be reached');
    expect(said).not.toContain('Nothing changed');
    return;
  }
  if (diary.hasDigest && diary.at > 0) look({ docket, diary, open, now, message, rows, blocks, said, seen });
  else expect(rows).toHaveLength(open.length);
  Object.assign(diary, { read: readOf(open, diary), at: now, own: new Set(), hasDigest: true });
}

type Seen = Record<'unchanged' | 'changed' | 'quiet' | 'folded' | 'afterAbsence', number>;

function readOf(open: readonly Task[], { read }: Diary): Map<string, Read> {
  return new Map(
    open.map(({ id, dueAt }) => {
      const snoozedTo = read.get(id)?.snoozedTo;
      return [id, { due: dueAt, ...(snoozedTo === dueAt && snoozedTo !== undefined && { snoozedTo }) }];
    }),
  );
}

interface Looked {
  docket: Docket;
  diary: Diary;
  open: readonly Task[];
  now: number;
  message: LoadedMessage;
  /** The tasks of the rows, by id, page after page. */
  rows: readonly string[];
  /** Of the first page. */
  blocks: readonly Block[];
  /** All that the first page says. */
  said: string;
  seen: Seen;
}

function look({ diary, open, now, message, rows, blocks, said, seen }: Looked): void {
  const tomorrow = startOfLocalDate(localDate(now, NEW_YORK), NEW_YORK) + 26 * HOUR;
  const endOfToday = startOfLocalDate(localDate(tomorrow, NEW_YORK), NEW_YORK);
  const firstThree = new Set(message.items.slice(0, 3).map(({ task: { id } }) => id));
  const isDue = ({ dueAt = 0 }: Task) => dueAt >= now && dueAt < endOfToday;
  const changed = open.filter((each) => isNews(each, diary, now, endOfToday));
  const wanted = open.filter((each) => changed.includes(each) || isDue(each) || firstThree.has(each.id));
  expect(rows.toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());

  const gone = [...diary.read.keys()].filter((id) => !diary.own.has(id) && !open.some((each) => each.id === id));
  const counted = Number(/(\d+) closed elsewhere/.exec(said)?.[1] ?? 0);
  expect(counted).toBe(gone.length);
  const folded = open.length - rows.length;
  const counts = [...said.matchAll(/(\d+) (?:unchanged|overdue, the oldest|coming up(?!,))/g)];
  if (folded > 0) expect(counts.length, said).toBeGreaterThan(0);
  if (message.summary.since?.missed !== undefined) seen.afterAbsence += 1;
  if (folded > 0) seen.folded += 1;
  if (changed.length > 0) seen.changed += 1;
  if (changed.length + gone.length > 0 || open.some(isDue) || message.summary.since?.missed !== undefined) return;
  seen.unchanged += 1;
  expect(said).toContain('Nothing changed since');
  expect(linesOf(blocks).length, linesOf(blocks).join('\n')).toBeLessThanOrEqual(6);
}

function isNews({ id, dueAt }: Task, { read, at, own }: Diary, now: number, endOfToday: number): boolean {
  const known = read.get(id);
  if (!known || own.has(id) || known.due !== dueAt) return true;
  const due = dueAt ?? Number.POSITIVE_INFINITY;
  const isBack = known.snoozedTo === dueAt && localDate(due, NEW_YORK) > localDate(at, NEW_YORK) && due < endOfToday;
  return isBack || (due < now && due >= at);
}

function allPages(docket: Docket, message: LoadedMessage) {
  const reader = { now: docket.deps.clock(), zone: NEW_YORK, days: SCHEDULE_DAYS };
  const render = (starts: readonly number[]) =>
    renderList({ message: { ...message, summary: { ...message.summary, starts } } }, docket.deps.providers, reader)
      .blocks;
  const first = render([0]);
  const pages = [first];
  const starts = [0];
  for (let next = nextOf(first); next !== undefined; next = nextOf(pages.at(-1) ?? [])) {
    starts.push(next);
    pages.push(render(starts));
  }
  const rows = pages.flat().flatMap((block) => {
    const [text = ''] = textsOf([block]);
    return /^\*\d+\.\* /m.test(text) ? (/Person (\d+)\./.exec(text)?.slice(1) ?? []) : [];
  });
  return { rows, blocks: first, said: textsOf(first).join('\n') };
}

/** Where Next leads. */
function nextOf(blocks: readonly Block[]): number | undefined {
  const value = /"action_id":"list_next"[^}]*?"value":"\d+\.(\d+)"/.exec(JSON.stringify(blocks))?.[1];
  return value === undefined ? undefined : Number(value);
}

/** Each line of each text. */
function linesOf(blocks: readonly Block[]): string[] {
  return blocks.filter(({ type }) => type !== 'actions').flatMap((block) => textsOf([block]).join('\n').split('\n'));
}
