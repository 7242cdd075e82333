/** What every store must do, whatever database is below it. `open` gives an empty one, with its queue. */
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CHOICES, FOREVER, type Schedule } from '../../src/core/model/digest.ts';
import type { Queue } from '../../src/core/ports/queue.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, link, message, OTHER_ANN, rep, run, schedule } from '../store/fixtures.ts';
import { connectionsContract } from './store-connections.ts';
import { consentsContract, hooksContract } from './store-consents.ts';
import { installsContract } from './store-installs.ts';
import { ledgerContract } from './store-ledger.ts';
import { leftHooksContract } from './store-left-hooks.ts';
import { linksContract } from './store-links.ts';
import { messagesContract } from './store-messages.ts';
import { peopleContract } from './store-people.ts';
import { returnsContract } from './store-returns.ts';
import { rollupsContract } from './store-rollups.ts';
import { seenContract } from './store-seen.ts';
import { sweepsContract } from './store-sweeps.ts';
import { toolsContract } from './store-tools.ts';
import { transactContract } from './store-transact.ts';
import { workspacesContract } from './store-workspaces.ts';

export interface OpenStore {
  db: Kysely<unknown>;
  store: Store;
  queue: Queue;
  close(): Promise<void>;
}

export function storeContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`store contract: ${name}`, () => {
    let opened: OpenStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const store = () => opened.store;

    describe('reps', () => repsContract(store));
    describe('links', () => linksContract(store));
    describe('schedules', () => schedulesContract(store));
    describe('runs', () => runsContract(store));
    describe('messages', () => messagesContract(store));
    describe('what was seen', () => seenContract(store));
    describe('ledger', () => ledgerContract(store));
    describe('returns', () => returnsContract(store));
    describe('sweeps', () => sweepsContract(store));
    describe('people', () => peopleContract(store));
    describe('connections', () => connectionsContract(store));
    describe('consents', () => consentsContract(store));
    describe('days without a run', () => daysContract(store));
    describe('welcomes', () => welcomesContract(store));
    describe('workspaces', () => workspacesContract(store));
    describe('roll-ups', () => rollupsContract(store));
    describe('installs', () => installsContract(store));
    describe('tools', () => toolsContract(store));
    describe('webhooks that are left', () => leftHooksContract(store));
    describe('hooks', () => hooksContract(store));
    describe('spending', () => spendingContract(store));
    describe('transact', () => transactContract(() => opened));
  });
}

function spendingContract(store: () => Store): void {
  it('adds up the calls of a tool and a day, whoever made them, and forgets old days', async () => {
    const { spending } = store();
    expect(await spending.add('gong', 20, 3)).toBe(3);
    expect(await spending.add('gong', 20, 4)).toBe(7);
    expect(await spending.add('gong', 21, 1)).toBe(1);
    expect(await spending.add('reply', 20, 0)).toBe(0);
    expect(await spending.prune(21)).toBe(2);
    expect(await spending.add('gong', 20, 0)).toBe(0);
    expect(await spending.add('gong', 21, 0)).toBe(1);
  });
}

