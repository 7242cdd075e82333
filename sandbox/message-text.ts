/** What stands in a message, as plain text. */
import type { Json, JsonObject, SandboxMessage } from './slack/types.ts';

/** The message as plain text: links by their words, controls in brackets. */
export function asText(message: SandboxMessage): string {
  const lines = message.blocks.map((block) => {
    if (block.type === 'header') return `=== ${textOf(block.text)} ===`;
    const elements = (block.elements ?? []) as JsonObject[];
    if (block.type === 'actions') return `  ${elements.map((element) => `[${labelOf(element)}]`).join(' ')}`;
    if (block.type === 'context') return elements.map((element) => readable(String(element.text))).join('\n');
    return `\n${readable(textOf(block.text))}`;
  });
  return lines.join('\n');
}

function readable(mrkdwn: string): string {
  return mrkdwn
    .replace(/<[^|>]+\|([^>]*)>/g, '$1')
    .replace(/[*_~]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** The words on a button, or what stands in a menu before anything is chosen. */
export function labelOf(element: JsonObject): string {
  return textOf(element.text ?? element.placeholder);
}

/** Of a text object of Block Kit. */
export function textOf(value: Json | undefined): string {
  return String((value as JsonObject | undefined)?.text ?? '');
}

/** The app introduces itself before the first digest. */
export function isWelcome({ text }: { text: string }): boolean {
  return text.startsWith('*Hello from Docket.*');
}
