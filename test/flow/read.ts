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

/** A row's section names its row. A full row has an actions block under it; a compact one has all in its menu. */
export function rowsOf(blocks: readonly JsonObject[]): SeenRow[] {
  const rows: SeenRow[] = [];
  for (const [index, block] of blocks.entries()) {
    if (textOf(block.text).startsWith('*Cleared:*')) rows.push(...clearedOf(block));
    if (block.type !== 'section' || !/^\d+\.\d+\.\d+\.t$/.test(String(block.block_id))) continue;
    const under = blocks[index + 1];
    const isFull = under?.type === 'actions' && under.block_id === String(block.block_id).replace(/\.t$/, '');
    const controls = { ...cornerOf(block), ...(isFull && controlsOf(under)) };
    if (Object.keys(controls).length > 0) rows.push({ text: textOf(block.text), controls });
  }
  return rows;
}

/** Rows that have folded: one with its button, or several in one menu. */
function clearedOf(block: JsonObject): SeenRow[] {
  const element = block.accessory as JsonObject | undefined;
  const blockId = String(block.block_id);
  if (element?.type !== 'static_select') {
    return [{ text: textOf(block.text), controls: element ? { Undo: { blockId, element } } : {} }];
  }
  return ((element.options ?? []) as JsonObject[]).map((option) => ({
    text: textOf(option.text),
    controls: { Undo: { blockId, element: { ...element, selected_option: option } } },
  }));
}

const VERBS = /^(Done|Snooze|Reschedule|Dismiss|Open|Retry|Choose another action)\b/;

/** The menu at the side as a whole, and each verb in it as if it were a button. */
function cornerOf(block: JsonObject): SeenRow['controls'] {
  const corner = block.accessory as JsonObject | undefined;
  const blockId = String(block.block_id);
  if (!corner) return {};
  if (corner.type !== 'overflow') return { [textOf(corner.text ?? corner.placeholder)]: { blockId, element: corner } };
  const controls: SeenRow['controls'] = { menu: { blockId, element: corner } };
  for (const option of (corner.options ?? []) as JsonObject[]) {
    const [verb] = VERBS.exec(textOf(option.text)) ?? [];
    if (verb && !(verb in controls)) controls[verb] = { blockId, element: { ...corner, selected_option: option } };
  }
  return controls;
}

/** The controls of an actions block by what they read. */
function controlsOf(block: JsonObject): SeenRow['controls'] {
  const controls: SeenRow['controls'] = {};
  for (const element of (block.elements ?? []) as JsonObject[]) {
    controls[textOf(element.text ?? element.placeholder)] = { blockId: String(block.block_id), element };
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
