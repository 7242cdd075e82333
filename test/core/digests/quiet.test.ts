/** Mornings with nothing open: no message, a line once a week, and never silence about a tool that did not answer. */
import { beforeEach, describe, expect, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import type { DayChoices } from '../../../src/core/model/digest.ts';
import { ANN, addRep, createDocket, type Docket } from '../docket.ts';
import { fakeProvider, task } from '../provider.ts';

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket({ empty: true });
  await addRep(docket, ANN, 'ann at fake');
});

/** The next morning of the schedule; returns what became of it. */
async function morning(): Promise<string> {
  const { store } = docket.deps;
  const due = (await store.schedules.find(ANN))?.nextDueAt ?? 0;
  docket.at(due);
  const before = docket.screen.posted.length;
  await claimDueDigests(docket.deps);
  await docket.work();
  const run = await store.runs.find(ANN, new Date(due).toISOString().slice(0, 10));
  expect(docket.screen.posted.length - before).toBe(run?.state === 'posted' ? 1 : 0);
  return run?.why ?? run?.state ?? 'none';
}

async function mornings(count: number): Promise<string[]> {
  const all: string[] = [];
  for (let index = 0; index < count; index += 1) all.push(await morning());
  return all;
}

async function choose(choices: Partial<DayChoices>): Promise<void> {
  const { schedules } = docket.deps.store;
  const schedule = await schedules.find(ANN);
  if (schedule) await schedules.save({ ...schedule, choices: { ...schedule.choices, ...choices } });
}

const Q = 'nothing_open';

describe('on mornings with nothing open', () => {
  test('the first digest comes all the same; then there is none for a week, then one, and so on', async () => {
    docket.holds();

    expect(await mornings(11)).toEqual(['posted', Q, Q, Q, Q, 'posted', Q, Q, Q, Q, 'posted']);
  });

  test('a digest with tasks counts as well: the week begins with the last one', async () => {
    expect(await mornings(3)).toEqual(['posted', 'posted', 'posted']);
    docket.holds();

    expect(await mornings(6)).toEqual([Q, Q, Q, Q, 'posted', Q]);
  });

  test('the digest comes again with the first task', async () => {
    docket.holds();
    expect(await mornings(2)).toEqual(['posted', Q]);
    docket.holds(task('9', { dueAt: docket.deps.clock() }));

    expect(await morning()).toBe('posted');
  });

  test('a line comes each morning for those who chose it', async () => {
    await choose({ allClear: 'daily' });
    docket.holds();

    expect(await mornings(6)).toEqual(Array.from({ length: 6 }, () => 'posted'));
  });

  test('a tool that does not answer is told of', async () => {
    docket.holds();
    expect(await mornings(2)).toEqual(['posted', Q]);
    docket.provider.listTrouble.push({ kind: 'unavailable' });

    expect(await mornings(2)).toEqual(['posted', Q]);
  });

  test('so is an entry that cannot be read', async () => {
    docket.holds();
    await mornings(2);
    docket.provider.unreadable = 1;

    expect(await morning()).toBe('posted');
  });

  test('so is a tool that the rep has not signed in to', async () => {
    const unconnected = Object.assign(fakeProvider('other'), { consent: {} });
    docket = await createDocket({ empty: true, providers: [fakeProvider(), unconnected] });
    await addRep(docket, ANN, 'ann at fake');
    docket.holds();

    expect(await mornings(3)).toEqual(['posted', 'posted', 'posted']);
  });

  test('the digest that was asked for comes', async () => {
    docket.holds();
    await mornings(2);

    await docket.digests.sendNow(await docket.rep());
    expect(docket.screen.posted).toHaveLength(2);
  });
});
