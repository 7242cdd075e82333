/**
 * Our WebClient. If Slack refuses our own token, all calls stop, the log says it once, `/readyz` answers 503, and
 * `auth.test` is repeated until the token works again.
 */
import type { App } from '@slack/bolt';
import { type WebAPICallResult, WebAPIPlatformError, WebClient, type WebClientOptions } from '@slack/web-api';
import { DeliveryError } from '../../core/model/errors.ts';
import { type Meter, NO_METER } from '../../core/ports/meter.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { isMethodRefused, isTokenRefused, toDeliveryError } from './errors.ts';

type RateMeter = Pick<Meter, 'slackRefusedRate'>;

interface Traits {
  meter?: RateMeter;
  /** The token is of a whole organisation. */
  isOrganisation?: boolean;
}

type TokenWatch = WatchedClient['watch'];

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Jobs wait at least this long. */
const RETRY_AFTER_MS = 15_000;

/** Slack's errors after an app was removed. The first one is about the app's bot, the second one about the token alone (slack.md 8.2). */
const ENDED: ReadonlyMap<string, 'gone' | 'revoked'> = new Map([
  ['account_inactive', 'gone'],
  ['token_revoked', 'revoked'],
]);
/** Once a minute: the event of a removal may come before the token stops working. */
const LOOKS_AFTER_EVENT = 10;

/** With an organisation's token it is about one workspace, which has the app no more: nothing is wrong with the token. */
const ONE_WORKSPACE = 'team_access_not_granted';

/** The key of a refusal of all methods; others have the method as key. */
const ANY = 'any';

/** Of scopes that an app may be installed without: a refusal is the caller's affair, and nothing is wrong with the token. */
const OPTIONAL: ReadonlySet<string> = new Set(['users.profile.get', 'usergroups.users.list']);

interface Refusal {
  code: string;
  /** The missing scope, if Slack names it. */
  needed: string | undefined;
  /** Our token's scopes. */
  scopes: string | undefined;
}

export class WatchedClient extends WebClient {
  readonly #log: Log;
  readonly #meter: RateMeter;
  readonly #isOrganisation: boolean;
  readonly #refusals = new Map<string, Refusal>();
  /** Logged refusals: each is logged once. */
  readonly #logged = new Map<string, string>();
  /** Our token's scopes, as Slack last named them with an answer. */
  #scopes: readonly string[] | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  /** How often the token is still looked at, because Slack has told of its end; and that it told of the app's removal. */
  #looks = 0;
  #isToldRemoved = false;
  /** In the place of the one that it was made with. */
  #changedToken: string | undefined;

  constructor(token: string, options: WebClientOptions, log: Log, traits: Traits = {}) {
    super(token, options);
    this.#log = log;
    this.#meter = traits.meter ?? NO_METER;
    this.#isOrganisation = traits.isOrganisation ?? false;
  }

  /** All SDK methods call this. */
  override async apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    // The check itself is not blocked.
    if (method === 'auth.test') return this.#call(method, options);
    const known = this.#refusals.get(ANY) ?? this.#refusals.get(method);
    if (known) {
      const details = { code: known.code, retryAfterMs: RETRY_AFTER_MS };
      throw new DeliveryError('unauthorized', `Slack refuses our token: ${known.code}`, details);
    }
    try {
      const result = await this.#call(method, options);
      if (this.#logged.delete(method) && this.#logged.size === 0) this.#failures = 0;
      return result;
    } catch (error) {
      const failure = toDeliveryError(error);
      if (this.#isOrganisation && failure.code === ONE_WORKSPACE) {
        throw new DeliveryError('permanent', failure.message, { code: ONE_WORKSPACE, cause: error });
      }
      this.#recordRefusal(method, error);
      throw error;
    }
  }

