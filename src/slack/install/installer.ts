/**
 * The app's install page, by Slack's own library: the address of Slack's page, and what comes back from there. The state is
 * bound to the browser by a cookie.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { InstallProvider } from '@slack/oauth';
import type { Installing, InstallOutcome } from '../../core/people/installing.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { clientOptions } from '../transport/client-options.ts';
import { boltLogger } from '../transport/loggers.ts';
import { failureOf, StateRefused } from './failure.ts';
import { readInstallation } from './installation.ts';

interface InstallerDeps {
  clientId: string;
  clientSecret: string;
  /** Of the bot. */
  scopes: readonly string[];
  /** Our address that Slack's page leads back to. */
  redirectUri: string;
  apiUrl: string;
  installing: Installing;
  clock: Clock;
  /** The library counts from the machine's own. */
  machineClock: Clock;
  log: Log;
  random: () => number;
}

const COOKIE_SECONDS = 600;

export function createInstaller(deps: InstallerDeps) {
  const { installing, log, redirectUri, apiUrl } = deps;
  const isSecure = redirectUri.startsWith('https:');
  const cookieName = isSecure ? '__Host-docket_install' : 'docket_install';
  const options = { scopes: [...deps.scopes], redirectUri };
  const provider = new InstallProvider({
    clientId: deps.clientId,
    clientSecret: deps.clientSecret,
    authorizationUrl: new URL('../oauth/v2/authorize', apiUrl).href,
    stateCookieName: cookieName,
    stateCookieExpirationSeconds: COOKIE_SECONDS,
    stateStore: {
      generateStateParam: installing.begin,
      async verifyStateParam(_now, state) {
        const took = await installing.take(state);
        if (took !== 'new') throw new StateRefused(took ?? 'expired');
        return options;
      },
    },
    // Each failure has a line of ours, with the reference that the page shows.
    logger: { ...boltLogger(log), warn() {}, error() {} },
    clientOptions: clientOptions(apiUrl, log),
  });
  return {
    /** Slack's page, and the cookie that goes with it. The library's own cookie says nothing of `SameSite`. */
    async start(): Promise<{ url: string; cookie: string }> {
      const state = await installing.begin();
      const url = await provider.generateInstallUrl(options, true, state);
      const secure = isSecure ? '; Secure' : '';
      return {
        url,
        cookie: `${cookieName}=${state}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax${secure}`,
      };
    },
    /** The person is back. Sets a header that ends the cookie; the answer is the caller's to write. */
    async finish(request: IncomingMessage, response: ServerResponse): Promise<InstallOutcome> {
      let outcome: InstallOutcome | undefined;
      await provider.handleCallback(request, response, {
        // False: what is to be stored is decided here, and nothing is left to the library.
        async afterInstallation(installation) {
          const read = readInstallation(deps, installation);
          outcome = 'is' in read ? read : await installing.keep(read.install, read.workspace);
          return false;
        },
        async failureAsync(error) {
          outcome = failureOf(deps, error, request);
        },
      });
      return outcome ?? { is: 'denied' };
    },
  };
}
