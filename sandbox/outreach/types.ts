/** The face of the Outreach simulator: what tests, the demo and the page use. Every id is decimal text. */
import type { SimulatorRequest } from '../desk.ts';
import type { Fault } from '../faults.ts';

type OutreachState = 'pending' | 'incomplete' | 'complete';

export type OutreachAction = 'action_item' | 'call' | 'email' | 'in_person';

/** The types that `advance` takes (outreach.md 4). */
type OutreachStepType =
  | 'sequence_step_call'
  | 'sequence_step_email'
  | 'sequence_step_linkedin_interact_with_post'
  | 'sequence_step_linkedin_other'
  | 'sequence_step_linkedin_send_connection_request'
  | 'sequence_step_linkedin_send_message'
  | 'sequence_step_linkedin_view_profile'
  | 'sequence_step_sms'
  | 'sequence_step_task';

type OutreachTaskType =
  | OutreachStepType
  | 'follow_up'
  | 'manual'
  | 'no_reply'
  | 'sequence_open'
  | 'sequence_click'
  | 'touch';

export type OutreachAssociation = 'recent_created' | 'recent_updated' | 'noop';

export interface OutreachUser {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  /** May neither consent nor be given tasks; their tokens stop working. */
  locked?: boolean;
  /** Sees everybody's tasks; others see their own. */
  admin?: boolean;
}

export interface OutreachAccount {
  id: string;
  name: string;
}

export interface OutreachProspect {
  id: string;
  firstName: string;
  lastName: string;
  title?: string;
  company?: string;
  emails: string[];
  accountId?: string;
  mobilePhones?: string[];
  workPhones?: string[];
  otherPhones?: string[];
  homePhones?: string[];
  linkedInUrl?: string;
  /** What somebody wrote; IANA, hopefully. */
  timeZone?: string;
  timeZoneIana?: string;
  optedOut?: boolean;
  callOptedOut?: boolean;
  emailOptedOut?: boolean;
  touchedAt?: string;
}

export interface OutreachOpportunity {
  id: string;
  name: string;
  amount?: number;
  currencyType?: string;
  closeDate?: string;
  /** Percent. */
  probability?: number;
}

export interface OutreachSequence {
  id: string;
  name: string;
}

export interface OutreachStep {
  id: string;
  sequenceId: string;
  order: number;
  displayName: string;
  /** For example `call`, `manual_email`, `linkedin_send_message`. */
  stepType: string;
}

export interface OutreachPriority {
  id: string;
  name: string;
  /** The greatest is the most urgent. */
  weight: number;
}

/** A task as Outreach holds it. Times are ISO-8601. */
export interface OutreachTask {
  id: string;
  ownerId: string;
  state: OutreachState;
  taskType: OutreachTaskType;
  action: OutreachAction;
  dueAt: string | null;
  note?: string;
  /** Of an open SMS or LinkedIn step (outreach.md 2). */
  compiledSequenceTemplateHtml?: string;
  prospectId?: string;
  accountId?: string;
  opportunityId?: string;
  sequenceId?: string;
  sequenceStepId?: string;
  opportunityAssociation?: OutreachAssociation;
  /** Id of a priority. */
  priorityId?: string;
  autoskipAt?: string;
  completedAt?: string;
  completerId?: string;
  /** These two are filled in by the clock where they are absent. */
  createdAt?: string;
  updatedAt?: string;
  /** What the owner's profile permits; both default to true. */
  canWrite?: boolean;
  canDelete?: boolean;
}

/** A change to a sequence, beyond the task itself. */
export type OutreachEffect =
  /** The prospect moved on in the sequence: an advance, or a completed step. */
  | { kind: 'advanced'; at: number; taskId: string; sequenceId?: string; prospectId?: string }
  | { kind: 'finished'; at: number; taskId: string; sequenceId?: string; prospectId?: string; replied: boolean }
  /** A deleted sequence task leaves its prospect in the step (outreach.md 4). */
  | { kind: 'stranded'; at: number; taskId: string; sequenceId?: string; prospectId?: string }
  /** A completion note goes to the prospect (outreach.md 4). */
  | { kind: 'noted'; at: number; taskId: string; prospectId?: string; note: string };

export type OutreachEvent = 'task.created' | 'task.updated' | 'task.destroyed' | 'task.completed';

