/** `POST /oauth/token`: a code or a refresh token for a new pair (outreach.md 1). Errors are OAuth's own (RFC 6749, 5.2). */
import { createHash } from 'node:crypto';
import type { Call } from '../desk.ts';
import { isRegistered } from './addresses.ts';
import { type Answer, errorBody } from './answer.ts';
import { isForm, type OAuth } from './oauth-client.ts';
import type { Consent } from './tokens.ts';
import type { OutreachGrant } from './types.ts';

const COMMON = ['client_id', 'client_secret', 'redirect_uri', 'grant_type'];

/** Parameters of each grant; the verifier only when there was a challenge. */
const GRANTS: Record<string, { required: readonly string[]; optional: readonly string[] }> = {
  authorization_code: { required: [...COMMON, 'code'], optional: ['code_verifier'] },
  refresh_token: { required: [...COMMON, 'refresh_token'], optional: [] },
};

type Form = ReadonlyMap<string, string>;

export function answerToken(oauth: OAuth, call: Call): Answer {
  const form = formOf(call);
  if (typeof form === 'string') return { ...failed(400, 'invalid_request', form), breach: form };
  const isOurs = form.get('client_id') === oauth.clientId && form.get('client_secret') === oauth.clientSecret;
  if (!isOurs) return failed(401, 'invalid_client', 'Client authentication failed');
  return form.get('grant_type') === 'refresh_token' ? refresh(oauth, form) : exchange(oauth, form);
}

/** A text says what is wrong with it. */
function formOf(call: Call): Form | string {
  if (!isForm(call)) return 'Content-Type must be application/x-www-form-urlencoded';
  if (call.url.search !== '') return 'The parameters belong into the body';
  const given = new URLSearchParams(call.text);
  const form = new Map(given);
  if (form.size !== given.size) return 'A parameter is given twice';
  const type = form.get('grant_type') ?? '';
  const grant = Object.hasOwn(GRANTS, type) ? GRANTS[type] : undefined;
  if (!grant) return 'grant_type must be authorization_code or refresh_token';
  const { required, optional } = grant;
  const missing = required.find((name) => !form.get(name));
  if (missing !== undefined) return `${missing} is missing`;
  const unknown = [...form.keys()].find((name) => !required.includes(name) && !optional.includes(name));
  return unknown === undefined ? form : `${unknown} is not known`;
}

function exchange(oauth: OAuth, form: Form): Answer {
  const consent = oauth.tokens.takeCode(form.get('code') ?? '');
  if (!consent || form.get('redirect_uri') !== consent.redirectUri) return invalidGrant();
  const verifier = form.get('code_verifier');
  if (consent.challenge === undefined && verifier !== undefined) {
    const detail = 'code_verifier without a code_challenge';
    return { ...failed(400, 'invalid_request', detail), breach: detail };
  }
  if (consent.challenge !== undefined && challengeOf(verifier) !== consent.challenge) return invalidGrant();
  return mint(oauth, consent);
}

function challengeOf(verifier: string | undefined): string | undefined {
  return verifier === undefined ? undefined : createHash('sha256').update(verifier).digest('base64url');
}

/** redirect_uri is required on refresh, too (outreach.md 1). */
function refresh(oauth: OAuth, form: Form): Answer {
  const token = form.get('refresh_token') ?? '';
  const consent = oauth.tokens.refresh(token);
  const redirectUri = form.get('redirect_uri') ?? '';
  const isRight = consent?.redirectUri === undefined || consent.redirectUri === redirectUri;
  if (!consent || !isRight || !isRegistered(redirectUri)) return invalidGrant();
  const answer = mint(oauth, consent);
  if (answer.status === 200) oauth.tokens.spend(token);
  return answer;
}

function mint({ book, tokens }: OAuth, consent: Consent): Answer {
  const user = book.find('user', consent.userId);
  if (!user || user.locked) return invalidGrant();
  const next = tokens.nextMint(consent.userId);
  if (next !== undefined) {
    const detail = 'Only one token may be requested for a user and app in 60 seconds';
    // As everywhere at Outreach: the moment, not the wait (outreach.md 6).
    return { status: 429, body: errorBody('rateLimitExceeded', detail), headers: { 'Retry-After': seconds(next) } };
  }
  const { redirectUri } = consent;
  return granted(
    tokens.mint({ userId: user.id, scope: consent.scope, ...(redirectUri !== undefined && { redirectUri }) }),
  );
}

function granted({ accessToken, refreshToken, expiresIn, scope, createdAt }: OutreachGrant): Answer {
  return json(200, {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    refresh_token: refreshToken,
    scope,
    created_at: createdAt,
  });
}

function invalidGrant(): Answer {
  return failed(400, 'invalid_grant', 'The grant is invalid, expired, revoked, or was issued for something else');
}

function failed(status: number, error: string, description: string): Answer {
  return json(status, { error, error_description: description });
}

function json(status: number, body: Record<string, string | number>): Answer {
  return { status, body, contentType: 'application/json; charset=utf-8', headers: { 'Cache-Control': 'no-store' } };
}

function seconds(ms: number): string {
  return String(Math.ceil(ms / 1000));
}
