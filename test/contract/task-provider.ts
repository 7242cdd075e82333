/** What every task provider must do, whoever it is. A provider's own test brings a harness around its simulator. */

import { describe, expect, it } from 'vitest';
import { isOpen } from '../../src/core/clicks/target.ts';
import { type Task, VERBS } from '../../src/core/model/task.ts';
import { failing, stopping } from './provider-failures.ts';
import {
  asOwner,
  changeOf,
  click,
  DUE,
  fails,
  failureOf,
  type MakeHarness,
  outcomeOf,
  type ProviderHarness,
  seeded,
} from './provider-harness.ts';

export function taskProviderContract(name: string, open: MakeHarness): void {
  describe(`${name} is a task provider`, () => {
    describe('lists', () => listing(open));
    describe('tells that a task is done', () => closing(open));
    describe('fails', () => failing(open));
    describe('stops', () => stopping(open));
    describe('changes', () => changing(open));
    describe('takes back', () => undoing(open));
    describe('finds people', () => finding(open));
    describe('finds people whom we know', () => findingKnown(open));
  });
}

function allowed({ provider }: ProviderHarness, task: Task) {
  return provider.capabilities.of(task).verbs;
}

function listing(open: MakeHarness): void {
  // contracts, conflict 5; gong.md 2.1
  it('the open tasks of one user', async () => {
    const harness = await open();
    const { provider, owner, stranger, ids } = harness;
    harness.putTask({ id: ids[0], owner: owner.externalId, title: 'Call Dana', dueAt: DUE, state: 'open' });
    harness.putTask({ id: '41', owner: stranger.externalId, title: 'Call Sam', dueAt: DUE, state: 'open' });
    harness.putTask({ id: '42', owner: owner.externalId, title: 'Call Kim', dueAt: DUE, state: 'done' });
    const { tasks, unreadable } = await provider.listTasks(owner, click);
    expect(unreadable).toBe(0);
    expect(tasks).toMatchObject([{ provider: provider.id, id: ids[0], title: 'Call Dana', dueAt: DUE }]);
  });

  it('nothing when there is nothing', async () => {
    const { provider, owner } = await open();
    expect(await provider.listTasks(owner, click)).toEqual({ tasks: [], unreadable: 0 });
  });

  // contracts, conflict 9; gong.md 4.1
  it('ids without losing a digit, and as text', async () => {
    const harness = await open();
    const { provider, owner, ids } = harness;
    expect(Number(ids[0])).toBe(Number(ids[1]));
    for (const id of ids)
      harness.putTask({ id, owner: owner.externalId, title: `Call ${id}`, dueAt: DUE, state: 'open' });
    const { tasks } = await provider.listTasks(owner, click);
    expect(tasks.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const task of tasks) expect(task.title).toBe(`Call ${task.id}`);
  });

  // gong.md 3.5: no endpoint reads one task: it is looked for in the list
  it('a task by its id only while it is open and its owner asks', async () => {
    const harness = await open();
    const { provider, owner, stranger, ids } = harness;
    harness.putTask({ id: ids[0], owner: owner.externalId, title: 'Call Dana', dueAt: DUE, state: 'open' });
    expect(await provider.readTask(owner, ids[0], click)).toMatchObject({ id: ids[0], title: 'Call Dana' });
    expect(await provider.readTask(stranger, ids[0], click)).toBeUndefined();
    harness.putTask({ id: ids[0], owner: owner.externalId, title: 'Call Dana', dueAt: DUE, state: 'done' });
    // Whether a provider tells that it is done is its own affair; that it is not open any more is not.
    expect(isOpen(await provider.readTask(owner, ids[0], click))).toBe(false);
    expect(await provider.readTask(stranger, ids[0], click)).toBeUndefined();
  });
}

function closing(open: MakeHarness): void {
  it.for(['rep', 'other'] as const)('and by whom, or says nothing of it: %s', async (doneBy) => {
    const harness = await open();
    const { provider, owner, ids } = harness;
    harness.putTask({ id: ids[0], owner: owner.externalId, title: 'Call Dana', dueAt: DUE, state: 'done', doneBy });
    const read = await provider.readTask(owner, ids[0], click);
    if (isOpen(read)) throw new Error('the task that was put as done is open');
    expect([undefined, doneBy]).toContain(read?.doneBy);
  });
}

