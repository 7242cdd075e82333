/** A pace that processes share on a real PostgreSQL: here each of them is a pace with a database of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Limit, PaceMore } from '../src/core/jobs/pace.ts';
import type { Priority } from '../src/core/ports/provider.ts';
import type { SharedNotes } from '../src/core/ports/shared-notes.ts';
import { sharedPaces } from '../src/shared-pace.ts';
import { openDatabase, openSharedNotes } from '../src/store/database.ts';
import { openUrl } from './store/open.ts';
import { createSchema, hasPostgres } from './store/postgres.ts';

const LIMIT = { calls: 2, windowMs: 300, lateMs: 50, concurrency: 9 } satisfies Limit;

describe.skipIf(!hasPostgres)('a pace of several processes', () => {
  let url: string;
  beforeAll(async () => {
    const schema = await createSchema();
    url = schema.url;
    await (await openUrl(url)).close();
    return schema.drop;
  });
  let names = 0;

  /** A tool, and as many processes as are asked for. */
  function createTool(limit: Limit = LIMIT, more: PaceMore = {}) {
    names += 1;
    const name = `tool ${names}`;
    const arrived: { label: string; at: number }[] = [];
    function join(change: (notes: SharedNotes) => SharedNotes = (notes) => notes) {
      const db = openDatabase(url);
      onTestFinished(() => db.destroy());
      const notes = openSharedNotes(db, url);
      if (!notes) throw new Error('nothing is shared');
      const pace = sharedPaces(change(notes))(name, [limit], more);
      const call = (label: string, priority: Priority = 'digest', signal?: AbortSignal) =>
        pace.run(async () => void arrived.push({ label, at: performance.now() }), {
          priority,
          ...(signal && { signal }),
        });
      return { ...pace, call };
    }
    return { join, arrived, labels: () => arrived.map(({ label }) => label) };
  }

  test('has no window with more than its calls, and a click before the lists that wait elsewhere', async () => {
    const tool = createTool();
    const [first, second, third] = [tool.join(), tool.join(), tool.join()];
    const lists = [first, second].flatMap(({ call }) => Array.from({ length: 5 }, () => call('list')));
    await expect.poll(() => tool.arrived.length, { interval: 5 }).toBeGreaterThanOrEqual(3);
    const before = tool.arrived.length;
    await third.call('click', 'click');
    expect(tool.labels().indexOf('click') - before).toBeLessThanOrEqual(2);
    await Promise.all(lists);
    const times = tool.arrived.map(({ at }) => at);
    for (const [index, at] of times.entries()) expect((times[index + 2] ?? Infinity) - at).toBeGreaterThanOrEqual(300);
  });

  test('is held for all by whoever was refused; a long hold is said', async () => {
    const tool = createTool();
    const [first, second] = [tool.join(), tool.join()];
    first.hold(400);
    const begin = performance.now();
    await sleep(50);
    await Promise.all([first.call('a'), second.call('b', 'click')]);
    for (const { at } of tool.arrived) expect(at - begin).toBeGreaterThanOrEqual(399);
    first.hold(60_000);
    await sleep(50);
    await expect(second.call('c', 'click')).rejects.toMatchObject({ name: 'Held', ms: expect.closeTo(60_000, -3) });
    expect(tool.labels()).not.toContain('c');
  });

  test('sends nothing without a turn while the database is away, and says when to come back', async () => {
    const tool = createTool();
    let isAway = true;
    const trouble = new Error('away');
    const { call } = tool.join((notes) => ({
      ...notes,
      read: (name) => (isAway ? Promise.reject(trouble) : notes.read(name)),
    }));
    await expect(call('click', 'click')).rejects.toMatchObject({ name: 'Held', ms: 2_000, cause: trouble });
    expect(tool.arrived).toEqual([]);
    isAway = false;
    await call('click', 'click');
    expect(tool.labels()).toEqual(['click']);
  });

  test('does not use a turn that came late: it may be another’s by then', async () => {
    const tool = createTool({ ...LIMIT, calls: 1 });
    let slow = 2;
    const { call } = tool.join((notes) => ({
      ...notes,
      async write(...note) {
        const written = await notes.write(...note);
        if (slow > 0) await sleep(700);
        slow -= 1;
        return written;
      },
    }));
    const late = call('late');
    await sleep(550);
    // The turn of the late one is over.
    await tool.join().call('other');
    await late;
    const [first, second] = tool.arrived;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(300);
  });

  test('forgets a waiting call that is aborted', async () => {
    const tool = createTool({ ...LIMIT, calls: 1 });
    const { call } = tool.join();
    await call('1');
    const stop = new AbortController();
    const stopped = call('never', 'digest', stop.signal);
    stop.abort(new Error('gone'));
    await expect(stopped).rejects.toThrow('gone');
    await call('2');
    expect(tool.labels()).toEqual(['1', '2']);
  });

  test('lets no more of one process be under way than it may', async () => {
    const tool = createTool({ calls: 50, windowMs: 300, concurrency: 3 });
    const pace = tool.join();
    let [now, most] = [0, 0];
    // However slow the machine is, three come together.
    const three = Promise.withResolvers<void>();
    const work = async () => {
      now += 1;
      most = Math.max(most, now);
      if (now >= 3) three.resolve();
      await three.promise;
      await sleep(20);
      now -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => pace.run(work, { priority: 'digest' })));
    expect(most).toBe(3);
  });
});
