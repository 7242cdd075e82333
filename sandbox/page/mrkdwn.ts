/**
 * Slack's mrkdwn as rich text. The rendering library has a reader of its own, but it takes `&lt;` for markup, `12:30:15`
 * for an emoji and drops a line that starts with `#`; here the text of a task shows as Slack would show it.
 */
import type {
  RichTextBlockElement,
  RichTextSectionElement,
  RichTextSectionElementStyleCode as Style,
} from 'slack-blocks-to-jsx';
import { formatSlackDate, type Local } from './time.ts';

const MARKS: Record<string, keyof Style> = { '*': 'bold', _: 'italic', '~': 'strike' };
const EMOJI = /^:(?=[^:\s]*[a-z]|[+-]1:|100:)([a-z0-9_+'-]+):/;

/** Slack escapes exactly these three. */
export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export function readMrkdwn(text: string, local: Local): RichTextBlockElement[] {
  return text
    .split('```')
    .flatMap((part, index) =>
      index % 2 === 1
        ? [{ type: 'rich_text_preformatted', elements: [plain(part.replace(/^\n|\n$/g, ''), {})] }]
        : readLines(part, local),
    );
}

/** Plain text knows emoji and nothing else. */
export function readPlain(text: string): RichTextBlockElement[] {
  const elements: RichTextSectionElement[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const emoji = text[at] === ':' ? EMOJI.exec(text.slice(at)) : null;
    if (!emoji?.[1]) continue;
    push(elements, text.slice(from, at), {});
    elements.push({ type: 'emoji', name: emoji[1] });
    from = at + emoji[0].length;
    at = from - 1;
  }
  push(elements, text.slice(from), {});
  return [{ type: 'rich_text_section', elements }];
}

function readLines(text: string, local: Local): RichTextBlockElement[] {
  const found: RichTextBlockElement[] = [];
  let lines: string[] = [];
  let inQuote = false;
  function flush(): void {
    const elements = readInline(lines.join('\n'), {}, local);
    if (elements.length > 0) found.push({ type: inQuote ? 'rich_text_quote' : 'rich_text_section', elements });
    lines = [];
  }
  for (const line of text.split('\n')) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if ((quoted !== null) !== inQuote) flush();
    inQuote = quoted !== null;
    lines.push(quoted?.[1] ?? line);
  }
  flush();
  return found;
}

function readInline(text: string, style: Style, local: Local): RichTextSectionElement[] {
  const found: RichTextSectionElement[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at, style, local);
    if (!token) {
      at += 1;
      continue;
    }
    push(found, text.slice(from, at), style);
    found.push(...token.elements);
    at += token.length;
    from = at;
  }
  push(found, text.slice(from), style);
  return found;
}

interface Token {
  elements: RichTextSectionElement[];
  length: number;
}

function tokenAt(text: string, at: number, style: Style, local: Local): Token | undefined {
  const char = text[at] ?? '';
  if (char === '<') {
    const end = text.indexOf('>', at);
    const element = end < 0 ? undefined : readAngle(text.slice(at + 1, end), style, local);
    return element && { elements: [element], length: end - at + 1 };
  }
  if (char === '`') {
    const code = /^`([^`\n]+)`/.exec(text.slice(at));
    return code?.[1] ? { elements: [plain(code[1], { ...style, code: true })], length: code[0].length } : undefined;
  }
  if (char === ':') {
    const emoji = EMOJI.exec(text.slice(at));
    return emoji?.[1] ? { elements: [{ type: 'emoji', name: emoji[1] }], length: emoji[0].length } : undefined;
  }
  const mark = MARKS[char];
  if (!mark || style[mark]) return undefined;
  const end = closingMark(text, at);
  if (end === undefined) return undefined;
  return { elements: readInline(text.slice(at + 1, end), { ...style, [mark]: true }, local), length: end - at + 1 };
}

const WORD = /[\p{L}\p{N}]/u;

/** The place where the mark at `at` is closed on the same line; undefined when it opens nothing. */
function closingMark(text: string, at: number): number | undefined {
  const mark = text[at];
  if (WORD.test(text[at - 1] ?? '') || /^\s?$/.test(text[at + 1] ?? '')) return undefined;
  for (let end = at + 1; end < text.length; end += 1) {
    const char = text[end];
    if (char === '\n') return undefined;
    // A mark inside a link does not close one outside it.
    if (char === '<') end = Math.max(end, text.indexOf('>', end));
    if (char !== mark || end === at + 1) continue;
    if (!/\s/.test(text[end - 1] ?? '') && !WORD.test(text[end + 1] ?? '')) return end;
  }
  return undefined;
}

/** The content of `<…>`: a link, a mention, a date. */
function readAngle(inner: string, style: Style, local: Local): RichTextSectionElement | undefined {
  const [target = '', label] = splitOnce(inner, '|');
  if (target.startsWith('@')) return { type: 'user', user_id: target.slice(1), style: withoutCode(style) };
  if (target.startsWith('#')) return { type: 'channel', channel_id: target.slice(1), style: withoutCode(style) };
  if (target === '!here' || target === '!channel' || target === '!everyone') {
    return { type: 'broadcast', range: target === '!here' ? 'here' : target === '!channel' ? 'channel' : 'everyone' };
  }
  if (target.startsWith('!date^')) {
    const [, seconds = '', format = '', url] = target.split('^');
    const text = formatSlackDate(Number(seconds), unescapeText(format), local) ?? unescapeText(label ?? '');
    return url && isSafe(url) ? { type: 'link', url: unescapeText(url), text, style } : { type: 'text', text, style };
  }
  if (!isSafe(target)) return undefined;
  return {
    type: 'link',
    url: unescapeText(target),
    text: unescapeText(label || target.replace(/^(?:mailto|tel):/i, '')),
    style,
  };
}

function isSafe(url: string): boolean {
  return /^(?:https?:\/\/|mailto:|tel:)/i.test(url);
}

function withoutCode({ bold, italic, strike }: Style): Omit<Style, 'code'> {
  return { ...(bold && { bold }), ...(italic && { italic }), ...(strike && { strike }) };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function plain(text: string, style: Style): RichTextSectionElement {
  return { type: 'text', text: unescapeText(text), style };
}

function push(elements: RichTextSectionElement[], text: string, style: Style): void {
  if (text !== '') elements.push(plain(text, style));
}
