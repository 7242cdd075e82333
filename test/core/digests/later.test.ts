/** What came since the digest: counted on it, never a message by itself. */
import { beforeEach, describe, expect, test } from 'vitest';
import { handleWebhook } from '../../../src/core/digests/webhooks.ts';
import type { ListSummary, ProviderReport } from '../../../src/core/model/message.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { HookEvent, Hooks } from '../../../src/core/ports/provider.ts';
import { ANN, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { fakeProvider, MONDAY_NINE, task } from '../provider.ts';

const SHOWN = [task('1'), task('2')];
const LISTED: ProviderReport = {
  provider: 'fake',
  name: 'Fake',
  noun: 'tasks',
  state: 'listed',
  tasks: 2,
  unreadable: 0,
};

let docket: Docket;
let digest: string;
beforeEach(async () => {
  docket = await createDocket();
  digest = await showDigest(SHOWN);
  docket.holds(...SHOWN);
});

/** A digest of which each tool of `reports` told everything, or did not. */
async function showDigest(tasks: readonly Task[], reports: readonly ProviderReport[] = [LISTED]): Promise<string> {
  const id = await docket.showDigest(tasks);
  await docket.deps.store.messages.revise(id, ({ summary }) => ({ ...summary, reports }));
  return id;
}

async function later(id = digest): Promise<ListSummary['later']> {
  return (await docket.deps.store.messages.load(id))?.summary.later;
}

const ids = async (id = digest) => (await later(id))?.tasks.map((each) => each.id);

async function look(): Promise<void> {
  await docket.enqueue({ kind: 'reconcile', ...ANN });
  await docket.work();
}

describe('the hourly look', () => {
  test('counts what is open and no row, shows the digest again when the number changed, and sends nothing', async () => {
    docket.pass(HOUR);
    docket.holds(...SHOWN, task('3'), task('4'));
    await look();
    await look();

    const tasks = ['3', '4'].map((id) => ({ provider: 'fake', id }));
    expect(await later()).toEqual({ count: 2, tasks, at: MONDAY_NINE + HOUR });
    expect(docket.screen.laterMessages).toEqual([digest]);
    expect([docket.screen.posted, docket.screen.notices, docket.screen.later]).toEqual([[], [], []]);
  });

  test('takes away what is closed again, down to nothing', async () => {
    docket.holds(...SHOWN, task('3'), task('4'));
    await look();
    docket.holds(...SHOWN, task('4'));
    await look();
    expect(await ids()).toEqual(['4']);
    docket.holds(...SHOWN);
    await look();

    expect(await later()).toBeUndefined();
    expect(docket.screen.laterMessages).toEqual([digest, digest, digest]);
  });

  test('writes another task in the place of one that is closed, and edits nothing for the same number', async () => {
    docket.holds(...SHOWN, task('3'));
    await look();
    docket.holds(...SHOWN, task('4'));
    await look();

    expect(await ids()).toEqual(['4']);
    expect(docket.screen.laterMessages).toEqual([digest]);
  });

  test.each<[string, () => unknown]>([
    ['failed', () => docket.provider.listTrouble.push({ kind: 'unavailable' })],
    ['could be read in part', () => Object.assign(docket.provider, { unreadable: 1 })],
  ])('changes nothing where the list %s', async (_name, spoil) => {
    docket.holds(...SHOWN, task('3'));
    await look();
    docket.holds(...SHOWN, task('4'), task('5'));
    spoil();
    await look();

    expect(await ids()).toEqual(['3']);
    expect(docket.screen.laterMessages).toEqual([digest]);
  });

  test.each<[string, ProviderReport]>([
    ['was away', { ...LISTED, state: 'failed', reason: 'away', lastListedAt: undefined, reference: undefined }],
    ['told a part', { ...LISTED, unreadable: 1 }],
  ])('calls nothing new of a tool that %s when the digest was made', async (_name, report) => {
    digest = await showDigest([], [report]);
    await look();

    expect(await later()).toBeUndefined();
  });

  test('looks at a tool that had nothing at nine, too', async () => {
    docket = await createDocket();
    digest = await showDigest([], [{ ...LISTED, tasks: 0 }]);
    docket.holds(task('3'));
    await look();

    expect(await ids()).toEqual(['3']);
  });

  test('counts on the newest digest of the day alone, and on none of an earlier day', async () => {
    const second = await showDigest([...SHOWN, task('3')]);
    docket.holds(...SHOWN, task('3'), task('4'));
    await look();
    expect([await ids(), await ids(second)]).toEqual([undefined, ['4']]);

    docket.pass(DAY);
    docket.holds(...SHOWN, task('3'), task('4'), task('5'));
    await look();
    expect(await ids(second)).toEqual(['4']);
  });

  test('does not count what the rep has just settled in Slack, though the list still has it', async () => {
    docket.holds(...SHOWN, task('3'), task('4'));
    await docket.show([task('3'), task('4')]);
    await docket.act({ verb: 'done' });
    await docket.change({ verb: 'snooze', dueAt: MONDAY_NINE + 2 * DAY }, 0, 1);
    docket.holds(...SHOWN, task('3'), task('4'));
    await look();

    expect(await ids()).toEqual(['4']);
  });

  test('knows no more than 200 of them by name, and counts them all', async () => {
    docket.holds(...SHOWN, ...Array.from({ length: 250 }, (_, index) => task(`n${index}`)));
    await look();
    const found = await later();

    expect([found?.count, found?.tasks.length]).toEqual([250, 200]);
    docket.holds(...SHOWN, task('n0'));
    await look();
    expect(await later()).toMatchObject({ count: 1, tasks: [{ id: 'n0' }] });
  });

  test('keeps what one tool has while another does not answer', async () => {
    const other = fakeProvider('other');
    docket = await createDocket({ providers: [fakeProvider(), other] });
    await docket.deps.store.links.save({
      ...{ ...ANN, provider: 'other', externalId: 'ann at other', email: undefined, origin: 'address' as const },
      ...{ linkedAt: 1, lastListedAt: undefined, announcedAt: undefined },
    });
    digest = await showDigest(SHOWN, [LISTED, { ...LISTED, provider: 'other' }]);
    docket.holds(...SHOWN, task('3'));
    other.open.set('ann at other', [task('9', { provider: 'other' })]);
    await look();
    expect(await ids()).toEqual(['3', '9']);

    other.listTrouble.push({ kind: 'unavailable' });
    docket.holds(...SHOWN);
    await look();
    expect(await ids()).toEqual(['9']);
  });
});

describe('a new task that its tool tells of', () => {
  beforeEach(async () => {
    const hooks = {
      signatureHeader: 'x-signature',
      verify: () => true,
      parse(body) {
        const [taskId = '', what = '', owner = ''] = body.split(',');
        return { taskId, what: what as HookEvent['what'], key: body, ...(owner && { owner }) };
      },
    } as Partial<Hooks> as Hooks;
    Object.assign(docket.provider, { hooks });
    await docket.deps.store.hooks.save({
      ...BEN,
      provider: 'fake',
      hookId: '1',
      url: 'https://x.example',
      secret: 's',
    });
  });

  async function told(body: string): Promise<number> {
    const deps = { ...docket.deps, hookUrl: () => undefined };
    await handleWebhook(
      deps,
      { teamId: 'T1', provider: 'fake' },
      { body: new TextEncoder().encode(body), headers: {} },
    );
    const jobs = await docket.deps.queue.open();
    await docket.work();
    return jobs;
  }

  test('is read as its owner, and counted by that one job', async () => {
    docket.pass(HOUR);
    docket.holds(...SHOWN, task('3'));

    expect(await told('3,created,ann at fake')).toBe(1);

    expect(await later()).toEqual({ count: 1, tasks: [{ provider: 'fake', id: '3' }], at: MONDAY_NINE + HOUR });
    expect(docket.provider.calls).toEqual(['read 3']);
    expect(docket.screen.laterMessages).toEqual([digest]);
    expect(await told('3,created,ann at fake')).toBe(0);
  });

  test.each<[string, string, () => unknown]>([
    ['names no owner', '3,created,', () => {}],
    ['names someone unknown', '3,created,zoe at fake', () => {}],
    ['names someone without a digest of today', '3,created,ben at fake', () => {}],
    ['comes on the day after the digest', '3,created,ann at fake', () => docket.pass(DAY)],
  ])('makes no work where the news %s', async (_name, body, arrange) => {
    docket.holds(...SHOWN, task('3'));
    arrange();

    expect(await told(body)).toBe(0);
    expect([await later(), docket.provider.calls]).toEqual([undefined, []]);
  });

  test.each<[string, string, () => unknown]>([
    ['is not theirs, whatever the news says', '3', () => {}],
    ['is done by now', '3', () => docket.provider.done.set('3', MONDAY_NINE)],
    ['is a row', '2', () => {}],
  ])('is not counted where it %s', async (_name, id, arrange) => {
    arrange();

    await told(`${id},created,ann at fake`);

    expect(await later()).toBeUndefined();
    expect(docket.screen.laterMessages).toEqual([]);
  });

  test('stays when a look ends whose list was older, and leaves with the next', async () => {
    const { listTasks } = docket.provider;
    docket.provider.listTasks = async (...asked) => {
      const found = await listTasks(...asked);
      docket.provider.listTasks = listTasks;
      docket.pass(1_000);
      docket.holds(...SHOWN, task('3'));
      await docket.enqueue({ kind: 'changed', provider: 'fake', taskId: '3', what: 'created', rep: ANN });
      await docket.work();
      return found;
    };
    await look();
    expect(await ids()).toEqual(['3']);

    docket.holds(...SHOWN);
    docket.pass(HOUR);
    await look();
    expect(await later()).toBeUndefined();
  });

  test('that cannot be read now is read later', async () => {
    docket.holds(...SHOWN, task('3'));
    docket.provider.readTrouble.push({ kind: 'unavailable' });
    await told('3,created,ann at fake');
    expect(await later()).toBeUndefined();
    docket.pass(5_000);
    await docket.work();

    expect(await ids()).toEqual(['3']);
  });
});
