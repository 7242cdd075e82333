/** The people of the workspace, from users.list (slack.md section 1: 200 a page, tier 2) and users.info. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Directory, Member } from '../core/ports.ts';
import { toDeliveryError } from './errors.ts';
import { toMember } from './member.ts';
import { patiently } from './patience.ts';

export function createDirectory(client: WebClient): Directory {
  return {
    async members(teamId) {
      const members = new Map<string, Member>();
      try {
        for await (const page of client.paginate('users.list', { limit: 200 })) {
          const users = z.object({ members: z.array(z.unknown()) }).parse(page).members;
          for (const user of users) {
            const member = toMember(user, teamId);
            if (member) members.set(member.userId, member);
          }
        }
      } catch (error) {
        throw toDeliveryError(error);
      }
      return [...members.values()];
    },
    async member({ teamId, userId }) {
      const { user } = await patiently(() => client.users.info({ user: userId }));
      return toMember(user, teamId);
    },
  };
}