/** One webhook delivery, in the order in which they became due. */
export interface OutreachDelivery {
  event: OutreachEvent;
  taskId: string;
  webhookId: string;
  /** The receiver's status; 0: none, or not yet. */
  status: number;
  /** Up to 4; 0: lost on purpose. */
  attempts: number;
  /** The bytes. */
  body: string;
}

export interface OutreachWebhook {
  id: string;
  creatorId: string;
  url: string;
  action: '*';
  secret: string;
  payloadVersion: 2;
  active: boolean;
}

/** A request that the simulator received. */
export interface OutreachRequest extends SimulatorRequest {
  /** The token's user, when the token was good. */
  userId?: string;
}

export interface OutreachGrant {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
  scope: string;
  /** Seconds since the epoch. */
  createdAt: number;
}

export interface OutreachOptions {
  users: readonly OutreachUser[];
  prospects?: readonly OutreachProspect[];
  accounts?: readonly OutreachAccount[];
  opportunities?: readonly OutreachOpportunity[];
  sequences?: readonly OutreachSequence[];
  steps?: readonly OutreachStep[];
  tasks?: readonly OutreachTask[];
  /** 0 (the default) takes a free port. */
  port?: number;
  clientId?: string;
  clientSecret?: string;
  /** Enforce 10,000 calls an hour for each user, and one new token a minute; default true. */
  rateLimits?: boolean;
  /** `GET /api/v2` says whose token it is (outreach.md 7: not documented); default true. */
  saysWho?: boolean;
  /** The user who is signed in at Outreach in the browser: chosen first on the page of consent. Default: the first user. */
  inBrowser?: () => string | undefined;
  /** Between two new tokens of one user and app; default 60,000. */
  tokenEveryMs?: number;
  /** Instead of 10,000, so that a test need not send as many. */
  requestsPerHour?: number;
  /** To-one relations come as links, without `data`, as the task page allows (outreach.md 2.11). */
  relationsAsLinks?: boolean;
  /** Attributes that this account does not have: to ask for one of them is refused with a 400, and no breach (outreach.md 2.13). */
  lacks?: readonly string[];
  /** How long a receiver of webhooks may take; default 5,000. */
  webhookTimeoutMs?: number;
  /** Between two attempts after a network failure; default 1,000. */
  webhookRetryMs?: number;
  clock?: () => number;
  /** The time between two new tokens counts by this; undefined: it does not count now. Default: `clock`. */
  pace?: () => number | undefined;
}

export interface OutreachSimulator {
  /** `http://127.0.0.1:PORT`, what `OUTREACH_API_URL` is set to: the API under `/api/v2`, OAuth under `/oauth`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly requests: readonly OutreachRequest[];
  /** Requests to no known route, or that break the documented contract; tests expect none. */
  readonly unexpected: readonly string[];
  /** The changes to sequences, in order. */
  readonly effects: readonly OutreachEffect[];
  readonly deliveries: readonly OutreachDelivery[];

  task(id: string): OutreachTask | undefined;
  tasks(ownerId?: string): OutreachTask[];
  users(): OutreachUser[];
  /** A prospect, account, sequence step and the like, for whoever shows a task. */
  about(task: OutreachTask): {
    prospect?: OutreachProspect;
    account?: OutreachAccount;
    sequence?: OutreachSequence;
    step?: OutreachStep;
  };
  /** A change in Outreach itself; webhooks tell of it. */
  put(task: OutreachTask): void;
  complete(id: string): void;
  remove(id: string): void;
  putUser(user: OutreachUser): void;
  putProspect(prospect: OutreachProspect): void;

  /** As if this user had consented: does not count as a minted token. Default: every scope that Docket may ask for. */
  grant(userId: string, scopes?: readonly string[]): OutreachGrant;
  /** The user takes consent back: refresh tokens are invalid_grant, access tokens 401. */
  revoke(userId: string): void;
  /** As if two hours had passed for this user's access tokens, the minute between two of them included. */
  expireAccess(userId: string): void;

  webhooks(): OutreachWebhook[];
  /** true: from now on changes are delivered to nobody (recorded with 0 attempts), false: again. */
  loseWebhooks(lose: boolean): void;
  /** Sends the bytes of a delivery once more, as a new delivery at the end. */
  redeliver(index: number): void;
  /** Resolves when no delivery is under way. */
  settled(): Promise<void>;

  fail(fault: Fault): void;
  clearFaults(): void;
  /** Lets held requests go on. */
  release(): void;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
