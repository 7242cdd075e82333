/** The face of the local Slack workspace: what tests, the demo and the page use. */

export interface SandboxUser {
  id: string;
  /** Handle, without `@`. */
  name: string;
  realName: string;
  email?: string;
  /** IANA zone. */
  tz: string;
  /** `en-GB`; told only to whom asks for it. */
  locale?: string;
  deleted?: boolean;
  isBot?: boolean;
  /** May manage the workspace. */
  isAdmin?: boolean;
  /** Owns the workspace; an owner is an admin too. */
  isOwner?: boolean;
  /** May manage the whole organisation, whatever they may in its workspaces. */
  isOrgAdmin?: boolean;
  /** What they show beside their name. `expiration`: in seconds since 1970; 0 or absent: it stays. */
  status?: { emoji?: string; text?: string; expiration?: number };
  /** Fields that Slack gives otherwise than usual: null, of another workspace, or, with `undefined`, not at all. */
  said?: Readonly<Record<string, Json | undefined>>;
}

/** A conversation of several people. */
export interface SandboxChannel {
  id: string;
  /** Without `#`. */
  name: string;
  isPrivate?: boolean;
  /** The app is a member: it can post. */
  hasApp?: boolean;
  isArchived?: boolean;
}

/** A message shortcut, as the app's manifest declares it. */
export interface MessageShortcut {
  name: string;
  callbackId: string;
}

/** A slash command, as the app's manifest declares it. */
export interface SlashCommand {
  /** With the slash. */
  name: string;
  description: string;
  usageHint: string;
}

export interface SlackWorkspaceOptions {
  users: readonly SandboxUser[];
  /** 0 (the default) takes a free port. */
  port?: number;
  teamId?: string;
  /** Of an app that other workspaces have as well. */
  signingSecret?: string;
  teamName?: string;
  /** Default: Socket Mode. With `http`, interactions are signed and posted to that URL instead. */
  http?: { requestUrl: string };
  /**
   * The workspace is part of an Enterprise Grid: interactions name it in `user.team_id` only. `org`: the app is installed in
   * the whole organisation instead of in this workspace.
   */
  grid?: 'workspace' | 'org';
  /** With `org`: its workspaces that have the app, and who is in each; people act in the first one. Default: `teamId`, with everyone. */
  teams?: Readonly<Record<string, readonly string[]>>;
  /** Milliseconds since the epoch; default is the real clock. */
  clock?: () => number;
  /** The message shortcuts. Where none are named, `messageShortcut` takes any callback id. */
  shortcuts?: readonly MessageShortcut[];
  /** The slash commands. Where none are named, `command` takes any. */
  commands?: readonly SlashCommand[];
  /** Enforce Slack's rate limits (slack.md 1); default true. */
  rateLimits?: boolean;
  /** The time by which they count; undefined: nothing is counted now. Default: `clock`. */
  pace?: () => number | undefined;
}

/** JSON as Slack sends and takes it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A message in a rep's direct message with the app, or in a channel. */
export interface SandboxMessage {
  channel: string;
  ts: string;
  /** The person whose direct message it is; in a channel, the channel's id. */
  userId: string;
  text: string;
  blocks: JsonObject[];
  ephemeral: boolean;
  /** The number of edits. */
  edits: number;
  /** What the controls hold, once a person has chosen something in one of them. It outlives an edit that keeps the control's ids. */
  values?: ViewValues;
  /** Set when the person wrote it, not the app. */
  author?: 'person';
}

/**
 * A Web API call that the workspace received, in order of arrival. Posts to a response_url are listed too, with
 * `response_url` as the method.
 */
export interface SlackApiCall {
  at: number;
  method: string;
  args: JsonObject;
  /** `ok`, or Slack's error code. */
  result: string;
}

/** The result of a person's action. */
export interface Delivery {
  /** The app acknowledged within three seconds. */
  acked: boolean;
  ackMs: number;
  /** The acknowledgement's body, for example `response_action: errors` of a modal. */
  ackBody: JsonObject;
}

/** A modal or Home view as the app last set it. */
export interface SandboxView {
  id: string;
  type: 'modal' | 'home';
  callback_id?: string;
  hash: string;
  view: JsonObject;
  /** The app's errors for the last submission: block_id -> sentence, as shown beside the field. */
  errors?: Record<string, string>;
}

/** The three kinds of envelope. */
export type EnvelopeKind = 'interactive' | 'slash_commands' | 'events_api';

/** A payload that was sent to the app, so that a test can change a copy and deliver it forged. */
export interface SentPayload {
  kind: EnvelopeKind;
  payload: JsonObject;
}

/** Values that a person put into a modal's inputs: block_id -> action_id -> value as Slack would send it. */
export type ViewValues = Record<string, Record<string, JsonObject>>;

