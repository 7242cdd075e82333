/** JSON from outside: no digit of an id is lost, and no text makes reading it take long. */

/**
 * Five thousand tasks of Gong's, with every field that there is, have some 400,000. As many small objects are parsed in a
 * tenth of a second; without a limit, twenty megabytes of `{},` hold the event loop for seconds and take a gigabyte.
 */
const MOST_VALUES = 600_000;

/** No document of any provider nests more than ten. */
const MOST_LEVELS = 1_000;

/** A short literal is a number without loss: every integer beyond 2^53 has 16 digits. */
const LONG = 16;

/**
 * JSON.parse, but integers of 16 digits and more become strings of their digits: a number would round them (gong.md
 * 4). A reviver could tell them too, and is ten times as slow.
 */
export function parseLossless(text: string): unknown {
  return JSON.parse(quoteLongIntegers(text));
}

/** undefined when it is not JSON (JSON has no undefined), or more of it than any answer has. */
export function tryParse(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;

/** Goes over the text once; whether it is JSON at all is for JSON.parse to say. */
function quoteLongIntegers(text: string): string {
  let written = '';
  let copied = 0;
  let values = 0;
  let levels = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at);
      if (isLongInteger(text, at, end)) {
        written += `${text.slice(copied, at)}"${text.slice(at, end)}"`;
        copied = end;
      }
      at = end;
    } else {
      const opens = code === OPEN_ARRAY || code === OPEN_OBJECT;
      if (opens || code === COMMA) values += 1;
      if (opens) levels += 1;
      else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) levels -= 1;
      if (values > MOST_VALUES || levels > MOST_LEVELS) throw new RangeError('more than any answer has');
      at += 1;
    }
  }
  return copied === 0 ? text : written + text.slice(copied);
}

/** Behind the closing quote; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** Behind everything that a number may consist of. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && isOfNumber(text.charCodeAt(end))) end += 1;
  return end;
}

function isLongInteger(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (end - first < LONG) return false;
  for (let at = first; at < end; at += 1) if (!isDigit(text.charCodeAt(at))) return false;
  // No JSON: for JSON.parse to refuse.
  return text.charAt(first) !== '0';
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Digits and `+ - . E e`. */
function isOfNumber(code: number): boolean {
  return isDigit(code) || code === 0x2b || code === MINUS || code === 0x2e || code === 0x45 || code === 0x65;
}
