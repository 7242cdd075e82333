/** Two workspaces in one process that have the same user ids, addresses, task ids, channels and windows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../src/core/jobs/whose.ts';
import { heldBy, neutral, tablesOf } from '../contract/store-apart.ts';
import { MEMORY, openUrl } from '../store/open.ts';
import { createSchema, hasPostgres, openPostgres } from '../store/postgres.ts';
import { ALL_KINDS, createWorkspace, type Opened, work } from './apart.ts';
import { pruneAll, STORY } from './apart-story.ts';

async function live(opened: Opened, teams: readonly string[]) {
  const all = [];
  for (const teamId of teams) all.push(await createWorkspace(opened, teamId));
  const found: string[][] = all.map(() => []);
  const whose = async ({ payload }: { payload: Parameters<typeof workspaceOf>[1] | { kind: 'unreadable' } }) =>
    payload.kind === 'unreadable' ? undefined : workspaceOf(opened.store, payload);
  for (const { steps, thenMs } of STORY) {
    for (const step of steps) {
      for (const [index, each] of all.entries()) found[index]?.push(neutral(await step(each), each.teamId));
    }
    await work(opened, all, whose);
    for (const each of all) each.docket.pass(thenMs);
    await work(opened, all, whose);
  }
  const tables = await tablesOf(opened.db);
  const held: string[][] = [];
  for (const { teamId } of all) held.push(await heldBy(opened.db, tables, teamId));
  const jobs = await jobsOf(opened);
  const lived = all.map((each, index) => {
    const seen = JSON.parse(neutral(each.seen(), each.teamId));
    return { ...each, lived: { found: found[index], seen, held: held[index], jobs: jobs(each.teamId) } };
  });
  if (all[0]) await pruneAll(all[0]);
  await opened.close();
  return lived;
}

/** Times of creation apart, all is the same. */
describe('two workspaces with the same ids', () => {
  it('live as if each were alone: nothing that is pressed, typed, told or due in one is seen or done in the other', async () => {
    const [alone] = await live(await openUrl(MEMORY), ['T1']);
    const [first, second] = await live(await openUrl(MEMORY), ['T1', 'T2']);

    expect(first?.lived).toEqual(alone?.lived);
    expect(second?.lived).toEqual(alone?.lived);
    // All of it has happened.
    expect(ALL_KINDS.filter((kind) => !second?.kinds.has(kind))).toEqual([]);
    expect(second ? uncalled(second) : ['nobody']).toEqual([]);
  });

  it.skipIf(!hasPostgres)('live so on PostgreSQL', async () => {
    const { url, drop } = await createSchema();
    const [alone] = await live(await openUrl(MEMORY), ['T1']);
    const [, second] = await live(await openPostgres(url), ['T1', 'T2']);
    await drop();

    const { held: _, ...lived } = alone?.lived ?? {};
    expect(second?.lived).toMatchObject(lived);
  });

  it('refuse a button that carries the ids of the other, though the person has the same user id', async () => {
    const opened = await openUrl(MEMORY);
    const [one, other] = [await createWorkspace(opened, 'T1'), await createWorkspace(opened, 'T2')];
    const rep = await one.people.known(one.ann);
    const { id: messageId } = await one.deps.lists.make(rep, {
      kind: 'list',
      filter: { by: 'all' },
      priority: 'person',
    });
    const ref = { messageId, position: 0, seq: 0 };
    const done = await one.clicks.change(one.ann, ref, { verb: 'done' });
    const { id: sweepId } = await one.sweeps.begin(one.ann, { kind: 'sweep', messageId, key: 'V1' });

    expect(await other.clicks.change(other.ann, ref, { verb: 'done' })).toMatchObject({ is: 'refused' });
    expect(await other.clicks.undo(other.ann, { ...ref, seq: 1 })).toMatchObject({ is: 'refused' });
    expect(await other.views.own(other.ann, messageId)).toBeUndefined();
    expect(await other.sweeps.draft(other.ann, messageId)).toBeUndefined();
    expect(await other.sweeps.results(other.ann, sweepId)).toBeUndefined();
    expect(await other.sweeps.undoAll(other.ann, sweepId)).toBeUndefined();
    expect(await other.history.own(other.ann, done.is === 'recorded' ? done.action.id : '')).toBeUndefined();
    expect(await other.closing.leave(other.ann, messageId)).toBe(false);
    await opened.close();
  });

  it('have every use case that a listener calls', () => {
    const wiring = readFileSync(join(import.meta.dirname, '../../src/listeners.ts'), 'utf8');
    const rig = ['apart.ts', 'docket.ts'].map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join();
    const created = [...wiring.matchAll(/import \{ (create\w+) \} from '\.\/core\//g)].map(([, name = '']) => name);

    expect(created.length).toBeGreaterThan(10);
    expect(created.filter((name) => !rig.includes(`${name}(`))).toEqual([]);
  });
});

/** Every job that there was, by workspace; ids of rows apart. */
async function jobsOf({ db }: Opened): Promise<(teamId: string) => string[]> {
  const { rows } = await sql<{ key: string; payload: string; state: string }>`select * from jobs`.execute(db);
  return (teamId) => {
    const own = rows.filter(({ payload }) => payload.includes(`"teamId":"${teamId}"`));
    const keys = own.map(({ key, state }) => {
      // Ids of rows, and the version of a tool's key, which is another one each time.
      const same = key.replaceAll(teamId, 'T').replace(/:(\d{1,4}|[\w-]{43})(?=:|$)/g, ':#');
      return `${same} ${state}`;
    });
    return keys.toSorted();
  };
}

function uncalled(of: Awaited<ReturnType<typeof createWorkspace>>): string[] {
  const { clicks, sweeps, closing, followUps, digests, schedules, people, links, rollups, signIns } = of;
  const { edits, history, views, focus, digestSwitch, desk, tools, typedVerbs } = of;
  const parts = { clicks, sweeps, closing, followUps, digests, schedules, people, links, rollups, signIns };
  const all = { ...parts, edits, history, views, focus, digestSwitch, desk, tools, typedVerbs };
  return Object.entries(all).flatMap(([name, part]) =>
    Object.keys(part).flatMap((key) => (of.called.has(`${name}.${key}`) ? [] : [`${name}.${key}`])),
  );
}
