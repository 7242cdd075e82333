/** The port of every folder in `src/providers`. All run one contract suite (`test/contract/task-provider.ts`). */
import type { Capabilities, Change } from '../model/capabilities.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { Account } from '../model/people.ts';
import type { DoneBy, Operation, Task } from '../model/task.ts';

/**
 * Order of waiting calls: clicks first, then people who wait for a list, then actions on many tasks, then digests that are due,
 * then what nobody waits for yet.
 */
export type Priority = 'click' | 'person' | 'sweep' | 'digest' | 'spare';

export interface CallOptions {
  priority: Priority;
  /** Someone just clicked: try it even while the provider is away. Lists that a person waits for always try. */
  fresh?: boolean;
  /** Aborts the call, also while it waits for its turn. */
  signal?: AbortSignal;
}

export interface TaskList {
  tasks: Task[];
  /** Entries of the answer that could not be read. Shown to the rep. */
  unreadable: number;
}

/** A provider's user. Only active ones are linked; the others explain to an admin why there is no link. */
export interface ProviderUser {
  externalId: string;
  /** Every known address, lower-cased. */
  emails: readonly string[];
  /** True: the answer lacks a field that may hold more addresses. */
  partial?: boolean;
  name: string | undefined;
  state: 'active' | 'inactive' | 'locked' | 'unknown';
}

/** A completed task of this user, whoever completed it. `doneBy` only where the provider says it. */
export interface Done {
  doneAt: Instant | undefined;
  doneBy?: DoneBy;
}

/** The result of a change. */
export interface Receipt {
  reference: string | undefined;
}

/** Every method throws only `ProviderError`. */
export interface TaskProvider {
  readonly id: ProviderId;
  readonly name: string;
  readonly capabilities: Capabilities;
  /** The open tasks of one user, unordered. */
  listTasks(account: Account, options: CallOptions): Promise<TaskList>;
  /**
   * Its list is one answer with all open tasks: a task that is missing is not open, and reading it would only list again.
   */
  readonly listsWhole?: true;
  /** Adds details to tasks that are about to be shown. A task that cannot be read in time stays as it was; never throws. */
  describe?(account: Account, tasks: readonly Task[], options: CallOptions): Promise<Task[]>;
  /** The task if it is still open and this user's; `Done` if the provider says so; else undefined. */
  readTask(account: Account, taskId: string, options: CallOptions): Promise<Task | Done | undefined>;
  perform(account: Account, task: Task, change: Change, options: CallOptions): Promise<Receipt>;
  /** Reverses a verb, so that the task is as `before` again. */
  undo(account: Account, before: Task, verb: Operation, options: CallOptions): Promise<Receipt>;
  /**
   * Users by exact, case-insensitive address; the keys are the given addresses, lower-cased. `fresh` bypasses the
   * cache. `as` is the rep whose grant is used, if the company has no credential; `grant` is used instead of a stored
   * one.
   */
  findUsers(
    emails: readonly string[],
    options: CallOptions & { fresh?: boolean; as?: RepKey; grant?: Grant },
  ): Promise<ReadonlyMap<string, readonly ProviderUser[]>>;
  /**
   * The directory's entries of known users, by id: their state and addresses. A missing user means nothing. Uses the
   * cache of `findUsers`. Only for providers with a company directory.
   */
  findKnown?(
    accounts: readonly Pick<Account, 'externalId' | 'email'>[],
    options: CallOptions,
  ): Promise<readonly ProviderUser[]>;
  /**
   * One harmless read with the company's own credential, for `npm run doctor`; without it, an address of nobody's is looked
   * for with `findUsers`.
   */
  check?(options: CallOptions): Promise<void>;
  /** Present where each rep signs in. Such a provider has no directory for everyone. */
  readonly consent?: Consent;
  readonly editing?: Editing;
  readonly creating?: Creating;
  readonly hooks?: Hooks;
}

export type Providers = ReadonlyMap<ProviderId, TaskProvider>;

/** A rep's OAuth tokens. */
export interface Grant {
  accessToken: string;
  refreshToken: string;
  /** Of the access token. */
  mintedAt: Instant;
  expiresAt: Instant;
  scopes: readonly string[];
}

