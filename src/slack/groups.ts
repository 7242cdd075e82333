/** Who is in a user group: usergroups.users.list, with the optional scope `usergroups:read`. */
import { z } from 'zod';
import { DeliveryError } from '../core/model/errors.ts';
import type { Groups } from '../core/ports/groups.ts';
import type { WatchedClient } from './transport/client.ts';
import { toDeliveryError } from './transport/errors.ts';

const Answer = z.object({ users: z.array(z.string()) });

/** Nothing that Docket could wait for. */
const HOPELESS = new Set(['no_such_subteam', 'missing_scope', 'plan_upgrade_required', 'subteam_disabled']);

export function createGroups(client: Pick<WatchedClient, 'usergroups'>): Groups {
  return {
    async members(groupId) {
      try {
        return Answer.parse(await client.usergroups.users.list({ usergroup: groupId })).users;
      } catch (error) {
        if (error instanceof z.ZodError) throw new DeliveryError('unavailable', 'the answer could not be read');
        const failure = toDeliveryError(error);
        const { code, message } = failure;
        if (code === undefined || !HOPELESS.has(code)) throw failure;
        throw new DeliveryError('permanent', message, { code, cause: failure });
      }
    },
  };
}
