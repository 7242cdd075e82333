/**
 * Reply.io (reply.md). One Master key acts as whoever is named in `X-User-Email`; the name comes from a link,
 * never from a button, and no call about tasks goes out without it.
 */

import type { TaskProvider } from '../../core/ports/provider.ts';
import { CAPABILITIES } from './capabilities.ts';
import { createReplyClient, type ReplySettings } from './client.ts';
import { createCreating } from './creating.ts';
import { createTasks } from './tasks.ts';
import { createUsers } from './users.ts';
import { createVerbs } from './verbs.ts';

/** The row of the registry. */
export const replyModule = {
  name: 'Reply.io',
  required: ['REPLY_API_KEY'],
  optional: { REPLY_API_URL: 'https://api.reply.io' },
  create(
    env: Record<'REPLY_API_KEY' | 'REPLY_API_URL', string>,
    deps: Pick<ReplySettings, 'clock' | 'circuit' | 'timeoutMs' | 'isPaced' | 'sharePace' | 'noteCall'>,
  ): TaskProvider {
    return createReply({ apiKey: env.REPLY_API_KEY, apiUrl: env.REPLY_API_URL, ...deps });
  },
} as const;

export function createReply(settings: ReplySettings): TaskProvider {
  const client = createReplyClient(settings);

  return {
    id: 'reply',
    name: 'Reply.io',
    capabilities: CAPABILITIES,
    ...createTasks(client, settings),
    ...createVerbs(client),
    ...createUsers(client, settings.clock),
    creating: createCreating(client),
  };
}