/** A stored grant. The version shows whether somebody else has renewed it. */
export interface HeldGrant extends RepKey {
  grant: Grant;
  version: number;
}

/** An adapter's access to reps' grants; `src/core/people/sign-in.ts` makes one for each provider. */
export interface Grants {
  /** undefined: no grant, or one that has ended. */
  find(rep: RepKey): Promise<HeldGrant | undefined>;
  /** A lock for renewing this version. False: another process holds it or has renewed it. */
  lock(held: HeldGrant, until: Instant): Promise<boolean>;
  unlock(held: HeldGrant): Promise<void>;
  /** Stores the new grant before it is used. False: the version was not the newest, and nothing changed. */
  renew(held: HeldGrant, grant: Grant): Promise<boolean>;
  /** The grant cannot be renewed any more. The rep is told once. */
  end(held: HeldGrant): Promise<void>;
}

export interface Consent {
  /** The sign-in page for the rep's browser. */
  authorizeUrl(ask: { state: string; redirectUri: string; codeChallenge: string }): string;
  redeem(code: { code: string; redirectUri: string; codeVerifier: string }, options: CallOptions): Promise<Grant>;
  /** The address of the person who signed in; undefined if the provider does not say. */
  whoSignedIn?(grant: Grant, options: CallOptions): Promise<string | undefined>;
  /** Renews an unused grant before it expires. */
  keepAlive(rep: RepKey, options: CallOptions): Promise<void>;
}

export interface Choice {
  value: string;
  text: string;
}

/** Task edits (`EDITS`). */
export interface Editing {
  rules: readonly Choice[];
  /** The form's current values; undefined if the task is not open any more. */
  read(account: Account, taskId: string, options: CallOptions): Promise<{ note: string; rule: string } | undefined>;
}

/** A new task that a rep asks for. */
export interface Draft {
  /** The contact's address, or their name. */
  email: string;
  /** The one whom the rep chose of several with that address or name. */
  personId?: string;
  kind: string;
  dueAt: Instant;
  note: string;
}

/** A person at the provider for whom a task can be created. */
export interface Person {
  id: string;
  name: string;
  email?: string;
}

/** The provider's people with an address or a name. `several`: the first ones; `more`: there are others. */
export type PersonFound =
  | ({ is: 'one' } & Person)
  | { is: 'none' }
  | { is: 'several'; people: readonly Person[]; more: boolean };

export interface Creating {
  kinds: readonly Choice[];
  /** `who`: an address, or the words of a name. Only people who have all of it; never the likeliest of two. */
  findPerson(account: Account, who: string, options: CallOptions): Promise<PersonFound>;
  create(account: Account, personId: string, draft: Draft, options: CallOptions): Promise<Receipt>;
  /** Whether such an open task was created at or after `since`; asked after a lost answer. */
  exists(account: Account, personId: string, draft: Draft & { since: Instant }, options: CallOptions): Promise<boolean>;
}

/** A change that a webhook reported. */
export interface HookEvent {
  taskId: string;
  what: 'created' | 'updated' | 'completed' | 'destroyed';
  /** The provider's user whose task it is, if the webhook says so. Never believed: the task is read as them. */
  owner?: string;
  /** Unique for this event: webhooks are repeated. */
  key: string;
}

/** Webhooks. */
export interface Hooks {
  /** Subscribes the URL to all task changes, as this rep; returns the subscription's id. */
  register(rep: RepKey, hook: { url: string; secret: string }, options: CallOptions): Promise<string>;
  isActive(rep: RepKey, hookId: string, options: CallOptions): Promise<boolean>;
  /** As the rep who subscribed. One that is gone is no failure. */
  remove(rep: RepKey, hookId: string, options: CallOptions): Promise<void>;
  /** In lower case. A request without it is refused before its body is read. */
  readonly signatureHeader: string;
  /** Checks the signature of the raw body, in constant time. */
  verify(secret: string, body: Uint8Array, headers: Readonly<Record<string, string | string[] | undefined>>): boolean;
  /** undefined: signed, but not about tasks. */
  parse(body: string): HookEvent | undefined;
}