function repsContract(store: () => Store): void {
  it('gives back what was saved, with and without an address', async () => {
    await store().reps.save(rep(ANN));
    await store().reps.save(rep(BEN, { email: undefined, active: false, name: 'Bén 🚀', locale: 'en-GB' }));

    expect(await store().reps.find(ANN)).toStrictEqual(rep(ANN));
    expect(await store().reps.find(BEN)).toStrictEqual(
      rep(BEN, { email: undefined, active: false, name: 'Bén 🚀', locale: 'en-GB' }),
    );
    expect(await store().reps.find(OTHER_ANN)).toBeUndefined();
  });

  it('replaces, and keeps teams apart', async () => {
    await store().reps.save(rep(OTHER_ANN, { name: 'Another Ann' }));
    await store().reps.save(rep(BEN));
    await store().reps.save(rep(ANN));
    await store().reps.save(rep(ANN, { zone: 'Asia/Tokyo', locale: 'ja-JP' }));

    expect(await store().reps.list('T1')).toEqual([rep(ANN, { zone: 'Asia/Tokyo', locale: 'ja-JP' }), rep(BEN)]);
    expect(await store().reps.list('T2')).toEqual([rep(OTHER_ANN, { name: 'Another Ann' })]);
  });

  it('reads a rep together with their schedule, and with what stopped digests for everyone', async () => {
    const { reps, schedules, workspaces } = store();
    const chosen = schedule(ANN, { ownZone: 'Asia/Tokyo', country: 'JP', pausedUntil: 7 });
    for (const key of [ANN, BEN, OTHER_ANN]) await reps.save(rep(key));
    await schedules.save(chosen);
    await workspaces.switchDigests('T2', { by: 'UADA', at: 1 });

    const found = { rep: await reps.find(ANN), schedule: await schedules.find(ANN), isSwitchedOff: false };
    expect(found).toEqual({ rep: { ...rep(ANN), zone: 'Asia/Tokyo' }, schedule: chosen, isSwitchedOff: false });
    expect(await reps.recipient(ANN)).toStrictEqual(found);
    expect(await reps.recipient(BEN)).toStrictEqual({ rep: rep(BEN), schedule: undefined, isSwitchedOff: false });
    expect(await reps.recipient(OTHER_ANN)).toMatchObject({ rep: OTHER_ANN, schedule: undefined, isSwitchedOff: true });
    expect(await reps.recipient({ teamId: 'T2', userId: 'UBEN' })).toBeUndefined();
  });

  it('lists all of a team, however many, in the order of their ids', async () => {
    const team = Array.from({ length: 1_200 }, (_, n) => rep({ teamId: 'T1', userId: `U${1_000 + n}` }));
    for (const each of team) await store().reps.save(each);

    expect(await store().reps.list('T1')).toEqual(team);
  });
}

interface SavedRep {
  active?: boolean;
  linked?: boolean;
  welcomed?: boolean;
}

/** A rep with a schedule and, unless it is said otherwise, two links. */
async function saveFor(store: Store, userId: string, nextDueAt: number, more: SavedRep = {}): Promise<void> {
  const key = { teamId: 'T1', userId };
  await store.reps.save(rep(key, { active: more.active ?? true }));
  if (more.welcomed ?? true) await store.reps.markWelcomed(key, 1);
  if (more.linked ?? true) {
    await store.links.save(link(key));
    await store.links.save(link(key, { provider: 'reply' }));
  }
  await store.schedules.save(schedule(key, { nextDueAt }));
}

