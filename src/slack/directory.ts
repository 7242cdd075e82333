/** The people of the workspace, from users.list (slack.md section 1: 200 a page, tier 2) and users.info. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Directory, Member } from '../core/ports.ts';
import { toDeliveryError } from './errors.ts';

const SlackUser = z.object({
  id: z.string(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_admin: z.boolean().optional(),
  is_owner: z.boolean().optional(),
  tz: z.string().nullish(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  profile: z.object({ email: z.string().optional(), real_name: z.string().optional() }).optional(),
});

const SLACKBOT = 'USLACKBOT';

export function createDirectory(client: WebClient): Directory {
  return {
    async members() {
      const members: Member[] = [];
      try {
        for await (const page of client.paginate('users.list', { limit: 200 })) {
          const users = z.object({ members: z.array(z.unknown()) }).parse(page).members;
          members.push(...users.flatMap(toMember));
        }
      } catch (error) {
        throw toDeliveryError(error);
      }
      return members;
    },
    async member(userId) {
      try {
        const { user } = await client.users.info({ user: userId });
        return toMember(user)[0];
      } catch (error) {
        throw toDeliveryError(error);
      }
    },
  };
}

/** One member, or none for bots and for entries that we cannot read. */
export function toMember(raw: unknown): Member[] {
  const parsed = SlackUser.safeParse(raw);
  if (!parsed.success || parsed.data.is_bot || parsed.data.id === SLACKBOT) return [];
  const user = parsed.data;
  return [
    {
      userId: user.id,
      name: user.profile?.real_name || user.real_name || user.name || user.id,
      email: user.profile?.email?.toLowerCase() || undefined,
      zone: user.tz ?? undefined,
      active: user.deleted !== true,
      admin: user.is_admin === true || user.is_owner === true,
    },
  ];
}
