/** What reps see, and what the tools were asked. */
import type { GongRequest } from '../../sandbox/gong/types.ts';
import type { Json, JsonObject, SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import { MAYA } from './cast.ts';
import type { World } from './world.ts';

export function mustBe<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing there');
  return value;
}

export function lastMessage(world: World, who: SandboxUser = MAYA): SandboxMessage | undefined {
  return world.slack.messages(who.id).at(-1);
}

/** The message as it looks now. */
export function fresh(world: World, message: SandboxMessage): SandboxMessage {
  return mustBe(world.slack.messages(message.userId).find(({ ts }) => ts === message.ts));
}

/** Digests, the ephemeral ones left out. */
export function posted(world: World, who: SandboxUser = MAYA): SandboxMessage[] {
  return world.slack.messages(who.id).filter(({ ephemeral, author }) => !ephemeral && author !== 'person');
}

export function homeOf(world: World, who: Pick<SandboxUser, 'id'> = MAYA): { blocks: JsonObject[] } {
  return { blocks: (world.slack.home(who.id)?.view.blocks ?? []) as JsonObject[] };
}

/** The blocks of the window that is open. */
export function modalOf(world: World, who: SandboxUser = MAYA): JsonObject[] {
  return mustBe(world.slack.modal(who.id)).view.blocks as JsonObject[];
}

/** A task's row as a person sees it: its words, and the controls under it. */
export interface SeenRow {
  text: string;
  /** Control label -> the element and its block. */
  controls: Record<string, { blockId: string; element: JsonObject }>;
}

export function rowsOf(blocks: readonly JsonObject[]): SeenRow[] {
  const rows: SeenRow[] = [];
  for (const [index, block] of blocks.entries()) {
    const previous = blocks[index - 1];
    if (block.type !== 'actions' || previous?.type !== 'section') continue;
    const corner = previous.accessory as JsonObject | undefined;
    const controls = controlsOf(block);
    if (corner?.type === 'overflow') controls.edit = { blockId: String(previous.block_id), element: corner };
    rows.push({ text: textOf(previous.text), controls });
  }
  return rows;
}

/** The controls of an actions block by what they read; an overflow menu, which reads nothing, by `more`. */
function controlsOf(block: JsonObject): SeenRow['controls'] {
  const controls: SeenRow['controls'] = {};
  for (const element of (block.elements ?? []) as JsonObject[]) {
    const label = element.type === 'overflow' ? 'more' : textOf(element.text ?? element.placeholder);
    controls[label] = { blockId: String(block.block_id), element };
  }
  return controls;
}

export function textOf(value: Json | undefined): string {
  return String((value as JsonObject | undefined)?.text ?? '');
}

export function findRow(message: { blocks: JsonObject[] } | undefined, words: string): SeenRow {
  const row = rowsOf(message?.blocks ?? []).find(({ text }) => text.includes(words));
  if (!row) throw new Error(`no row with "${words}" in ${JSON.stringify(message?.blocks, null, 1)}`);
  return row;
}

/** The text of every block, for assertions about what a rep reads. */
export function wordsOf(message: { blocks: JsonObject[] } | undefined): string {
  return (message?.blocks ?? [])
    .flatMap((block) => [textOf(block.text), ...((block.elements ?? []) as JsonObject[]).map(wordsOfElement)])
    .filter(Boolean)
    .join('\n');
}

function wordsOfElement(element: JsonObject): string {
  return typeof element.text === 'string' ? element.text : textOf(element.text);
}

export function patches(world: World): readonly GongRequest[] {
  return world.gong.requests.filter(({ method }) => method === 'PATCH');
}

export function lists(world: World): readonly GongRequest[] {
  return world.gong.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/tasks');
}

export function dueAt(world: World, id: string): string | undefined {
  const due = world.gong.task(id)?.dueDate;
  return due === undefined ? undefined : new Date(due).toISOString();
}

export function actionsAt({ outreach }: World): string[] {
  return outreach.requests
    .filter(({ method, path }) => method !== 'GET' && /^\/api\/v2\/tasks/.test(path))
    .map(({ method, path }) => `${method} ${decodeURIComponent(path.replace('/api/v2', ''))}`);
}

export function changesAt({ reply }: World): string[] {
  return reply.requests
    .filter(({ method, path }) => method !== 'GET' && !/^\/v3\/(tasks|contacts)\/filter/.test(path))
    .map(({ method, path }) => `${method} ${path.replace('/v3', '')}`);
}
