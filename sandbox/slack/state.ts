import { randomBytes } from 'node:crypto';
import { LIMITS } from '../../blocks/limits.ts';
import type {
  JsonObject,
  MessageShortcut,
  SandboxChannel,
  SandboxMessage,
  SandboxUser,
  SentPayload,
  SlackApiCall,
  SlackWorkspaceOptions,
  SlashCommand,
  ViewValues,
} from './types.ts';

/** The organisation of a workspace on Enterprise Grid. */
export const ENTERPRISE = { id: 'E0SANDBOX', name: 'Sandbox organisation' };

/** A modal or Home as it stands on one person's screen. */
export interface StoredView {
  id: string;
  userId: string;
  type: 'modal' | 'home';
  hash: string;
  /** The view as the app set it, with the ids that Slack adds. */
  json: JsonObject;
  /** The current values of its inputs. */
  values: ViewValues;
  errors?: Record<string, string>;
  /** The view at the bottom of its stack: itself, where it was opened and not pushed. */
  rootId: string;
  /** The view below it in the stack. */
  previousId: string | null;
}

/** A workspace of an organisation. `members`: who is in it. `left`: who was; Slack lists them as deleted. */
export interface Team {
  members: ReadonlySet<string>;
  left: ReadonlySet<string>;
}

interface Trigger {
  userId: string;
  issuedAt: number;
  used: boolean;
}

/** The target of a response_url; `ts` is the clicked message, absent for a slash command. */
export interface ResponseUrl {
  userId: string;
  channel: string;
  ts?: string;
  issuedAt: number;
  uses: number;
}

export interface Failure {
  error?: string;
  status?: number;
  retryAfter?: number;
}

export interface State {
  readonly teamId: string;
  readonly teamName: string;
  readonly grid: SlackWorkspaceOptions['grid'];
  /** Of an organisation: its workspaces that have the app. */
  readonly teams: Map<string, Team>;
  /** The workspace in which people act now. */
  place: string;
  readonly domain: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** The verification token that old payloads still carry. */
  readonly token: string;
  readonly clock: () => number;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  url: string;
  readonly users: Map<string, SandboxUser>;
  /** user group -> user ids, and its workspace where an organisation has several */
  readonly groups: Map<string, { userIds: readonly string[]; teamId: string | undefined }>;
  /** user id -> Unix seconds of the last change */
  readonly updated: Map<string, number>;
  readonly shortcuts: readonly MessageShortcut[];
  readonly commands: readonly SlashCommand[];
  /** channel id -> the channel */
  readonly rooms: Map<string, SandboxChannel>;
  /** user id -> id of the direct message with the app */
  readonly channels: Map<string, string>;
  messages: SandboxMessage[];
  readonly homes: Map<string, StoredView>;
  /** By user id: the stack of each person's modal, the view that shows last. */
  readonly modals: Map<string, StoredView[]>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly calls: SlackApiCall[];
  readonly unexpected: string[];
  readonly sent: SentPayload[];
  readonly failures: Map<string, Failure[]>;
  readonly listeners: Set<() => void>;
  /** The greatest weight of a message's blocks (`weightOf`): Slack's rule, or less where a test says so. */
  messageWeight: number;
  /** The error for every call with the bot's token, while Slack refuses it. */
  tokenError: string | undefined;
  /** Scopes of the bot that were taken away. */
  readonly missingScopes: Set<string>;
  /** Nobody reaches Slack: connections end, and none is taken. */
  away: boolean;
  lastTick: number;
  counter: number;
}

export function createState(options: SlackWorkspaceOptions): State {
  const suffix = randomBytes(12).toString('hex');
  const clock = options.clock ?? Date.now;
  const startedAt = Math.floor(clock() / 1_000);
  const teamId = options.teamId ?? 'T0SANDBOX';
  const teams = options.teams ?? { [teamId]: options.users.map(({ id }) => id) };
  return {
    teamId,
    teamName: options.teamName ?? 'Sandbox',
    grid: options.grid,
    teams: new Map(Object.entries(teams).map(([id, ids]) => [id, { members: new Set(ids), left: new Set() }])),
    place: Object.keys(teams)[0] ?? teamId,
    domain: (options.teamName ?? 'sandbox').toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    appId: 'A0SANDBOX',
    botId: 'B0SANDBOX',
    botUserId: 'U0DOCKETBOT',
    botToken: `xoxb-sandbox-${suffix}`,
    appToken: `xapp-1-A0SANDBOX-${suffix}`,
    signingSecret: options.signingSecret ?? randomBytes(16).toString('hex'),
    token: randomBytes(12).toString('hex'),
    clock,
    url: '',
    users: new Map(options.users.map((user) => [user.id, user])),
    groups: new Map(),
    updated: new Map(options.users.map((user) => [user.id, startedAt])),
    shortcuts: options.shortcuts ?? [],
    commands: options.commands ?? [],
    rooms: new Map(),
    channels: new Map(),
    messages: [],
    homes: new Map(),
    modals: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    calls: [],
    unexpected: [],
    sent: [],
    failures: new Map(),
    listeners: new Set(),
    messageWeight: LIMITS.messageWeight,
    tokenError: undefined,
    missingScopes: new Set(),
    away: false,
    lastTick: 0,
    counter: 0,
  };
}

export function changed(state: State): void {
  for (const listener of state.listeners) listener();
}

/** `D000000001` and the like: a letter and a running number. */
export function nextId(state: State, prefix: string): string {
  state.counter += 1;
  return `${prefix}${String(state.counter).padStart(9, '0')}`;
}

/** A message timestamp: seconds with six digits, never the same twice. */
export function nextTs(state: State): string {
  state.lastTick = Math.max(Math.floor(state.clock() * 1_000), state.lastTick + 1);
  const seconds = Math.floor(state.lastTick / 1_000_000);
  return `${seconds}.${String(state.lastTick % 1_000_000).padStart(6, '0')}`;
}

export function randomId(bytes = 8): string {
  return randomBytes(bytes).toString('hex');
}

export function requireUser(state: State, userId: string): SandboxUser {
  const user = state.users.get(userId);
  if (!user) throw new Error(`No such person in the workspace: ${userId}`);
  return user;
}
