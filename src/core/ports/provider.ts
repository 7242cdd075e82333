/**
 * A provider of tasks. A folder in `src/providers` implements `TaskProvider`; every one of them runs the same contract suite
 * (`test/contract/task-provider.ts`).
 */

import type { Capabilities, Change } from '../model/capabilities.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { Account } from '../model/people.ts';
import type { Operation, Task } from '../model/task.ts';

/** Clicks go ahead of a person who waits for a list, and both go ahead of digests. */
export type Priority = 'click' | 'person' | 'digest';

export interface CallOptions {
  priority: Priority;
  /** Someone just pressed for it: it is tried even while the provider is away. A list that a person waits for always is. */
  fresh?: boolean;
  /** Aborts the call, also while it still waits for its turn. */
  signal?: AbortSignal;
}

export interface TaskList {
  tasks: Task[];
  /** How many entries of the answer could not be read; said to the rep, never hidden. */
  unreadable: number;
}

/** A user of a provider. Only an active one is ever linked; the others are found so that an admin can be told why not. */
export interface ProviderUser {
  externalId: string;
  /** Lower-cased; every address that the provider names for them. */
  emails: readonly string[];
  /** True: the answer lacks a field that may hold another address, so an address that is not here is not denied. */
  partial?: boolean;
  name: string | undefined;
  /** `unknown`: the provider does not say. */
  state: 'active' | 'inactive' | 'locked' | 'unknown';
}

/** A task of this user's that is done, whoever did it. */
export interface Done {
  /** undefined: the provider does not say when. */
  doneAt: Instant | undefined;
}

/** What a provider answered to a change. */
export interface Receipt {
  reference: string | undefined;
}

/** Every method throws `ProviderError` and nothing else when the provider could not be asked or did not do it. */
export interface TaskProvider {
  readonly id: ProviderId;
  readonly name: string;
  readonly capabilities: Capabilities;
  /** The open tasks of one user, in no particular order. */
  listTasks(account: Account, options: CallOptions): Promise<TaskList>;
  /**
   * The same tasks with what the list did not say of them, for those that are about to be shown. What cannot be read in
   * time stays as it was; never throws.
   */
  describe?(account: Account, tasks: readonly Task[], options: CallOptions): Promise<Task[]>;
  /** One task if it is still open and still this user's; that it is done, where the provider tells; else undefined. */
  readTask(account: Account, taskId: string, options: CallOptions): Promise<Task | Done | undefined>;
  perform(account: Account, task: Task, change: Change, options: CallOptions): Promise<Receipt>;
  /** Takes a reversible verb back, so that the task is as `before` again. */
  undo(account: Account, before: Task, verb: Operation, options: CallOptions): Promise<Receipt>;
  /**
   * Users by exact, case-insensitive address; the keys are the addresses asked for, lower-cased. `fresh` reads the
   * provider's directory again. `as` is the rep whose consent is used, where the company has no credential of its own;
   * `grant` is one of theirs that is not stored yet, used instead.
   */
  findUsers(
    emails: readonly string[],
    options: CallOptions & { fresh?: boolean; as?: RepKey; grant?: Grant },
  ): Promise<ReadonlyMap<string, readonly ProviderUser[]>>;
  /**
   * What the provider's directory says of users whom we know already, by their ids: whether they are active, and under
   * which addresses. One that the directory does not name is missing, which says nothing of them. Reads nothing that
   * `findUsers` has just read. Only where the company has a directory.
   */
  findKnown?(
    accounts: readonly Pick<Account, 'externalId' | 'email'>[],
    options: CallOptions,
  ): Promise<readonly ProviderUser[]>;
  /** Where each rep signs in for themselves. Such a provider has no directory that could be asked for everyone. */
  readonly consent?: Consent;
  readonly editing?: Editing;
  readonly creating?: Creating;
  readonly hooks?: Hooks;
}

/** What a rep's consent gave us. */
export interface Grant {
  accessToken: string;
  refreshToken: string;
  /** When the access token was made, and when it ends. */
  mintedAt: Instant;
  expiresAt: Instant;
  scopes: readonly string[];
}

/** A grant as it is held: the version tells whether somebody else has renewed it since. */
export interface HeldGrant extends RepKey {
  grant: Grant;
  version: number;
}

/** What an adapter may do with reps' grants; `src/core/people/sign-in.ts` makes one for each provider. */
export interface Grants {
  /** undefined: no consent, or one that has ended. */
  find(rep: RepKey): Promise<HeldGrant | undefined>;
  /** The only right to renew this version, until then; false when another process has it, or has renewed it already. */
  lock(held: HeldGrant, until: Instant): Promise<boolean>;
  unlock(held: HeldGrant): Promise<void>;
  /** Stored before it is used: false when the version is no longer the newest, and then nothing changed. */
  renew(held: HeldGrant, grant: Grant): Promise<boolean>;
  /** It can no longer be renewed. The rep is told, once. */
  end(held: HeldGrant): Promise<void>;
}

export interface Consent {
  /** Where the rep's browser goes. */
  authorizeUrl(ask: { state: string; redirectUri: string; codeChallenge: string }): string;
  redeem(code: { code: string; redirectUri: string; codeVerifier: string }, options: CallOptions): Promise<Grant>;
  /** The address of whoever gave the grant; undefined when the provider does not say. Nothing else is done with it. */
  whoSignedIn?(grant: Grant, options: CallOptions): Promise<string | undefined>;
  /** Renews a grant that nobody has used for long, before it ends by itself. */
  keepAlive(rep: RepKey, options: CallOptions): Promise<void>;
}

export interface Choice {
  value: string;
  text: string;
}

/** Edits of a task (`EDITS`) at a provider that has them. */
export interface Editing {
  rules: readonly Choice[];
  /** What a form starts from; undefined when the task is no longer open. */
  read(account: Account, taskId: string, options: CallOptions): Promise<{ note: string; rule: string } | undefined>;
}

/** A task that a rep wants to have. */
export interface Draft {
  /** The address of the person it is about. */
  email: string;
  kind: string;
  dueAt: Instant;
  note: string;
}

/** The people whom a provider knows by an address. */
export type PersonFound = { is: 'one'; id: string; name: string } | { is: 'none' | 'several' };

export interface Creating {
  kinds: readonly Choice[];
  findPerson(account: Account, email: string, options: CallOptions): Promise<PersonFound>;
  create(account: Account, personId: string, draft: Draft, options: CallOptions): Promise<Receipt>;
  /** Whether an open task like this was made at or after `since`: asked after an answer was lost. */
  exists(account: Account, personId: string, draft: Draft & { since: Instant }, options: CallOptions): Promise<boolean>;
}

/** A change that a provider told us of. */
export interface HookEvent {
  taskId: string;
  what: 'created' | 'updated' | 'completed' | 'destroyed';
  /** Unique for this delivery of this change: deliveries come more than once. */
  key: string;
}

/** How a provider tells of changes by itself. */
export interface Hooks {
  /** Has this address told of all tasks' changes, as this rep; returns the provider's id of the subscription. */
  register(rep: RepKey, hook: { url: string; secret: string }, options: CallOptions): Promise<string>;
  isActive(rep: RepKey, hookId: string, options: CallOptions): Promise<boolean>;
  /** In lower case. A request without it is refused before its body is read. */
  readonly signatureHeader: string;
  /** Whether the raw body was signed with the secret; in constant time. */
  verify(secret: string, body: Uint8Array, headers: Readonly<Record<string, string | string[] | undefined>>): boolean;
  /** undefined: signed, but about nothing that we know. */
  parse(body: string): HookEvent | undefined;
}
