/** New tasks, and the contacts that they are about (reply.md 4, 11). Reply has no idempotency keys either. */
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { Account } from '../../core/model/people.ts';
import { MINUTE } from '../../core/model/time.ts';
import type { Choice, Creating, Draft, Person, PersonFound } from '../../core/ports/provider.ts';
import { foundOf, isAddress, isNamed, SKEW_MS, saysTheSame } from '../creating.ts';
import { normalised } from '../directory.ts';
import { isId, isKept, toIso, toSecond } from '../wire.ts';
import type { Asker, ReplyClient } from './client.ts';
import { readOpenElements } from './pages.ts';
import { findTask, refusal } from './tasks.ts';
import { RECEIPT } from './verbs.ts';
import { Contact, Contacts, CreatedTask, integer, isBareProblem, isOf, kindOf, TASK_TYPES } from './wire.ts';

/** `taskType`, in the words of the newer documents (reply.md 3). The others need more than a person, a time and a text. */
const KINDS = [
  { value: 'toDo', text: 'To-do' },
  { value: 'call', text: 'Call' },
  { value: 'manualEmail', text: 'E-mail' },
  { value: 'meeting', text: 'Meeting' },
] as const satisfies readonly Choice[];

/** Reply wants a start before the due time (reply.md 4.14). */
const LEAD_MS = 30 * MINUTE;
/** A search finds more than names, so more are read than are shown. */
const MOST_CONTACTS = 100;
/** A text is required (reply.md 4.13). */
const NO_NOTE = 'Follow-up';

const CREATE = 'POST /v3/tasks';

export function createCreating(client: ReplyClient): Creating {
  return {
    kinds: KINDS,
    findPerson: (account, who, options) => findPerson(client.as(account.email, options), who),
    async create(account, personId, draft, options) {
      await create(client.as(account.email, options), account, personId, draft);
      return RECEIPT;
    },
    async exists(account, personId, { since, ...draft }, options) {
      const asker = client.as(account.email, options);
      const elements = await readOpenElements(asker, account.externalId);
      const alike = elements.flatMap(({ task }) => {
        const isAlike = task?.contact?.id === personId && kindOf(task.taskType) === draft.kind;
        return task && isAlike && isOf(task, account.externalId) && isKept(task.dueTo, draft.dueAt) ? [task.id] : [];
      });
      for (const id of alike) {
        const task = await findTask(asker, id);
        // One that does not say when it was made is not older.
        const isNew = (task?.createdAt?.epochMilliseconds ?? since) >= since - SKEW_MS;
        if (task && isNew && saysTheSame(task.template?.body ?? '', bodyOf(draft))) return true;
      }
      return false;
    },
  };
}

/** What comes back is compared with what was asked for (reply.md 11.3): a task must not land on someone else. */
async function findPerson(asker: Asker, who: string): Promise<PersonFound> {
  const asked = normalised(who);
  if (asked === '') return { is: 'none' };
  const { items, hasMore } = isAddress(asked) ? await readByAddress(asker, asked) : await search(asker, who.trim());
  const people = items.flatMap((item): Person[] => {
    const contact = Contact.safeParse(item).data;
    if (!contact) return [];
    const { id, email } = contact;
    const name = [contact.firstName, contact.lastName].filter(Boolean).join(' ') || (email ?? id);
    const isMeant = isAddress(asked) ? email?.toLowerCase() === asked : isNamed(name, who);
    return isMeant ? [{ id, name, ...(email && { email }) }] : [];
  });
  return foundOf(people, hasMore);
}

function readByAddress({ call }: Asker, email: string): Promise<Contacts> {
  const query = new URLSearchParams({ email, top: String(MOST_CONTACTS), skip: '0' });
  const path = `/contacts?${query}`;
  return call({ method: 'GET', path, template: '/contacts', schema: Contacts, kindOf: contactsKind });
}

function search({ call }: Asker, searchTerm: string): Promise<Contacts> {
  const path = `/contacts/filter?top=${MOST_CONTACTS}&skip=0`;
  const template = '/contacts/filter';
  return call({ method: 'POST', path, template, body: { searchTerm }, schema: Contacts, kindOf: contactsKind });
}

/** The lists are there whether anybody is in them or not (contracts, conflict 3). */
function contactsKind(status: number, body: unknown): ProviderErrorKind | undefined {
  return status === 501 || (status === 404 && isBareProblem(body)) ? 'not_enabled' : undefined;
}

async function create({ call, dialect }: Asker, account: Account, personId: string, draft: Draft): Promise<void> {
  const kind = KINDS.find(({ value }) => value === draft.kind)?.value;
  if (!kind) throw refusal(CREATE, 'no such kind');
  if (!isId(personId)) throw refusal(CREATE, 'not a Reply contact id');
  const dueAt = toSecond(draft.dueAt);
  const body = bodyOf(draft);
  const task = await dialect.enums.ask((pick) =>
    call({
      method: 'POST',
      path: '/tasks',
      schema: CreatedTask,
      body: {
        taskType: pick() === 'integers' ? TASK_TYPES[kind] : kind,
        startAt: toIso(dueAt - LEAD_MS),
        dueTo: toIso(dueAt),
        contactId: integer(personId),
        template: { body },
      },
    }),
  );
  // Reply drops what it does not understand without a word (reply.md 10).
  const shows =
    isOf(task, account.externalId) &&
    task.contactId === personId &&
    isKept(task.dueTo?.epochMilliseconds, dueAt) &&
    saysTheSame(task.template?.body ?? '', body);
  if (shows) return;
  const cause = new Error('the answer does not show the task');
  throw new ProviderError({ provider: 'reply', kind: 'unreadable', operation: CREATE, cause });
}

/**
 * Two braces would begin a variable of the template (reply.md 4.15), and an e-mail's text is HTML. Neither is what the rep
 * wrote.
 */
function bodyOf({ kind, note }: Pick<Draft, 'kind' | 'note'>): string {
  const text = (note.trim() || NO_NOTE).replace(/\{(?=\{)/g, '{ ').replace(/\}(?=\})/g, '} ');
  return kind === 'manualEmail' ? text.replace(/[&<>\n]/g, (character) => HTML[character] ?? character) : text;
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\n': '<br>' };
