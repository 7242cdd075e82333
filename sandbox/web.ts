/** The sandbox's one address: a page that shows the workspace as Slack would, and what the providers hold beside it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ClockDesk } from './clock-desk.ts';
import type { PageState, PanelState } from './page/protocol.ts';
import { type Bundle, bundlePage } from './page/server/bundle.ts';
import { createChanges } from './page/server/changes.ts';
import { isForeign } from './page/server/guard.ts';
import { PAGE_HTML, sendJson, sendText } from './page/server/reply.ts';
import { perform } from './page/server/routes.ts';
import type { ProviderPanel } from './panel.ts';
import type { SlackWorkspace } from './slack/types.ts';

export interface WebOptions {
  slack: SlackWorkspace;
  providers: readonly ProviderPanel[];
  /** 0 (the default) takes a free port. */
  port?: number;
  workspaceName?: string;
  appName?: string;
  /** The workspace's clock; default is the real one. */
  clock?: () => number;
  /** The page's hand on that clock. */
  desk?: ClockDesk | undefined;
  /** Commands offered above the composer. */
  suggestions?: readonly string[];
}

export interface Web {
  url: string;
  close(): Promise<void>;
}

type Settings = Required<Omit<WebOptions, 'port' | 'desk'>> & { desk: ClockDesk | undefined };

const CALLS_SHOWN = 60;

export async function createWeb(options: WebOptions): Promise<Web> {
  const settings: Settings = {
    workspaceName: 'Northlight',
    appName: 'Docket',
    clock: Date.now,
    desk: undefined,
    suggestions: ['/tasks', '/tasks digest', '/tasks status', '/tasks settings', '/tasks help'],
    ...options,
  };
  // Begun now, so that the first visitor does not wait for it; whoever asks for it hears of a failure.
  const bundle = bundlePage();
  bundle.catch(() => undefined);
  const { slack, providers, desk } = settings;
  const changes = createChanges([slack, ...providers, ...(desk ? [desk] : [])], () => desk?.isUnderway() ?? false);
  const server = createServer((request, response) => {
    serve(settings, bundle, changes, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: String(error) });
      else response.destroy();
    });
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      changes.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  settings: Settings,
  bundle: Promise<Bundle>,
  changes: ReturnType<typeof createChanges>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (isForeign(request)) return sendJson(response, 403, { error: 'Only the page itself may ask' });
  const url = new URL(request.url ?? '/', 'http://page.invalid');
  if (request.method === 'POST') return await perform(settings, url.pathname, request, response);
  if (request.method !== 'GET') return sendJson(response, 405, { error: 'GET or POST' });
  switch (url.pathname) {
    case '/':
      return sendText(response, 'text/html', PAGE_HTML);
    case '/page.js':
      return sendText(response, 'text/javascript', (await bundle).script);
    case '/page.css':
      return sendText(response, 'text/css', (await bundle).styles);
    case '/state':
      return sendJson(response, 200, pageState(settings, url.searchParams.get('user')));
    case '/events':
      return changes.stream(response);
    default:
      return sendJson(response, 404, { error: 'No such page' });
  }
}

function pageState(settings: Settings, asked: string | null): PageState {
  const { slack } = settings;
  const users = slack.users.filter((user) => !user.deleted && !user.isBot);
  const userId = users.find((user) => user.id === asked)?.id ?? users[0]?.id ?? '';
  const home = slack.home(userId);
  const modal = slack.modal(userId);
  return {
    workspace: settings.workspaceName,
    appName: settings.appName,
    now: settings.clock(),
    ...(settings.desk && { clock: settings.desk.state(userId) }),
    isConnected: slack.connected(),
    users: users.map(({ id, realName, tz }) => ({ id, realName, tz, received: received(slack, id) })),
    channels: slack.channels.map(({ id, name }) => ({ id, name, messages: slack.messages(id) })),
    userId,
    messages: slack.messages(userId),
    ...(home && { home }),
    ...(modal && { modal }),
    panels: settings.providers.map((provider) => panelState(provider, userId)),
    shortcuts: [...slack.shortcuts],
    commands: [...slack.commands],
    suggestions: [...settings.suggestions],
  };
}

function received(slack: SlackWorkspace, userId: string): string[] {
  return slack
    .messages(userId)
    .filter((message) => message.author !== 'person')
    .map((message) => message.ts);
}

function panelState(provider: ProviderPanel, userId: string): PanelState {
  const { count, newest } = provider.calls(CALLS_SHOWN);
  return {
    id: provider.id,
    name: provider.name,
    ...(provider.note !== undefined && { note: provider.note }),
    ...(provider.link && { link: provider.link }),
    isDown: provider.isDown(),
    isKnown: provider.isKnown(userId),
    tasks: provider.tasks(userId),
    calls: newest,
    callCount: count,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page has no port');
  return address.port;
}
