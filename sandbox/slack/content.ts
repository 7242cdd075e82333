import { LIMITS } from '../../blocks/limits.ts';
import { type Answer, fail, refuse } from './answers.ts';
import { objectsOf } from './json.ts';
import type { State } from './state.ts';
import type { JsonObject } from './types.ts';
import { checkMessageBlocks } from './validate.ts';

/** What a message says; `blocks` undefined means that the app named none. */
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
  if (args.attachments !== undefined) state.unexpected.push(`${where}: attachments are not simulated`);
  if (text === '' && (blocks === undefined || blocks.length === 0)) return { ok: false, answer: fail('no_text') };
  if (text.length > LIMITS.messageText) {
    return { ok: false, answer: refuse(state, where, { error: 'msg_too_long', messages: [] }) };
  }
  // Slack takes this; notifications and screen readers then have nothing to say.
  if (text === '') state.unexpected.push(`${where}: a message without top-level text`);
  return { ok: true, content: { text, blocks } };
}
