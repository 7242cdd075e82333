/** Tries the settings for Slack, for `npm run doctor`. Sends nothing to anybody, and opens no socket. */
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import type { Named } from '../core/model/circle.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Log } from '../core/ports/runtime.ts';
import { OPTIONAL_SCOPES, REQUIRED_SCOPES } from './scopes.ts';
import { clientOptions } from './transport/client-options.ts';
import { toDeliveryError } from './transport/errors.ts';

type SlackSettings = { botToken: string | undefined; apiUrl: string } & (
  | { appToken: string }
  | { signingSecret: string }
);
type AppSettings = { clientId: string; clientSecret: string };

const SILENT: Log = { info() {}, warn() {}, error() {} };
const INSTALL = 'copy it from "OAuth & Permissions" of your Slack app';

/** `circles`: whom the settings name. `app`: for the install page. */
export async function checkSlack(
  settings: SlackSettings,
  circles: Readonly<Record<'PILOT' | 'ADMINS', Named | undefined>>,
  app: AppSettings | undefined,
): Promise<Finding[]> {
  const options = clientOptions(settings.apiUrl, SILENT);
  const botClient = new WebClient(settings.botToken, options);
  const bot = settings.botToken === undefined ? [NO_BOT] : await checkBot(botClient, settings.apiUrl);
  const named = await checkCircles(botClient, circles);
  const install = app ? [await checkApp(new WebClient(undefined, options), app, settings.apiUrl)] : [];
  const way =
    'appToken' in settings
      ? await checkAppToken(new WebClient(settings.appToken, options), settings.apiUrl)
      : checkSecret(settings.signingSecret);
  return [...bot, way, ...install, ...named];
}

const NO_BOT: Finding = {
  state: 'note',
  about: 'SLACK_BOT_TOKEN',
  text: 'is not set, so every workspace installs Docket from its page.',
};

/** Redeems a code that is none: Slack looks at the app first. */
async function checkApp(client: WebClient, { clientId, clientSecret }: AppSettings, apiUrl: string): Promise<Finding> {
  const about = 'SLACK_CLIENT_ID';
  const asked = { client_id: clientId, client_secret: clientSecret, code: 'none' };
  try {
    await client.oauth.v2.access(asked);
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : '';
    if (code !== 'invalid_code') {
      const remedy = 'copy "Client ID" and "Client Secret" from "Basic Information" of your Slack app';
      return { state: 'to do', about, text: whyNot(error, apiUrl, remedy) };
    }
  }
  return { state: 'fine', about, text: 'Slack knows the app and its secret.' };
}

async function checkBot(client: WebClient, apiUrl: string): Promise<Finding[]> {
  const about = 'SLACK_BOT_TOKEN';
  try {
    const { team, is_enterprise_install, team_id, response_metadata } = await client.auth.test();
    if (is_enterprise_install || !team_id) {
      const text =
        'is of an org-wide install: use the bot token of one workspace, or leave it empty and install Docket in the organisation from its page (SLACK_CLIENT_ID).';
      return [{ state: 'to do', about, text }];
    }
    const fine = { state: 'fine', about, text: `Slack takes it, for the workspace ${team} (${team_id}).` } as const;
    return [fine, ...checkScopes(response_metadata?.scopes)];
  } catch (error) {
    return [{ state: 'to do', about, text: whyNot(error, apiUrl, INSTALL) }];
  }
}

function checkScopes(granted: readonly string[] | undefined): Finding[] {
  const about = 'Slack scopes';
  if (!granted) return [{ state: 'note', about, text: 'Slack did not say which scopes the token has.' }];
  const without = (scopes: Readonly<Record<string, string>>) =>
    Object.entries(scopes).filter(([scope]) => !granted.includes(scope));
  const missing = without(REQUIRED_SCOPES).map(([scope, loss]): Finding => {
    const text = `${scope} is missing: ${loss}. Add it under "OAuth & Permissions", and install the app again.`;
    return { state: 'to do', about, text };
  });
  const left = without(OPTIONAL_SCOPES).map(([scope, loss]): Finding => {
    return { state: 'note', about, text: `${scope}, which is optional, was left out: ${loss}.` };
  });
  const all: Finding = { state: 'fine', about, text: 'the token has every scope that manifest.yml asks for.' };
  return missing.length + left.length > 0 ? [...missing, ...left] : [all];
}