function schedulesContract(store: () => Store): void {
  const saveRep = (userId: string, nextDueAt: number, more: SavedRep = {}) => saveFor(store(), userId, nextDueAt, more);

  it('gives back what was saved, for ever included', async () => {
    const choices = { ...DEFAULT_CHOICES, allClear: 'daily', closesAt: '17:30' } as const;
    const paused = schedule(ANN, { days: [], pausedUntil: FOREVER, nextDueAt: FOREVER, choices });
    await store().reps.save(rep(ANN));
    await store().schedules.save(schedule(ANN));
    expect(await store().schedules.find(ANN)).toStrictEqual(schedule(ANN));

    await store().schedules.save(paused);
    expect(await store().schedules.find(ANN)).toStrictEqual(paused);
    expect(await store().schedules.find(BEN)).toBeUndefined();
  });

  it('keeps the zone that a rep chose apart from what Slack says: it is theirs wherever a zone is read', async () => {
    const own = schedule(ANN, { ownZone: 'Asia/Tokyo', nextDueAt: 100 });
    await saveRep(ANN.userId, 100);
    await store().schedules.save(own);
    expect(await store().reps.find(ANN)).toEqual(rep(ANN, { slackZone: 'Europe/Berlin', zone: 'Asia/Tokyo' }));

    await store().reps.save(rep(ANN, { zone: 'America/New_York' }));
    const moved = rep(ANN, { slackZone: 'America/New_York', zone: 'Asia/Tokyo' });
    expect(await store().reps.list('T1')).toEqual([moved]);
    expect(await store().schedules.due(1_000, 10)).toEqual([{ ...own, zone: 'Asia/Tokyo' }]);

    await store().schedules.save({ ...own, ownZone: undefined });
    expect((await store().reps.find(ANN))?.zone).toBe('America/New_York');
  });

  it('counts who is due at each time to come, and names them in the same order each time', async () => {
    const at = { a: 100, b: 200 };
    for (const userId of ['UANN', 'UBEN', 'UCAT']) await saveRep(userId, at.b);
    await saveRep('UDOT', at.a);
    await saveRep('UEVE', at.b, { active: false });
    await store().reps.save(rep({ teamId: 'T1', userId: 'UNEW' }));
    await store().schedules.save(schedule({ teamId: 'T1', userId: 'UNEW' }, { nextDueAt: at.b }));

    const slots = async (after: number, until: number) =>
      (await store().schedules.slots({ after, until })).toSorted((x, y) => x.dueAt - y.dueAt);
    expect(await slots(99, 200)).toEqual([
      { dueAt: 100, reps: 1 },
      { dueAt: 200, reps: 3 },
    ]);
    expect(await slots(100, 199)).toEqual([]);
    const page = (offset: number) => store().schedules.ofSlot(at.b, { offset, limit: 2 });
    expect([await page(0), await page(2)].flat().map(({ userId }) => userId)).toEqual(['UANN', 'UBEN', 'UCAT']);
  });

  it('names the countries that reps chose, each once', async () => {
    const chosen = { UANN: 'DE', UBEN: 'US', UCAT: 'DE', UDOT: undefined };
    for (const [userId, country] of Object.entries(chosen)) {
      await saveRep(userId, 100);
      await store().schedules.save(schedule({ teamId: 'T1', userId }, { country }));
    }

    expect((await store().schedules.countries()).toSorted()).toEqual(['DE', 'US']);
    expect(await store().schedules.find(ANN)).toStrictEqual(schedule(ANN, { country: 'DE' }));
  });

  it('moves the next digest only if nobody did meanwhile', async () => {
    await store().reps.save(rep(ANN));
    await store().schedules.save(schedule(ANN, { nextDueAt: 5_000 }));

    expect(await store().schedules.advance(ANN, { from: 5_000, to: 6_000 })).toBe(true);
    expect(await store().schedules.advance(ANN, { from: 5_000, to: 7_000 })).toBe(false);
    expect(await store().schedules.find(ANN)).toStrictEqual(schedule(ANN, { nextDueAt: 6_000 }));
  });

  it('says when the next digest is due after a time, whoever gets it', async () => {
    for (const [userId, nextDueAt] of [['UANN', 300] as const, ['UBEN', 200] as const])
      await saveRep(userId, nextDueAt);

    const found = await Promise.all([100, 200, 300].map((at) => store().schedules.nextAfter(at)));
    expect(found).toEqual([200, 300, undefined]);
  });

  it('finds who is due: earliest first, up to the limit, active and linked', async () => {
    await saveRep('late', 900);
    await saveRep('now', 1_000);
    await saveRep('early', 100);
    await saveRep('future', 1_001);
    await saveRep('never', FOREVER);
    await saveRep('gone', 100, { active: false });
    await saveRep('unlinked', 100, { linked: false });

    const due = await store().schedules.due(1_000, 10);
    expect(due.map((each) => each.userId)).toEqual(['early', 'late', 'now']);
    expect(due[0]).toEqual({ ...schedule({ teamId: 'T1', userId: 'early' }, { nextDueAt: 100 }), zone: rep(ANN).zone });
    expect((await store().schedules.due(1_000, 2)).map((each) => each.userId)).toEqual(['early', 'late']);
  });
}

function daysContract(store: () => Store): void {
  it('finds whose date has no run: active, with their name, and whether they are linked', async () => {
    for (const [id, more] of [
      ['ran', {}],
      ['linked', {}],
      ['alone', { linked: false }],
      ['gone', { active: false }],
    ] as const) {
      await saveFor(store(), id, 100, more);
    }
    const keyOf = (userId: string) => ({ teamId: 'T1', userId });
    await store().runs.claim(run(keyOf('ran'), '2026-03-02'));
    await store().runs.claim(run(keyOf('linked'), '2026-03-03'));

    const found = await store().schedules.withoutRun('2026-03-02');
    expect(found.map(({ userId, linked }) => `${userId} ${linked}`).sort()).toEqual(['alone false', 'linked true']);
    const saved = await store().reps.find(keyOf('linked'));
    const { name, zone } = found.find(({ linked }) => linked) ?? {};
    expect({ name, zone }).toEqual({ name: saved?.name, zone: saved?.zone });
  });
}

