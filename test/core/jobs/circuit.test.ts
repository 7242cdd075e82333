import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Circuit, createCircuit, type Entry, type Verdict } from '../../../src/core/jobs/circuit.ts';

let now = 0;
let back = 0;
function circuit(): Circuit {
  now = 1_000_000;
  back = 0;
  const isBack = () => {
    back += 1;
  };
  return createCircuit(() => now, isBack);
}

type Turn = Extract<Entry, { report: unknown }>;

/** Someone who waits, for as long as the test lets them. */
const patient = () => new AbortController().signal;

async function turn(of: Circuit, urgent?: AbortSignal): Promise<Turn> {
  const entry = await of.enter(urgent);
  if ('waitMs' in entry) throw new Error(`no turn for ${entry.waitMs} ms`);
  return entry;
}

/** Asks, where that is allowed, and reports the result. */
async function ask(of: Circuit, verdict: Verdict, urgent?: AbortSignal): Promise<number | 'asked'> {
  const entry = await of.enter(urgent);
  if ('waitMs' in entry) return entry.waitMs;
  entry.report(verdict);
  return 'asked';
}

async function opened(): Promise<Circuit> {
  const of = circuit();
  for (let call = 0; call < 5; call += 1) await ask(of, 'away');
  return of;
}

/** Whether something comes to an end by itself. */
async function ends(work: Promise<unknown>): Promise<boolean> {
  return Promise.race([work.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
}

test('after five calls in a row without an answer, one call tries a second later', async () => {
  const of = circuit();
  for (let call = 0; call < 4; call += 1) await ask(of, 'away');
  expect(of.outage()).toBeUndefined();
  now += 1_000;

  await ask(of, 'away');

  expect(of.outage()).toEqual({ since: 1_000_000, askAgainAt: 1_002_000 });
  expect(await ask(of, 'answered')).toBe(1_000);
  now += 999;
  expect(await ask(of, 'answered')).toBe(1);
  now += 1;
  expect(await ask(of, 'answered')).toBe('asked');
  expect(of.outage()).toBeUndefined();
});

test('an answer of any kind in between, and they are not in a row', async () => {
  const of = circuit();
  for (const verdict of ['away', 'away', 'away', 'away', 'answered', 'away', 'away', 'away', 'away'] as const) {
    expect(await ask(of, verdict)).toBe('asked');
  }

  expect(of.outage()).toBeUndefined();
  expect(back).toBe(0);
});

test('each try that finds nobody doubles the pause, up to half a minute; the outage stays as old as it is', async () => {
  const of = await opened();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const pause = of.blockedFor() ?? 0;
    pauses.push(pause);
    now += pause;
    expect(await ask(of, 'away')).toBe('asked');
  }

  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(of.outage()?.since).toBe(1_000_000);
});

test('calls that were under way when it opened do not make the pause longer', async () => {
  const of = circuit();
  const turns = await Promise.all(Array.from({ length: 16 }, () => turn(of)));
  for (const { report } of turns) report('away');

  expect(of.blockedFor()).toBe(1_000);
});

test('an answer tells of the return, once, and the next outage begins with a short pause', async () => {
  const of = await opened();
  for (const pause of [1_000, 2_000, 4_000]) {
    now += pause;
    await ask(of, 'away');
  }
  now += 8_000;
  expect(back).toBe(0);

  await ask(of, 'answered');
  await ask(of, 'answered');

  expect(back).toBe(1);
  for (let call = 0; call < 5; call += 1) await ask(of, 'away');
  expect(of.blockedFor()).toBe(1_000);
});

test('one call at a time tries; what nobody waits for comes back later', async () => {
  const of = await opened();
  now += 1_000;
  const first = await turn(of);

  expect(await ask(of, 'answered')).toBe(1_000);
  first.report('answered');
  expect(await ask(of, 'answered')).toBe('asked');
});

test('a press is tried at once, long before the schedule, and leaves the schedule as it is', async () => {
  const of = await opened();
  now += 1_000;
  await ask(of, 'away');
  const before = of.outage()?.askAgainAt;
  now += 100;

  expect(await ask(of, 'away', patient())).toBe('asked');
  expect(await ask(of, 'away', patient())).toBe('asked');
  expect(of.outage()?.askAgainAt).toBe(before);
  expect(await ask(of, 'answered', patient())).toBe('asked');
  expect(of.outage()).toBeUndefined();
});

test('presses that meet a try go right after its answer: together if there was one, else one by one', async () => {
  const of = await opened();
  const first = await turn(of, patient());
  const second = of.enter(patient());
  const third = of.enter(patient());
  expect(await ends(Promise.race([second, third]))).toBe(false);

  first.report('away');
  const entry = await second;
  expect(await ends(third)).toBe(false);
  if ('waitMs' in entry) throw new Error('not asked');
  entry.report('answered');

  expect(await third).toHaveProperty('report');
});

test('whoever stops waiting for a turn was not asked, and nobody else is held up', async () => {
  const of = await opened();
  const first = await turn(of, patient());
  const stopped = new AbortController();
  const gone = of.enter(stopped.signal);
  const next = of.enter(patient());

  stopped.abort();

  expect(await gone).toEqual({ waitMs: 1_000 });
  first.report('away');
  expect(await next).toHaveProperty('report');
});

test('a call that tells nothing leaves the trying to another', async () => {
  const of = await opened();
  now += 1_000;
  (await turn(of)).report('unknown');

  expect(of.blockedFor()).toBeUndefined();
  expect(await ask(of, 'answered')).toBe('asked');
});

test('whatever happens in whatever order: one answer, and everyone may ask; and nobody is shut out for good', async () => {
  const step = fc.record({
    pass: fc.integer({ min: 0, max: 40_000 }),
    verdict: fc.constantFrom<Verdict>('answered', 'away', 'unknown'),
    urgent: fc.boolean(),
    /** How many others ask before its answer is here. */
    meanwhile: fc.nat({ max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const of = circuit();
      for (const { pass, verdict, urgent, meanwhile } of steps) {
        now += pass;
        const entry = await of.enter(urgent ? patient() : undefined);
        if ('waitMs' in entry) {
          expect(urgent).toBe(false);
          expect(entry.waitMs).toBeGreaterThan(0);
          expect(entry.waitMs).toBeLessThanOrEqual(30_000);
          continue;
        }
        const open = of.outage() !== undefined;
        for (let other = 0; other < meanwhile; other += 1) {
          if (open) expect(await of.enter()).toHaveProperty('waitMs');
        }
        entry.report(verdict);
        if (verdict === 'answered') expect(of.outage()).toBeUndefined();
      }
      now += 30_000;
      expect(await ask(of, 'answered')).toBe('asked');
    }),
  );
});
