/** Out of office, from users.profile.get (slack.md 1: tier 4), with the optional scope `users.profile:read`. */
import { z } from 'zod';
import type { DeliveryError } from '../core/model/errors.ts';
import { isOutOfOffice } from '../core/model/out-of-office.ts';
import type { Presence } from '../core/ports/presence.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { WatchedClient } from './transport/client.ts';
import { toDeliveryError } from './transport/errors.ts';

const SCOPE = 'users.profile:read';

/** Any field may be absent or null. An expiration of 0 is none. */
const Answer = z.object({
  profile: z.object({
    status_emoji: z.string().nullish(),
    status_text: z.string().nullish(),
    status_expiration: z.number().nullish(),
  }),
});

interface PresenceDeps {
  client: WatchedClient;
  clock: Clock;
  log: Log;
}

export function createPresence({ client, clock, log }: PresenceDeps): Presence {
  const { watch } = client;
  /** The trouble that the log has; a morning like the one before says nothing new. */
  let logged: string | undefined;

  function trouble(why: string, error?: unknown): 'unknown' {
    if (logged !== why) log.warn({ err: error, why }, 'cannot read Slack statuses: digests come whatever they say');
    logged = why;
    return 'unknown';
  }

  const mayLook = () => watch.hasScope(SCOPE);
  return {
    mayLook,
    async look({ userId }) {
      if (!mayLook()) return trouble(`the scope ${SCOPE} is missing`);
      try {
        const { profile } = Answer.parse(await client.users.profile.get({ user: userId }));
        logged = undefined;
        const ends = profile.status_expiration ? profile.status_expiration * 1_000 : undefined;
        const status = { emoji: profile.status_emoji ?? '', text: profile.status_text ?? '', endsAt: ends };
        if (!isOutOfOffice(status, clock())) return { away: false };
        return { away: true, ...(ends !== undefined && { until: ends }) };
      } catch (error) {
        return trouble(whyOf(error instanceof z.ZodError ? undefined : toDeliveryError(error)), error);
      }
    },
  };
}

function whyOf(error: DeliveryError | undefined): string {
  return error ? (error.code ?? error.kind) : 'the answer could not be read';
}
