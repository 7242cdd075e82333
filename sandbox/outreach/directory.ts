/** Users and prospects (outreach.md 7): found by id or by address. There is no "who am I". */
import type { Answer } from './answer.ts';
import type { Records } from './book.ts';
import { pageOf } from './pages.ts';
import { type ListRules, listQuery, type ReadQuery, readQuery } from './query.ts';
import { type Resource, recordResource } from './resources.ts';
import { many, needScopesOf, notFound, one, type Session, withoutBody } from './session.ts';

type Kind = 'user' | 'prospect';

/** A comma always separates values (outreach.md 7). */
const RULES: { [Type in Kind]: ListRules<Records[Type]> } = {
  user: {
    filters: {
      'filter[id]': { kind: 'in', ids: true, of: ({ id }) => [id] },
      'filter[email]': { kind: 'in', fold: true, of: ({ email }) => [email] },
      'filter[locked]': { kind: 'in', values: ['true', 'false'], of: ({ locked = false }) => [String(locked)] },
    },
    sorts: {},
    includes: [],
    authorizationMeta: false,
  },
  prospect: {
    filters: {
      'filter[id]': { kind: 'in', ids: true, of: ({ id }) => [id] },
      'filter[emails]': { kind: 'in', fold: true, of: ({ emails }) => emails },
    },
    sorts: {},
    includes: ['account'],
    authorizationMeta: false,
  },
};

export function listRecords<Type extends Kind>(session: Session, type: Type): Answer {
  withoutBody(session);
  const { outreach, call, user } = session;
  const rules: ListRules<Records[Type]> = RULES[type];
  const query = listQuery(call.url.searchParams, rules, outreach.pageSize);
  needScopesOf(session, query.include.length > 0 ? ['account'] : []);
  const { records, next, total } = pageOf(outreach.book.all(type), query, `${type} for ${user.id}`, outreach.cursors);
  const resources = records.map((record) => recordResource(type, record));
  return many(session, { resources, others: accountsOf(session, records, query), next, total }, query);
}

export function readRecord<Type extends Kind>(session: Session, type: Type, id: string): Answer {
  withoutBody(session);
  const query = readQuery(session.call.url.searchParams, RULES[type]);
  needScopesOf(session, query.include.length > 0 ? ['account'] : []);
  const record = session.outreach.book.find(type, id);
  if (!record) return notFound(type, id);
  return one(session, recordResource(type, record), query, accountsOf(session, [record], query));
}

function accountsOf({ outreach }: Session, records: readonly Records[Kind][], { include }: ReadQuery): Resource[] {
  if (include.length === 0) return [];
  const ids = new Set(records.map((record) => ('accountId' in record ? record.accountId : undefined)));
  return [...ids].flatMap((id) => {
    const account = outreach.book.find('account', id);
    return account ? [recordResource('account', account)] : [];
  });
}
