/** The ledger of deliveries: what became of each digest, also where no run says it, and the watch over late ones. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createWatch, deliveriesOf } from '../../../src/core/digests/deliveries.ts';
import { deliveryCsv, deliveryTable } from '../../../src/core/digests/report.ts';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { FOREVER, type Schedule } from '../../../src/core/model/digest.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { isDate } from '../../../src/core/model/time.ts';
import { ANN, BEN, createDocket, DAY, type Docket } from '../docket.ts';
import { MONDAY_NINE } from '../provider.ts';

const MINUTE = 60_000;
const MONDAY = '2026-11-23';

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket();
});

const ofMonday = () => deliveriesOf(docket.deps, MONDAY);
const outcomes = async (date = MONDAY) =>
  (await deliveriesOf(docket.deps, date)).map(({ userId, outcome }) => `${userId} ${outcome}`);

async function change(more: Partial<Schedule>): Promise<void> {
  const current = await docket.deps.store.schedules.find(BEN);
  if (current) await docket.deps.store.schedules.save({ ...current, ...more });
}

async function morning(): Promise<void> {
  await claimDueDigests(docket.deps);
  await docket.work();
}

describe('a digest that was due', () => {
  test('is told with when it was due and sent, its rows, and who did not answer', async () => {
    docket.pass(3 * MINUTE);
    docket.provider.listTrouble.push({ kind: 'unavailable' });
    await morning();

    const sent = { outcome: 'sent', dueAt: MONDAY_NINE, postedAt: MONDAY_NINE + 3 * MINUTE };
    const found = await ofMonday();
    expect(found).toMatchObject([
      { ...ANN, name: 'UANN', ...sent },
      { ...BEN, ...sent },
    ]);
    expect(found.map(({ rows, unanswered }) => [rows, unanswered]).sort()).toEqual([
      [0, ['fake']],
      [2, undefined],
    ]);
  });

  test('and that Slack refused is told with its word', async () => {
    docket.screen.postTrouble.push(new DeliveryError('permanent', 'no', { code: 'account_inactive' }));
    await morning();

    expect((await ofMonday()).map(({ outcome, refusal }) => [outcome, refusal]).sort()).toEqual([
      ['refused', 'account_inactive'],
      ['sent', undefined],
    ]);
  });

  test('and waits to be sent is told so, as one that no tick has claimed yet', async () => {
    expect(await outcomes()).toEqual(['UANN waiting', 'UBEN waiting']);
    await claimDueDigests(docket.deps);

    expect(await outcomes()).toEqual(['UANN waiting', 'UBEN waiting']);
    expect(await outcomes('2026-11-24')).toEqual(['UANN planned', 'UBEN planned']);
  });
});

describe('a day without a run', () => {
  test.each([
    ['of a paused rep', { pausedUntil: FOREVER, nextDueAt: FOREVER }, MONDAY, 'paused'],
    ['before the end of a pause', { pausedUntil: MONDAY_NINE + 1, nextDueAt: MONDAY_NINE + DAY }, MONDAY, 'paused'],
    ['on which a pause ended in time', { pausedUntil: MONDAY_NINE, nextDueAt: MONDAY_NINE + DAY }, MONDAY, 'unknown'],
    ['that is a public holiday', { country: 'US' }, '2026-11-26', 'holiday'],
    ['that is a day off', { days: [2, 3] }, MONDAY, undefined],
  ] as const)('%s says why: %s', async (_name, more, date, outcome) => {
    await change(more);
    docket.pass(MINUTE);

    expect(await outcomes(date)).toContainEqual(expect.stringMatching(/^UANN/));
    expect((await outcomes(date)).filter((line) => line.startsWith('UBEN'))).toEqual(
      outcome === undefined ? [] : [`UBEN ${outcome}`],
    );
  });

  test('of a rep without a link says so', async () => {
    await docket.deps.store.links.remove(BEN, docket.provider.id);

    expect(await outcomes()).toContain('UBEN no_link');
  });
});

describe('the mornings that were left out', () => {
  const leftOut = async () => {
    const { leftOut: mornings } = await docket.people.accounts(await docket.rep(BEN));
    return mornings.map(({ localDate, why }) => `${localDate} ${why}`);
  };

  test('are those whose run was skipped, and those of a pause and of holidays; nothing before the first run', async () => {
    await change({ country: 'US' });
    docket.pass(4 * 3_600_000 + 1);
    await morning();
    expect(await leftOut()).toEqual(['2026-11-23 late']);

    await change({ pausedUntil: MONDAY_NINE + 2 * DAY });
    docket.at(MONDAY_NINE + 5 * DAY);
    expect(await leftOut()).toEqual(['2026-11-23 late', '2026-11-24 paused', '2026-11-26 holiday']);

    docket.at(MONDAY_NINE + 16 * DAY);
    expect(await leftOut()).toEqual(['2026-11-26 holiday']);
  });
});

describe('the report', () => {
  test('is a table with a sum, in UTC', async () => {
    await change({ pausedUntil: FOREVER, nextDueAt: FOREVER });
    docket.pass(12 * MINUTE + 1_000);
    await morning();

    expect(deliveryTable(MONDAY, await ofMonday())).toBe(
      [
        '2026-11-23: 2 digests: 1 sent, 1 paused',
        '',
        'rep   name  due                   sent                  late minutes  rows  outcome  detail',
        'UANN  UANN  2026-11-23T14:00:00Z  2026-11-23T14:12:01Z  12            2     sent',
        'UBEN  UBEN  2026-11-23T14:00:00Z                                            paused',
        '',
      ].join('\n'),
    );
    expect(deliveryTable('2026-11-22', [])).toBe('2026-11-22: no digest was due.\n');
  });

  test('is CSV that no spreadsheet takes for a formula', () => {
    const rep = {
      teamId: 'T1',
      userId: 'U1',
      name: '=HYPERLINK("x"),y',
      outcome: 'refused',
      refusal: 'is_bot',
    } as const;

    expect(deliveryCsv([{ ...rep, dueAt: MONDAY_NINE, postedAt: undefined }])).toBe(
      'team,rep,name,due,sent,late_minutes,rows,outcome,detail\r\n' +
        'T1,U1,"\'=HYPERLINK(""x""),y",2026-11-23T14:00:00Z,,,,refused,is_bot\r\n',
    );
  });

  test.each(['2026-11-31', '2026-1-1', 'today', '2026-11-27T00:00'])('takes %s for no day', (text) => {
    expect(isDate(text)).toBe(false);
    expect(isDate('2026-11-27')).toBe(true);
  });
});

describe('the watch', () => {
  const LINE = 'error digests are due and not sent after ten minutes';

  test('logs one error for all that are late, another only when more are, and when it is over', async () => {
    const watch = createWatch(docket.deps);
    await claimDueDigests(docket.deps);
    docket.pass(10 * MINUTE - 1);
    await watch.look();
    expect(docket.lines).toEqual([]);

    docket.pass(1);
    await watch.look();
    await watch.look();
    expect(docket.logged).toEqual([{ line: LINE, fields: { reps: 2, first: ['UANN', 'UBEN'] } }]);

    await docket.work();
    await watch.look();
    await watch.look();
    expect(docket.lines.filter((line) => /late|due and/.test(line))).toEqual([LINE, 'info no digest is late any more']);
  });

  test('sees those that cannot be claimed', async () => {
    docket.pass(10 * MINUTE);
    await createWatch(docket.deps).look();

    expect(docket.logged).toEqual([{ line: LINE, fields: { reps: 2, first: ['UANN', 'UBEN'] } }]);
  });

  test('says nothing of what this tick has just claimed after a downtime', async () => {
    docket.pass(3 * 3_600_000);
    await claimDueDigests(docket.deps);
    await createWatch(docket.deps).look();

    expect(docket.lines).toEqual([]);
  });
});
