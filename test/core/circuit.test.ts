import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Circuit, createCircuit, type Verdict } from '../../src/core/circuit.ts';

let now = 0;
function circuit(): Circuit {
  now = 1_000_000;
  return createCircuit(() => now);
}

/** Asks, where that is allowed, and notes what came of it. */
function ask(of: Circuit, verdict: Verdict): boolean {
  if (of.blockedFor() !== undefined) return false;
  of.note(verdict);
  return true;
}

test('five calls in a row without an answer, and nobody asks for half a minute', () => {
  const of = circuit();
  for (let call = 0; call < 4; call += 1) ask(of, 'away');
  expect(of.outage()).toBeUndefined();
  now += 1_000;

  ask(of, 'away');

  expect(of.blockedFor()).toBe(30_000);
  expect(of.outage()).toEqual({ since: 1_000_000, askAgainAt: 1_031_000 });
  now += 29_999;
  expect(of.blockedFor()).toBe(1);
});

test('an answer of any kind in between, and they are not in a row', () => {
  const of = circuit();
  for (const verdict of ['away', 'away', 'away', 'away', 'answered', 'away', 'away', 'away', 'away'] as const) {
    ask(of, verdict);
  }

  expect(of.blockedFor()).toBeUndefined();
});

test('then one call looks, and the others wait for what it finds', () => {
  const of = circuit();
  for (let call = 0; call < 5; call += 1) ask(of, 'away');
  now += 30_000;

  expect(of.blockedFor()).toBeUndefined();
  expect(of.blockedFor()).toBe(1_000);
  of.note('answered');

  expect(of.outage()).toBeUndefined();
  expect(of.blockedFor()).toBeUndefined();
});

test('and if it finds nobody, half a minute begins anew, and the outage is as old as it is', () => {
  const of = circuit();
  for (let call = 0; call < 5; call += 1) ask(of, 'away');
  now += 30_000;
  ask(of, 'away');

  expect(of.blockedFor()).toBe(30_000);
  expect(of.outage()?.since).toBe(1_000_000);
});

test('a call that looks and is given up, or dies, leaves the looking to another', () => {
  const of = circuit();
  for (let call = 0; call < 5; call += 1) ask(of, 'away');
  now += 30_000;
  of.blockedFor();
  of.note('unknown');
  expect(of.blockedFor()).toBeUndefined();

  now += 59_999;
  expect(of.blockedFor()).toBe(1_000);
  now += 1;
  expect(of.blockedFor()).toBeUndefined();
});

test('whatever happens in whatever order: one answer, and everyone may ask; and nobody is shut out for good', () => {
  const step = fc.record({
    pass: fc.integer({ min: 0, max: 40_000 }),
    verdict: fc.constantFrom<Verdict>('answered', 'away', 'unknown'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const of = circuit();
      for (const { pass, verdict } of steps) {
        now += pass;
        const asked = ask(of, verdict);
        if (asked && verdict === 'answered') expect(of.outage()).toBeUndefined();
      }
      now += 60_000;
      expect(of.blockedFor()).toBeUndefined();
    }),
  );
});