function welcomesContract(store: () => Store): void {
  it('finds who was never welcomed: active, with their zone, and whether they are linked to one of these providers', async () => {
    await saveFor(store(), 'linked', 100, { welcomed: false });
    await saveFor(store(), 'late', 900, { linked: false, welcomed: false });
    await saveFor(store(), 'gone', 100, { active: false, welcomed: false });
    await saveFor(store(), 'known', 100);
    const seen = async (providers: string[]) =>
      (await store().schedules.unwelcomed(providers, { limit: 9 })).map(({ userId, isLinked }) => [userId, isLinked]);

    expect(await seen(['gong', 'reply'])).toEqual([
      ['linked', true],
      ['late', false],
    ]);
    expect(await seen(['outreach'])).toEqual([
      ['linked', false],
      ['late', false],
    ]);
    const [first] = await store().schedules.unwelcomed(['gong'], { limit: 9 });
    expect(first).toEqual({
      ...schedule({ teamId: 'T1', userId: 'linked' }, { nextDueAt: 100 }),
      ...{ zone: rep(ANN).zone, email: 'ann@example.com', isLinked: true },
    });
  });

  it('lists them in pages, each once: by due time, and by team and id at the same one', async () => {
    for (const [userId, nextDueAt] of [
      ['b', 100],
      ['a', 100],
      ['late', 900],
      ['first', 50],
    ] as const) {
      await saveFor(store(), userId, nextDueAt, { welcomed: false });
    }
    const elsewhere = { teamId: 'T2', userId: 'a' };
    await store().reps.save({ ...rep(ANN), ...elsewhere });
    await store().schedules.save(schedule(elsewhere, { nextDueAt: 100 }));
    const pages: string[][] = [];
    let after: Schedule | undefined;
    for (let read = 0; read < 4; read += 1) {
      const page = await store().schedules.unwelcomed(['gong'], { limit: 2, after });
      pages.push(page.map(({ teamId, userId }) => `${teamId} ${userId}`));
      after = page.at(-1) ?? after;
    }

    expect(pages).toEqual([['T1 first', 'T1 a'], ['T1 b', 'T2 a'], ['T1 late'], []]);
  });

  it('gives no digest to who was not welcomed', async () => {
    await saveFor(store(), 'new', 100, { welcomed: false });

    expect(await store().schedules.due(1_000, 10)).toEqual([]);
    await store().reps.markWelcomed({ teamId: 'T1', userId: 'new' }, 5);
    expect(await store().schedules.due(1_000, 10)).toHaveLength(1);
  });

  it('knows where a welcome stands', async () => {
    await store().reps.save(rep(ANN));
    await store().reps.save(rep(BEN));
    expect(await store().reps.welcome(ANN)).toBeUndefined();
    await store().transact((tx) => store().reps.markWelcomed(ANN, 5, tx, { channel: 'D1', ts: '1.0' }));
    await store().reps.markWelcomed(BEN, 6);

    expect(await store().reps.welcome(ANN)).toEqual({ at: 5, posted: { channel: 'D1', ts: '1.0' } });
    expect(await store().reps.welcome(BEN)).toEqual({ at: 6 });
  });

  it('welcomes once, whatever becomes of the rep since', async () => {
    await store().reps.save(rep(ANN));
    expect(await store().reps.markWelcomed(ANN, 5)).toBe(true);
    await store().reps.save(rep(ANN, { name: 'Ann B' }));
    expect(await store().reps.markWelcomed(ANN, 6)).toBe(false);
    expect(await store().reps.markWelcomed(BEN, 5)).toBe(false);
  });
}

