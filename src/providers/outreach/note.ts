/** Notes as plain text: Outreach's editor writes HTML, people and other apps write what they like. */

/** Only tags that an editor makes: "price < 5k & > 3k" is no tag. */
const TAG =
  /<\/?(?:a|b|blockquote|br|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?\/?>/gi;
const BREAK = /<(?:br|hr)(?:\s[^<>]*)?\/?>|<\/(?:blockquote|div|h[1-6]|li|ol|p|pre|table|tr|ul)\s*>/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
const ENTITY = /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi;

const LONGEST_LINE = 120;

/** The first line that says anything, shortened; undefined when none does. */
export function firstLine(note: string | null | undefined): string | undefined {
  for (const line of plain(note ?? '').split('\n')) {
    const text = line.replace(/\s+/g, ' ').trim();
    if (text) return shortened(text, LONGEST_LINE);
  }
  return undefined;
}

/** Whether two notes say the same, whatever an editor made of one of them. */
export function saysTheSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((note) => plain(note).replace(/\s+/g, ' ').trim());
  return a === b;
}

/** Entities last and once, so that `&lt;b&gt;` is the text `<b>`. */
function plain(note: string): string {
  return note.replace(/\r\n?/g, '\n').replace(BREAK, '\n').replace(TAG, '').replace(ENTITY, decoded);
}

function decoded(entity: string, name?: string, decimal?: string, hex?: string): string {
  if (name) return ENTITIES[name.toLowerCase()] ?? entity;
  const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}

/** At most so many code points, so that none is cut in two. */
export function shortened(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max
    ? text
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}
