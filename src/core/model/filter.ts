/** What a list's filter asks for. */
import type { Filter } from './message.ts';
import type { Query } from './query.ts';

/** undefined: the list is of certain tasks, whatever becomes of their dates. */
export function queryOf(filter: Filter): Query | undefined {
  switch (filter.by) {
    case 'query':
      return filter.query;
    case 'all':
      return {};
    case 'overdue':
    case 'today':
    case 'week':
    case 'snoozed':
      return { when: { is: filter.by } };
    case 'text':
      return { text: filter.text };
    case 'back':
    case 'soon':
      return undefined;
  }
}

/** Some open tasks may not be in it. */
export function isNarrow({ sort: _, ...parts }: Query): boolean {
  return Object.values(parts).some((part) => part !== undefined);
}

/** One part of a query; `{}` drops it. */
export type Ask = { part: Exclude<keyof Query, 'urgent' | 'text'>; to: Query };

/** The query with that part as it is now wanted. The others stay. */
export function asked(query: Query, { part, to }: Ask): Query {
  const { [part]: _, ...rest } = query;
  return { ...rest, ...to };
}
