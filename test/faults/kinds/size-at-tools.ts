/** Too much from one tool costs that tool's rows alone, for as long as it lasts, and holds nobody else up. */
import { gzipSync } from 'node:zlib';
import type { Fault } from '../../../sandbox/faults.ts';
import { DAY, gongTask, HOUR, MAYA, MONDAY_NINE, outreachTask, replyTask, THEO } from '../../flow/cast.ts';
import { answered, digestOf, pressButton, pressOnly } from '../../flow/press.ts';
import { fresh, mustBe, patches, posted, rowsOf, wordsOf } from '../../flow/read.ts';
import { createThree, type ThreeOptions } from '../../flow/start.ts';
import type { World as Three } from '../../flow/world.ts';
import { ALWAYS, createTeam, inWords, linkedAt, SIMULATORS, type Story, type Tool, times, UNHURRIED } from './story.ts';

const LISTS = {
  Gong: 'POST /v2/tasks',
  Outreach: 'GET /api/v2/tasks',
  'Reply.io': 'POST /v3/tasks/filter',
} as const satisfies Record<Tool, string>;

/** The list of one tool cannot be read at digest time; then it can. */
async function unreadable(tool: Tool, how: (world: Three) => Fault['how']): Promise<string> {
  const world = await createThree(UNHURRIED);
  const simulator = world[SIMULATORS[tool]];
  simulator.fail({ on: LISTS[tool], times: ALWAYS, how: how(world) });
  const digest = await digestOf(world);
  const all = rowsOf(digest.blocks);
  const theirs = all.filter(({ text }) => text.includes(tool)).length;
  const words = wordsOf(digest);
  const isSaid = words.includes(`${tool} could not be reached`) && words.includes('an answer that we could not read');
  simulator.clearFaults();
  await pressButton(world, digest, 'Retry');
  const after = rowsOf(fresh(world, digest).blocks).length;
  return inWords(
    `${all.length - theirs} rows of the others`,
    theirs > 0 && `${theirs} of its own`,
    isSaid ? 'said to be unreadable' : 'not said to be unreadable',
    `${after} after Retry`,
  );
}

/** Gong does not page its tasks, but its users. */
async function endlessDirectory(): Promise<string> {
  const world = await createTeam();
  const before = await linkedAt(world, 'Gong');
  const asked = () => world.gong.requests.filter(({ path }) => path.startsWith('/v2/users')).length;
  const askedBefore = asked();
  const body = JSON.stringify({ records: { cursor: 'on-and-on' }, users: [] });
  world.gong.fail({ on: 'GET /v2/users', times: ALWAYS, how: { kind: 'answer', status: 200, body } });
  await world.pass(MONDAY_NINE - world.now());
  await world.pass(DAY);
  const isWarned = world.lines.some(({ message }) => message === 'could not read who is who');
  const rows = rowsOf(mustBe(posted(world).at(-1)).blocks).filter(({ text }) => text.includes('Gong'));
  const pages = asked() - askedBefore;
  return inWords(
    pages < 50 ? 'no end of pages read' : `${pages} pages read`,
    isWarned && 'a warning in the log',
    `${await linkedAt(world, 'Gong')} of ${before} links kept`,
    rows.length > 0 && 'their tasks in the digest',
  );
}

/** What once held the whole process up for as long as it took to look through it. */
const HOSTILE = '<!--'.repeat(16_384).slice(0, 65_535);
const DUE = new Date(MONDAY_NINE + 5 * HOUR).toISOString();

async function hostile(options: ThreeOptions): Promise<string> {
  const world = await createThree({ ...UNHURRIED, ...options });
  const digest = await digestOf(world);
  const due = /(\d+) due today/.exec(wordsOf(digest))?.[1];
  const theirs = answered(world, () => world.slack.command(THEO.id, '/tasks', ''));
  const list = world.slack.command(MAYA.id, '/tasks', '');
  const { acked } = await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await Promise.all([theirs, list]);
  await world.idle();
  return inWords(
    `${due} of 21 listed`,
    acked ? 'a click meanwhile acknowledged' : 'a click meanwhile not acknowledged',
    `done ${times(patches(world).length)}`,
  );
}

