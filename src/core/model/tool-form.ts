/** The form with which an admin connects a tool: its fields as data, and how its values are read. */

export interface ToolField {
  /** The setting that the value is. */
  name: string;
  label: string;
  /** Where to find the value. */
  hint: string;
  optional?: true;
  /** Default: any text. `address`: of one of the tool's own hosts, because this machine calls it. */
  takes?: 'days' | { addressOf: string };
}

export type FieldProblem =
  | { is: 'missing' }
  | { is: 'characters' }
  | { is: 'quotes' }
  | { is: 'days' }
  | { is: 'address'; of: string };

export type ToolSettings = Readonly<Record<string, string>>;

/** Longer than any key that a tool gives out. */
export const LONGEST_VALUE = 500;
/** Zero-width spaces, byte order marks, control characters: they come with what is copied. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}]/gu;
const MOST_DAYS = 365;

/** The settings, without those that were left empty; or what is wrong, by setting. Values go into HTTP headers. */
export function readToolForm(
  fields: readonly ToolField[],
  typed: Readonly<Record<string, string | undefined>>,
): { settings: ToolSettings } | { problems: Readonly<Record<string, FieldProblem>> } {
  const settings: Record<string, string> = {};
  const problems: Record<string, FieldProblem> = {};
  for (const field of fields) {
    const text = (typed[field.name] ?? '').replace(INVISIBLE, '').trim();
    if (text === '') {
      if (!field.optional) problems[field.name] = { is: 'missing' };
      continue;
    }
    const read = readValue(field, text);
    if (typeof read === 'string') settings[field.name] = read;
    else problems[field.name] = read;
  }
  return Object.keys(problems).length > 0 ? { problems } : { settings };
}

function readValue({ takes }: ToolField, text: string): string | FieldProblem {
  if (/^(["'`“”‘’]).*["'`“”‘’]$/s.test(text)) return { is: 'quotes' };
  if (!/^[\x21-\x7e]+$/.test(text) || text.length > LONGEST_VALUE) return { is: 'characters' };
  if (takes === 'days') return isDays(text) ? String(Number(text)) : { is: 'days' };
  return takes === undefined ? text : (addressOf(text, takes.addressOf) ?? { is: 'address', of: takes.addressOf });
}

function isDays(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_DAYS;
}

/** Only https, only the host or one under it, and nothing else in it: no port, no path, no name and password. */
function addressOf(text: string, host: string): string | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || (url.hostname !== host && !url.hostname.endsWith(`.${host}`))) return undefined;
  return url.href === `${url.origin}/` && url.port === '' ? url.origin : undefined;
}

/** Shown of a key, so that an admin knows which it is: its last four characters, or none where those were much of it. */
export function endOf(key: string | undefined): string | undefined {
  return key !== undefined && key.length >= 12 ? key.slice(-4) : undefined;
}