export interface SlackWorkspace {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The value for `SLACK_API_URL`; ends with `/api/`. */
  readonly apiUrl: string;
  readonly teamId: string;
  /** The organisation of Enterprise Grid that it belongs to; with `isOrganisation` it stands for all of that. */
  readonly enterprise: { id: string; name: string } | undefined;
  readonly isOrganisation: boolean;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly botUserId: string;
  readonly users: readonly SandboxUser[];
  readonly channels: readonly SandboxChannel[];
  readonly shortcuts: readonly MessageShortcut[];
  readonly commands: readonly SlashCommand[];
  readonly calls: readonly SlackApiCall[];
  /**
   * Requests that no Slack method answers to, and protocol errors of the app (blocks, views or arguments that Slack
   * refuses included); tests expect none.
   */
  readonly unexpected: readonly string[];
  /** Every payload that was sent to the app, oldest first. */
  readonly sent: readonly SentPayload[];

  /** Oldest first; what this person sees in the direct message with the app, ephemeral messages included; or what is in a channel. */
  messages(userId: string): SandboxMessage[];
  home(userId: string): SandboxView | undefined;
  /** The modal on top of the person's screen. */
  modal(userId: string): SandboxView | undefined;

  /**
   * Presses a control of a message, of Home or of the modal on top. `action` is the element's own JSON with what a person
   * adds: `selected_option` for a select, a menu or radio buttons, `selected_user` for a list of people. `blockId` is the
   * block that holds it.
   */
  act(
    userId: string,
    where: { ts: string } | { home: true } | { modal: true },
    blockId: string,
    action: JsonObject,
    /** What stands in the modal's other inputs by now: Slack sends it along. */
    values?: ViewValues,
  ): Promise<Delivery>;
  submit(userId: string, values: ViewValues): Promise<Delivery>;
  /**
   * Closes the modal without submitting: by its button, or the whole stack by the cross. The app is told where it asked for
   * that; undefined where it did not.
   */
  closeModal(userId: string, by?: 'button' | 'cross'): Promise<Delivery | undefined>;
  /** Picks a shortcut from the menu of a message; ephemeral messages have none. */
  messageShortcut(userId: string, ts: string, callbackId: string): Promise<Delivery>;
  command(userId: string, command: string, text: string): Promise<Delivery>;
  openHome(userId: string): Promise<Delivery>;
  /** Writes to the app in the direct message. */
  say(userId: string, text: string): Promise<Delivery>;
  /** Sends the last interaction once more, as Slack does when no acknowledgement came. */
  redeliver(): Promise<Delivery>;
  /** Delivers an Events API event of any kind. */
  event(event: JsonObject): Promise<Delivery>;
  /** Delivers a payload as it stands, whoever wrote it: for forged and for outdated interactions. */
  deliver(kind: EnvelopeKind, payload: JsonObject): Promise<Delivery>;
  /** Socket Mode: tells the app to reconnect, as Slack does when it recycles a connection. */
  disconnect(reason?: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  /**
   * Adds a person, or changes one: at once, also for a caller that does not wait. A connected app is told by `team_join` or
   * `user_change`; undefined when none is connected. It never rejects.
   */
  setUser(user: SandboxUser): Promise<Delivery | undefined>;

  /** The next `times` calls of `method` are answered with this Slack error (or HTTP status). */
  failNext(method: string, failure: { error?: string; status?: number; retryAfter?: number }, times?: number): void;
  /** From now on every call with the bot's token is refused with this error; undefined: taken again. */
  refuseToken(error: string | undefined): void;
  /** Makes a channel, or changes one. */
  setChannel(channel: SandboxChannel): void;
  /** Makes a user group, or changes who is in it. `teamId`: the workspace of the organisation that it is of. */
  setGroup(id: string, userIds: readonly string[], teamId?: string): void;
  /** Of an organisation: gives the app to a workspace, or changes who is in it; undefined: takes the app from it. */
  setTeam(teamId: string, userIds: readonly string[] | undefined): void;
  /** From now on people act in that workspace of the organisation. */
  enter(teamId: string): void;
  /** Takes a scope from the bot, or gives it back. */
  grant(scope: string, granted: boolean): void;
  /** An outage: open sockets end, requests and new sockets are cut off, until it is over. */
  goAway(): void;
  comeBack(): void;
  /** From now on messages that weigh more than this are refused: Slack's own rule is undocumented, and may be stricter. */
  limitMessages(weight: number): void;
  /** Called after anything changed that a person or the page could see. */
  onChange(listener: () => void): () => void;
  /** True while the app has an open socket (or, with `http`, always). */
  connected(): boolean;
  close(): Promise<void>;
}
