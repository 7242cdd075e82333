/** `/oauth/authorize`: who may ask, for what, and where the answer goes (outreach.md 1). Tokens are in `oauth-token.ts`. */
import type { Call } from '../desk.ts';
import { isRegistered } from './addresses.ts';
import type { Answer } from './answer.ts';
import { consentPage, refusalPage } from './consent.ts';
import { isForm, type OAuth } from './oauth-client.ts';
import { answerToken } from './oauth-token.ts';
import { scopeInWords } from './scopes.ts';

const PARAMETERS = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
] as const;

export function answerOAuth(oauth: OAuth, call: Call): Answer {
  const { method, url } = call;
  if (url.pathname === '/oauth/token' && method === 'POST') return answerToken(oauth, call);
  if (url.pathname === '/oauth/authorize' && method === 'GET') return askForConsent(oauth, call);
  if (url.pathname === '/oauth/authorize' && method === 'POST') return decide(oauth, call);
  const missing = { ...refusalPage('There is no such page.'), status: 404 };
  // Browsers ask for it by themselves.
  if (url.pathname === '/favicon.ico') return missing;
  return { ...missing, breach: `There is no ${method} ${url.pathname}` };
}

function askForConsent(oauth: OAuth, call: Call): Answer {
  const asked = requestOf(oauth, call.url.searchParams, PARAMETERS);
  if ('answer' in asked) return asked.answer;
  const { parameters, redirectUri, scopes } = asked;
  const users = oauth.book.all('user').filter(({ locked }) => !locked);
  const chosen = oauth.inBrowser?.();
  return consentPage({ parameters, scopes, users, chosen, redirectHost: new URL(redirectUri).host });
}

/** The form sends back what it was given, and that is judged again. */
function decide(oauth: OAuth, call: Call): Answer {
  if (!isForm(call)) return broken('The form is not a form.');
  const asked = requestOf(oauth, new URLSearchParams(call.text), [...PARAMETERS, 'user', 'decision']);
  if ('answer' in asked) return asked.answer;
  const { parameters, redirectUri, scopes } = asked;
  const decision = parameters.get('decision');
  if (decision === 'deny') return lead(parameters, { error: 'access_denied' });
  if (decision !== 'allow') return broken('The form was answered with neither Allow nor Deny.');

  const user = oauth.book.find('user', parameters.get('user'));
  if (!user || user.locked) return refusalPage('Nobody active was chosen.');
  const challenge = parameters.get('code_challenge');
  const scope = scopes.join(' ');
  const code = oauth.tokens.newCode({ userId: user.id, scope, redirectUri, ...(challenge && { challenge }) });
  return lead(parameters, { code });
}

type Asked = { parameters: Map<string, string>; redirectUri: string; scopes: string[] } | { answer: Answer };

function requestOf(oauth: OAuth, given: URLSearchParams, known: readonly string[]): Asked {
  const parameters = new Map(given);
  const unknown = [...given.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) return { answer: broken(`The parameter ${unknown} is not known.`) };
  if (parameters.size !== given.size) return { answer: broken('A parameter is given twice.') };
  // Until these two are right, nothing may be sent anywhere.
  if (parameters.get('client_id') !== oauth.clientId) return { answer: refusalPage('No such app is registered.') };
  const redirectUri = parameters.get('redirect_uri') ?? '';
  if (!isRegistered(redirectUri)) {
    return { answer: refusalPage('The address to go back to is not registered for this app.') };
  }
  const problem = problemOf(parameters);
  if (problem) {
    const answer = lead(parameters, { error: problem.error, error_description: problem.detail });
    return { answer: { ...answer, breach: problem.detail } };
  }
  return { parameters, redirectUri, scopes: scopesOf(parameters) };
}

function problemOf(parameters: Map<string, string>): { error: string; detail: string } | undefined {
  if (parameters.get('response_type') !== 'code') {
    return { error: 'unsupported_response_type', detail: 'response_type must be code' };
  }
  if (!parameters.get('state')) return { error: 'invalid_request', detail: 'state is missing' };
  const scopes = scopesOf(parameters);
  const unknown = scopes.find((scope) => scopeInWords(scope) === undefined);
  if (scopes.length === 0 || unknown !== undefined || new Set(scopes).size !== scopes.length) {
    return { error: 'invalid_scope', detail: `scope is missing, repeated or unknown: ${unknown ?? ''}` };
  }
  const challenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  if (challenge === undefined && method === undefined) return undefined;
  if (method === 'S256' && /^[\w-]{43}$/.test(challenge ?? '')) return undefined;
  return { error: 'invalid_request', detail: 'code_challenge must be S256, 43 characters' };
}

function scopesOf(parameters: ReadonlyMap<string, string>): string[] {
  return (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
}

function lead(parameters: ReadonlyMap<string, string>, result: Record<string, string>): Answer {
  const target = new URL(parameters.get('redirect_uri') ?? '');
  const state = parameters.get('state');
  for (const [name, value] of Object.entries(result)) target.searchParams.set(name, value);
  if (state !== undefined) target.searchParams.set('state', state);
  return { status: 302, text: '', contentType: 'text/plain', headers: { Location: target.href } };
}

function broken(reason: string): Answer {
  return { ...refusalPage(reason), breach: reason };
}
