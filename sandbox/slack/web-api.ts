import { type Answer, fail } from './answers.ts';
import { stringOf } from './json.ts';
import { type MethodEntry, SCOPES } from './methods.ts';
import { personOf } from './methods-chat.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Failure, State } from './state.ts';
import type { JsonObject } from './types.ts';

export interface HttpAnswer {
  status: number;
  body: JsonObject | string;
  retryAfter?: number;
  /** Those that the token has. */
  scopes?: readonly string[];
}

export interface WebApi {
  state: State;
  methods: Map<string, MethodEntry>;
  /** Undefined: no limits. */
  limits: RateLimits | undefined;
}

export function nextFailure(state: State, method: string): Failure | undefined {
  return state.failures.get(method)?.shift();
}

export function failureAnswer(failure: Failure): HttpAnswer {
  const limited = failure.retryAfter !== undefined || failure.status === 429;
  const error = failure.error ?? (limited ? 'ratelimited' : 'internal_error');
  return {
    status: failure.status ?? (limited ? 429 : 200),
    body: { ok: false, error },
    ...(limited ? { retryAfter: failure.retryAfter ?? 1 } : {}),
  };
}

function refuseToken(state: State, entry: MethodEntry, token: string | undefined): Answer | undefined {
  if (!token) return fail('not_authed');
  if (token !== state.botToken && token !== state.appToken) return fail('invalid_auth');
  const wanted = entry.token === 'app' ? state.appToken : state.botToken;
  if (token !== wanted) return fail('not_allowed_token_type');
  if (entry.token === 'app') return undefined;
  if (state.tokenError !== undefined) return fail(state.tokenError);
  const needed = entry.scope !== undefined && state.missingScopes.has(entry.scope) ? entry.scope : undefined;
  return needed === undefined ? undefined : { ...fail('missing_scope'), needed, provided: scopesOf(state).join(',') };
}

/** The manifest's scopes, without those that were taken away. */
function scopesOf({ missingScopes }: State): string[] {
  return SCOPES.filter((scope) => !missingScopes.has(scope));
}

function waitSeconds({ state, limits }: WebApi, method: string, args: JsonObject): number | undefined {
  const channel = stringOf(args.channel);
  return limits?.take(method, channel === undefined ? undefined : (personOf(state, channel) ?? channel));
}

function answer(api: WebApi, method: string, token: string | undefined, args: JsonObject): HttpAnswer {
  const entry = api.methods.get(method);
  if (!entry) {
    api.state.unexpected.push(`unknown method ${method}`);
    return { status: 200, body: fail('unknown_method') };
  }
  const refused = refuseToken(api.state, entry, token);
  const scopes = entry.token === 'bot' ? { scopes: scopesOf(api.state) } : {};
  if (refused) return { status: 200, body: refused, ...scopes };
  const failure = nextFailure(api.state, method);
  if (failure) return failureAnswer(failure);
  const wait = waitSeconds(api, method, args);
  if (wait !== undefined) return { status: 429, body: fail('ratelimited'), retryAfter: wait };
  return { status: 200, body: entry.run(api.state, args), ...scopes };
}

/** Answers one Web API call and keeps the record of it. */
export function callMethod(api: WebApi, method: string, bearer: string | undefined, given: JsonObject): HttpAnswer {
  const { token: tokenArgument, ...args } = given;
  const call = { at: api.state.clock(), method, args, result: '' };
  api.state.calls.push(call);
  const result = answer(api, method, bearer ?? stringOf(tokenArgument), args);
  call.result = resultOf(result);
  return result;
}

function resultOf({ status, body }: HttpAnswer): string {
  if (typeof body === 'string') return body;
  if (body.ok === true) return 'ok';
  return typeof body.error === 'string' ? body.error : `http_${status}`;
}
