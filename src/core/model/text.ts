/** Cleans text from outside: removes everything that a reader must not see. Pure. */

/**
 * Invisible characters, such as direction overrides (U+202E reverses the rest of a line) and zero-width spaces. The
 * joiners U+200C and U+200D and the variation selectors stay: Persian, Indic scripts and emoji need them.
 */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]--[\u200c\u200d\ufe00-\ufe0f]]/gv;

/** A visible character. The blank of Braille (U+2800) is none. */
const INK = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Words of ASCII with single blanks between them: most texts are, and nothing is to be removed from them. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** One line without control and invisible characters; `''` when nothing visible is left. */
export function readable(text: string): string {
  if (PLAIN.test(text)) return text;
  const line = text
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return INK.test(line) ? line : '';
}

/** All quotation marks and apostrophes: people type straight ones, CRMs store curly ones. */
const QUOTES = /[\p{Quotation_Mark}\u02b9-\u02bd\u02c8\u02ca\u02cb\u00b4\u0060\u2032-\u2037]/gu;

/** Letters that Unicode does not decompose, and that people type without accents. */
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

/** A text for comparing: ignores case, accents, quotation marks, and kinds of dashes and spaces. */
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
