/**
 * What every store must do with two workspaces that have the same user ids, addresses, task ids and channels: what is written
 * or asked for one neither changes the other's nor shows it. Every function is called for both, in turns, and each must
 * find what it finds when it is alone.
 */
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { isPostgres } from '../../src/store/engine.ts';
import type { OpenStore } from './store.ts';
import { CALLS, newcomer } from './store-apart-calls.ts';

/** What a call came to, and what the store holds of the workspace after it. */
interface Seen {
  call: string;
  found: string;
  held: string;
}

export function apartContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`store contract, two workspaces: ${name}`, () => {
    it('two workspaces with the same ids are to each other as if they were not there, in every function', async () => {
      const [alone = []] = await seenBy(open, ['T1']);
      const [first = [], second = []] = await seenBy(open, ['T1', 'T2']);

      expect(alone).toHaveLength(CALLS.length);
      expect(alone.find(({ call }) => call === 'installs.forget')?.held).toBe('[]');
      // One by one, so that a failure names the call and shows the difference.
      for (const [index, call] of alone.entries()) {
        expect(first[index]).toEqual(call);
        expect(second[index]).toEqual(call);
      }
    });

    it('every function of the store is among them', async () => {
      const { store, close } = await open();
      const { transact: _, ...parts } = store;
      const all = Object.entries(parts).flatMap(([part, functions]) =>
        Object.keys(functions).map((each) => `${part}.${each}`),
      );
      await close();

      expect(all.filter((each) => !CALLS.some(([called]) => called === each))).toEqual([]);
    });
  });
}

async function seenBy(open: () => Promise<OpenStore>, teams: readonly string[]): Promise<Seen[][]> {
  const { db, store, close } = await open();
  const tables = await tablesOf(db);
  const nothing = neutral(await heldBy(db, tables, 'nobody'), 'nobody');
  const workspaces = teams.map((teamId) => ({ of: newcomer(teamId), seen: [] as Seen[], held: nothing }));
  for (const [call, make, reach] of CALLS) {
    const found: string[] = [];
    for (const each of workspaces) {
      found.push(neutral(await make(store, each.of), each.of.teamId));
      for (const other of workspaces) {
        const held = neutral(await heldBy(db, tables, other.of.teamId), other.of.teamId);
        if (other !== each && reach !== 'everyone') expect([call, held]).toEqual([call, other.held]);
        other.held = held;
      }
    }
    for (const [index, { seen, held }] of workspaces.entries()) seen.push({ call, found: found[index] ?? '', held });
  }
  await close();
  return workspaces.map(({ seen }) => seen);
}

/** Tables whose rows belong to a row of another table. */
const OWNED: Readonly<Record<string, [column: string, owner: string]>> = { message_items: ['message_id', 'messages'] };
/**
 * Tables of no workspace: `spending` names the account whose calls it counts, `shared_notes` the tool whose limits it holds, and
 * `install_states` are of installs that are still to come.
 */
const NOBODYS = ['install_states', 'jobs', 'shared_notes', 'spending'];

/** The tables of workspaces. */
export async function tablesOf(db: Kysely<unknown>): Promise<string[]> {
  const all = await db.introspection.getTables();
  return all.map(({ name }) => name).filter((name) => !NOBODYS.includes(name) && !name.startsWith('kysely_'));
}

/** Every row of the workspace. A table that does not say whose its rows are fails the test. */
export async function heldBy(db: Kysely<unknown>, tables: readonly string[], teamId: string): Promise<string[]> {
  const selects = tables.map((name) => {
    const [column, owner] = OWNED[name] ?? [];
    const whose =
      column && owner
        ? sql`${sql.ref(column)} in (select id from ${sql.table(owner)} where team_id = ${teamId})`
        : sql`team_id = ${teamId}`;
    return { name, whose };
  });
  if (isPostgres(db)) {
    const all = selects.map(
      ({ name, whose }) => sql`select to_jsonb(one) as row from ${sql.table(name)} one where ${whose}`,
    );
    const { rows } = await sql`${sql.join(all, sql` union all `)}`.execute(db);
    return rows.map((row) => neutral(row, teamId)).toSorted();
  }
  const held: string[] = [];
  for (const { name, whose } of selects) {
    const { rows } = await sql`select * from ${sql.table(name)} where ${whose}`.execute(db);
    held.push(...rows.map((row) => neutral(row, teamId)));
  }
  return held.toSorted();
}

const ID =
  /^(id|messageId|message_id|actionId|action_id|sweepId|sweep_id|rollupId|rollup_id|reference|state_hash|stateHash)$/;

/** Without what is told apart anyway: the team's own id, ids of rows, and what is sealed anew each time. */
export function neutral(value: unknown, teamId: string): string {
  const text = JSON.stringify(value, (key, part) => {
    if (part instanceof Map) return [...part];
    if (key.startsWith('sealed')) return part === null ? part : '';
    return ID.test(key) && (typeof part === 'string' || typeof part === 'number') ? '#' : part;
  });
  return (text ?? '').replaceAll(teamId, 'T').replace(/close:\d+/g, 'close:#');
}
