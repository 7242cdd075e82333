/** New tasks (outreach.md 3). Outreach has no idempotency keys, so after a lost answer the task is looked for. */
import { ProviderError } from '../../core/model/errors.ts';
import type { Account } from '../../core/model/people.ts';
import type { Choice, Creating, Draft, Person, PersonFound } from '../../core/ports/provider.ts';
import { foundOf, isAddress, isNamed, SKEW_MS, saysTheSame, wordsOf } from '../creating.ts';
import { normalised } from '../directory.ts';
import { isId, isKept, toIso, toSecond } from '../wire.ts';
import { nameOf } from './about.ts';
import type { AsRep, OutreachClient, Query } from './client.ts';
import { isFilterable, readAll, readFirst } from './pages.ts';
import { openTasksOf } from './tasks.ts';
import { MAX_NOTE, RECEIPT } from './verbs.ts';
import { ChangedAnswer, Included, TaskResource } from './wire.ts';

/** `action` (outreach.md 2). */
const KINDS: readonly Choice[] = [
  { value: 'action_item', text: 'To-do' },
  { value: 'call', text: 'Call' },
  { value: 'email', text: 'E-mail' },
  { value: 'in_person', text: 'Meeting in person' },
];

const SHOWN = { 'fields[prospect]': 'firstName,lastName,name,emails' };

type Attributes = Included['attributes'];

export function createCreating(client: OutreachClient): Creating {
  return {
    kinds: KINDS,
    findPerson: (account, who, options) => findPerson(client.as(account, options), who),
    async create(account, personId, draft, options) {
      refuseUnusable(personId, draft);
      const body = bodyOf(account, personId, draft);
      const request = { method: 'POST', path: '/tasks', body, schema: ChangedAnswer } as const;
      const { data } = await client.as(account, options).call(request);
      if (isKept(data.attributes.dueAt, draft.dueAt)) return RECEIPT;
      throw failure('unreadable', 'the answer does not show the task');
    },
    async exists(account, personId, { since, dueAt, note }, options) {
      if (!isId(personId)) return false;
      const query = { ...openTasksOf(account), 'filter[prospect][id]': personId };
      const data = await readAll(client.as(account, options), '/tasks', query);
      return data.some((element) => {
        const task = TaskResource.safeParse(element).data?.attributes;
        const isNew = (task?.createdAt ?? Number.NEGATIVE_INFINITY) >= since - SKEW_MS;
        return task && isNew && isKept(task.dueAt, dueAt) && saysTheSame(task.note ?? '', note);
      });
    },
  };
}

/**
 * Prospects by address or by first and last name (outreach.md 3.5). What comes back is compared all the same: a task must
 * not land on someone else.
 */
async function findPerson(asRep: AsRep, who: string): Promise<PersonFound> {
  const asked = normalised(who);
  if (isAddress(asked)) {
    return findAll(asRep, [{ 'filter[emails]': asked }], ({ emails }) => hasAddress(emails, asked));
  }
  return findAll(asRep, nameFilters(who), (attributes) => isNamed(nameOf(attributes) ?? '', who));
}

function hasAddress(emails: Attributes['emails'], asked: string): boolean {
  return (emails ?? []).some((address) => address?.toLowerCase() === asked);
}

/** Where the first name ends is not said, so a name of three words is asked for in both ways. */
function nameFilters(who: string): Query[] {
  const words = wordsOf(who);
  const [only] = words;
  if (only !== undefined && words.length === 1) return [{ 'filter[lastName]': only }, { 'filter[firstName]': only }];
  const splits = new Set(words.length > 1 ? [1, words.length - 1] : []);
  return [...splits].map((at) => ({
    'filter[firstName]': words.slice(0, at).join(' '),
    'filter[lastName]': words.slice(at).join(' '),
  }));
}

async function findAll(
  asRep: AsRep,
  filters: readonly Query[],
  isMeant: (attributes: Attributes) => boolean,
): Promise<PersonFound> {
  const usable = filters.filter((filter) => Object.values(filter).every(isFilterable));
  const pages = await Promise.all(usable.map((filter) => readFirst(asRep, '/prospects', { ...filter, ...SHOWN })));
  const people = pages
    .flatMap(({ data }) => data)
    .flatMap((element) => {
      const prospect = Included.safeParse(element).data;
      return prospect && isMeant(prospect.attributes) ? [toPerson(prospect)] : [];
    });
  return foundOf(
    people,
    pages.some(({ hasMore }) => hasMore),
  );
}

function toPerson({ id, attributes }: Included): Person {
  const [email] = attributes.emails ?? [];
  return { id, name: nameOf(attributes) ?? id, ...(email && { email }) };
}

/** The prospect is the subject: `prospect` itself is read-only. */
function bodyOf({ externalId }: Account, personId: string, { kind, dueAt, note }: Draft): Record<string, unknown> {
  return {
    data: {
      type: 'task',
      attributes: { action: kind, dueAt: toIso(toSecond(dueAt)), note },
      relationships: {
        owner: { data: { type: 'user', id: externalId } },
        subject: { data: { type: 'prospect', id: personId } },
      },
    },
  };
}

function refuseUnusable(personId: string, draft: Draft): void {
  if (!isId(personId)) throw failure('invalid', 'not an Outreach prospect id');
  if (!KINDS.some(({ value }) => value === draft.kind)) throw failure('invalid', 'no such kind');
  if (draft.note.length > MAX_NOTE) throw failure('invalid', 'the note is too long');
}

function failure(kind: 'invalid' | 'unreadable', reason: string): ProviderError {
  return new ProviderError({ provider: 'outreach', kind, operation: 'POST /api/v2/tasks', cause: new Error(reason) });
}
