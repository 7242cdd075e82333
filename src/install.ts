/** The install page and the renewal of installs' tokens, from the settings of the Slack app. */
import type { Config } from './config.ts';
import { createTokenRenewal, type InstallTokensDeps } from './core/people/install-tokens.ts';
import { createInstalling, type InstallingDeps } from './core/people/installing.ts';
import type { Ports } from './core/ports/ports.ts';
import type { Clock } from './core/ports/runtime.ts';
import { INSTALLED_PATH, type InstallPages } from './http/install.ts';
import { createInstaller } from './slack/install/installer.ts';
import { createRenewToken } from './slack/install/renew-token.ts';
import { OPTIONAL_SCOPES, REQUIRED_SCOPES } from './slack/scopes.ts';

interface InstallDeps extends InstallingDeps, Pick<Ports, 'random'>, Pick<InstallTokensDeps, 'suspect'> {
  machineClock: Clock;
  address(path: string): string;
  /** A pause that fails when the app stops. */
  sleep(ms: number): Promise<void>;
}

interface ConnectedInstall {
  pages: InstallPages;
  renewTokens(): Promise<void>;
}

/** undefined: the settings have no Slack app, so nobody can install it from here. */
export function connectInstall({ install, slack }: Config, deps: InstallDeps): ConnectedInstall | undefined {
  if (!install) return undefined;
  const { address } = deps;
  const app = { ...install, apiUrl: slack.apiUrl };
  const installer = createInstaller({
    ...deps,
    ...app,
    scopes: Object.keys({ ...REQUIRED_SCOPES, ...OPTIONAL_SCOPES }).sort(),
    redirectUri: address(INSTALLED_PATH),
    installing: createInstalling(deps),
  });
  const renew = createTokenRenewal({ ...deps, renewToken: createRenewToken(app, deps.log) });
  return {
    pages: { address, ...installer },
    async renewTokens() {
      if (await renew()) await deps.serve();
    },
  };
}
