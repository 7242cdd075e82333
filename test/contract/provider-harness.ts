/** What the contract suite of task providers needs to know about one, and how it asks. */

import { inspect } from 'node:util';
import { expect } from 'vitest';
import { isOpen } from '../../src/core/clicks/target.ts';
import type { Change } from '../../src/core/model/capabilities.ts';
import { ProviderError, type ProviderErrorKind } from '../../src/core/model/errors.ts';
import type { Instant } from '../../src/core/model/keys.ts';
import type { Account } from '../../src/core/model/people.ts';
import type { DoneBy, Task, Verb } from '../../src/core/model/task.ts';
import type { CallOptions, TaskProvider } from '../../src/core/ports/provider.ts';

export type Route = 'list' | 'change' | 'users';

export type Fault =
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string; contentType?: string }
  /** The connection breaks: before anything happened (`reset`), or after the request took effect (`lose`). */
  | { kind: 'reset' | 'lose' | 'hang' };

export interface UpstreamTask {
  id: string;
  /** The provider's id of the user. */
  owner: string;
  title: string;
  dueAt: Instant | undefined;
  state: 'open' | 'done' | 'dismissed';
  /** Where the provider keeps that; the owner, unless a test says otherwise. */
  doneBy?: DoneBy;
}

export interface ProviderHarness {
  provider: TaskProvider;
  /** Two reps and who they are at the provider. */
  owner: Account;
  stranger: Account;
  /** Two ids of tasks that a JavaScript number cannot tell apart. */
  ids: readonly [string, string];
  /** What no error may show: keys, tokens, in every form in which they are sent. */
  secrets: readonly string[];
  putTask(task: UpstreamTask): void;
  putUser(user: { externalId: string; email: string; active: boolean }): void;
  task(id: string): UpstreamTask | undefined;
  /**
   * For the next request of a route, and for what the adapter repeats at once by itself. `change` is the request of the
   * verb; default `done`.
   */
  fail(route: Route, fault: Fault, verb?: Verb): void;
  /** Where a status means something else on a route of this provider than the table says. */
  kindOf?(route: Route, status: number): ProviderErrorKind | undefined;
  /** False: the directory does not name people who have left. */
  keepsThoseWhoLeft?: boolean;
  /** How many requests changed something upstream. */
  effects(): number;
}

/** The harness fails its test if the provider was asked what the documents do not allow. */
export type MakeHarness = (options?: { timeoutMs?: number }) => Promise<ProviderHarness>;

export const DUE = Date.UTC(2026, 10, 27, 10, 30);
export const LATER = Date.UTC(2026, 11, 1, 15, 0);
/** Stands in answers; no error may show it. */
export const MARKER = 'text-of-an-answer-that-nobody-may-see';
/** A rep's account at a provider. */
export function accountOf(externalId: string, email = `${externalId}@example.com`): Account {
  return { teamId: 'T1', userId: `U${externalId}`, externalId, email };
}

export const click = { priority: 'click' } satisfies CallOptions;

/** One call on each route. */
export const CALLS = {
  list: ({ provider, owner }) => provider.listTasks(owner, click),
  change: async (harness) => {
    const task = await seeded(harness);
    return harness.provider.perform(harness.owner, task, { verb: 'done' }, click);
  },
  users: (harness) => harness.provider.findUsers(['dana@example.com'], asOwner(harness)),
} satisfies Record<Route, (harness: ProviderHarness) => Promise<unknown>>;

/** People are looked for with the owner's consent, where there is such a thing. */
export function asOwner({ owner }: ProviderHarness) {
  return { ...click, as: { teamId: owner.teamId, userId: owner.userId } };
}

/** An open task, as the provider reads it. */
export async function seeded(harness: ProviderHarness): Promise<Task> {
  const { provider, owner, ids } = harness;
  harness.putTask({ id: ids[0], owner: owner.externalId, title: 'Call Dana', dueAt: DUE, state: 'open' });
  const task = await provider.readTask(owner, ids[0], click);
  if (!isOpen(task)) throw new Error('the task that was put upstream cannot be read');
  return task;
}

export function changeOf(verb: Verb): Change {
  return verb === 'done' || verb === 'dismiss' ? { verb } : { verb, dueAt: LATER };
}

export function outcomeOf(verb: Verb): Partial<UpstreamTask> {
  if (verb === 'done') return { state: 'done', dueAt: DUE };
  if (verb === 'dismiss') return { state: 'dismissed', dueAt: DUE };
  return { state: 'open', dueAt: LATER };
}

/** The error of a call that must fail, which is always a `ProviderError`. */
export async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const outcome = await call.then(
    (value) => new Error(`succeeded with ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof ProviderError) return outcome;
  throw outcome;
}

/** The call fails in this way. */
export async function fails(call: Promise<unknown>, kind: ProviderErrorKind, more: object = {}): Promise<void> {
  expect(await failureOf(call)).toMatchObject({ kind, ...more });
}

/** What a simulator is told to answer instead. */
export function answer(body: unknown, status = 200) {
  return { kind: 'answer', status, body: typeof body === 'string' ? body : JSON.stringify(body) } as const;
}

export function expectNoSecrets(error: ProviderError, { secrets }: Pick<ProviderHarness, 'secrets'>): void {
  const everything = [inspect(error, { depth: 20, showHidden: true, getters: true }), JSON.stringify(error)].join();
  for (const secret of [...secrets, MARKER, 'dana@example.com']) expect(everything).not.toContain(secret);
}
