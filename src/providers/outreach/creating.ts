/** New tasks (outreach.md 3). Outreach has no idempotency keys, so after a lost answer the task is looked for. */
import { ProviderError } from '../../core/model/errors.ts';
import type { Account } from '../../core/model/people.ts';
import type { Choice, Creating, Draft, PersonFound } from '../../core/ports/provider.ts';
import { normalised } from '../directory.ts';
import { plainText } from '../html.ts';
import { isId, isKept, toIso, toSecond } from '../wire.ts';
import { nameOf } from './about.ts';
import type { AsRep, OutreachClient } from './client.ts';
import { isFilterable, readAll } from './pages.ts';
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

/** Outreach's clock may be behind ours; nobody makes the very same task twice within this time on purpose. */
const SKEW_MS = 60_000;

export function createCreating(client: OutreachClient): Creating {
  return {
    kinds: KINDS,
    findPerson: (account, email, options) => findPerson(client.as(account, options), email),
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
 * `emails` is filterable in Outreach's own hyper-schema (api.outreach.io/api/v2/schema.json), and public integrations
 * filter by it. What comes back is compared all the same: a task must not land on someone else.
 */
async function findPerson(asRep: AsRep, email: string): Promise<PersonFound> {
  const asked = normalised(email);
  if (!isFilterable(asked)) return { is: 'none' };
  const query = { 'filter[emails]': asked, 'fields[prospect]': 'firstName,lastName,name,emails' };
  const data = await readAll(asRep, '/prospects', query);
  const found = data.flatMap((element) => {
    const prospect = Included.safeParse(element).data;
    const emails = prospect?.attributes.emails ?? [];
    return prospect && emails.some((address) => address?.toLowerCase() === asked) ? [prospect] : [];
  });
  const [only, another] = found;
  if (!only) return { is: 'none' };
  if (another) return { is: 'several' };
  return { is: 'one', id: only.id, name: nameOf(only.attributes) ?? asked };
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

/** Whatever an editor made of one of them. */
function saysTheSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((note) => plainText(note).replace(/\s+/g, ' ').trim());
  return a === b;
}

function refuseUnusable(personId: string, draft: Draft): void {
  if (!isId(personId)) throw failure('invalid', 'not an Outreach prospect id');
  if (!KINDS.some(({ value }) => value === draft.kind)) throw failure('invalid', 'no such kind');
  if (draft.note.length > MAX_NOTE) throw failure('invalid', 'the note is too long');
}

function failure(kind: 'invalid' | 'unreadable', reason: string): ProviderError {
  return new ProviderError({ provider: 'outreach', kind, operation: 'POST /api/v2/tasks', cause: new Error(reason) });
}
