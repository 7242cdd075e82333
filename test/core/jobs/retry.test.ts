import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Attempt, BACKGROUND, CLICK, decide } from '../../../src/core/jobs/retry.ts';
import { DeliveryError, ProviderError, type ProviderErrorKind } from '../../../src/core/model/errors.ts';
import { CATCH_UP_WINDOW, HOUR, MINUTE } from '../../../src/core/model/time.ts';

const ASKED = 1_000_000;

function attempt(more: Partial<Attempt> = {}): Attempt {
  return { number: 1, askedAt: ASKED, failingSince: undefined, now: ASKED, random: 0, ...more };
}

function failed(kind: ProviderErrorKind, retryAfterMs?: number): ProviderError {
  return new ProviderError({ provider: 'gong', kind, operation: 'PATCH /x', retryAfterMs });
}

/** Fails for ever, and says when each attempt was made, in seconds since the first; and why it was given up. */
function attempts(error: () => unknown, random = 0): { at: number[]; failed: string } {
  const at: number[] = [];
  let now = ASKED;
  for (;;) {
    at.push((now - ASKED) / 1_000);
    const failingSince = at.length === 1 ? undefined : ASKED;
    const decision = decide(error(), attempt({ number: at.length, failingSince, now, random }), CLICK);
    if ('fail' in decision) return { at, failed: decision.fail };
    now = decision.again.runAt;
  }
}

describe('a click', () => {
  const FINAL = ['auth', 'disconnected', 'not_enabled', 'forbidden', 'not_found', 'invalid', 'conflict'] as const;
  test.each(FINAL)('is given up at once on %s', (kind) => {
    expect(decide(failed(kind), attempt(), CLICK)).toEqual({ fail: kind });
  });

  const PASSING = ['unavailable', 'unreadable'] as const;
  test.each(PASSING)('is tried again on %s, later each time up to a minute, for a quarter of an hour', (kind) => {
    const { at, failed: why } = attempts(() => failed(kind));

    expect(at).toEqual([0, 1, 3, 7, 15, 31, 63, ...Array.from({ length: 13 }, (_, index) => 123 + 60 * index), 900]);
    expect(why).toBe(kind);
  });

  test('tells until when it is tried', () => {
    const decision = decide(failed('unavailable'), attempt({ number: 3, failingSince: ASKED - MINUTE }), CLICK);

    expect(decision).toEqual({
      again: { runAt: ASKED + 4_000, free: false, waitsFor: 'gong' },
      reason: 'unavailable',
      until: ASKED + 14 * MINUTE,
    });
  });

  test('is not tried before the time at which the provider will be back, and once more when time is up', () => {
    const soon = decide(failed('unavailable', 5 * MINUTE), attempt(), CLICK);
    const late = decide(failed('unavailable', 60 * MINUTE), attempt(), CLICK);

    expect(soon).toMatchObject({ again: { runAt: ASKED + 5 * MINUTE } });
    expect(late).toMatchObject({ again: { runAt: ASKED + 15 * MINUTE } });
  });

  test('waits as long as the provider asks, or a little when it does not say, and that attempt does not count', () => {
    const decision = decide(failed('rate_limited', 7_000), attempt({ number: 300, failingSince: ASKED - HOUR }), CLICK);

    expect(decision).toEqual({
      again: { runAt: ASKED + 7_000, free: true },
      reason: 'rate_limited',
      until: ASKED + 7_000,
    });
    const soon = { again: { runAt: ASKED + 1_000, free: true } };
    expect(decide(failed('rate_limited'), attempt(), CLICK)).toMatchObject(soon);
  });

  test('that was not asked, because the provider answers nobody, has lost no attempt and no time', () => {
    const since = ASKED - HOUR;
    const decision = decide(failed('away', 2_000), attempt({ number: 300, failingSince: since }), CLICK);

    expect(decision).toEqual({
      again: { runAt: ASKED + 2_000, free: true, waitsFor: 'gong' },
      reason: 'away',
      until: ASKED + 4 * HOUR,
    });
  });

  test.each([
    ['unavailable', undefined, 'gong'],
    ['unreadable', undefined, 'gong'],
    ['away', 30_000, 'gong'],
    // A time that it named is kept, whatever it answers to others.
    ['unavailable', 30_000, undefined],
    ['rate_limited', 30_000, undefined],
  ] as const)('that failed as %s (told to wait: %s) waits for the return of %s', (kind, told, provider) => {
    const decision = decide(failed(kind, told), attempt(), CLICK);

    expect('again' in decision && decision.again.waitsFor).toBe(provider);
  });

  test('waits for four hours at the most', () => {
    const late = attempt({ now: ASKED + 4 * HOUR - 5 * MINUTE });

    expect(decide(failed('rate_limited', 5 * MINUTE), late, CLICK)).toHaveProperty('again');
    expect(decide(failed('rate_limited', 5 * MINUTE + 1), late, CLICK)).toEqual({ fail: 'rate_limited' });
  });

  const OURS = [new Error('ours'), new TypeError('ours'), 'ours', undefined, null, { kind: 'rate_limited' }];
  test.each(OURS)('is given up on an error of our own: %s', (error) => {
    expect(decide(error, attempt(), CLICK)).toEqual({ fail: 'unexpected' });
  });
});

