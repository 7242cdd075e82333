/** Getting to know Slack at start: patient with a Slack that is away, short with a token that is refused. */
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { StartError } from '../../core/model/errors.ts';
import type { Log } from '../../core/ports/runtime.ts';
import type { BoltApp } from './bolt.ts';
import { isMethodRefused, isTokenRefused } from './errors.ts';

const ORG_WIDE =
  'SLACK_BOT_TOKEN is of an org-wide install, which Docket does not support: install the app in one workspace and use the bot token of that install';

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** Returns the workspace's id once Slack has accepted the token and, in Socket Mode, the socket is open. */
export async function connectSlack(
  bolt: BoltApp,
  client: WebClient,
  log: Log,
  stopping: () => boolean,
): Promise<string> {
  const teamId = await patiently('SLACK_BOT_TOKEN', log, stopping, async () => {
    const { team_id, is_enterprise_install } = await client.auth.test();
    if (is_enterprise_install) throw new StartError(ORG_WIDE);
    if (!team_id) throw new StartError('SLACK_BOT_TOKEN belongs to no workspace');
    await bolt.app.init();
    return team_id;
  });
  await patiently('SLACK_APP_TOKEN', log, stopping, () => bolt.connect());
  return teamId;
}

async function patiently<T>(variable: string, log: Log, stopping: () => boolean, work: () => Promise<T>): Promise<T> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StartError) throw error;
      if (error instanceof WebAPIPlatformError && isOurs(error.data.error)) {
        throw new StartError(`Slack refused ${variable}: ${error.data.error}`, { cause: error });
      }
      if (stopping()) throw error;
      log.warn({ err: error, againInMs: wait }, 'Slack cannot be reached');
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (stopping()) throw error;
    }
  }
}

/** Slack refuses our settings; trying again with the same ones would be useless. */
function isOurs(code: string): boolean {
  return isTokenRefused(code) || isMethodRefused(code);
}
