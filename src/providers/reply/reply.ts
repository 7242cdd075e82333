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
  form: [
    {
      name: 'REPLY_API_KEY',
      label: 'Master API key',
      hint: 'In Reply.io: Settings, API key. A Master key acts for everyone; that of one person does not do.',
    },
  ],
  create(
    env: Record<'REPLY_API_KEY' | 'REPLY_API_URL', string>,
    deps: Omit<ReplySettings, 'apiUrl' | 'apiKey'>,
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
