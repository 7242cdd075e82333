import { z } from 'zod';
import { LIMITS } from '../../blocks/limits.ts';

/** Slack refuses what it does not know, so every object here is strict. */
export function plainText(max: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

function mrkdwn(max: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

export function anyText(max: number) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

export const style = z.enum(['primary', 'danger']);

export const url = z
  .string()
  .min(1)
  .max(LIMITS.url)
  .refine((value) => URL.canParse(value), 'must be a valid URL');

export const blockId = z.string().min(1).max(LIMITS.blockId);

export const confirmation = z.strictObject({
  title: plainText(LIMITS.confirmTitle).optional(),
  text: anyText(LIMITS.confirmText),
  confirm: plainText(LIMITS.confirmButton).optional(),
  deny: plainText(LIMITS.confirmButton).optional(),
  style: style.optional(),
});

const optionValue = z.string().min(1).max(LIMITS.optionValue);

/** Selects take plain text only. */
export const plainOption = z.strictObject({
  text: plainText(LIMITS.optionText),
  value: optionValue,
  description: plainText(LIMITS.optionText).optional(),
});

export const overflowOption = plainOption.extend({ url: url.optional() });

/** Options under a heading; the heading is as long as an option. */
export const optionGroup = z.strictObject({
  label: plainText(LIMITS.optionText),
  options: z.array(plainOption).min(1).max(LIMITS.selectOptions),
});

/** Check boxes and radio buttons also take mrkdwn. */
export const richOption = z.strictObject({
  text: anyText(LIMITS.optionText),
  value: optionValue,
  description: anyText(LIMITS.optionText).optional(),
});
