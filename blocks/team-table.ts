/** `/tasks team` as a table: who is linked to what, the last digest, the last click, and what waits. */
import type { SkipReason } from '../src/core/model/digest.ts';
import {
  filterTeam,
  type RepOverview,
  TEAM_FILTERS,
  type TeamFilter,
  type TeamRep,
  type ToolState,
} from '../src/core/model/team.ts';
import { actions, type Block, button, option, type Rendered, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { bytesOf, LIMITS } from './limits.ts';
import { momentOf, peopleCount, plainText, type Reader } from './text.ts';

export interface TeamPage {
  filter: TeamFilter;
  /** From 0. */
  page: number;
}

/** A table may have 100 rows (slack.md 3); so many fit into a message with what stands under it. */
const REPS_SHOWN = 20;

const FILTER_TEXT: Record<TeamFilter, string> = {
  all: 'Everyone',
  missing: 'Not linked to any tool',
  signed_out: 'A sign-in is missing',
  no_digest: 'Last digest not sent',
  waiting: 'With clicks that wait',
};

export function teamTable(reps: readonly TeamRep[], wanted: TeamPage, reader: Reader): Rendered {
  const filtered = filterTeam(reps, wanted.filter);
  const pages = Math.max(1, Math.ceil(filtered.length / REPS_SHOWN));
  const page = Math.min(Math.max(wanted.page, 0), pages - 1);
  const shown = filtered.slice(page * REPS_SHOWN, (page + 1) * REPS_SHOWN);
  const heading = headingOf(reps.length, filtered.length, { filter: wanted.filter, page }, pages);
  const cells = shown.map((rep) => cellsOf(rep, reader));
  return {
    // For old clients and screen readers, which do not read the table.
    text: textOf(heading, cells),
    blocks: [
      section(`*${heading}*`),
      ...(cells.length > 0 ? [table([titlesOf(shown), ...cells])] : []),
      ...controls(shown, { filter: wanted.filter, page }, pages),
    ],
  };
}

function textOf(heading: string, cells: readonly (readonly string[])[]): string {
  let text = heading;
  for (const [index, row] of cells.entries()) {
    const line = `\n${row.join(', ')}`;
    if (bytesOf(text + line) > LIMITS.fallbackBytes - 60) return `${text}\n… and ${cells.length - index} more`;
    text += line;
  }
  return text;
}

function headingOf(all: number, found: number, { filter, page }: TeamPage, pages: number): string {
  const people = peopleCount(all);
  const of = filter === 'all' ? people : `${found.toLocaleString('en-US')} of ${people}`;
  const where = pages > 1 ? `, page ${page + 1} of ${pages}` : '';
  return `Team: ${of}${filter === 'all' ? '' : ` (${FILTER_TEXT[filter].toLowerCase()})`}${where}`;
}

function titlesOf(shown: readonly TeamRep[]): string[] {
  return ['Name', ...(shown[0]?.tools ?? []).map(({ name }) => name), 'Last digest', 'Last click', 'Waiting'];
}

function cellsOf({ name, tools, seen }: TeamRep, reader: Reader): string[] {
  return [
    plainText(name, 40),
    ...tools.map(({ state }) => TOOL_TEXT[state]),
    digestText(seen, reader),
    seen?.lastClickAt === undefined ? 'never' : momentOf(seen.lastClickAt, reader),
    String(seen?.waiting ?? 0),
  ];
}

export const TOOL_TEXT: Record<ToolState, string> = {
  linked: 'linked',
  signed_out: 'not signed in',
  declined: 'unlinked by them',
  none: 'no user found',
  inactive: 'user not active',
  locked: 'user locked',
  moved: 'address changed there',
  renamed: 'address changed here',
  unknown: 'activity unknown',
  ambiguous: 'several users',
  shared: 'address shared',
  taken: "another's user",
};

function digestText(seen: RepOverview | undefined, reader: Reader): string {
  if (!seen?.lastRun) return 'none yet';
  const { state, why, postedAt, localDate } = seen.lastRun;
  if (state === 'posted' && postedAt !== undefined) return momentOf(postedAt, reader);
  return `${localDate}: ${state === 'claimed' ? 'on its way' : whySkipped(why)}`;
}

export function whySkipped(why: SkipReason | undefined): string {
  return why === undefined ? 'not sent' : SKIPPED[why];
}

const SKIPPED: Record<SkipReason, string> = {
  late: 'more than 4 hours late',
  holiday: 'public holiday',
  paused: 'paused',
  away: 'out of office',
  nothing_open: 'nothing open',
  no_link: 'no link',
  refused: 'Slack refused it',
  not_in_pilot: 'not in the pilot',
  elsewhere: 'sent in another workspace',
  switched_off: 'all digests stopped',
};

/** The first row is the heading. */
function table(rows: readonly (readonly string[])[]): Block {
  return { type: 'table', rows: rows.map((cells) => cells.map((text) => ({ type: 'raw_text', text: text || '–' }))) };
}

function controls(shown: readonly TeamRep[], { filter, page }: TeamPage, pages: number): Block[] {
  const at = (to: number) => `${filter}:${to}`;
  const filters = TEAM_FILTERS.map((each) => ({ text: FILTER_TEXT[each], value: `${each}:0` }));
  const people = shown.map(({ userId, name }) => ({ text: plainText(name, LIMITS.optionText), value: userId }));
  const select = (action: string, placeholder: string, options: typeof people, chosen?: (typeof people)[number]) =>
    ({
      type: 'static_select',
      action_id: action,
      placeholder: { type: 'plain_text', text: placeholder },
      options: options.map(option),
      ...(chosen && { initial_option: option(chosen) }),
    }) as const;
  return [
    actions([
      select(ACTION.teamFilter, 'Show', filters, filters[TEAM_FILTERS.indexOf(filter)]),
      ...(people.length > 0 ? [select(ACTION.teamRep, 'One person…', people)] : []),
      button(ACTION.rollups, 'Weekly roll-ups', '0'),
      ...(page > 0
        ? [button(ACTION.teamPrevious, 'Previous', at(page - 1), { label: 'Previous page of the team' })]
        : []),
      ...(page < pages - 1 ? [button(ACTION.teamNext, 'Next', at(page + 1), { label: 'Next page of the team' })] : []),
    ]),
  ];
}

export function decodeTeamPage(value: string | undefined): TeamPage {
  const [name, page] = (value ?? '').split(':');
  const filter = TEAM_FILTERS.find((each) => each === name) ?? 'all';
  return { filter, page: /^\d{1,5}$/.test(page ?? '') ? Number(page) : 0 };
}
