/**
 * Text from outside as one readable line. Tools, CRMs and people's names bring anything that Unicode has; this is the one
 * place that decides what of it a reader may see. Pure.
 */

/**
 * Characters that show nothing, but change what stands around them: direction overrides and isolates (U+202E turns the rest of
 * a line round), zero-width spaces, byte order marks, tags, fillers. The joiners U+200C and U+200D and the variation
 * selectors stay: Persian, Indic scripts and emoji are spelled with them.
 */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]--[\u200c\u200d\ufe00-\ufe0f]]/gv;

/** A character that puts ink on the page. The blank of Braille (U+2800) does not. */
const INK = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Without line breaks, control and invisible characters; `''` when nothing readable is left. */
export function readable(text: string): string {
  const line = text
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return INK.test(line) ? line : '';
}

/** Quotation marks and apostrophes of all kinds: people type the straight ones, CRMs hold the curly ones. */
const QUOTES = /[\p{Quotation_Mark}\u02b9-\u02bd\u02c8\u02ca\u02cb\u00b4\u0060\u2032-\u2037]/gu;

/** Letters that Unicode does not take apart, and that people type without their strokes. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** A text as search compares it: case, accents, quotation marks, kinds of dashes and of spaces do not matter. */
export function fold(text: string): string {
  return readable(text)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replace(QUOTES, '')
    .replace(/\p{Dash}/gu, '-')
    .replace(/\s+/g, ' ')
    .trim();
}
