/** A digest's words on the time since the last one: changed tasks, closed ones, and unchanged ones. */
import { type BacklogGroup, backlogGroups } from '../src/core/model/backlog.ts';
import type { Group } from '../src/core/model/group.ts';
import type { ClosedTask, ListSummary, LoadedMessage, News, Since } from '../src/core/model/message.ts';
import { isSettled, type Row } from '../src/core/model/row-state.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { type Block, button, section } from './elements.ts';
import { byWhom } from './elsewhere.ts';
import { ACTION } from './ids.ts';
import { type Providers, providerOf } from './providers.ts';
import { lateBy } from './reason-text.ts';
import { struck } from './row-text.ts';
import { encodeOffer } from './sweep-ids.ts';
import { count, daysAhead, type Reader, shortDate } from './text.ts';

/** `Since yesterday: 2 new, 1 newly overdue, 1 closed elsewhere`; empty without an earlier digest. */
export function sinceText({ since, reports }: ListSummary, reader: Reader): string {
  if (!since) return '';
  const changes = changesText(since);
  // Of a tool that did not answer, nobody knows.
  const isSure = reports.every(({ state }) => state === 'listed');
  const day = sinceDay(since, reader);
  const said = changes ? `Since ${day}: ${changes}` : isSure ? `Nothing changed since ${day}` : '';
  if (since.missed === undefined) return said;
  return [`*Back after ${count(since.missed, 'morning')} without a digest.*`, said].filter(Boolean).join(' ');
}

function changesText({ news, closed }: Since): string {
  const of = (is: News['is']) => news.filter((each) => each.is === is).length;
  const parts = [
    [of('new'), 'new'] as const,
    [of('overdue'), 'newly overdue'] as const,
    [of('moved'), 'moved'] as const,
    [of('back'), 'back from a snooze'] as const,
    [closed.length, 'closed elsewhere'] as const,
  ];
  const some = parts.filter(([number]) => number > 0);
  return some.map(([number, what]) => `${number.toLocaleString('en-US')} ${what}`).join(', ');
}

function sinceDay({ at }: Since, reader: Reader): string {
  return daysAhead(at, reader.now, reader.zone) === -1 ? 'yesterday' : shortDate(at, reader);
}

/** Names that fit; the rest is counted. */
const LONGEST_NAMES = 420;

/** One block; after an absence one for what the tools skipped, and one for what others closed. */
export function closedBlocks({ since }: ListSummary, providers: Providers): Block[] {
  if (!since || since.closed.length === 0) return [];
  const block = (title: string, tasks: readonly ClosedTask[]) =>
    tasks.length > 0 ? [section(`*${title}:* ${namesOf(tasks, providers)}`)] : [];
  if (since.missed === undefined) return block('Closed elsewhere', since.closed);
  const skipped = since.closed.filter(({ how }) => how === 'skipped');
  const others = since.closed.filter(({ how }) => how !== 'skipped');
  return [...block('Skipped meanwhile', skipped), ...block('Closed meanwhile by others', others)];
}

function namesOf(tasks: readonly ClosedTask[], providers: Providers): string {
  let text = '';
  for (const [index, task] of tasks.entries()) {
    const name = `${struck(task, 60)} ${became(task, providerOf(providers, task).name)}`;
    if (text && text.length + name.length > LONGEST_NAMES)
      return `${text} and ${count(tasks.length - index, 'more task')}`;
    text += `${text && '  ·  '}${name}`;
  }
  return text;
}

function became({ how, doneBy }: ClosedTask, provider: string): string {
  const words = {
    done: `done in ${provider}${byWhom(doneBy)}`,
    gone: `no longer open in ${provider}`,
    skipped: `skipped by ${provider}`,
    missing: `no longer listed in ${provider}`,
  } satisfies Record<ClosedTask['how'], string>;
  return words[how];
}

/** One line for each group, or one for all where nothing else is to be said. `hidden`: rows that are not shown. */
export function backlogBlocks(
  { id, summary }: LoadedMessage,
  hidden: readonly Row[],
  reader: RepTime,
  form: 'groups' | 'line',
): Block[] {
  const open = hidden.filter((row) => !isSettled(row));
  const groups = backlogGroups(open, summary, reader.zone);
  if (groups.length === 0) return [];
  const act = (group?: Group) =>
    button(ACTION.offer, 'Act on them…', encodeOffer(id, { by: 'unchanged', ...(group && { group }) }), {
      label: `Act on the unchanged tasks${group ? ` that are ${NOUNS[group]}` : ''}`,
    });
  if (form === 'line')
    return [section(`*Unchanged:* ${groups.map((each) => groupText(each, reader)).join('; ')}`, act())];
  const wasAway = summary.since?.missed !== undefined;
  return groups.map((each) => {
    const title = TITLES[wasAway ? 'away' : 'usual'][each.group];
    return section(`*${title}:* ${groupText(each, reader, 'unchanged')}`, act(each.group));
  });
}

const NOUNS: Record<Group, string> = { overdue: 'overdue', today: 'due today', upcoming: 'coming up' };

const TITLES = {
  usual: { overdue: 'Overdue', today: 'Due today', upcoming: 'Coming up' },
  away: { overdue: 'Overdue before', today: 'Due today', upcoming: 'Still fine' },
} as const satisfies Record<string, Record<Group, string>>;

/** `14 unchanged, the oldest 9 working days` */
function groupText({ group, tasks, firstDueAt }: BacklogGroup, reader: RepTime, noun?: string): string {
  const what = noun ?? NOUNS[group];
  const said = `${tasks.toLocaleString('en-US')} ${what}`;
  if (firstDueAt === undefined) return said;
  return group === 'overdue'
    ? `${said}, the oldest by ${lateBy(firstDueAt, reader)}`
    : `${said}, the next one due ${shortDate(firstDueAt, reader)}`;
}
