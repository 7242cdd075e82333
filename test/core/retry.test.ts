import { describe, expect, test } from 'vitest';
import { DeliveryError, ProviderError, type ProviderErrorKind } from '../../src/core/errors.ts';
import { type Attempt, BACKGROUND, CLICK, decide } from '../../src/core/retry.ts';
import { CATCH_UP_WINDOW, MINUTE } from '../../src/core/time.ts';

const SINCE = 1_000_000;

function attempt(more: Partial<Attempt> = {}): Attempt {
  return { number: 1, since: SINCE, now: SINCE, random: 0, ...more };
}

function failed(kind: ProviderErrorKind, retryAfterMs?: number): ProviderError {
  return new ProviderError({ provider: 'gong', kind, operation: 'PATCH /x', retryAfterMs });
}

describe('a click', () => {
  test.each(['auth', 'forbidden', 'not_found', 'invalid', 'conflict'] as const)('is given up at once on %s', (kind) => {
    expect(decide(failed(kind), attempt(), CLICK)).toEqual({ fail: kind });
  });

  test.each(['unavailable', 'unreadable'] as const)('is tried three times on %s, later each time', (kind) => {
    expect(decide(failed(kind), attempt({ number: 1 }), CLICK)).toEqual({
      again: { runAt: SINCE + 1_000, free: false },
    });
    expect(decide(failed(kind), attempt({ number: 2 }), CLICK)).toEqual({
      again: { runAt: SINCE + 2_000, free: false },
    });
    expect(decide(failed(kind), attempt({ number: 3 }), CLICK)).toEqual({ fail: kind });
  });

  test('waits as long as the provider asks, and that attempt does not count', () => {
    const decision = decide(failed('rate_limited', 7_000), attempt({ number: 3 }), CLICK);

    expect(decision).toEqual({ again: { runAt: SINCE + 7_000, free: true } });
  });

  test('waits a little when the provider does not say how long', () => {
    expect(decide(failed('rate_limited'), attempt(), CLICK)).toEqual({ again: { runAt: SINCE + 1_000, free: true } });
  });

  test('is given up when the next attempt would come too late for the one who waits', () => {
    const late = attempt({ now: SINCE + 10 * MINUTE });

    expect(decide(failed('rate_limited', 5 * MINUTE), late, CLICK)).toHaveProperty('again');
    expect(decide(failed('rate_limited', 5 * MINUTE + 1), late, CLICK)).toEqual({ fail: 'rate_limited' });
    expect(decide(failed('unavailable'), attempt({ now: SINCE + 15 * MINUTE }), CLICK)).toEqual({
      fail: 'unavailable',
    });
  });

  test.each([new Error('ours'), new TypeError('ours'), 'ours', undefined, null, { kind: 'rate_limited' }])(
    'is given up on an error of our own: %s',
    (error) => {
      expect(decide(error, attempt(), CLICK)).toEqual({ fail: 'unexpected' });
    },
  );
});

describe('work in the background', () => {
  test('goes on, with longer and longer waits up to five minutes, for as long as it is of use', () => {
    const waits = Array.from({ length: 12 }, (_, index) => {
      const decision = decide(failed('unavailable'), attempt({ number: index + 1 }), BACKGROUND);
      return 'again' in decision ? (decision.again.runAt - SINCE) / 1_000 : undefined;
    });

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    const late = attempt({ number: 60, now: SINCE + CATCH_UP_WINDOW - 5 * MINUTE });
    expect(decide(failed('unavailable'), late, BACKGROUND)).toHaveProperty('again');
    expect(decide(failed('unavailable'), { ...late, now: late.now + 1 }, BACKGROUND)).toEqual({ fail: 'unavailable' });
  });

  test('goes on after an error of our own', () => {
    expect(decide(new Error('disk full'), attempt(), BACKGROUND)).toHaveProperty('again');
  });

  test('follows what Slack says', () => {
    const busy = new DeliveryError('rate_limited', 'x', { retryAfterMs: 30_000 });

    expect(decide(busy, attempt(), BACKGROUND)).toEqual({ again: { runAt: SINCE + 30_000, free: true } });
    expect(decide(new DeliveryError('unavailable', 'x'), attempt(), BACKGROUND)).toHaveProperty('again');
    expect(decide(new DeliveryError('permanent', 'x'), attempt(), BACKGROUND)).toEqual({ fail: 'forbidden' });
  });

  test('reckons with any number of attempts', () => {
    const decision = decide(failed('unavailable'), attempt({ number: 5_000 }), BACKGROUND);

    expect(decision).toEqual({ again: { runAt: SINCE + 5 * MINUTE, free: false } });
  });
});

test('those that failed together do not come back together', () => {
  const waits = [0, 0.25, 0.5, 0.999].map((random) => {
    const decision = decide(failed('unavailable'), attempt({ number: 4, random }), BACKGROUND);
    return 'again' in decision ? decision.again.runAt - SINCE : undefined;
  });

  expect(waits).toEqual([8_000, 9_000, 10_000, 11_996]);
});