test('whatever a provider asks for, a click that fails for ever is given up in time, and never hammers', () => {
  const asked = fc.array(fc.option(fc.integer({ min: 0, max: 2 * HOUR }), { nil: undefined }), { minLength: 1 });
  fc.assert(
    fc.property(asked, fc.double({ min: 0, max: 0.999, noNaN: true }), (waits, random) => {
      let turn = 0;
      const { at } = attempts(() => failed('unavailable', waits[turn++ % waits.length]), random);
      expect(at.at(-1)).toBe(900);
      for (const [index, second] of at.entries()) {
        if (index > 0 && index < at.length - 1) expect(second - (at[index - 1] ?? 0)).toBeGreaterThanOrEqual(1);
      }
    }),
  );
});

describe('work in the background', () => {
  test('goes on, with longer and longer waits up to five minutes, for as long as it is of use', () => {
    const waits = Array.from({ length: 12 }, (_, index) => {
      const decision = decide(failed('unavailable'), attempt({ number: index + 1 }), BACKGROUND);
      return 'again' in decision ? (decision.again.runAt - ASKED) / 1_000 : undefined;
    });

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    const again = { runAt: ASKED + 5 * MINUTE, free: false };
    expect(decide(failed('unavailable'), attempt({ number: 5_000 }), BACKGROUND)).toMatchObject({ again });
    const late = attempt({ number: 60, now: ASKED + CATCH_UP_WINDOW - 1 });
    expect(decide(failed('unavailable'), late, BACKGROUND)).toHaveProperty('again');
    expect(decide(failed('unavailable'), { ...late, now: late.now + 1 }, BACKGROUND)).toEqual({ fail: 'unavailable' });
  });

  test('goes on after an error of our own', () => {
    expect(decide(new Error('disk full'), attempt(), BACKGROUND)).toHaveProperty('again');
  });

  test('follows what Slack says', () => {
    const busy = new DeliveryError('rate_limited', 'x', { retryAfterMs: 30_000 });

    expect(decide(busy, attempt(), BACKGROUND)).toMatchObject({ again: { runAt: ASKED + 30_000, free: true } });
    expect(decide(new DeliveryError('unavailable', 'x'), attempt(), BACKGROUND)).toHaveProperty('again');
    expect(decide(new DeliveryError('permanent', 'x'), attempt(), BACKGROUND)).toEqual({ fail: 'forbidden' });
  });
});

test('those that failed together do not come back together', () => {
  const waits = [0, 0.25, 0.5, 0.999].map((random) => {
    const decision = decide(failed('unavailable'), attempt({ number: 4, random }), BACKGROUND);
    return 'again' in decision ? decision.again.runAt - ASKED : undefined;
  });

  expect(waits).toEqual([8_000, 9_000, 10_000, 11_996]);
});
