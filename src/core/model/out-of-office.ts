/**
 * Whether a Slack status says that somebody is out of office. Slack has no flag for it: a status is an emoji, a text and
 * an end. A digest that comes without need costs a glance, and one that is missing costs customers, so a doubt means no.
 */
import type { Instant } from './keys.ts';
import { fold } from './text.ts';

export interface Status {
  /** `:palm_tree:`, perhaps with a skin tone. */
  emoji: string;
  text: string;
  /** undefined: it stays until somebody changes it. */
  endsAt: Instant | undefined;
}

/** They mean it in every language. An aeroplane says only that somebody travels, perhaps to a customer. */
const EMOJI: ReadonlySet<string> = new Set([
  'palm_tree',
  'beach_with_umbrella',
  'desert_island',
  'face_with_thermometer',
]);

/** Whole words. `Vacationing` and `Out sick` are offered by Slack itself. */
const AWAY =
  'out of (?:the )?office|ooo|vacation|vacationing|holidays?|sick|(?:annual|parental|maternity|paternity|medical) leave|on leave';

/** `Back from vacation`, `Not sick`, `Before my holiday`. */
const NOT_BEFORE = String.raw`(?<!\b(?:no|not|not on|no longer|no longer on|back from|after|before|until|next|planning) (?:my |the |a )?)`;
/** `OOO next week`, `Sick of meetings`, `Holiday season`: later, or something else. */
const NOT_AFTER = String.raw`(?! (?:next|tomorrow|soon|starting|from|in \d+|of|planning|plans|party|season|sales?|campaign|rush|deals?)\b)`;

const SAYS_AWAY = new RegExp(String.raw`${NOT_BEFORE}\b(?:${AWAY})\b${NOT_AFTER}`);

export function isOutOfOffice({ emoji, text, endsAt }: Status, now: Instant): boolean {
  if (endsAt !== undefined && endsAt <= now) return false;
  const [, name = ''] = emoji.split(':');
  return EMOJI.has(name) || SAYS_AWAY.test(fold(text).replace(/[^\p{L}\p{N}]+/gu, ' '));
}
