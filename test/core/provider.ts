/** A provider in memory: it records what was asked of it, and fails as it is told to. */

import type { Change, TaskCapabilities, VerbCapability } from '../../src/core/model/capabilities.ts';
import { ProviderError, type ProviderErrorKind } from '../../src/core/model/errors.ts';
import type { RepKey } from '../../src/core/model/keys.ts';
import type { DoneBy, Operation, Task } from '../../src/core/model/task.ts';
import type { Consent, ProviderUser, TaskList, TaskProvider } from '../../src/core/ports/provider.ts';

/** A Monday, 09:00 in New York. */
export const MONDAY_NINE = Date.parse('2026-11-23T14:00:00Z');

export const REVERSIBLE: VerbCapability = { reversible: true, repeatable: true };
/** Cannot be taken back, and sent twice it happens twice. */
export const FINAL: VerbCapability = { reversible: false, repeatable: false };

export type Verbs = Partial<Record<Operation, VerbCapability>>;

export function task(id = '1', more: Partial<Task> = {}): Task {
  return { provider: 'fake', id, title: `Call ${id}`, dueAt: MONDAY_NINE + 3_600_000, ...more };
}

/** What the provider answers: each step is used once, then all goes well. */
export type Trouble =
  /** Refuses before anything happens. */
  | { kind: ProviderErrorKind; retryAfterMs?: number }
  /** Does what it was asked, but its answer is lost. */
  | { kind: 'unavailable'; afterEffect: true }
  | { throws: Error };

export type FakeProvider = ReturnType<typeof fakeProvider>;

export function fakeProvider(id = 'fake', verbs: Verbs = {}) {
  const all = { done: REVERSIBLE, dismiss: REVERSIBLE, snooze: REVERSIBLE, reschedule: REVERSIBLE };
  const fake = {
    /** The open tasks, by the provider's user. */
    open: new Map<string, Task[]>(),
    /** Tasks that it says are done, with when. */
    done: new Map<string, number | undefined>(),
    /** Who did them, by task, where it says that. */
    doneBy: new Map<string, DoneBy>(),
    /** What was asked of it, in order. */
    calls: [] as string[],
    /** The changes that took effect, in order. */
    effects: [] as Change[],
    /** Those effects that were taken back. */
    undone: [] as Operation[],
    trouble: [] as Trouble[],
    readTrouble: [] as Trouble[],
    listTrouble: [] as Trouble[],
    /** Entries of each list that cannot be read. */
    unreadable: 0,
    users: [] as ProviderUser[],
    usersTrouble: [] as Trouble[],
    /** How users were looked up. `grant` is the access token of one that is not stored yet. */
    finds: [] as { emails: readonly string[]; fresh?: boolean; as?: RepKey; grant?: string }[],
    /** What every task allows. */
    allowed: { verbs: { ...all, ...verbs } } as TaskCapabilities & { verbs: Verbs },
    /** Awaited before each answer to a read, and before each effect. */
    gate: {} as { read?: Promise<void> | undefined; perform?: Promise<void> | undefined },
  };
  const provider: TaskProvider = {
    id,
    name: id === 'fake' ? 'Fake' : id,
    capabilities: { noun: 'call tasks', of: () => fake.allowed },
    async listTasks({ externalId }): Promise<TaskList> {
      fake.calls.push(`list ${externalId}`);
      fail(fake.listTrouble.shift());
      return { tasks: [...(fake.open.get(externalId) ?? [])], unreadable: fake.unreadable };
    },
    async readTask({ externalId }, taskId) {
      fake.calls.push(`read ${taskId}`);
      await fake.gate.read;
      fail(fake.readTrouble.shift());
      const open = fake.open.get(externalId)?.find((each) => each.id === taskId);
      if (open || !fake.done.has(taskId)) return open;
      const doneBy = fake.doneBy.get(taskId);
      return { doneAt: fake.done.get(taskId), ...(doneBy && { doneBy }) };
    },
    async perform({ externalId }, { id: taskId }, change) {
      fake.calls.push(`${change.verb} ${taskId} by ${externalId}`);
      await fake.gate.perform;
      const trouble = fake.trouble.shift();
      if (!(trouble && 'afterEffect' in trouble)) fail(trouble);
      apply(externalId, taskId, change);
      fail(trouble);
      return { reference: `request ${fake.calls.length}` };
    },
    async undo({ externalId }, before, verb) {
      fake.calls.push(`undo ${verb} ${before.id} by ${externalId}`);
      fail(fake.trouble.shift());
      fake.undone.push(verb);
      const others = (fake.open.get(externalId) ?? []).filter((each) => each.id !== before.id);
      fake.open.set(externalId, [...others, before]);
      return { reference: `request ${fake.calls.length}` };
    },
    async findUsers(emails, { fresh, as, grant }) {
      fake.calls.push('find');
      const asked = { emails, ...(fresh !== undefined && { fresh }), ...(as && { as: keyOf(as) }) };
      fake.finds.push({ ...asked, ...(grant && { grant: grant.accessToken }) });
      fail(fake.usersTrouble.shift());
      const found = emails.map((email) => [email, fake.users.filter((user) => user.emails.includes(email))] as const);
      return new Map(found.filter(([, users]) => users.length > 0));
    },
    async findKnown(accounts) {
      return fake.users.filter(({ externalId }) => accounts.some((account) => account.externalId === externalId));
    },
  };

  function apply(externalId: string, taskId: string, change: Change): void {
    fake.effects.push(change);
    if (change.verb === 'note' || change.verb === 'rule') return;
    const tasks = fake.open.get(externalId) ?? [];
    const rest = tasks.flatMap((each) => {
      if (each.id !== taskId) return [each];
      return 'dueAt' in change ? [{ ...each, dueAt: change.dueAt }] : [];
    });
    fake.open.set(externalId, rest);
  }

  function fail(trouble: Trouble | undefined): void {
    if (!trouble) return;
    if ('throws' in trouble) throw trouble.throws;
    throw new ProviderError({ provider: id, operation: 'PATCH /x', reference: 'trace 1', ...trouble });
  }

  return Object.assign(fake, provider);
}

function keyOf({ teamId, userId }: RepKey): RepKey {
  return { teamId, userId };
}

/** A user of a provider: active, unless a test says otherwise. */
export function user(externalId: string, emails: readonly string[], more: Partial<ProviderUser> = {}): ProviderUser {
  return { externalId, emails, name: `User ${externalId}`, state: 'active', ...more };
}

/** Of a provider where reps sign in for themselves, and nobody does. */
export const CONSENT: Consent = {
  authorizeUrl: () => '',
  redeem: async () => Promise.reject(),
  keepAlive: async () => {},
};
