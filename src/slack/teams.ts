/** The workspaces of an organisation in which the app may work: auth.teams.list (slack.md 10.2), without a scope of its own. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { DeliveryError } from '../core/model/errors.ts';
import { withRetries } from './transport/retry.ts';

/** Slack's ids of them. Throws `DeliveryError`. */
export type ReadTeams = () => Promise<readonly string[]>;

const PAGE_SIZE = 200;
const MOST_PAGES = 100;

const Page = z.object({
  teams: z.array(z.object({ id: z.string().min(1) })),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

export function createReadTeams(client: Pick<WebClient, 'auth'>): ReadTeams {
  return async () => {
    const ids = new Set<string>();
    let cursor: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const asked = { limit: PAGE_SIZE, ...(cursor && { cursor }) };
      const { data } = Page.safeParse(await withRetries(() => client.auth.teams.list(asked)));
      if (!data) throw new DeliveryError('unavailable', 'Slack: the answer to auth.teams.list could not be read');
      for (const { id } of data.teams) ids.add(id);
      cursor = data.response_metadata?.next_cursor || undefined;
      if (!cursor) return [...ids];
    }
    throw new DeliveryError('unavailable', 'Slack: the pages of auth.teams.list have no end');
  };
}
