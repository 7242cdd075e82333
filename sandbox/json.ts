/** Lossless JSON: an id of 64 bits travels as a bigint and is written digit by digit, because a number would round it. */

export type Wire = null | boolean | number | string | bigint | Wire[] | WireObject;
export type WireObject = { [key: string]: Wire | undefined };

/** JSON text; members that are undefined are left out, as JSON.stringify does. */
export function toJson(value: Wire): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${toJson(member)}`);
  }
  return `{${members.join(',')}}`;
}
