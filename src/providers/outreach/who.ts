/**
 * Whose grant is it? Outreach's reference names no "who am I"; two public OAuth strategies read `meta.user.email` of
 * `GET /api/v2` (contracts 2.7). So an answer without it, or none that we can read, tells nothing, and is no failure.
 */
import { z } from 'zod';
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { Grant } from '../../core/ports/provider.ts';
import { baseOf, callJson, DEFAULT_TIMEOUT_MS } from '../http.ts';
import { lenient } from '../wire.ts';
import { MEDIA_TYPE } from './client.ts';
import type { OutreachSettings } from './settings.ts';

const WhoAnswer = z.object({ meta: lenient(z.object({ user: lenient(z.object({ email: lenient(z.string()) })) })) });

/** As if there were no such address. Any other failure is one: asked again, Outreach may tell. */
const TELLS_NOTHING: readonly ProviderErrorKind[] = ['forbidden', 'not_found', 'invalid', 'conflict', 'unreadable'];

export async function whoSignedIn(
  settings: OutreachSettings,
  { accessToken }: Grant,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { apiUrl, clock, circuit, timeoutMs = DEFAULT_TIMEOUT_MS } = settings;
  try {
    const answer = await callJson({
      provider: 'outreach',
      operation: 'GET /api/v2',
      method: 'GET',
      url: `${baseOf(apiUrl)}/api/v2`,
      headers: { authorization: `Bearer ${accessToken}`, accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE },
      schema: WhoAnswer,
      reference: () => undefined,
      timeoutMs,
      signal,
      clock,
      circuit,
      urgent: true,
    });
    return answer.meta?.user?.email?.trim() || undefined;
  } catch (error) {
    if (error instanceof ProviderError && TELLS_NOTHING.includes(error.kind)) return undefined;
    throw error;
  }
}
