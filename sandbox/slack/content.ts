import { bytesOf, LIMITS, weightOf } from '../../blocks/limits.ts';
import { type Answer, fail, refuse } from './answers.ts';
import { objectsOf } from './json.ts';
import type { State } from './state.ts';
import type { JsonObject } from './types.ts';
import { checkMessageBlocks } from './validate.ts';

/** A message's content; `blocks` undefined means that the app sent none. */
export interface Content {
  text: string;
  blocks: JsonObject[] | undefined;
}

export type Checked = { ok: true; content: Content } | { ok: false; answer: Answer };

/** Checks the text and blocks of a message the same way, wherever it comes from. */
export function checkContent(state: State, where: string, args: JsonObject): Checked {
  const text = typeof args.text === 'string' ? args.text : '';
  const given = args.blocks ?? undefined;
  const refusal = given === undefined ? undefined : checkMessageBlocks(given);
  if (refusal) return { ok: false, answer: refuse(state, where, refusal) };
  const blocks = given === undefined ? undefined : objectsOf(given);
  // Within what is known of Slack's rule, so the app could not know: it has to send less.
  if (weightOf(blocks ?? []) > state.messageWeight) return { ok: false, answer: fail('msg_blocks_too_long') };
  if (args.attachments !== undefined) state.unexpected.push(`${where}: attachments are not simulated`);
  if (text === '' && (blocks === undefined || blocks.length === 0)) return { ok: false, answer: fail('no_text') };
  if (isTooLong(where, text)) {
    return { ok: false, answer: refuse(state, where, { error: 'msg_too_long', messages: [] }) };
  }
  // Slack takes this; notifications and screen readers then have nothing to say.
  if (text === '') state.unexpected.push(`${where}: a message without top-level text`);
  return { ok: true, content: { text, blocks } };
}

/** A message may be posted with more text than it may be edited to have. */
function isTooLong(where: string, text: string): boolean {
  return where === 'chat.update' ? bytesOf(text) > LIMITS.updateTextBytes : text.length > LIMITS.messageText;
}
