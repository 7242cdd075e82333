/** The people of `PILOT` and `ADMINS`. Members of user groups are from usergroups.users.list, with the optional scope `usergroups:read`. */
import { z } from 'zod';
import type { Named } from '../core/model/circle.ts';
import { MINUTE } from '../core/model/time.ts';
import type { Circle } from '../core/ports/circle.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { WatchedClient } from './transport/client.ts';
import { toDeliveryError } from './transport/errors.ts';

/** Who joins a group is in the pilot, and who leaves it is out, after this time at the latest (slack.md 1: tier 2). */
const KEEP_MS = 5 * MINUTE;

const Answer = z.object({ users: z.array(z.string()) });

interface Group {
  readAt: number;
  users: ReadonlySet<string>;
}

interface CircleDeps {
  client: WatchedClient;
  clock: Clock;
  log: Log;
}

export function createCircle(setting: string, named: Named, deps: CircleDeps): Circle {
  const groups = new Map<string, Promise<Group>>();

  /** A group that cannot be read stays as it was. */
  async function read(id: string, before: Promise<Group> | undefined): Promise<Group> {
    const known = await before;
    const readAt = deps.clock();
    if (known && readAt - known.readAt < KEEP_MS) return known;
    try {
      const answer = Answer.parse(await deps.client.usergroups.users.list({ usergroup: id }));
      return { readAt, users: new Set(answer.users) };
    } catch (error) {
      const why = error instanceof z.ZodError ? 'the answer could not be read' : toDeliveryError(error).message;
      deps.log.error({ setting, group: id, why }, 'cannot read who is in a user group; it stays as it was last read');
      return { readAt, users: known?.users ?? new Set() };
    }
  }

  return {
    named,
    async includes({ userId, email }) {
      if (named.userIds.includes(userId) || (email && named.emails.includes(email.toLowerCase()))) return true;
      for (const id of named.groups) {
        const group = read(id, groups.get(id));
        groups.set(id, group);
        if ((await group).users.has(userId)) return true;
      }
      return false;
    },
  };
}
