/** What a rep chooses for the day after its digest, and what comes of it. */
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { MAYA } from './cast.ts';
import { answered, submit } from './press.ts';
import { posted } from './read.ts';
import { errorsOf, windowWords } from './windows.ts';
import type { World } from './world.ts';

interface Wish {
  closes?: string | null;
  nudges?: boolean;
  quiet?: [from: string, until: string];
  time?: string;
}

/** Saves the settings; returns what the window says then, or the errors beside its fields. */
export async function settle(world: World, { closes = null, nudges = false, quiet = ['20:00', '07:00'], time }: Wish) {
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  const { ackBody } = await submit(world, {
    settings_time: { selected_time: time ?? '09:00' },
    settings_days: { selected_options: [1, 2, 3, 4, 5].map((day) => ({ value: String(day) })) },
    settings_closes: { selected_time: closes },
    settings_nudges: { selected_options: nudges ? [{ value: 'on' }] : [] },
    settings_quiet_from: { selected_time: quiet[0] },
    settings_quiet_until: { selected_time: quiet[1] },
  });
  return ackBody.errors ? errorsOf(world) : windowWords(world).split('\n').slice(1);
}

const isClose = (message: SandboxMessage) => /^(\d+ of \d+ done|All \d+ done|The one task)/.test(message.text);
const isReminder = (message: SandboxMessage) => /^In \d+ minutes?: /.test(message.text);

export function closes(world: World): SandboxMessage[] {
  return posted(world).filter(isClose);
}

export function reminders(world: World): SandboxMessage[] {
  return posted(world).filter(isReminder);
}