function changing(open: MakeHarness): void {
  // contracts, conflict 15; reply.md 4.11: Dismiss deletes at Reply
  // outreach.md 1.1: every request has the media type, without a body too, or is answered 415
  it.for(VERBS)('a task with one effect: %s', async (verb) => {
    const harness = await open();
    const task = await seeded(harness);
    const { provider, owner } = harness;
    if (!allowed(harness, task)[verb]) {
      await fails(provider.perform(owner, task, changeOf(verb), click), 'invalid');
      expect(harness.effects()).toBe(0);
      return;
    }
    await provider.perform(owner, task, changeOf(verb), click);
    expect(harness.effects()).toBe(1);
    expect(harness.task(task.id)).toMatchObject(outcomeOf(verb));
  });

  // gong.md 5.4; outreach.md 4.7
  it.for(VERBS)('a task no further when a lost answer is asked for again: %s', async (verb, { skip }) => {
    const harness = await open();
    const task = await seeded(harness);
    const { provider, owner } = harness;
    if (!allowed(harness, task)[verb]?.repeatable) return skip();
    harness.fail('change', { kind: 'lose' }, verb);
    await fails(provider.perform(owner, task, changeOf(verb), click), 'unavailable');
    expect(harness.task(task.id)).toMatchObject(outcomeOf(verb));
    await provider.perform(owner, task, changeOf(verb), click);
    expect(harness.task(task.id)).toMatchObject(outcomeOf(verb));
  });

  // outreach.md 5.3: no idempotency keys: what is final is read after a lost answer
  it.for(VERBS)('nothing that a reading does not show after a lost answer: %s', async (verb, { skip }) => {
    const harness = await open();
    const task = await seeded(harness);
    const { provider, owner } = harness;
    const capability = allowed(harness, task)[verb];
    if (!capability || capability.repeatable) return skip();
    harness.fail('change', { kind: 'lose' }, verb);
    await fails(provider.perform(owner, task, changeOf(verb), click), 'unavailable');
    expect(harness.effects()).toBe(1);
    expect(isOpen(await provider.readTask(owner, task.id, click))).toBe(false);
  });

  it('nothing for someone who does not own the task', async () => {
    const harness = await open();
    const task = await seeded(harness);
    await failureOf(harness.provider.perform(harness.stranger, task, { verb: 'done' }, click));
    expect(harness.task(task.id)).toMatchObject({ state: 'open', dueAt: DUE });
  });
}

function undoing(open: MakeHarness): void {
  // gong.md 3.4: OPEN may be set: Undo is real
  it.for(VERBS)('%s, so that the task is as before', async (verb, { skip }) => {
    const harness = await open();
    const before = await seeded(harness);
    const { provider, owner } = harness;
    if (!allowed(harness, before)[verb]?.reversible) return skip();
    const upstream = harness.task(before.id);
    await provider.perform(owner, before, changeOf(verb), click);
    await provider.undo(owner, before, verb, click);
    expect(harness.effects()).toBe(2);
    expect(harness.task(before.id)).toEqual(upstream);
  });
}

function finding(open: MakeHarness): void {
  it('by the exact address, in any case', async () => {
    const harness = await open();
    harness.putUser({ externalId: '71', email: 'Dana@Example.com', active: true });
    harness.putUser({ externalId: '72', email: 'xdana@example.com', active: true });
    const found = await harness.provider.findUsers(['dANA@example.com', 'nobody@example.com'], asOwner(harness));
    expect(found.get('dana@example.com')).toMatchObject([
      { externalId: '71', emails: ['dana@example.com'], state: 'active' },
    ]);
    expect(found.get('nobody@example.com') ?? []).toEqual([]);
  });

  // gong.md 7.4: who is not active is not linked
  it('all who share an address, and says who of them has left', async () => {
    const harness = await open();
    harness.putUser({ externalId: '71', email: 'sales@example.com', active: true });
    harness.putUser({ externalId: '72', email: 'sales@example.com', active: true });
    harness.putUser({ externalId: '73', email: 'sales@example.com', active: false });
    const found = (await harness.provider.findUsers(['sales@example.com'], asOwner(harness))).get('sales@example.com');
    const states = (found ?? []).map(({ externalId, state }) => [externalId, state === 'active']);
    expect(states.sort()).toEqual(harness.keepsThoseWhoLeft === false ? BOTH : [...BOTH, ['73', false]]);
  });
}

/** Reads them by the ids that we know; a provider without a directory has no such thing. */
function findingKnown(open: MakeHarness): void {
  const account = (externalId: string) => ({ externalId, email: `${externalId}@example.com` });

  async function withDirectory() {
    const harness = await open();
    const { findKnown } = harness.provider;
    return findKnown && { harness, find: (...ids: string[]) => findKnown(ids.map(account), asOwner(harness)) };
  }

  it('by their ids, whatever their address is now, and nobody else', async ({ skip }) => {
    const { harness, find } = (await withDirectory()) ?? skip();
    expect(await find('71')).toEqual([]);
    harness.putUser({ externalId: '71', email: 'another@example.com', active: true });
    harness.putUser({ externalId: '72', email: '72@example.com', active: false });
    await harness.provider.findUsers([], { ...asOwner(harness), fresh: true });
    const found = await find('71', '72', '73');
    const told = found.map(({ externalId, emails, state }) => [externalId, emails, state]);
    const stayed = ['71', ['another@example.com'], 'active'];
    const left = ['72', ['72@example.com'], 'inactive'];
    expect(told.sort()).toEqual(harness.keepsThoseWhoLeft === false ? [stayed] : [stayed, left]);
    expect(found.some(({ partial }) => partial)).toBe(false);
  });

  it('in what was just read for others, without another call', async ({ skip }) => {
    const { harness, find } = (await withDirectory()) ?? skip();
    harness.putUser({ externalId: '71', email: '71@example.com', active: true });
    await harness.provider.findUsers(['71@example.com'], { ...asOwner(harness), fresh: true });
    harness.fail('users', { kind: 'answer', status: 503 });
    expect(await find('71')).toMatchObject([{ externalId: '71' }]);
  });
}

const BOTH = [
  ['71', true],
  ['72', true],
];
