/** Notes and bodies as plain text (contracts 4.10): editors write HTML, people and other apps write what they like. */

/** Only tags that editors make: "price < 5k & > 3k" has none, nor has "ask <dana@larkspur.example>". */
const BLOCKS =
  'address|article|blockquote|br|center|div|dl|dt|dd|footer|h[1-6]|header|hr|li|ol|p|pre|section|table|tr|ul';
const INLINE =
  'a|abbr|b|big|body|code|col|colgroup|del|em|font|head|html|i|img|ins|label|link|main|mark|meta|s|small|span|strike|strong|sub|sup|tbody|td|tfoot|th|thead|title|u';
const BREAK = new RegExp(`</?(?:${BLOCKS})(?:\\s[^<>]*)?/?>`, 'gi');
const TAG = new RegExp(`</?(?:${INLINE})(?:\\s[^<>]*)?/?>`, 'gi');
/** What nobody reads. */
const UNSEEN = /<(style|script)\b[^<>]*>[^<]*(?:<\/\1\s*>)?|<!--[^>]*>/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
const ENTITY = /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi;

/** A line for each block. Entities last and once, so that `&lt;b&gt;` is the text `<b>`. */
export function plainText(html: string): string {
  return html
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, '')
    .replace(BREAK, '\n')
    .replace(TAG, '')
    .replace(ENTITY, decoded);
}

/** The first line that says anything, shortened; undefined when none does. */
export function firstLine(html: string | null | undefined, max: number): string | undefined {
  for (const line of plainText(html ?? '').split('\n')) {
    const text = oneLine(line, max);
    if (text) return text;
  }
  return undefined;
}

/** Without breaks, shortened; undefined when it says nothing. */
export function oneLine(text: string | null | undefined, max: number): string | undefined {
  return shortened((text ?? '').replace(/\s+/g, ' ').trim(), max) || undefined;
}

/** At most so many code points, so that none is cut in two. */
export function shortened(text: string, max: number): string {
  const characters = [...text];
  if (characters.length <= max) return text;
  const kept = characters.slice(0, max - 1).join('');
  return `${kept.trimEnd()}…`;
}

function decoded(entity: string, name?: string, decimal?: string, hex?: string): string {
  if (name) return ENTITIES[name.toLowerCase()] ?? entity;
  const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
