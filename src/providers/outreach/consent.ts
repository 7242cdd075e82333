/** Each rep signs in at Outreach for themselves (outreach.md 1): whatever is done is done as them, with their rights. */
import { z } from 'zod';
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { Consent, Grant } from '../../core/ports/provider.ts';
import { lenient } from '../wire.ts';
import { type OutreachSettings, sendWith, toQuery } from './client.ts';
import { redeemCode, SCOPES } from './oauth.ts';
import type { Tokens } from './tokens.ts';

export function createConsent(settings: OutreachSettings, tokens: Tokens): Consent {
  return {
    authorizeUrl({ state, redirectUri, codeChallenge }) {
      const query = toQuery({
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: SCOPES.join(' '),
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      });
      return `${settings.apiUrl.replace(/\/+$/, '')}/oauth/authorize?${query}`;
    },
    redeem: (code, { signal }) => redeemCode(settings, code, signal),
    whoSignedIn: (grant, { signal }) => whoSignedIn(settings, grant, signal),
    keepAlive: (rep, { signal }) => tokens.keepAlive(rep, signal),
  };
}

const WhoAnswer = z.object({ meta: lenient(z.object({ user: lenient(z.object({ email: lenient(z.string()) })) })) });

/** As if there were no such address. Any other failure is one: asked again, Outreach may tell. */
const TELLS_NOTHING: readonly ProviderErrorKind[] = ['forbidden', 'not_found', 'invalid', 'conflict', 'unreadable'];

/**
 * Whose grant is it? Outreach's reference names no "who am I"; two public OAuth strategies read `meta.user.email` of
 * `GET /api/v2` (outreach.md 7). So an answer without it, or none that we can read, tells nothing, and is no failure.
 */
async function whoSignedIn(
  settings: OutreachSettings,
  { accessToken }: Grant,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const request = { method: 'GET', path: '/api/v2', schema: WhoAnswer } as const;
  try {
    const answer = await sendWith(settings, accessToken, request, { priority: 'person', ...(signal && { signal }) });
    return answer.meta?.user?.email?.trim() || undefined;
  } catch (error) {
    if (error instanceof ProviderError && TELLS_NOTHING.includes(error.kind)) return undefined;
    throw error;
  }
}