/** Slack gives an address for a socket; nobody connects to it. */
async function checkAppToken(appClient: WebClient, apiUrl: string): Promise<Finding> {
  const about = 'SLACK_APP_TOKEN';
  try {
    await appClient.apps.connections.open();
    return { state: 'fine', about, text: 'Slack takes it for Socket Mode.' };
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : '';
    const remedy =
      code === 'missing_scope'
        ? 'make an app-level token with connections:write, under "Basic Information"'
        : 'copy it from "App-Level Tokens" under "Basic Information", and turn Socket Mode on';
    return { state: 'to do', about, text: whyNot(error, apiUrl, remedy) };
  }
}

/** Only a request of Slack's shows whether it is the right one. */
function checkSecret(secret: string): Finding {
  const about = 'SLACK_SIGNING_SECRET';
  if (/^[0-9a-f]{32}$/.test(secret)) {
    return { state: 'fine', about, text: 'has the shape of one; only a request of Slack shows whether it is yours.' };
  }
  const text =
    'is not 32 hexadecimal digits: copy "Signing Secret" from "Basic Information", not the client secret or the verification token.';
  return { state: 'to do', about, text };
}

async function checkCircles(
  botClient: WebClient,
  circles: Readonly<Record<'PILOT' | 'ADMINS', Named | undefined>>,
): Promise<Finding[]> {
  const groups = new Set(Object.values(circles).flatMap((named) => named?.groups ?? []));
  const people = Object.entries(circles).map(([about, named]) => checkPeople(botClient, about, named));
  return [
    ...(await Promise.all(people)).filter((finding) => finding !== undefined),
    ...(await Promise.all([...groups].map((group) => checkGroup(botClient, group)))),
  ];
}

/** `users.lookupByEmail` may be asked fifty times a minute. */
const MOST_PEOPLE = 20;

async function checkPeople(
  botClient: WebClient,
  about: string,
  named: Named | undefined,
): Promise<Finding | undefined> {
  const asked = [
    ...(named?.emails ?? []).map((email) => () => botClient.users.lookupByEmail({ email })),
    ...(named?.userIds ?? []).map((user) => () => botClient.users.info({ user })),
  ].slice(0, MOST_PEOPLE);
  if (asked.length === 0) return undefined;
  const found = await Promise.all(asked.map(isFound));
  const lost = found.filter((each) => each === false).length;
  if (lost === 0 && found.includes(undefined)) return undefined;
  if (lost === 0) return { state: 'fine', about, text: 'Slack knows the people whom it names.' };
  const text = `${lost} of ${asked.length} people are not in the workspace: look at each address and id.`;
  return { state: 'to do', about, text };
}

/** undefined: Slack does not say, for a reason that has a line of its own. */
async function isFound(ask: () => Promise<unknown>): Promise<boolean | undefined> {
  try {
    await ask();
    return true;
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : '';
    return code === 'users_not_found' || code === 'user_not_found' ? false : undefined;
  }
}

async function checkGroup(botClient: WebClient, group: string): Promise<Finding> {
  const about = `User group ${group}`;
  try {
    const { users = [] } = await botClient.usergroups.users.list({ usergroup: group });
    return { state: 'fine', about, text: `${users.length} people are in it.` };
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : 'no answer';
    const remedy = 'it needs the scope usergroups:read, and the id of a group that is there';
    return {
      state: 'to do',
      about,
      text: `cannot be read (${code}), so nobody of it is in PILOT or ADMINS: ${remedy}.`,
    };
  }
}

function whyNot(error: unknown, apiUrl: string, remedy: string): string {
  if (error instanceof WebAPIPlatformError) return `Slack refuses it (${error.data.error}): ${remedy}.`;
  const { kind, retryAfterMs = 0 } = toDeliveryError(error);
  if (kind === 'rate_limited') return `Slack asks to wait: try again in ${Math.ceil(retryAfterMs / 1_000)} seconds.`;
  const { host } = new URL(apiUrl);
  return `could not be tried: ${host} (SLACK_API_URL) does not answer. Look at the network, a firewall and HTTPS_PROXY.`;
}
