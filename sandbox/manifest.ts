/** Commands and shortcuts from the manifest that people paste into Slack. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { MessageShortcut, SlashCommand } from './slack/types.ts';

export interface Manifest {
  commands: SlashCommand[];
  shortcuts: MessageShortcut[];
}

/** No other part of the manifest matters here. */
const File = z.object({
  features: z.object({
    slash_commands: z.array(z.object({ command: z.string(), description: z.string(), usage_hint: z.string() })),
    shortcuts: z.array(z.object({ name: z.string(), callback_id: z.string() })),
  }),
});

export function readManifest(): Manifest {
  return parseManifest(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8'));
}

export function parseManifest(text: string): Manifest {
  const { slash_commands, shortcuts } = File.parse(parse(text)).features;
  return {
    commands: slash_commands.map(({ command, description, usage_hint }) => ({
      name: command,
      description,
      usageHint: usage_hint,
    })),
    shortcuts: shortcuts.map(({ name, callback_id }) => ({ name, callbackId: callback_id })),
  };
}
