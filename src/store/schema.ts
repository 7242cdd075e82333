/**
 * The tables. Instants are UTC milliseconds, flags are 0 or 1, lists and snapshots are JSON. Fields of a snapshot that
 * queries need have columns of their own.
 */
import type { Generated } from 'kysely';
import type { ActionState, FailureReason } from '../core/model/action.ts';
import type { Run, SkipReason } from '../core/model/digest.ts';
import type { Instant, ProviderId } from '../core/model/keys.ts';
import type { MessageKind } from '../core/model/message.ts';
import type { LinkDoubtReason, LinkEventKind, LinkOrigin, LinkProblemReason } from '../core/model/people.ts';
import type { SweepKind } from '../core/model/sweep.ts';

/** A type, because Kysely needs an index signature. */
export type StoreTables = {
  reps: RepRow;
  links: LinkRow;
  schedules: ScheduleRow;
  runs: RunRow;
  messages: MessageRow;
  message_items: MessageItemRow;
  spending: SpendingRow;
  shared_notes: SharedNoteRow;
  actions: ActionRow;
  returns: ReturnRow;
  sweeps: SweepRow;
  declined_links: DeclinedLinkRow;
  suggestions: SuggestionRow;
  link_problems: LinkProblemRow;
  link_doubts: LinkDoubtRow;
  link_events: LinkEventRow;
  connections: ConnectionRow;
  consents: ConsentRow;
  unconfirmed_grants: UnconfirmedGrantRow;
  hooks: HookRow;
  left_hooks: LeftHookRow;
  credentials: CredentialRow;
  workspaces: WorkspaceRow;
  syncs: SyncRow;
  rollups: RollupTable;
  rollup_members: RollupMemberRow;
  installs: InstallRow;
  tools: ToolRow;
  install_states: InstallStateRow;
};

interface OfRep {
  team_id: string;
  user_id: string;
}

export interface RepRow extends OfRep {
  name: string;
  email: string | null;
  /** Slack's. */
  zone: string;
  /** As Slack says it: `en-GB`. */
  locale: string | null;
  active: number;
  /** When they got the welcome or their first digest. */
  welcomed_at: Generated<Instant | null>;
  /** Where the welcome stands. */
  welcome_channel: Generated<string | null>;
  welcome_ts: Generated<string | null>;
}

/** Only of workspaces in which an admin has stopped all digests. */
interface WorkspaceRow {
  team_id: string;
  off_at: Instant;
  off_by: string;
}

/** `at`: when it began. `mark`: a fingerprint of the settings. */
interface SyncRow {
  team_id: string;
  at: Instant;
  mark: string;
}

/** `sealed`: the bot's token. */
interface InstallRow {
  team_id: string;
  /** The organisation of the workspace. The same as `team_id`: the app is in the whole organisation. */
  enterprise_id: string | null;
  name: string | null;
  sealed: string;
  bot_id: string;
  bot_user_id: string;
  installed_by: string;
  installed_at: Instant;
  /** Another one with each token. */
  version: number;
  /** Of a token that is renewed. */
  expires_at: Instant | null;
  /** A process renews it until then. */
  locked_until: Instant | null;
  /** 1: all of the workspace is being deleted. */
  ended: number;
}

/** A state of the install page that was used. */
interface InstallStateRow {
  state_hash: string;
  expires_at: Instant;
}

interface ToolRow {
  team_id: string;
  provider: ProviderId;
  sealed: string;
  set_by: string;
  set_at: Instant;
}

/** `about` is JSON (`RollupPeople`). */
export interface RollupTable {
  id: Generated<number>;
  team_id: string;
  about: string;
  reader: string;
  day: number;
  time: string;
  zone: string;
  set_by: string;
  next_due_at: Instant;
  last_sent_at: Generated<Instant | null>;
}

interface RollupMemberRow extends OfRep {
  rollup_id: number;
}

export interface LinkRow extends OfRep {
  provider: ProviderId;
  external_id: string;
  email: string | null;
  origin: LinkOrigin;
  linked_at: Instant;
  last_listed_at: Instant | null;
  announced_at: Instant | null;
}

export interface ScheduleRow extends OfRep {
  time: string;
  days: string;
  own_zone: string | null;
  country: string | null;
  paused_until: Instant | null;
  next_due_at: Instant;
  /** What the rep chose of `DayChoices`. */
  choices: Generated<string>;
}

export interface RunRow extends OfRep {
  local_date: string;
  state: Run['state'];
  why: Generated<SkipReason | null>;
  refusal: Generated<string | null>;
  due_at: Generated<Instant | null>;
  rows: Generated<number | null>;
  /** A JSON list of providers. null: all answered. */
  unanswered: Generated<string | null>;
  overdue: Generated<number | null>;
  overdue_days: Generated<number | null>;
  claimed_at: Instant;
  posted_at: Instant | null;
  message_id: number | null;
}