  async #call(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    const token = this.#changedToken;
    const asked = token === undefined ? options : { ...options, token };
    const result = await super.apiCall(method, asked && asTexts(asked)).catch((error) => {
      if (toDeliveryError(error).kind === 'rate_limited') this.#meter.slackRefusedRate();
      throw error;
    });
    this.#scopes = result.response_metadata?.scopes ?? this.#scopes;
    return result;
  }

  /** From now on all calls have this token. Calls that were stopped because Slack refused the one before go on. */
  changeToken(token: string): void {
    this.#changedToken = token;
    if (this.#refusals.size > 0) void this.#probe();
  }

  get watch() {
    return {
      /** False also before Slack has said which there are. */
      hasScope: (scope: string) => this.#scopes?.includes(scope) === true,
      /** Slack accepts our token and all our calls. */
      isFine: () => this.#refusals.size === 0,
      /** The token may have ended: checks it. `isRemoved`: Slack says that the app was removed. */
      suspect: ({ isRemoved }: { isRemoved: boolean }) => {
        this.#looks = LOOKS_AFTER_EVENT;
        this.#isToldRemoved ||= isRemoved;
        void this.#probe();
      },
      /**
       * The token has ended: `auth.test` says so, and not an event alone, which may be of an earlier install. `told`: an event
       * says besides that the app was removed; `gone`: the app's bot is no more; `revoked`: only this token is known to be over.
       */
      hasEnded: () => this.#hasEnded(),
      stop: () => {
        this.#stopped = true;
        clearTimeout(this.#timer);
      },
    };
  }

  async #hasEnded(): Promise<false | 'told' | 'gone' | 'revoked'> {
    if (!ENDED.has(this.#refusals.get(ANY)?.code ?? '') && this.#looks === 0) return false;
    this.#looks = Math.max(0, this.#looks - 1);
    try {
      await this.auth.test();
      if (this.#looks === 0) this.#isToldRemoved = false;
      return false;
    } catch (error) {
      const ended = ENDED.get(refusalOf(error)?.code ?? '');
      if (!ended) return false;
      return this.#isToldRemoved ? 'told' : ended;
    }
  }

  #recordRefusal(method: string, error: unknown): void {
    const refusal = refusalOf(error);
    if (!refusal || (OPTIONAL.has(method) && !isTokenRefused(refusal.code))) return;
    const what = isTokenRefused(refusal.code) ? ANY : method;
    this.#refusals.set(what, refusal);
    const saying = `${refusal.code} ${refusal.needed ?? ''}`;
    if (this.#logged.get(what) !== saying) {
      this.#logged.set(what, saying);
      this.#log.error(
        { code: refusal.code, needed: refusal.needed, method },
        'Slack refuses our own token: nothing is skipped, and what waits goes on once Slack takes it again',
      );
    }
    this.#probeLater();
  }

  #probeLater(): void {
    if (this.#timer || this.#stopped) return;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#probe();
    }, pause).unref();
  }

  async #probe(): Promise<void> {
    const refused = this.#refusals.size > 0;
    try {
      const scopes = scopesOf(await this.auth.test());
      for (const [what, { needed, scopes: had }] of this.#refusals) {
        // Slack's names of missing scopes differ from the manifest's. A new install changes the list of scopes.
        const stillMissing = needed !== undefined && had !== undefined && had === scopes;
        if (!stillMissing) this.#refusals.delete(what);
      }
      this.#logged.delete(ANY);
    } catch (error) {
      this.#recordRefusal('auth.test', error);
    }
    if (this.#refusals.size > 0) return this.#probeLater();
    if (this.#logged.size === 0) this.#failures = 0;
    if (refused) this.#log.info({}, 'Slack takes our token again');
  }
}

/**
 * Messages and windows as they go on the wire. The SDK would do the same, but would also go through each part of an object,
 * name by name, for a debug line that nobody reads: that took as long as sending it.
 */
function asTexts(options: Record<string, unknown>): Record<string, unknown> {
  const { blocks, view } = options;
  return {
    ...options,
    ...(Array.isArray(blocks) && { blocks: JSON.stringify(blocks) }),
    ...(typeof view === 'object' && view !== null && { view: JSON.stringify(view) }),
  };
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

/** These events may come before the token stops working, so `auth.test` decides. */
export function registerTokens(app: App, watch: TokenWatch): void {
  app.event('app_uninstalled', async () => watch.suspect({ isRemoved: true }));
  app.event('tokens_revoked', async () => watch.suspect({ isRemoved: false }));
}
