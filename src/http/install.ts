/** The pages on which the app is installed in a workspace. */
import type { IncomingMessage } from 'node:http';
import type { InstallOutcome } from '../core/people/installing.ts';
import { isPrefetch, nothing, PRIVATE, type Response, show } from './answers.ts';
import { installOutcomePage, installPage } from './install-pages.ts';

export interface InstallPages {
  /** The full address of a path of ours. */
  address(path: string): string;
  /** Slack's page, and the cookie that goes with it. */
  start(): Promise<{ url: string; cookie: string }>;
  /** The browser is back from Slack. May set headers, and answers nothing. */
  finish(request: IncomingMessage, response: Response): Promise<InstallOutcome>;
}

export const INSTALL_PATH = '/slack/install';
const START_PATH = '/slack/install/start';
export const INSTALLED_PATH = '/slack/oauth_redirect';

interface Visit {
  path: string;
  /** False: which workspace is that of the settings is not known yet. */
  isReady: boolean;
  request: IncomingMessage;
  response: Response;
}

export function isInstallPath(path: string): boolean {
  return [INSTALL_PATH, START_PATH, INSTALLED_PATH].includes(path);
}

export async function serveInstall(pages: InstallPages, visit: Visit): Promise<void> {
  const { path, isReady, request, response } = visit;
  if (request.method === 'HEAD') return nothing(response, 204);
  if (path === INSTALL_PATH) return show(response, installPage(pages.address(START_PATH)));
  // The browser discards a prefetch with an error, and asks again when the person opens the link.
  if (isPrefetch(request)) return nothing(response, 503);
  if (isReady && path === START_PATH) {
    const { url, cookie } = await pages.start();
    response.writeHead(302, { ...PRIVATE, location: url, 'set-cookie': cookie }).end();
    return;
  }
  const outcome: InstallOutcome = isReady ? await pages.finish(request, response) : { is: 'not_ready' };
  show(response, installOutcomePage(outcome, pages.address(INSTALL_PATH)));
}
