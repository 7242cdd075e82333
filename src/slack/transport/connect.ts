/** Connects to Slack at start. An outage is retried; a refused token is a `StartError`. */
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { StartError } from '../../core/model/errors.ts';
import type { Log } from '../../core/ports/runtime.ts';
import type { BoltApp } from './bolt.ts';
import { isMethodRefused, isTokenRefused } from './errors.ts';

const ORG_WIDE =
  'SLACK_BOT_TOKEN is of an org-wide install, which Docket does not support there: use the bot token of one workspace, or leave it empty and install Docket in the organisation from its page (SLACK_CLIENT_ID)';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Resolves after Slack accepted the token of the settings, if there is one, and in Socket Mode the socket is open. Returns the
 * id of the token's workspace.
 */
export async function connectSlack(
  bolt: BoltApp,
  client: WebClient | undefined,
  log: Log,
  stopping: () => boolean,
): Promise<string | undefined> {
  const teamId = client && (await untilAccepted('SLACK_BOT_TOKEN', log, stopping, () => identify(bolt, client)));
  await untilAccepted('SLACK_APP_TOKEN', log, stopping, () => bolt.connect());
  return teamId;
}

async function identify(bolt: BoltApp, client: WebClient): Promise<string> {
  const { team_id, is_enterprise_install } = await client.auth.test();
  if (is_enterprise_install) throw new StartError(ORG_WIDE);
  if (!team_id) throw new StartError('SLACK_BOT_TOKEN belongs to no workspace');
  await bolt.app.init();
  return team_id;
}

async function untilAccepted<T>(
  variable: string,
  log: Log,
  stopping: () => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StartError) throw error;
      const code = error instanceof WebAPIPlatformError ? error.data.error : '';
      // The same settings would be refused again.
      if (isTokenRefused(code) || isMethodRefused(code)) {
        throw new StartError(`Slack refused ${variable}: ${code}`, { cause: error });
      }
      if (stopping()) throw error;
      log.warn({ err: error, againInMs: wait }, 'Slack cannot be reached');
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (stopping()) throw error;
    }
  }
}
