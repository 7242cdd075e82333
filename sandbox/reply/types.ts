/** The face of the Reply.io simulator: what tests, the demo and the page use. */
import type { SimulatorRequest } from '../desk.ts';
import type { Fault } from '../faults.ts';

/**
 * The generation of the API that is spoken (reply.md 1). `seed`: header `X-API-Key` and integer enums. `current`: Bearer
 * and string enums. `mixed`: the old header with string enums, since nobody says which half of it changed first.
 */
export type ReplyDialect = 'seed' | 'current' | 'mixed';

export type ReplyTaskType = 'toDo' | 'call' | 'meeting' | 'linkedIn' | 'manualEmail' | 'sms' | 'whatsApp';
export type ReplyStatus = 'new' | 'finished' | 'cancelled' | 'archived' | 'sequenceDetached';
export type ReplyLinkedInType = 'message' | 'connect' | 'inMail' | 'viewProfile';
export type ReplySource = 'user' | 'sequence' | 'meeting';
export type ReplyCallResolution = 'positive' | 'toCall' | 'negative';

export interface ReplyUser {
  /** Decimal digits. Someone in two teams is in the list once for each team, under one id. */
  id: string;
  email: string;
  name: string;
  teamId: string;
  teamName: string;
  /** A manager may see and change the tasks of teammates, and so may the workspace owner; default `member`. */
  role?: 'member' | 'manager';
}

export interface ReplyContact {
  id: string;
  /** What stands before the first blank is the first name. */
  fullName?: string;
  email?: string;
}

/** A task as Reply holds it; ids are decimal text here and go out as bare JSON integers. */
export interface ReplyTask {
  id: string;
  assignedUserId: string;
  /** A number: a value that nobody documents, such as 3 (reply.md 3). Strings in string dialects: `unknown3`. */
  taskType: ReplyTaskType | number;
  status: ReplyStatus | number;
  linkedInTaskType?: ReplyLinkedInType;
  contact?: ReplyContact | null;
  /** ISO-8601 with offset or Z, as all dates. */
  startAt: string;
  dueTo: string;
  finishedAt?: string;
  /** Reply executes it by itself at startAt. */
  isScheduled: boolean;
  sequenceId?: string;
  sequenceStepId?: string;
  sequenceStepDisplayName?: string;
  creationSource: ReplySource;
  createdAt: string;
  template: { body: string; subject?: string; attachmentIdList?: string[] };
  /** Goes out as null: a task that no PUT may leave as it is (reply.md 4). */
  without?: 'template' | 'body';
  /** Sent for ManualEmail, Call, Sms and LinkedIn only (reply.md 3). */
  deliveryInfo?: { email?: string; phoneNumber?: string; linkedInUrl?: string };
}

/** A request that the simulator received. */
export interface ReplyRequest extends SimulatorRequest {
  /** The header that carried a key, right or wrong; the key itself is not kept. */
  auth: 'x-api-key' | 'bearer' | 'both' | 'none';
  /** `X-User-Email` as it came; absent when the request named nobody. */
  actingUser?: string;
  /** The user that the request acted as; absent when the key, or the user, was refused. */
  actingUserId?: string;
}

interface ReplyCompletion {
  taskId: string;
  actingUserId: string;
  at: number;
  callResolution?: ReplyCallResolution;
}

/** Effects that the tasks do not show. */
export interface ReplyEffects {
  completions: ReplyCompletion[];
}

export interface ReplyOptions {
  users: readonly ReplyUser[];
  tasks: readonly ReplyTask[];
  /** Besides those that tasks are about. */
  contacts?: readonly ReplyContact[];
  /** The user that a Master key acts as when a call names nobody; default: the first one. */
  ownerId?: string;
  /** A Master key. */
  apiKey?: string;
  /** The key is this user's own instead: every call acts as them, whoever is named (reply.md 2). */
  personalTo?: string;
  /** Default `seed`. */
  dialect?: ReplyDialect;
  /** 0 (the default) takes a free port. */
  port?: number;
  clock?: () => number;
  /** The time by which rate limits count; undefined: nothing is counted now. Default: `clock`. */
  pace?: () => number | undefined;
  /** Enforce 100 calls a minute and 3,000 an hour for each acting user; default true. */
  rateLimits?: boolean;
  /** The task API is "coming soon" for this account: its routes answer 404 (also: true) or 501. */
  notEnabled?: boolean | 404 | 501;
  /** GET /v3/whoami/team-users answers 403 `workspace.forbidden`. */
  teamUsersForbidden?: boolean;
  /** No page holds more than this, however large a `top` was asked for; default 1,000. */
  pageMax?: number;
  /** Strings are written as the task page names them: `New`, `Call`. */
  capitals?: boolean;
  /** dueTo, finishedAt and createdAt come without `Z` (contracts, unknown R9: it is UTC all the same). */
  looseDates?: boolean;
}

export interface ReplySimulator {
  /** `http://127.0.0.1:PORT`, what `REPLY_API_URL` is set to. */
  readonly url: string;
  readonly apiKey: string;
  readonly dialect: ReplyDialect;
  readonly requests: readonly ReplyRequest[];
  /** Requests to no known route, or that break the documented contract; tests expect none. */
  readonly unexpected: readonly string[];
  readonly effects: Readonly<ReplyEffects>;
  /** Deleted tasks too, cancelled or archived as DELETE leaves them, although the API shows them no more. */
  task(id: string): ReplyTask | undefined;
  tasks(userId?: string): ReplyTask[];
  /** A change in Reply itself: adds or replaces a task. */
  put(task: ReplyTask): void;
  /** The task is gone without a trace. */
  remove(id: string): void;
  putUser(user: ReplyUser): void;
  putContact(contact: ReplyContact): void;
  /** GET /v3/whoami/team-users names nobody, with 200. */
  setDirectoryEmpty(empty: boolean): void;
  /** The vendor moves the account to another generation while it is used. */
  setDialect(dialect: ReplyDialect): void;
  fail(fault: Fault): void;
  clearFaults(): void;
  /** Lets held requests go on. */
  release(): void;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