/** Twenty hostile tasks of one tool, and one of Gong's to press. */
const HOSTILE_TASKS: Record<Tool, ThreeOptions> = {
  Gong: {
    tasks: Array.from({ length: 21 }, (_, index) =>
      gongTask({ id: `90071992547409930${String(index + 1).padStart(2, '0')}`, ...(index > 0 && { title: HOSTILE }) }),
    ),
    outreachOptions: { tasks: [] },
    replyOptions: { tasks: [] },
  },
  Outreach: {
    outreachOptions: {
      tasks: Array.from({ length: 20 }, (_, index) =>
        outreachTask({ id: String(index + 1), note: HOSTILE, dueAt: DUE }),
      ),
    },
    replyOptions: { tasks: [] },
  },
  'Reply.io': {
    outreachOptions: { tasks: [] },
    replyOptions: {
      tasks: Array.from({ length: 20 }, (_, index) =>
        replyTask({ id: String(index + 1), contact: { id: '61', fullName: HOSTILE }, dueTo: DUE }),
      ),
    },
  },
};

const TOOLS = ['Gong', 'Outreach', 'Reply.io'] as const;
const OTHERS = { Gong: 4, Outreach: 3, 'Reply.io': 3 } as const satisfies Record<Tool, number>;

/** A list of nothing: whoever reads such an answer to its end shows that there are no tasks. */
const EMPTY = {
  Gong: { requestId: 'r', tasks: [] },
  Outreach: { data: [] },
  'Reply.io': { items: [], hasMore: false },
} as const satisfies Record<Tool, object>;

function padded(tool: Tool, bytes: number): Buffer {
  const body = Buffer.alloc(bytes, ' ');
  body.write(JSON.stringify(EMPTY[tool]));
  return body;
}

function tooLarge(tool: Tool): Fault['how'] {
  return { kind: 'answer', status: 200, body: padded(tool, 21 * 1024 * 1024) };
}

/** A hundred kilobytes that come to a hundred megabytes. */
function bomb(tool: Tool): Fault['how'] {
  const body = gzipSync(padded(tool, 100_000_000));
  return { kind: 'answer', status: 200, headers: { 'Content-Encoding': 'gzip' }, body };
}

function endless(body: unknown): Fault['how'] {
  return { kind: 'answer', status: 200, body: JSON.stringify(body) };
}

function unreadableAt(column: Tool, row: string, how: (world: Three) => Fault['how']): Story {
  const comes = `${OTHERS[column]} rows of the others, said to be unreadable, 5 after Retry`;
  return { row, column, comes, play: () => unreadable(column, how) };
}

const NO_END = 'pages that do not end';

export const SIZE_AT_TOOLS: readonly Story[] = [
  ...TOOLS.map((tool) => unreadableAt(tool, 'an answer of 21 MB', () => tooLarge(tool))),
  ...TOOLS.map((tool) => unreadableAt(tool, 'an answer of 100 KB that unpacks to 100 MB', () => bomb(tool))),
  {
    row: NO_END,
    column: 'Gong',
    comes: 'no end of pages read, a warning in the log, 2 of 2 links kept, their tasks in the digest',
    play: endlessDirectory,
  },
  unreadableAt('Outreach', NO_END, ({ outreach }) =>
    endless({ data: [], links: { next: `${outreach.url}/api/v2/tasks?page%5Bafter%5D=more` } }),
  ),
  unreadableAt('Reply.io', NO_END, () => endless({ items: [{ id: 9001 }], hasMore: true })),
  ...TOOLS.map((column) => ({
    row: 'twenty texts of 65,535 characters that only open comments',
    column,
    comes: '21 of 21 listed, a click meanwhile acknowledged, done once',
    play: () => hostile(HOSTILE_TASKS[column]),
  })),
];
