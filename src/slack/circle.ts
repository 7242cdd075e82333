/** The people of `PILOT` and `ADMINS`. */
import type { Named } from '../core/model/circle.ts';
import { MINUTE } from '../core/model/time.ts';
import type { Circle } from '../core/ports/circle.ts';
import type { Groups } from '../core/ports/groups.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';

/** Who joins a group is in the pilot, and who leaves it is out, after this time at the latest (slack.md 1: tier 2). */
const KEEP_MS = 5 * MINUTE;

interface Group {
  readAt: number;
  users: ReadonlySet<string>;
}

interface CircleDeps {
  groups: Groups;
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
      return { readAt, users: new Set(await deps.groups.members(id)) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
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
