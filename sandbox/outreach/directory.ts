/** Users by address, prospects by address or name (outreach.md 3, 7): one at a time, for a comma would mean "or". There is no "who am I". */
import type { Answer } from './answer.ts';
import type { Records } from './book.ts';
import { pageOf } from './pages.ts';
import { type ListRules, listQuery } from './query.ts';
import { recordResource } from './resources.ts';
import { many, type Session, withoutBody } from './session.ts';

type Kind = 'user' | 'prospect';

const ONE_VALUE = /^[^,]+$/;

const RULES: { [Type in Kind]: ListRules<Records[Type]> } = {
  user: {
    filters: { 'filter[email]': { pattern: ONE_VALUE, of: ({ email }) => [email] } },
    shows: ['user'],
    isDecorated: false,
  },
  prospect: {
    filters: {
      'filter[emails]': { pattern: ONE_VALUE, of: ({ emails }) => emails },
      'filter[firstName]': { pattern: ONE_VALUE, of: ({ firstName }) => [firstName] },
      'filter[lastName]': { pattern: ONE_VALUE, of: ({ lastName }) => [lastName] },
    },
    shows: ['prospect'],
    isDecorated: false,
  },
};

export function listRecords<Type extends Kind>(session: Session, type: Type): Answer {
  withoutBody(session);
  const { outreach, call, user } = session;
  const rules: ListRules<Records[Type]> = RULES[type];
  const query = listQuery(call.url.searchParams, rules);
  const { records, next } = pageOf(outreach.book.all(type), query, `${type} for ${user.id}`, outreach.cursors);
  const resources = records.map((record) => recordResource(type, record));
  return many(session, { resources, others: [], next }, query);
}
