/** The contacts that tasks are about: by their exact address, or by a search (reply.md 11). */
import type { WireObject } from '../json.ts';
import { type Answer, breach } from './answer.ts';
import { type FilterContacts, readPage, strangeParameters } from './requests.ts';
import type { Asked, Reply } from './state.ts';
import type { ReplyContact } from './types.ts';

export function listContacts(reply: Reply, asked: Asked): Answer {
  const email = asked.call.url.searchParams.get('email')?.toLowerCase();
  return pageOf(reply, asked, ['email'], (contact) => email === undefined || contact.email?.toLowerCase() === email);
}

/** What a search looks at is not said (contracts, unknown R10): here in names and addresses. */
export function filterContacts(reply: Reply, asked: Asked, { searchTerm }: FilterContacts): Answer {
  const term = searchTerm.toLowerCase();
  return pageOf(reply, asked, [], ({ fullName = '', email = '' }) =>
    [fullName, email].some((text) => text.toLowerCase().includes(term)),
  );
}

function pageOf(
  reply: Reply,
  { call }: Asked,
  parameters: readonly string[],
  isWanted: (contact: ReplyContact) => boolean,
): Answer {
  const strange = strangeParameters(call.url.searchParams, ['top', 'skip', ...parameters]);
  if (strange.length > 0) return breach(400, `knows no parameter ${strange.join(', ')}`);
  const asked = readPage(call.url.searchParams);
  if (!asked) return breach(400, 'top is 1 to 1000, skip 0 or more', { code: 'contacts.invalidPagination' });
  const found = reply.book.contacts().filter(isWanted);
  const end = asked.skip + asked.top;
  return { status: 200, body: { items: found.slice(asked.skip, end).map(onWire), hasMore: end < found.length } };
}

function onWire({ id, fullName = '', email }: ReplyContact): WireObject {
  const [firstName = '', ...rest] = fullName.split(' ');
  return { id: BigInt(id), email: email ?? null, firstName, lastName: rest.join(' ') };
}
