/** Every request to Outreach's API goes through here: the rep's own token, the rep's limit, the HTTP policy. */
import { ProviderError } from '../../core/model/errors.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { CallOptions, Grants, HeldGrant } from '../../core/ports/provider.ts';
import { type Api, callJson, type HttpRequest, operationOf } from '../http.ts';
import { createTurns, type Turns } from '../turns.ts';
import type { Tokens } from './tokens.ts';

/** The API is under `/api/v2` of the address, OAuth under `/oauth`. */
export interface OutreachSettings
  extends Pick<Api, 'apiUrl' | 'clock' | 'circuit' | 'timeoutMs' | 'isPaced' | 'sharePace' | 'noteCall'> {
  clientId: string;
  clientSecret: string;
  /** Where consent leads back to. Outreach wants it with every renewal too (outreach.md 1). */
  redirectUri?: string | undefined;
  grants: Grants;
}

export type Query = Readonly<Record<string, string>>;

/** The path stands under `/api/v2`. */
interface OutreachRequest<T> extends HttpRequest<T> {
  query?: Query;
}

/** One rep's calls, all with the same options. Throws only `ProviderError` for what went wrong at Outreach. */
export interface AsRep {
  call<T>(request: OutreachRequest<T>): Promise<T>;
  /** The scopes that the rep granted. */
  scopes(): Promise<ReadonlySet<string>>;
  /** The path and query, under `/api/v2`, of a link that Outreach gave; undefined when it leads anywhere else. */
  ownPath(link: string): string | undefined;
}

export interface OutreachClient {
  as(rep: RepKey, options: CallOptions): AsRep;
}

const API = '/api/v2';
/** Outreach wants it on every request, on those without a body too, and answers 415 otherwise (outreach.md 1). */
const MEDIA_TYPE = 'application/vnd.api+json';
/** 10,000 an hour for each user (outreach.md 6), all of their apps together; what others use up shows as a 429. */
const LIMIT = { calls: 10_000, windowMs: 3_600_000, concurrency: 6 };
/** The wait after a 429 without `Retry-After`. */
const DEFAULT_HOLD_MS = 1_000;
/** A 403 within this time of the token's end may be about the token: some have seen it so (outreach.md 5). */
const NEAR_END_MS = 5 * 60_000;

export function createOutreachClient(settings: OutreachSettings, tokens: Tokens): OutreachClient {
  const { clock, isPaced, sharePace } = settings;
  const turns = new Map<string, Turns>();

  /** One rep's. A wait is always said at once: it may be minutes, and whoever waits can come back. */
  function turnsOf({ teamId, userId }: RepKey): Turns {
    const key = JSON.stringify([teamId, userId]);
    const own =
      turns.get(key) ??
      createTurns({
        provider: 'outreach',
        clock,
        limits: [LIMIT],
        holdMs: DEFAULT_HOLD_MS,
        longestPauseMs: 0,
        isPaced,
        sharePace,
        account: key,
      });
    turns.set(key, own);
    return own;
  }

  return {
    as: (rep, options) => ({
      call({ query, ...request }) {
        const { path, template = path } = request;
        const placed = {
          ...request,
          path: API + path + (query && Object.keys(query).length > 0 ? `?${toQuery(query)}` : ''),
          template: API + template,
        };
        const send = ({ grant }: HeldGrant) => sendWith(settings, grant.accessToken, placed, options);
        return turnsOf(rep).run(operationOf(placed), options, async () => {
          const held = await tokens.current(rep, options.signal);
          return send(held).catch((error: unknown) => {
            if (!isAboutToken(error, held.grant.expiresAt - clock())) throw error;
            return sendRenewed(send, tokens.renewed(held, options.signal));
          });
        });
      },
      async scopes() {
        const { grant } = await tokens.held(rep);
        return new Set(grant.scopes);
      },
      ownPath: (link) => ownPath(settings.apiUrl, link),
    }),
  };
}

function ownPath(apiUrl: string, link: string): string | undefined {
  const { href, origin, pathname } = new URL(apiUrl.replace(/\/+$/, '') + API);
  const url = URL.parse(link, href);
  if (url?.origin !== origin || !url.pathname.startsWith(`${pathname}/`)) return undefined;
  return url.pathname.slice(pathname.length) + url.search;
}

/** One request, with this token. */
export function sendWith<T>(
  settings: OutreachSettings,
  accessToken: string,
  request: HttpRequest<T>,
  options: CallOptions,
): Promise<T> {
  const headers = { authorization: `Bearer ${accessToken}`, accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE };
  return callJson({ ...settings, provider: 'outreach' }, { ...request, headers }, options);
}

/**
 * A token can end between two calls, or be taken back: then once more, with a new one. If that is refused as well, only
 * the rep can help; their consent is not ended for it, because it might be Outreach that is confused.
 */
async function sendRenewed<T>(send: (held: HeldGrant) => Promise<T>, renewed: Promise<HeldGrant>): Promise<T> {
  const held = await renewed;
  return send(held).catch((error: unknown) => {
    if (!(error instanceof ProviderError) || error.status !== 401) throw error;
    const { operation, status } = error;
    throw new ProviderError({ provider: 'outreach', kind: 'disconnected', operation, status });
  });
}

function isAboutToken(error: unknown, leftMs: number): boolean {
  if (!(error instanceof ProviderError)) return false;
  return error.status === 401 || (error.status === 403 && leftMs < NEAR_END_MS);
}

/** A blank becomes `%20` and a plus `%2B`, so that a text arrives the same whichever way its reader takes a plus. */
export function toQuery(query: Query): string {
  return new URLSearchParams(query).toString().replaceAll('+', '%20');
}
