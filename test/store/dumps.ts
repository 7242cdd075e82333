/** Databases that older versions wrote themselves (`fixtures`), and today's code on them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import type { Action, FailureReason, Life, StaleCause, Undo, UndoFailure } from '../../src/core/model/action.ts';
import type { Change } from '../../src/core/model/capabilities.ts';
import type { Task } from '../../src/core/model/task.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { ANN, createDocket, DAY } from '../core/docket.ts';
import { FINAL, fakeProvider, MONDAY_NINE, REVERSIBLE, task } from '../core/provider.ts';
import { allMigrations, openUrl, temporaryFolder } from './open.ts';

export const LATER = MONDAY_NINE + 2 * DAY;

export const DONE = { verb: 'done' } satisfies Change;
export const DISMISS = { verb: 'dismiss' } satisfies Change;
export const SNOOZE = { verb: 'snooze', dueAt: LATER } satisfies Change;
export const RESCHEDULE = { verb: 'reschedule', dueAt: LATER } satisfies Change;
export const GIVE = { verb: 'reassign', to: { externalId: 'bo at fake', name: 'Bo' } } satisfies Change;

/** The dumps begin on Monday at nine, and their tests count in milliseconds from then on. */
export const at = (ms: number) => MONDAY_NINE + ms;

/** The part of an action that its state is about: when it was settled, and how. */
export const succeeded = (ms: number, undoFailure?: UndoFailure): Life => {
  return { state: 'succeeded', settledAt: at(ms), ...(undoFailure && { undoFailure }) };
};
export const failed = (ms: number, failure: FailureReason): Life => ({ state: 'failed', settledAt: at(ms), failure });
export const dropped = (ms: number, failure: FailureReason): Life => ({ state: 'dropped', settledAt: at(ms), failure });
export const stale = (ms: number, found: StaleCause, undoAsked?: true): Life => {
  return { state: 'stale', settledAt: at(ms), found, ...(undoAsked && { undoAsked }) };
};
export const undone = (ms: number, how: Undo['how'], askedAt = ms, reference?: string): Life => {
  const undo = { how, askedAt: at(askedAt), doneAt: at(ms), ...(reference && { reference }) };
  return { state: 'undone', settledAt: at(ms), undo };
};

/** When it was created and sent, how often it was tried, and the provider's id of the last exchange. */
type Base = [createdAt: number, sentAt?: number, attempts?: number, reference?: string];
/** What a dump holds of an action. */
export type Written = [change: Change, base: Base, life: Life];

/** Every action, unless `more` says otherwise, is the first of a task with its own id. */
export function actionOf(id: number, [change, base, life]: Written, more: Partial<Action> = {}): Action {
  const [createdAt, sentAt, attempts = 0, reference] = base;
  return {
    ...{ ...ANN, id: String(id), provider: 'fake', taskId: String(id), seq: 1, change, externalId: 'ann at fake' },
    ...{ task: task(String(id)), sentAt: sentAt === undefined ? undefined : at(sentAt), attempts, reference },
    ...{ createdAt: at(createdAt), ...life },
    ...more,
  } as Action;
}

/** A file as that version left it, and what else a test wants in it. */
function fileOf(version: string, more = ''): string {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  const path = join(folder.path, 'docket.db');
  const database = new Database(path);
  const dump = readFileSync(join(import.meta.dirname, `fixtures/${version}.sql`), 'utf8');
  database.exec(`begin; ${dump} ${more}; commit`);
  database.close();
  return `file:${path}`;
}

/** Runs what is newer than `last`, once, and leaves no reference that leads nowhere. */
export async function expectMigrated(version: string, last: string): Promise<void> {
  const db = openDatabase(fileOf(version));
  onTestFinished(() => db.destroy());
  const newer = Object.keys(allMigrations).filter((name) => name > last);

  expect(await migrate(db, allMigrations)).toEqual(newer.toSorted());
  expect(await migrate(db, allMigrations)).toEqual([]);
  expect((await sql`pragma foreign_key_check`.execute(db)).rows).toEqual([]);
}

/** Today's code on it, `ms` after nine, with the provider's open tasks as they were. */
export async function openDump(version: string, { ms, open, more }: { ms: number; open: Task[]; more?: string }) {
  const provider = fakeProvider('fake', { dismiss: FINAL, note: REVERSIBLE, reassign: FINAL, rule: REVERSIBLE });
  provider.allowed.endings = [{ id: 'replied', text: 'Finish, replied', outcome: 'finished as replied' }];
  provider.open.set('ann at fake', open);
  const docket = await createDocket({ empty: true, providers: [provider] });
  docket.at(at(ms));
  const opened = await openUrl(fileOf(version, more), { clock: docket.deps.clock });
  onTestFinished(opened.close);
  const core = docket.over(opened);
  async function work() {
    for (let claimed = 1; claimed > 0; ) {
      const jobs = await opened.queue.claim(docket.deps.clock(), { limit: 10, leaseMs: 8_000 });
      for (const job of jobs) await core.runJob(job);
      claimed = jobs.length;
    }
  }
  /** What the provider was asked to change. */
  const changes = () => provider.calls.filter((call) => !/^(read|list|find)/.test(call)).toSorted();
  return { ...core, ...opened, docket, work, changes };
}
