/** Outreach's token endpoint (outreach.md 1): every token that we hold was made here. */
import { z } from 'zod';
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { CallOptions, Grant } from '../../core/ports/provider.ts';
import { callJson } from '../http.ts';
import type { OutreachSettings } from './client.ts';

/**
 * What a rep is asked to allow. Scopes are not additive: write does not give read. `tasks.delete` is only for dismissing
 * by deletion, the five reads after `users.read` only for what a task is shown with. Outreach publishes no list of scopes
 * per operation, so those five are inferred (outreach.md 1); a grant that lacks one of them loses that decoration.
 */
export const SCOPES: readonly string[] = [
  'tasks.read',
  'tasks.write',
  'tasks.delete',
  'users.read',
  'prospects.read',
  'accounts.read',
  'opportunities.read',
  'sequences.read',
  'sequenceSteps.read',
  'taskPriorities.read',
  'webhooks.all',
];

/** Access tokens live two hours (outreach.md 1), should an answer not say. */
const DEFAULT_LIFE_S = 7_200;

const TokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().positive().nullish(),
  scope: z.string().nullish(),
});
type TokenAnswer = z.infer<typeof TokenAnswer>;

const FirstTokenAnswer = TokenAnswer.extend({ refresh_token: z.string().min(1) });

const OAuthError = z.object({ error: z.string() });

export async function redeemCode(
  settings: OutreachSettings,
  { code, redirectUri, codeVerifier }: { code: string; redirectUri: string; codeVerifier: string },
  signal: AbortSignal | undefined,
): Promise<Grant> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier };
  const askedAt = settings.clock();
  const answer = await callToken(settings, form, FirstTokenAnswer, { signal });
  return {
    ...timesOf(answer, askedAt, settings.clock()),
    refreshToken: answer.refresh_token,
    scopes: scopesOf(answer, SCOPES),
  };
}

/** Has no signal: a renewal that was sent has used the refresh token up, so its answer must be waited for. */
export async function renewGrant(settings: OutreachSettings, old: Grant): Promise<Grant> {
  const { redirectUri } = settings;
  const form = {
    grant_type: 'refresh_token',
    refresh_token: old.refreshToken,
    ...(redirectUri !== undefined && { redirect_uri: redirectUri }),
  };
  const askedAt = settings.clock();
  const answer = await callToken(settings, form, TokenAnswer, { kindOf: kindOfRenewal });
  const refreshToken = answer.refresh_token ?? old.refreshToken;
  return { ...timesOf(answer, askedAt, settings.clock()), refreshToken, scopes: scopesOf(answer, old.scopes) };
}

/**
 * Whether Outreach knows the application: a refresh token that nobody has is refused as a grant only once id and secret are
 * taken (RFC 6749, 5.2). Throws `ProviderError` of kind `auth` where they are not.
 */
export async function checkClient(settings: OutreachSettings, { signal }: CallOptions): Promise<void> {
  const { redirectUri } = settings;
  const form = {
    grant_type: 'refresh_token',
    refresh_token: 'none',
    ...(redirectUri !== undefined && { redirect_uri: redirectUri }),
  };
  try {
    await callToken(settings, form, TokenAnswer, { signal, kindOf: kindOfCheck });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'disconnected') throw error;
  }
}

function kindOfCheck(status: number, body: unknown): ProviderErrorKind | undefined {
  if (status !== 400 && status !== 401) return undefined;
  const error = OAuthError.safeParse(body).data?.error;
  if (error === 'invalid_grant') return 'disconnected';
  return error === 'invalid_client' || error === 'unauthorized_client' ? 'auth' : undefined;
}

function callToken<T extends TokenAnswer>(
  settings: OutreachSettings,
  parameters: Record<string, string>,
  schema: z.ZodType<T>,
  { signal, kindOf }: { signal?: AbortSignal | undefined; kindOf?: typeof kindOfRenewal },
): Promise<T> {
  const form = { client_id: settings.clientId, client_secret: settings.clientSecret, ...parameters };
  const request = { method: 'POST', path: '/oauth/token', form, schema, ...(kindOf && { kindOf }) } as const;
  // Urgent: whoever needs a token shares it with others, and may be someone who waits.
  const options = { priority: 'person', ...(signal && { signal }) } as const;
  return callJson({ ...settings, provider: 'outreach' }, request, options);
}

/**
 * `disconnected`: this rep's refresh token is of no use any more. A 401 that names another error (`invalid_client`) is
 * about our own credentials: no rep's consent ends because an operator mistyped a secret.
 */
function kindOfRenewal(status: number, body: unknown): ProviderErrorKind | undefined {
  if (status !== 400 && status !== 401) return undefined;
  const error = OAuthError.safeParse(body).data?.error;
  if (error === 'invalid_grant') return 'disconnected';
  return status === 401 && error === undefined ? 'disconnected' : undefined;
}

/**
 * By our clock, whatever theirs says: the token ends no later than this, counted from before it was asked for, and it
 * was made no later than this, counted from when the answer was here.
 */
function timesOf(answer: TokenAnswer, askedAt: number, answeredAt: number) {
  const expiresAt = askedAt + (answer.expires_in ?? DEFAULT_LIFE_S) * 1000;
  return { accessToken: answer.access_token, mintedAt: answeredAt, expiresAt };
}

/** An answer that names none grants what was asked for (RFC 6749, 5.1). */
function scopesOf({ scope }: TokenAnswer, asked: readonly string[]): readonly string[] {
  const named = scope?.split(/\s+/).filter(Boolean) ?? [];
  return named.length > 0 ? named : asked;
}
