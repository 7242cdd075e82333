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
