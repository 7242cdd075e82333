/** Three processes, of which one dies at a point, and how soon the others take up what it had in hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { MOST_SKEW_MS } from '../../src/jobs/clock-watch.ts';
import { openDatabase } from '../../src/store/database.ts';
import { AMONG, isOnWire, type Point } from '../crash/points.ts';
import { type DocketProcess, eventually, START_WITHIN } from '../flow/process.ts';
import { mustBe } from '../flow/read.ts';
import { note } from '../matrix/cells.ts';
import type { Machines } from './machines.ts';

const CRASH_AT = new URL('../crash/crash-at.ts', import.meta.url);
const LOOK_MS = 50;
/** Between two looks for work, and what a busy machine takes to look. */
const LOOKS_LATE_MS = 2_500;
/** Of several whose lease ran out each process does one at a time, because it may be what killed the one before. */
const EACH_MS = 1_500;

/** Beyond the longest lease, that of a sending: a minute. */
export const SURVIVED_WITHIN = 100_000;
export const CELL_TIMEOUT = 240_000;

export function tell(three: Three, point: Point, column: string, came: string): void {
  const jobs = three.taken().length;
  const taken = jobs > 0 ? `; ${jobs === 1 ? 'a job' : 'jobs'} taken up` : '';
  note({ matrix: 'survivors', row: point.name.slice(AMONG.length), column, came: `${came}${taken}` });
}

export interface Three {
  all: readonly DocketProcess[];
  /** Resolves when one of them has died at the point, and the others live. */
  oneDied(): Promise<void>;
  /** How long after its lease each job was taken up. Fails where that was later than the lease allows. */
  taken(): readonly number[];
}

export async function startThree(machines: Machines, point: Point, env: Record<string, string> = {}): Promise<Three> {
  const steps = mkdtempSync(join(tmpdir(), 'docket-steps-'));
  onTestFinished(() => rmSync(steps, { recursive: true, force: true }));
  const settings = { ...env, CRASH_AT: point.name, CRASH_STEPS: steps };
  // Its code is minified, and brings a driver and a Bolt of its own, where the other points could not be seen.
  const code = isOnWire(point) ? 'bundle' : 'node';
  const all = await Promise.all([1, 2, 3].map(() => machines.start(settings, { preload: [CRASH_AT], code })));
  const isDead = (docket: DocketProcess) => docket.output().includes(`killed at: ${point.name}\n`);
  // A digest that is due as they start may kill one before it is ready.
  for (const docket of all) {
    await eventually(
      async () => expect(isDead(docket) || (await docket.status('/readyz')) === 200, docket.output()).toBe(true),
      START_WITHIN,
    );
  }
  const late = watchLeases(machines);
  return {
    all,
    async oneDied() {
      await eventually(() => expect(all.filter(isDead)).toHaveLength(1), START_WITHIN);
      expect(await mustBe(all.find(isDead)).signal).toBe('SIGKILL');
      for (const docket of all) if (!isDead(docket)) expect(await docket.status('/readyz'), docket.output()).toBe(200);
    },
    taken() {
      for (const [n, ms] of late.toSorted((a, b) => a - b).entries()) {
        expect(ms).toBeLessThan(MOST_SKEW_MS + LOOKS_LATE_MS + n * EACH_MS);
      }
      return late;
    },
  };
}

type Tables = { jobs: { id: number; token: number; lapses: number; lease_until: number | null } };

/** For each job of which somebody took the lease after it had run out: by how much it had, in milliseconds. */
function watchLeases({ world, now }: Machines): number[] {
  const db = openDatabase(world.config.databaseUrl).$extendTables<Tables>();
  const held = new Map<number, Tables['jobs']>();
  const late: number[] = [];
  let watching = true;
  const watched = (async () => {
    while (watching) {
      const jobs = await db.selectFrom('jobs').selectAll().where('lease_until', 'is not', null).execute();
      for (const job of jobs) {
        const before = held.get(job.id);
        if (before?.lease_until && job.token > before.token && job.lapses > before.lapses) {
          late.push(now() - before.lease_until);
        }
        held.set(job.id, job);
      }
      await sleep(LOOK_MS);
    }
  })();
  onTestFinished(async () => {
    watching = false;
    await watched;
    await db.destroy();
  });
  return late;
}
