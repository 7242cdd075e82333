import type { Server } from 'node:http';
import { fail } from './answers.ts';
import { dispatch, dispatchAgain, type Line, type Transport } from './delivery.ts';
import { setUser } from './members.ts';
import { methodTable } from './methods.ts';
import { leaveModal, submit } from './modals.ts';
import { setTeam } from './organisation.ts';
import { act, command, deliverEvent, openHome, pickShortcut, say } from './people.ts';
import { createRateLimits } from './rate-limits.ts';
import { listen } from './server.ts';
import { createHttpTransport } from './signed-http.ts';
import { createSocketTransport } from './socket.ts';
import { changed, createState, ENTERPRISE, type State } from './state.ts';
import type { SlackWorkspace, SlackWorkspaceOptions } from './types.ts';
import { sandboxView, topModal } from './views.ts';
import type { WebApi } from './web-api.ts';

async function close(server: Server, transport: Transport): Promise<void> {
  await transport.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** Reads, for tests and the page. */
function readings(state: State) {
  return {
    url: state.url,
    apiUrl: `${state.url}/api/`,
    teamId: state.teamId,
    enterprise: state.grid ? ENTERPRISE : undefined,
    isOrganisation: state.grid === 'org',
    botToken: state.botToken,
    appToken: state.appToken,
    signingSecret: state.signingSecret,
    botUserId: state.botUserId,
    shortcuts: state.shortcuts,
    commands: state.commands,
    calls: state.calls,
    unexpected: state.unexpected,
    sent: state.sent,
    messages: (userId: string) => structuredClone(state.messages.filter((message) => message.userId === userId)),
    home: (userId: string) => sandboxView(state, state.homes.get(userId)),
    modal: (userId: string) => sandboxView(state, topModal(state, userId)),
  } satisfies Partial<SlackWorkspace>;
}

/** Actions of people. */
function doings(line: Line) {
  return {
    act: (userId, where, blockId, action, values) => act(line, userId, where, blockId, action, values),
    submit: (userId, values) => submit(line, userId, values),
    closeModal: (userId, by = 'button') => leaveModal(line, userId, by),
    messageShortcut: (userId, ts, callbackId) => pickShortcut(line, userId, ts, callbackId),
    command: (userId, name, text) => command(line, userId, name, text),
    setUser: (user) => setUser(line, user),
    openHome: (userId) => openHome(line, userId),
    say: (userId, text) => say(line, userId, text),
    redeliver: () => dispatchAgain(line),
    event: (event) => deliverEvent(line, event),
    deliver: (kind, payload) => dispatch(line, kind, payload),
    goAway: () => {
      line.state.away = true;
      line.transport.cut();
    },
    disconnect: (reason = 'refresh_requested') => line.transport.disconnect(reason),
    connected: () => line.transport.connected(),
  } satisfies Partial<SlackWorkspace>;
}

/** Arrangements of tests. */
function arrangements(state: State) {
  return {
    failNext: (method, failure, times = 1) => {
      const queued = state.failures.get(method) ?? [];
      state.failures.set(method, [...queued, ...Array.from({ length: times }, () => failure)]);
    },
    refuseToken: (error) => {
      state.tokenError = error;
    },
    setChannel: (channel) => {
      state.rooms.set(channel.id, channel);
      changed(state);
    },
    setGroup: (id, userIds, teamId) => void state.groups.set(id, { userIds, teamId }),
    setTeam: (teamId, userIds) => setTeam(state, teamId, userIds),
    enter: (teamId) => {
      state.place = teamId;
    },
    grant: (scope, granted) => {
      if (granted) state.missingScopes.delete(scope);
      else state.missingScopes.add(scope);
    },
    comeBack: () => {
      state.away = false;
    },
    limitMessages: (weight) => {
      state.messageWeight = weight;
    },
    onChange: (listener) => {
      state.listeners.add(listener);
      return () => void state.listeners.delete(listener);
    },
  } satisfies Partial<SlackWorkspace>;
}

export async function createSlackWorkspace(options: SlackWorkspaceOptions): Promise<SlackWorkspace> {
  const state = createState(options);
  const sockets = options.http ? undefined : createSocketTransport(state);
  const transport = options.http ? createHttpTransport(state, options.http.requestUrl) : sockets;
  if (!transport) throw new Error('No way to the app');
  const api: WebApi = {
    state,
    methods: methodTable(sockets?.openConnection ?? (() => fail('not_allowed_token_type'))),
    limits: options.rateLimits === false ? undefined : createRateLimits(options.pace ?? state.clock),
  };
  const server = await listen(api, options.port ?? 0);
  const address = server.address();
  if (typeof address === 'object' && address) state.url = `http://127.0.0.1:${address.port}`;
  sockets?.attach(server);
  const line: Line = { state, transport, last: undefined };
  return {
    ...readings(state),
    ...doings(line),
    ...arrangements(state),
    get channels() {
      return [...state.rooms.values()];
    },
    get users() {
      return [...state.users.values()];
    },
    close: () => close(server, transport),
  };
}
