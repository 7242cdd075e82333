/** Windows and their fields, in the few forms that we use. */
import type { InputBlock, ModalView, PlainTextElement } from '@slack/types';
import type { Block } from './elements.ts';
import { VIEW } from './ids.ts';

interface Window {
  callback: string;
  title: string;
  /** Undefined: there is nothing to send. */
  submit?: string | undefined;
  metadata?: string;
  blocks: Block[];
}

export function modal({ callback, title, submit, metadata, blocks }: Window): ModalView {
  return {
    type: 'modal',
    callback_id: callback,
    ...(metadata && { private_metadata: metadata }),
    title: plain(title),
    ...(submit && { submit: plain(submit) }),
    close: plain('Cancel'),
    blocks,
  };
}

/** A window that only says something. */
export function noticeModal(title: string, blocks: Block[]): ModalView {
  return { ...modal({ callback: VIEW.notice, title, blocks }), close: plain('Close') };
}

/** The block has the name of its element: there is one in each. */
export function input(
  id: string,
  label: string,
  element: InputBlock['element'],
  { hint, ...more }: { hint?: string; optional?: boolean; dispatch_action?: boolean } = {},
): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plain(label),
    element: { ...element, action_id: id },
    ...(hint && { hint: plain(hint) }),
    ...more,
  };
}

function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text };
}
