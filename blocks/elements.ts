/** Block Kit elements, in the few forms that we use. The texts that they are given fit already (`text.ts`). */
import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  KnownBlock,
  MrkdwnElement,
  Option,
  Overflow,
  SectionBlock,
  StaticSelect,
} from '@slack/types';
import { LIMITS } from './limits.ts';
import { plainText } from './text.ts';

export type { Button } from '@slack/types';
export type Block = KnownBlock;
export type Element = ActionsBlock['elements'][number];

export interface Rendered {
  /** For notifications and screen readers. */
  text: string;
  blocks: Block[];
}

/** Verbatim, so that Slack makes no anchor or mention of a name like `@here` or `evil.example`. */
function marked(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

export function section(text: string, accessory?: Button | Overflow | StaticSelect): SectionBlock {
  const block = { type: 'section', text: marked(text) } satisfies SectionBlock;
  return accessory ? { ...block, accessory } : block;
}

export function header(text: string): Block {
  return { type: 'header', text: { type: 'plain_text', text: plainText(text, LIMITS.headerText) } };
}

export function context(...texts: string[]): Block {
  return { type: 'context', elements: texts.map(marked) };
}

export function divider(): Block {
  return { type: 'divider' };
}

export function actions(elements: Element[]): ActionsBlock {
  return { type: 'actions', elements };
}

export function button(
  action: string,
  text: string,
  value: string,
  more: {
    style?: 'primary' | 'danger' | undefined;
    confirm?: ConfirmationDialog | undefined;
    label?: string;
    url?: string | undefined;
  } = {},
): Button {
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text },
    value,
    ...(more.style && { style: more.style }),
    ...(more.url && { url: more.url }),
    ...(more.confirm && { confirm: more.confirm }),
    ...(more.label && { accessibility_label: more.label }),
  };
}

export function select(
  action: string,
  placeholder: string,
  options: { text: string; value: string }[],
  dialog?: ConfirmationDialog,
): StaticSelect {
  return {
    type: 'static_select',
    action_id: action,
    placeholder: { type: 'plain_text', text: placeholder },
    options: options.map(option),
    ...(dialog && { confirm: dialog }),
  };
}

/** At most five options (`LIMITS.overflowOptions`). */
export function overflow(action: string, options: { text: string; value: string }[]): Overflow {
  return { type: 'overflow', action_id: action, options: options.map(option) };
}

export function option(choice: {
  text: string;
  value: string;
}): Option & { text: { type: 'plain_text'; text: string } } {
  return { text: { type: 'plain_text', text: choice.text }, value: choice.value };
}

/**
 * Plain text: Slack shows a dialog as it is written, mark-up and escapes included (slack.md 3). `danger`: the rep cannot take
 * it back.
 */
export function confirm(title: string, text: string, yes: string, style?: 'danger'): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: plainText(title, LIMITS.confirmTitle) },
    text: { type: 'plain_text', text: plainText(text, LIMITS.confirmText) },
    confirm: { type: 'plain_text', text: plainText(yes, LIMITS.confirmButton) },
    deny: { type: 'plain_text', text: 'Cancel' },
    ...(style && { style }),
  };
}
