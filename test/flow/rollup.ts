/** How an admin sets a weekly roll-up up, and what comes of it. */
import { vi } from 'vitest';
import type { JsonObject, SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import { ADMIN, DAY, MAYA, MONDAY_NINE, THEO } from './cast.ts';
import { submit, type } from './press.ts';
import { posted, wordsOf } from './read.ts';
import { openByButton } from './windows.ts';
import type { World } from './world.ts';

export const SALES = { id: 'C0SALES', name: 'sales-leads', hasApp: true };

export interface Wish {
  people?: readonly SandboxUser[];
  groups?: string;
  channel?: string | null;
  person?: string | null;
  day?: number;
  time?: string;
}

export function fieldsOf(wish: Wish): Record<string, JsonObject> {
  const { people = [MAYA, THEO], groups = '', channel = SALES.id, person = null, day = 5, time = '16:00' } = wish;
  return {
    rollup_people: { selected_users: people.map(({ id }) => id) },
    rollup_groups: { value: groups },
    rollup_channel: { selected_conversation: channel },
    rollup_person: { selected_user: person },
    rollup_day: { selected_option: { value: String(day) } },
    rollup_time: { selected_time: time },
  };
}

/** Opens the window by the command, and sends it; returns what the window says then. */
export async function setUp(world: World, wish: Wish = {}, who: SandboxUser = ADMIN): Promise<string> {
  const list = await type(world, 'rollup', who);
  await openByButton(world, list, 'New weekly roll-up…', who);
  return sendWindow(world, wish, who);
}

export async function sendWindow(world: World, wish: Wish, who: SandboxUser = ADMIN): Promise<string> {
  const { ackBody } = await submit(world, fieldsOf(wish), who);
  if (ackBody.errors) return JSON.stringify(ackBody.errors);
  const words = () => wordsOf({ blocks: (world.slack.modal(who.id)?.view.blocks ?? []) as JsonObject[] });
  await vi.waitFor(() => {
    if (words().includes('Writing there')) throw new Error('not answered yet');
  }, 10_000);
  await world.idle();
  return words();
}

/** Nine each morning until Friday, and then four in the afternoon in New York. */
export async function toFriday(world: World): Promise<void> {
  while (world.now() < MONDAY_NINE + 4 * DAY) await world.pass(DAY);
  await world.passTo(MONDAY_NINE + 4 * DAY + 7 * 3_600_000);
}

/** What was posted to the channel. */
export function inChannel(world: World, id = SALES.id): SandboxMessage[] {
  return posted(world, { ...MAYA, id });
}

/** The table's rows, each as one text. */
export function tableOf({ blocks }: { blocks: JsonObject[] }): string[] {
  const table = blocks.find(({ type: kind }) => kind === 'table');
  const rows = (table?.rows ?? []) as { text: string }[][];
  return rows.map((cells) => cells.map(({ text }) => text).join(' | '));
}
