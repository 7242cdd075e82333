/** Gets the next token of an install (slack.md 9.2). */
import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { DeliveryError } from '../../core/model/errors.ts';
import type { RenewedToken } from '../../core/people/install-tokens.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { clientOptions } from '../transport/client-options.ts';
import { isTokenRefused, toDeliveryError } from '../transport/errors.ts';

interface AppSettings {
  clientId: string;
  clientSecret: string;
  apiUrl: string;
}

/** `expires_in`: in seconds. */
const Answer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
});

/** Other refusals may be Slack's own trouble. */
const FINAL: ReadonlySet<string> = new Set(['invalid_refresh_token', 'bad_client_secret', 'invalid_client_id']);

/** Throws `DeliveryError`, never with what was sent. */
export function createRenewToken({ clientId, clientSecret, apiUrl }: AppSettings, log: Log) {
  const client = new WebClient(undefined, clientOptions(apiUrl, log));
  return async function renewToken(refreshToken: string): Promise<RenewedToken> {
    const app = { client_id: clientId, client_secret: clientSecret };
    const asked = { ...app, grant_type: 'refresh_token', refresh_token: refreshToken } as const;
    const answer = await client.oauth.v2.access(asked).catch((error: unknown) => {
      const { code = '', kind, message, retryAfterMs, cause } = toDeliveryError(error);
      const isFinal = FINAL.has(code) || isTokenRefused(code);
      throw new DeliveryError(isFinal ? 'permanent' : kind, message, { code, retryAfterMs, cause });
    });
    const { data } = Answer.safeParse(answer);
    if (!data) throw new DeliveryError('unavailable', 'Slack answered without a token');
    const { access_token: token, refresh_token: next, expires_in: seconds } = data;
    return { token, refreshToken: next, lifetimeMs: seconds * 1_000 };
  };
}
