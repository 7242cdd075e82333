/** Two processes of this version are replaced by two of the next one, while reps click. For longer with MATRIX=all. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { settled } from '../crash/cell.ts';
import { STORY } from '../faults/report.ts';
import { countEffects, rowIn } from '../faults/watch.ts';
import { manyTasks } from '../flow/cast.ts';
import { digestOf, pressOnly, type Shown } from '../flow/press.ts';
import { type DocketProcess, eventually } from '../flow/process.ts';
import { fresh, mustBe } from '../flow/read.ts';
import { isAll, note } from '../matrix/cells.ts';
import { hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { createMachines, type Machines } from './machines.ts';

const SIDE_BY_SIDE_MS = isAll ? 60_000 : 2_000;
const NEXT = { preload: [new URL('./next-version.ts', import.meta.url)] };
const ROWS = [1, 2, 3].map((n) => ({ words: `Task number ${n};`, id: `9007199254740993${99 + n}` }));

/** Done and Undo in turns, on one row after another, until `stop`; how many clicks there were. */
function clickOn({ world }: Machines, digest: Shown) {
  const counted = ROWS.map(({ id }) => countEffects(world, 'gong', id));
  const pressed = ROWS.map(() => 0);
  let goesOn = true;
  const clicking = (async () => {
    for (let n = 0; goesOn; n = (n + 1) % ROWS.length) {
      const { words } = mustBe(ROWS[n]);
      for (const label of ['Done', 'Undo']) {
        await eventually(() => expect(rowIn(fresh(world, digest), words).controls).toContain(label));
        expect((await pressOnly(world, fresh(world, digest), words, label)).acked).toBe(true);
        pressed[n] = (pressed[n] ?? 0) + 1;
      }
    }
  })();
  return {
    async stop(): Promise<number> {
      goesOn = false;
      await clicking;
      await settled(world);
      expect(counted.map(({ count }) => count())).toEqual(pressed);
      return pressed.reduce((sum, clicks) => sum + clicks);
    },
    /** Rejects if one was not acknowledged, or not shown. */
    failed: clicking.then(() => new Promise<never>(() => undefined)),
  };
}

function createJobs({ world, now }: Machines) {
  const db = openDatabase(world.config.databaseUrl);
  onTestFinished(() => db.destroy());
  return {
    async enqueue(key: string): Promise<void> {
      const payload = JSON.stringify({ kind: 'tomorrow' });
      await sql`insert into jobs (key, payload, kind, priority, run_at, enqueued_at, state, token, attempts, lapses)
        values (${key}, ${payload}, 'tomorrow', 0, ${now()}, ${now()}, 'waiting', 0, 0, 0)`.execute(db);
    },
    /** Of the kind that only the next version knows: `first waiting 0`, with the number of claims. */
    async all(): Promise<string[]> {
      const { rows } = await sql<{ said: string }>`select key || ' ' || state || ' ' || token as said from jobs
        where kind = 'tomorrow' order by id`.execute(db);
      return rows.map(({ said }) => said);
    },
  };
}

function errorsOf(processes: readonly DocketProcess[]): string[] {
  return processes.flatMap((docket) =>
    docket
      .output()
      .split('\n')
      .filter((line) => /"level":[56]0|^\s+at /.test(line)),
  );
}

describe.skipIf(!hasPostgres)('this version beside the next', () => {
  takeTurnsOnServer();
  test('under clicks: each has its one effect, nothing fails, and a kind that this version does not know is left to the next', async () => {
    let digest: Shown | undefined;
    const machines = await createMachines({
      tasks: manyTasks(ROWS.length),
      async before(world) {
        digest = await digestOf(world);
      },
    });
    const jobs = createJobs(machines);
    const old = await Promise.all([1, 2].map(() => machines.startReady()));
    const clicks = clickOn(machines, mustBe(digest));
    const story = async () => {
      await jobs.enqueue('first');
      await sleep(1_500);
      expect(await jobs.all()).toEqual(['first waiting 0']);

      const next = [await machines.startReady({}, NEXT)];
      await jobs.enqueue('second');
      await sleep(SIDE_BY_SIDE_MS);
      await eventually(async () => expect(await jobs.all()).toEqual(['first done 1', 'second done 1']));

      for (const docket of old) docket.kill('SIGTERM');
      expect(await Promise.all(old.map(({ exit }) => exit))).toEqual([0, 0]);
      if (isAll) next.push(await machines.startReady({}, NEXT));
      return next;
    };
    const next = await Promise.race([story(), clicks.failed]);

    const count = await clicks.stop();
    expect(errorsOf([...old, ...next])).toEqual([]);
    const came = `${count} clicks, 1 effect each; no error`;
    note({ matrix: 'survivors', row: 'a minute of two versions side by side', column: STORY, came });
  }, 180_000);
});
