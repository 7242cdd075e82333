/** Finds Outreach users by e-mail (outreach.md 7): one request for each address, with one rep's consent. */
import { ProviderError } from '../../core/model/errors.ts';
import type { Grant, ProviderUser, TaskProvider } from '../../core/ports/provider.ts';
import { normalised } from '../directory.ts';
import type { OutreachClient } from './client.ts';
import { isFilterable, readAll } from './pages.ts';
import { UserResource } from './wire.ts';

const FIELDS = 'email,name,firstName,lastName,locked';

/** `clientOf` has the stored grants of reps, or one that is not stored yet. */
export function createUsers(clientOf: (grant: Grant | undefined) => OutreachClient): TaskProvider['findUsers'] {
  return async (emails, { as, grant, ...options }) => {
    // The company has no credential of its own, so there is nobody to ask as.
    if (!as) throw new ProviderError({ provider: 'outreach', kind: 'disconnected', operation: 'GET /api/v2/users' });
    const asRep = clientOf(grant).as(as, options);
    const found = new Map<string, readonly ProviderUser[]>();
    for (const email of new Set(emails.map(normalised))) {
      const query = { 'filter[email]': email, 'fields[user]': FIELDS };
      const data = isFilterable(email) ? await readAll(asRep, '/users', query) : [];
      const users = data.flatMap((element) => toUser(element) ?? []);
      const theirs = users.filter((user) => user.emails.includes(email));
      found.set(email, theirs);
    }
    return found;
  };
}

/** An entry that cannot be read is no one's. */
function toUser(element: unknown): ProviderUser | undefined {
  const user = UserResource.safeParse(element).data;
  if (!user?.attributes.email) return undefined;
  const { email, name, firstName, lastName, locked } = user.attributes;
  return {
    externalId: user.id,
    emails: [email.toLowerCase()],
    name: [firstName, lastName].filter(Boolean).join(' ') || name,
    state: locked ? 'locked' : 'active',
  };
}
