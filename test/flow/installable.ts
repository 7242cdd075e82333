/** A Docket that can be installed from its page in a second workspace, and a browser with which to do it. */
import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { createSlackFront, type SlackFront } from '../../sandbox/slack/front.ts';
import type { OAuthApp, SlackOAuth } from '../../sandbox/slack/oauth.ts';
import type { SlackWorkspaceOptions } from '../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import type { Config } from '../../src/config.ts';
import { OPTIONAL_SCOPES, REQUIRED_SCOPES } from '../../src/slack/scopes.ts';
import { KEY } from '../store/open.ts';
import { MAYA, THEO } from './cast.ts';
import { OTHER_TEAM } from './workspaces.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export const APP = { clientId: '123.456', clientSecret: 'slack-client-secret-nobody-may-see' };

export interface InstallableOptions extends WorldOptions {
  /** The settings hold the token of the first workspace; default true. */
  home?: boolean;
  rotation?: OAuthApp['rotation'];
  /** Otherwise than usual: where the app is to be installed. */
  there?: Partial<SlackWorkspaceOptions>;
}

export interface Installable {
  world: World;
  /** The same world, seen from the workspace where the app is to be installed. */
  other: World;
  front: SlackFront & { oauth: SlackOAuth };
  /** Those of the app that runs: for a start of another process. */
  config: Config;
}

export async function createInstallable(options: InstallableOptions = {}): Promise<Installable> {
  const { home = true, rotation, there, ...rest } = options;
  const env = { ENCRYPTION_KEY: KEY, ...rest.env };
  const world = await createWorld({ ...rest, http: true, start: false, env });
  const slack = await createSlackWorkspace({
    users: [MAYA, THEO],
    teamId: OTHER_TEAM,
    signingSecret: world.slack.signingSecret,
    clock: world.now,
    http: { requestUrl: `${world.publicUrl}/slack/events` },
    ...there,
  });
  const front = await createSlackFront([world.slack, slack], {
    ...APP,
    redirectUri: `${world.publicUrl}/slack/oauth_redirect`,
    scopes: Object.keys({ ...REQUIRED_SCOPES, ...OPTIONAL_SCOPES }),
    clock: world.now,
    rotation,
  });
  const { oauth } = front;
  if (!oauth) throw new Error('no app');
  onTestFinished(async () => {
    await front.close();
    await slack.close();
    expect(oauth.unexpected).toEqual([]);
    expect(oauth.secrets.filter((secret) => loggedBy(world).includes(secret))).toEqual([]);
  });
  const { botToken } = world.slack;
  const config: Config = {
    ...world.config,
    publicUrl: world.publicUrl,
    install: APP,
    slack: { ...world.config.slack, botToken: home ? botToken : undefined, apiUrl: front.apiUrl },
  };
  await world.restart(0, config);
  const other = Object.create(world, { slack: { value: slack } });
  return { world, other, front: { ...front, oauth }, config };
}

function loggedBy({ lines }: World): string {
  return JSON.stringify(lines.map(({ fields, message }) => [message, inspect(fields, { depth: 12 })]));
}

export interface Page {
  status: number;
  text: string;
  headers: Headers;
  /** The addresses of its links, by id or text. */
  links: ReadonlyMap<string, string>;
}

export interface Browser {
  get(url: string, headers?: Record<string, string>): Promise<Page>;
  /** What it would send to that address. */
  cookie(): string;
}

/** Keeps cookies, and follows nothing by itself. */
export function openBrowser(): Browser {
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    cookie,
    async get(url, headers = {}) {
      const response = await fetch(url, { redirect: 'manual', headers: { cookie: cookie(), ...headers } });
      for (const set of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = set.split('; ');
        const [name = '', value = ''] = pair.split('=');
        if (attributes.some((each) => each.startsWith('Expires=Thu, 01 Jan 1970'))) cookies.delete(name);
        else cookies.set(name, value);
      }
      const text = await response.text();
      const found = [...text.matchAll(/<a (?:id="([^"]+)" )?href="([^"]+)">([^<]+)<\/a>/g)];
      const links = found.map(([, id, href = '', label = '']) => [id ?? label, unescaped(href)] as const);
      return { status: response.status, text: unescaped(text), headers: response.headers, links: new Map(links) };
    },
  };
}

function unescaped(html: string): string {
  return html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&');
}

/** From the install page to where Slack's own page leads; `choice`: what the person presses there. */
export async function consentTo(world: World, browser: Browser, choice = OTHER_TEAM): Promise<string> {
  const page = await browser.get(`${world.publicUrl}/slack/install`);
  const started = await browser.get(page.links.get('Add to Slack') ?? '');
  const consent = await browser.get(started.headers.get('location') ?? '');
  return consent.links.get(choice) ?? '';
}

/** The whole way. Returns the page at its end, once the app has nothing left to do. */
export async function installFrom(world: World, browser = openBrowser(), choice = OTHER_TEAM): Promise<Page> {
  const page = await browser.get(await consentTo(world, browser, choice));
  await world.idle();
  return page;
}

/** The reference that a page shows. */
export function referenceOn({ text }: Page): string | undefined {
  return /\(Reference: (\w{6})\)/.exec(text)?.[1];
}