function runsContract(store: () => Store): void {
  beforeEach(() => store().reps.save(rep(ANN)));

  it('is claimed once for a rep and local date', async () => {
    expect(await store().runs.claim(run(ANN, '2026-03-02'))).toBe(true);
    expect(await store().runs.claim(run(ANN, '2026-03-02', { claimedAt: 2_000 }))).toBe(false);
    expect(await store().runs.claim(run(ANN, '2026-03-03', { state: 'skipped' }))).toBe(true);

    expect(await store().runs.find(ANN, '2026-03-02')).toStrictEqual(run(ANN, '2026-03-02'));
    expect(await store().runs.find(ANN, '2026-03-04')).toBeUndefined();
    await expect(store().runs.claim(run(BEN, '2026-03-02'))).rejects.toThrow();
  });

  it('knows the last one that was posted', async () => {
    const { id: messageId } = await store().messages.create(message(ANN, { kind: 'digest' }), []);
    for (const date of ['2026-03-02', '2026-03-03', '2026-03-04']) await store().runs.claim(run(ANN, date));
    expect(await store().runs.lastPosted(ANN)).toBeUndefined();

    await store().runs.markPosted(ANN, '2026-03-03', { messageId: messageId, at: 3_000 });
    await store().runs.markPosted(ANN, '2026-03-02', { messageId: messageId, at: 2_000 });
    expect(await store().runs.lastPosted(ANN)).toStrictEqual(
      run(ANN, '2026-03-03', { state: 'posted', postedAt: 3_000, messageId }),
    );
  });

  it('tells what became of every run of a date, and which are due and unsent', async () => {
    const { runs, messages, reps } = store();
    await reps.save(rep(BEN));
    const { id: messageId } = await messages.create(message(ANN, { kind: 'digest' }), []);
    const date = '2026-03-02';
    await runs.claim(run(ANN, date, { dueAt: 50, claimedAt: 60 }));
    await runs.claim(run(BEN, date, { dueAt: 40, claimedAt: 70 }));
    await runs.claim(run(ANN, '2026-03-03', { dueAt: 90, claimedAt: 100 }));

    const late = await runs.unsent({ dueBy: 50, claimedBefore: 1_000 });
    expect(late).toEqual({ reps: 2, first: [BEN, ANN] });
    expect(await runs.unsent({ dueBy: 50, claimedBefore: 70 })).toMatchObject({ reps: 1, first: [ANN] });
    await runs.markPosted(ANN, date, { messageId, at: 80, rows: 7, unanswered: ['gong', 'reply'] });
    await runs.markSkipped(BEN, date, { why: 'refused', refusal: 'account_inactive' });
    expect(await runs.unsent({ dueBy: 50, claimedBefore: 1_000 })).toMatchObject({ reps: 0, first: [] });

    const found = (await runs.ofDate(date)).toSorted((a, b) => a.userId.localeCompare(b.userId));
    const names = await Promise.all([ANN, BEN].map(async (key) => (await reps.find(key))?.name));
    expect(found).toMatchObject([
      { ...ANN, name: names[0], state: 'posted', dueAt: 50, postedAt: 80, rows: 7, unanswered: ['gong', 'reply'] },
      { ...BEN, name: names[1], state: 'skipped', why: 'refused', refusal: 'account_inactive' },
    ]);
    expect(await runs.before(ANN, '2026-03-03')).toMatchObject({ localDate: date });
    expect(await runs.before(ANN, date)).toBeUndefined();
  });

  it('keeps its message for another attempt, is skipped only while it is claimed, and forgotten in time', async () => {
    const { runs, messages } = store();
    const { id: messageId } = await messages.create(message(ANN, { kind: 'digest' }), []);
    const [posted, skipped] = ['2026-03-02', '2026-03-03'] as const;
    const eightOn = (date: string) => Date.parse(`${date}T08:00:00Z`);
    for (const date of [posted, skipped]) {
      await runs.claim(run(ANN, date, { claimedAt: eightOn(date) }));
      await runs.noteMessage(ANN, date, messageId);
    }
    await runs.markPosted(ANN, posted, { messageId, at: 3_000 });
    for (const date of [posted, skipped]) await runs.markSkipped(ANN, date, { why: 'paused' });

    expect(await runs.find(ANN, posted)).toMatchObject({ state: 'posted', messageId });
    expect(await runs.find(ANN, posted)).not.toHaveProperty('why');
    expect(await runs.find(ANN, skipped)).toMatchObject({ state: 'skipped', why: 'paused', messageId });
    expect((await runs.since(ANN, skipped)).map(({ localDate }) => localDate)).toEqual([skipped]);
    expect(await runs.since(BEN, posted)).toEqual([]);
    expect(await runs.prune(eightOn(skipped))).toBe(1);
    expect(await runs.find(ANN, posted)).toBeUndefined();
    expect(await runs.find(ANN, skipped)).toBeDefined();
  });
}