export interface MessageRow extends OfRep {
  id: Generated<number>;
  kind: MessageKind;
  channel: string | null;
  ts: string | null;
  summary: string;
  created_at: Instant;
  /** The next unused position; positions are never reused in a message. */
  next_position: number;
  /** 1: an old digest without buttons. */
  retired: Generated<number>;
  /** The local date of the digest that it was listed ahead for, until that takes it. */
  ahead_of: Generated<string | null>;
}

/** JSON that processes keep together. */
interface SharedNoteRow {
  name: string;
  note: string;
  version: number;
  written_at: Instant;
}

interface SpendingRow {
  /** The account that the calls are counted for: a tool, and whose it is there. */
  provider: string;
  /** Since 1970, in UTC. */
  day: number;
  calls: number;
}

export interface MessageItemRow {
  message_id: number;
  /** In buttons. It belongs to one task for ever. */
  position: number;
  /** The display order. */
  ordinal: number;
  /** 0: hidden, but a late click still finds it. */
  visible: number;
  provider: ProviderId;
  task_id: string;
  task: string;
  seq: number;
  /** A change at the provider (`SeenChange`). */
  seen: string | null;
}

/** `change` and `life` are JSON (`Change`, `Life`); `state`, `failure` and `settled_at` are copies for queries. */
export interface ActionRow extends OfRep {
  id: Generated<number>;
  provider: ProviderId;
  task_id: string;
  seq: number;
  change: string;
  external_id: string | null;
  task: string;
  life: string;
  state: ActionState;
  failure: FailureReason | null;
  settled_at: Instant | null;
  sent_at: Instant | null;
  attempts: number;
  reference: string | null;
  created_at: Instant;
  sweep_id: number | null;
}

/** `due_at`: a copy of the time of the action's snooze. */
interface ReturnRow extends OfRep {
  action_id: number;
  due_at: Instant;
}

/** `change` and `left_out` are JSON. */
export interface SweepRow extends OfRep {
  id: Generated<number>;
  kind: SweepKind;
  /** Unique for a rep. */
  key: string;
  message_id: number;
  change: string | null;
  left_out: string | null;
  channel: string | null;
  ts: string | null;
  undo_asked_at: Instant | null;
  round: number;
  created_at: Instant;
}

interface DeclinedLinkRow extends OfRep {
  provider: ProviderId;
  at: Instant;
}

export interface SuggestionRow extends OfRep {
  provider: ProviderId;
  external_id: string;
  email: string | null;
  name: string;
  suggested_by: string;
  suggested_at: Instant;
}

export interface LinkProblemRow extends OfRep {
  provider: ProviderId;
  reason: LinkProblemReason;
  name: string;
  email: string | null;
}

export interface LinkDoubtRow extends OfRep {
  provider: ProviderId;
  external_id: string;
  reason: LinkDoubtReason;
  since: Instant;
  looks: number;
  last_day: string;
}

export interface LinkEventRow extends OfRep {
  id: Generated<number>;
  provider: ProviderId;
  event: LinkEventKind;
  by: string;
  external_id: string | null;
  origin: LinkOrigin | null;
  at: Instant;
}

/** `sealed` columns hold secrets (`vault.ts`). */
export interface ConnectionRow extends OfRep {
  provider: ProviderId;
  sealed: string;
  version: number;
  minted_at: Instant;
  connected_at: Instant;
  locked_until: Instant | null;
  ended: number;
}

interface ConsentRow extends OfRep {
  state_hash: string;
  provider: ProviderId;
  /** Empty after the end of the sign-in. */
  sealed: string;
  expires_at: Instant;
  /** When it was used: it redeems nothing after that. */
  taken_at: Instant | null;
  /** `ConsentResult` as JSON, for repeated callbacks. */
  result: string | null;
}

interface UnconfirmedGrantRow extends OfRep {
  provider: ProviderId;
  state_hash: string;
  sealed: string;
  expires_at: Instant;
}

interface HookRow extends OfRep {
  provider: ProviderId;
  hook_id: string;
  url: string;
  sealed: string;
}

/** `sealed_key`: of the tool. `sealed_grant`: of the rep who made the webhook. */
export interface LeftHookRow extends OfRep {
  provider: ProviderId;
  hook_id: string;
  url: string;
  sealed_key: string | null;
  sealed_grant: string | null;
}

/** A fingerprint of the company's credential, to detect a new one. */
interface CredentialRow {
  team_id: string;
  provider: ProviderId;
  mark: string;
}
