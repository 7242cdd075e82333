/**
 * Our WebClient, and what it learns of our own token. A refused token is about everyone, not about whoever happened to
 * be written to: calls stop, the log says it once, `/readyz` answers 503, and it goes on by itself.
 */
import type { App } from '@slack/bolt';
import { type WebAPICallResult, WebAPIPlatformError, WebClient, type WebClientOptions } from '@slack/web-api';
import { DeliveryError } from '../../core/model/errors.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { isMethodRefused, isTokenRefused } from './errors.ts';

export interface TokenWatch {
  /** Slack takes our token, and lets it do all that we asked for. */
  isFine(): boolean;
  /** Something hints that the token may have ended: finds out. */
  suspect(): void;
  stop(): void;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
/** Waiting jobs are not tried sooner than this: until then nothing will have changed. */
const TRY_AGAIN_AFTER = 15_000;

/** The calls that are refused: all, or those of one method. */
const ANY = 'any';

interface Refusal {
  code: string;
  /** The scope that is missing, where Slack names it. */
  needed: string | undefined;
  /** Those that our token has. */
  scopes: string | undefined;
}

export class WatchedClient extends WebClient {
  readonly #log: Log;
  readonly #refusals = new Map<string, Refusal>();
  /** What was said already, so that a refusal which comes and goes is said once. */
  readonly #said = new Map<string, string>();
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(token: string, options: WebClientOptions, log: Log) {
    super(token, options);
    this.#log = log;
  }

  /** Every method of the SDK comes through here. */
  override async apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    // It finds out whether the token works again; at the start whoever asks looks at the answer.
    if (method === 'auth.test') return super.apiCall(method, options);
    const known = this.#refusals.get(ANY) ?? this.#refusals.get(method);
    if (known) {
      const details = { code: known.code, retryAfterMs: TRY_AGAIN_AFTER };
      throw new DeliveryError('unauthorized', `Slack refuses our token: ${known.code}`, details);
    }
    try {
      const result = await super.apiCall(method, options);
      if (this.#said.delete(method) && this.#said.size === 0) this.#failures = 0;
      return result;
    } catch (error) {
      this.#note(method, error);
      throw error;
    }
  }

  get watch(): TokenWatch {
    return {
      isFine: () => this.#refusals.size === 0,
      suspect: () => void this.#ask(),
      stop: () => {
        this.#stopped = true;
        clearTimeout(this.#timer);
      },
    };
  }

  #note(method: string, error: unknown): void {
    const refusal = refusalOf(error);
    if (!refusal) return;
    const what = isTokenRefused(refusal.code) ? ANY : method;
    this.#refusals.set(what, refusal);
    const saying = `${refusal.code} ${refusal.needed ?? ''}`;
    if (this.#said.get(what) !== saying) {
      this.#said.set(what, saying);
      this.#log.error(
        { code: refusal.code, needed: refusal.needed, method },
        'Slack refuses our own token: nothing is skipped, and what waits goes on once Slack takes it again',
      );
    }
    this.#askLater();
  }

  #askLater(): void {
    if (this.#timer || this.#stopped) return;
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#failures, LONGEST_PAUSE);
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#ask();
    }, pause).unref();
  }

  async #ask(): Promise<void> {
    const refused = this.#refusals.size > 0;
    try {
      const scopes = scopesOf(await this.auth.test());
      for (const [what, { needed, scopes: had }] of this.#refusals) {
        // The names that Slack gives to what is needed are not always those of the manifest; a new install changes the list.
        const stillMissing = needed !== undefined && had !== undefined && had === scopes;
        if (!stillMissing) this.#refusals.delete(what);
      }
      this.#said.delete(ANY);
    } catch (error) {
      this.#note('auth.test', error);
    }
    if (this.#refusals.size > 0) return this.#askLater();
    if (this.#said.size === 0) this.#failures = 0;
    if (refused) this.#log.info({}, 'Slack takes our token again');
  }
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof WebAPIPlatformError)) return undefined;
  const code = error.data.error;
  if (!isTokenRefused(code) && !isMethodRefused(code)) return undefined;
  const needed = 'needed' in error.data && typeof error.data.needed === 'string' ? error.data.needed : undefined;
  return { code, needed, scopes: scopesOf(error.data) };
}

function scopesOf({ response_metadata }: Pick<WebAPICallResult, 'response_metadata'>): string | undefined {
  return response_metadata?.scopes?.toSorted().join();
}

/** They can come in any order, and before the token stops working: `auth.test` says how it is. */
export function registerTokens(app: App, watch: TokenWatch): void {
  app.event('app_uninstalled', async () => watch.suspect());
  app.event('tokens_revoked', async () => watch.suspect());
}
