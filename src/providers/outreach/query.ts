/** Query strings as Outreach reads them. */

export type Query = Readonly<Record<string, string>>;

/** A blank becomes `%20` and a plus `%2B`, so that a text arrives the same whichever way its reader takes a plus. */
export function toQuery(query: Query): string {
  return new URLSearchParams(query).toString().replaceAll('+', '%20');
}

/** A comma in a filter's value means "or", and two dots a range (contracts 2.2, 2.7): such a value cannot be asked for. */
export function isFilterable(value: string): boolean {
  return value !== '' && !value.includes(',') && !value.includes('..');
}
