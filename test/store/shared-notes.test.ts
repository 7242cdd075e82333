/** Notes that processes keep together on a real PostgreSQL. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSharedNotes } from '../../src/store/database.ts';
import { openUrl } from './open.ts';
import { createSchema, hasPostgres } from './postgres.ts';

describe.skipIf(!hasPostgres)('shared notes', () => {
  it('are written by whoever read the newest version, and by nobody else', async () => {
    const { url, drop } = await createSchema();
    onTestFinished(drop);
    const { db, close } = await openUrl(url);
    onTestFinished(close);
    const notes = openSharedNotes(db, url);
    if (!notes) throw new Error('no notes');

    const { now, ...none } = await notes.read('gong');
    expect(none).toEqual({ note: undefined, version: 0 });
    expect(Math.abs(now - Date.now())).toBeLessThan(2_000);
    const first = await Promise.all(['a', 'b', 'c'].map((note) => notes.write('gong', note, 0)));
    expect(first.filter(Boolean)).toHaveLength(1);
    const second = await Promise.all(['d', 'e'].map((note) => notes.write('gong', note, 1)));
    expect(second.filter(Boolean)).toHaveLength(1);
    expect(await notes.write('gong', 'late', 1)).toBe(false);
    expect(await notes.read('gong')).toMatchObject({ note: expect.stringMatching(/^[de]$/), version: 2 });
    expect(await notes.read('reply')).toMatchObject({ note: undefined });

    await notes.prune(60_000);
    expect(await notes.read('gong')).toMatchObject({ version: 2 });
    await notes.prune(-60_000);
    expect(await notes.read('gong')).toMatchObject({ note: undefined, version: 0 });
  });
});
