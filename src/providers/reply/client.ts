/** Every request to Reply.io goes through here: the key, the acting user, the limit, the HTTP policy. */
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { CallOptions } from '../../core/ports/provider.ts';
import { type Api, callJson, type HttpRequest, operationOf } from '../http.ts';
import { createTurns, type TurnsOptions } from '../turns.ts';
import { createDialect, type Dialect, type KeyHeader } from './dialect.ts';
import { codeOf } from './wire.ts';

export interface ReplySettings
  extends Pick<
    Api,
    'apiUrl' | 'clock' | 'circuit' | 'timeoutMs' | 'isPaced' | 'sharePace' | 'account' | 'keepPaces' | 'noteCall'
  > {
  /** A Master key (reply.md 2). */
  apiKey: string;
}

/** The path stands under `/v3`. */
type ReplyRequest<T> = HttpRequest<T>;

/** Calls, all with the same options. Throws only `ProviderError`. */
export interface Asker {
  call<T>(request: ReplyRequest<T>): Promise<T>;
  readonly dialect: Dialect;
}

export interface ReplyClient {
  /**
   * As one rep, with that rep's rights. Without an address nothing is sent: a Master key that is told no name acts as the
   * workspace owner (reply.md 2).
   */
  as(email: string | undefined, options: CallOptions): Asker;
  /** As the workspace owner: for what is about no one's tasks. */
  asOwner(options: CallOptions): Asker;
}

/**
 * Reply allows 100 calls a minute and 3,000 an hour for each user, all of their apps together; whether calls under a Master
 * key count for the owner of the key or for the acting user is not said, so all of ours count as one (reply.md 6; contracts, unknown R6),
 * and a tenth of the minute is left to other apps. What is not a click takes turns of its own before that, so that a
 * morning's digests leave room for clicks.
 */
const EVERY_CALL = { calls: 90, windowMs: 60_000, concurrency: 10 };
const BUT_CLICKS = {
  calls: 70,
  windowMs: 60_000,
  concurrency: 100,
  only: ['person', 'sweep', 'digest', 'spare'],
} satisfies TurnsOptions['limits'][number];
const EVERY_HOUR = { calls: 3_000, windowMs: 60 * 60_000, concurrency: 100 };
/** The wait after a 429 without `Retry-After`. */
const DEFAULT_HOLD_MS = 5_000;

/** An e-mail address that may stand in a header. */
const ADDRESS = /^[\x21-\x7e]+@[\x21-\x7e]+$/;

export function createReplyClient({ apiKey, ...settings }: ReplySettings): ReplyClient {
  const { clock, circuit, isPaced, sharePace, account, keepPaces } = settings;
  const limits = [EVERY_CALL, EVERY_HOUR, BUT_CLICKS];
  const pacing = { limits, holdMs: DEFAULT_HOLD_MS, isPaced, sharePace, account, keepPaces };
  const turns = createTurns({ provider: 'reply', clock, circuit, ...pacing });
  const api: Api = { ...settings, provider: 'reply' };
  const dialect = createDialect();

  const asker = (actor: Record<string, string>, options: CallOptions): Asker => ({
    dialect,
    call(request) {
      const placed = underVersion(request);
      return dialect.key.ask((pick) =>
        turns.run(operationOf(placed), options, () => {
          const headers = { ...keyIn(pick(), apiKey), ...actor };
          return callJson(api, { ...placed, headers, kindOf: (...answer) => kindOf(request, ...answer) }, options);
        }),
      );
    },
  });

  return {
    as: (email, options) =>
      email !== undefined && ADDRESS.test(email)
        ? asker({ 'x-user-email': email }, options)
        : { dialect, call: refuseToActAsNobody },
    asOwner: (options) => asker({}, options),
  };
}

async function refuseToActAsNobody(request: ReplyRequest<unknown>): Promise<never> {
  const operation = operationOf(underVersion(request));
  const cause = new Error('no address to act as');
  throw new ProviderError({ provider: 'reply', kind: 'forbidden', operation, cause });
}

function underVersion<T>(request: ReplyRequest<T>): HttpRequest<T> {
  const { path, template = path } = request;
  return { ...request, path: `/v3${path}`, template: `/v3${template}` };
}

function keyIn(header: KeyHeader, apiKey: string): Record<string, string> {
  return header === 'bearer' ? { authorization: `Bearer ${apiKey}` } : { 'x-api-key': apiKey };
}

/** A 401 may be about the acting user, and then the key is right (reply.md 5). */
function kindOf(request: ReplyRequest<unknown>, status: number, body: unknown): ProviderErrorKind | undefined {
  if (status === 401 && codeOf(body) === 'USER_NOT_FOUND') return 'forbidden';
  return request.kindOf?.(status, body);
}
