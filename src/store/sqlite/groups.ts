import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as afterIo, setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, type Kysely, type Transaction } from 'kysely';
import { waitingAtMost } from '../manner.ts';
import { refuseInside, type Together, type TogetherOptions, within } from '../transaction.ts';

/** One of several pieces of work that share a commit. */
interface Member<DB> {
  /** Returns what to call after the commit. */
  run(trx: Transaction<DB>): Promise<() => void>;
  failed(error: unknown): void;
}

/** Whoever waits longer for it finds the group full. */
const MOST_MEMBERS = 32;
/** The patient wait so long for one another. A morning's digests, eight at a time, then share most of their syncs. */
const PATIENCE_MS = 15;

/**
 * Transactions that share commits: those that begin while another one waits for the disk, or for its turn, are one
 * transaction, because a sync costs more than all their statements. Each but the first has a savepoint, and an exception
 * rolls back only its own. All are acknowledged after the commit; if that fails, all fail.
 */
export function createGroups<DB>(db: Kysely<DB>): Together<DB> {
  /** By time-out and patience: nobody waits longer for another process than they may, nor for those who are in no hurry. */
  const groups = new Map<string, Member<DB>[]>();

  async function lead(key: string, { timeoutMs, patient }: TogetherOptions, waiting: Member<DB>[]): Promise<void> {
    while (waiting.length > 0) {
      // Requests that arrived together are about to join.
      await (patient ? sleep(PATIENCE_MS) : afterIo());
      const ended: (() => void)[] = [];
      const joined: Member<DB>[] = [];
      const run = () =>
        db.transaction().execute(async (trx) => {
          // More may come while it runs.
          while (joined.length < MOST_MEMBERS) {
            const member = waiting.shift();
            if (!member) return;
            joined.push(member);
            const isFirst = joined.length === 1;
            // Most are alone. While nobody else has written, an error may take back all.
            ended.push(await (isFirst ? member.run(trx.withoutPlugins()) : runMember(trx.withoutPlugins(), member)));
          }
        });
      try {
        await (timeoutMs === undefined ? run() : waitingAtMost(timeoutMs, run));
        if (patient) void endInTurns(ended);
        else for (const end of ended) end();
      } catch (error) {
        // If it could not begin, nobody has joined yet.
        if (joined.length === 0) joined.push(...waiting.splice(0, MOST_MEMBERS));
        for (const { failed } of joined) failed(error);
      }
    }
    groups.delete(key);
  }

  return function transactTogether<T>(
    work: (trx: Transaction<DB>) => Promise<T>,
    { timeoutMs, patient = false }: TogetherOptions = {},
  ): Promise<T> {
    return new Promise<T>((done, failed) => {
      refuseInside();
      // Each runs in its own caller's context.
      const bound = AsyncLocalStorage.bind((trx: Transaction<DB>) => within(() => work(trx)));
      const run = async (trx: Transaction<DB>) => {
        const result = await bound(trx);
        return () => done(result);
      };
      const member = { run, failed };
      const key = `${timeoutMs} ${patient}`;
      const group = groups.get(key);
      if (group) return void group.push(member);
      const waiting = [member];
      groups.set(key, waiting);
      void lead(key, { timeoutMs, patient }, waiting);
    });
  };
}

/** A member's next step takes some milliseconds. All of them in one turn would hold the event loop for their sum. */
async function endInTurns(ended: readonly (() => void)[]): Promise<void> {
  for (const end of ended) {
    end();
    await afterIo();
  }
}

const SAVEPOINT = CompiledQuery.raw('savepoint member');
const RELEASE = CompiledQuery.raw('release member');
const ROLLBACK = CompiledQuery.raw('rollback to member');

/** Returns what to do after the commit. */
async function runMember<DB>(trx: Transaction<DB>, { run, failed }: Member<DB>): Promise<() => void> {
  await trx.executeQuery(SAVEPOINT);
  try {
    const end = await run(trx);
    await trx.executeQuery(RELEASE);
    return end;
  } catch (error) {
    try {
      await trx.executeQuery(ROLLBACK);
      await trx.executeQuery(RELEASE);
    } catch {
      // SQLite has rolled everything back already, as it does when the disk is full.
      throw error;
    }
    return () => failed(error);
  }
}
