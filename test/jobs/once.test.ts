/** The minute's work of several processes: one does it, and another one if that one dies, stands still or fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SharedNotes } from '../../src/core/ports/shared-notes.ts';
import { createOnce } from '../../src/jobs/once.ts';

const NINE = Date.UTC(2026, 10, 23, 9);
const LEASE_MS = 150;

type Notes = Pick<SharedNotes, 'read' | 'write'>;

function createTown() {
  let known: { note: string | undefined; version: number } = { note: undefined, version: 0 };
  const done: string[] = [];
  let now = NINE;
  const notes: Notes = {
    read: async () => ({ ...known, now: Date.now() }),
    async write(_, note, version) {
      if (version !== known.version) return false;
      known = { note, version: version + 1 };
      return true;
    },
  };
  function join(name: string, own: Notes = notes) {
    const pause = async (ms: number) => sleep(ms, true);
    const once = createOnce({ notes: own, clock: () => now, pause, leaseMs: LEASE_MS });
    const work = async () => {
      await sleep(20);
      done.push(name);
    };
    return { tick: (instead = work) => once(instead) };
  }
  const pass = (ms: number) => {
    now += ms;
  };
  return { join, notes, done, pass };
}

test('one process does a minute’s work, and the others have waited for it', async () => {
  const { join, done, pass } = createTown();
  const four = ['a', 'b', 'c', 'd'].map((name) => join(name));
  await Promise.all(four.map(({ tick }) => tick()));
  expect(done).toHaveLength(1);
  await Promise.all(four.map(({ tick }) => tick(async () => void done.push('again'))));
  expect(done.filter((name) => name !== 'again')).toHaveLength(1);
  pass(60_000);
  await Promise.all(four.slice(1).map(({ tick }) => tick()));
  expect(done.filter((name) => name !== 'again')).toHaveLength(2);
});

test('work that takes longer than its lease stays in one hand', async () => {
  const { join, done } = createTown();
  const slow = join('slow').tick(async () => {
    await sleep(4 * LEASE_MS);
    done.push('slow');
  });
  await sleep(10);
  await join('other').tick();
  await slow;
  expect(done).toEqual(['slow']);
});

test('what a process had in hand that died or stands still is done by another once its lease is over', async () => {
  const { join, notes, done } = createTown();
  let writes = 0;
  const dying: Notes = {
    read: notes.read,
    // It took the minute in hand, and extends nothing.
    write: async (...note) => (writes++ === 0 ? notes.write(...note) : new Promise(() => undefined)),
  };
  void join('dead', dying).tick(() => new Promise(() => undefined));
  await sleep(10);
  const begin = performance.now();
  await join('next').tick();
  expect(done).toEqual(['next']);
  expect(performance.now() - begin).toBeGreaterThan(LEASE_MS / 2);
});

test('what failed in one process is done by the next one, in the same minute', async () => {
  const { join, done } = createTown();
  const failing = join('failing').tick(() => Promise.reject(new Error('locked')));
  await expect(failing).rejects.toThrow('locked');
  await join('next').tick();
  expect(done).toEqual(['next']);
});
