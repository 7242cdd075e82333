/** Commands and shortcuts from the manifest that people paste into Slack. */
import { readFileSync } from 'node:fs';
import type { MessageShortcut, SlashCommand } from './slack/types.ts';

export interface Manifest {
  commands: SlashCommand[];
  shortcuts: MessageShortcut[];
}

export function readManifest(): Manifest {
  return parseManifest(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8'));
}

/** Reads the two lists alone, by their place: no other part of the manifest matters here. */
export function parseManifest(text: string): Manifest {
  return {
    commands: entriesOf(text, 'slash_commands').map((entry) => ({
      name: entry('command'),
      description: entry('description'),
      usageHint: entry('usage_hint'),
    })),
    shortcuts: entriesOf(text, 'shortcuts').map((entry) => ({ name: entry('name'), callbackId: entry('callback_id') })),
  };
}

/** A function for each entry of the list `  NAME:`, which reads one of the entry's values. */
function entriesOf(text: string, name: string): ((key: string) => string)[] {
  const [, list] = new RegExp(`^  ${name}:\\n((?: {4}.*\\n)+)`, 'm').exec(text) ?? [];
  if (list === undefined) throw new Error(`The manifest has no ${name}`);
  return list
    .split(/^ {4}- /m)
    .slice(1)
    .map((entry) => (key) => {
      const [, value] = new RegExp(`^(?: {6})?${key}: (.+)$`, 'm').exec(entry) ?? [];
      if (value === undefined) throw new Error(`An entry of ${name} has no ${key}`);
      return value.replace(/^'(.*)'$/, (_, quoted: string) => quoted.replaceAll("''", "'"));
    });
}
