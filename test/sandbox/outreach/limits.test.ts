import { expect, it } from 'vitest';
import { createLimiter } from '../../../sandbox/outreach/limiter.ts';
import { act, ask, list, NOW, OTHER, OWNER, refusal, start, task, tokenOf } from './outreach.ts';

const HOUR = 3_600_000;
const RESET = String((NOW + HOUR) / 1000);

it('the rate limit tells of itself on every answer to a known token, with its traps', async () => {
  const outreach = await start();

  const good = await list(outreach);
  const bad = await ask(outreach, 'GET /tasks/1');
  const unknown = await list(outreach, {}, 'unknown');

  expect(good.headers.get('x-ratelimit-limit')).toBe('10000');
  expect(good.headers.get('x-ratelimit-remaining')).toBe('9999, 19988');
  expect(good.headers.get('x-ratelimit-reset')).toBe(RESET);
  expect(good.headers.get('retry-after')).toBeNull();
  expect(bad.headers.get('x-ratelimit-remaining')).toBe('9998, 19987');
  expect(unknown.headers.get('x-ratelimit-limit')).toBeNull();
});

it('the rate limit (outreach.md 6) is each user’s own, counts faults, and refuses one more without effect until a time', async () => {
  const outreach = await start({ tasks: [task('1')], rateLimits: true, requestsPerHour: 1 });
  outreach.fail({ on: 'GET', how: { kind: 'answer', status: 500 } });
  await list(outreach);

  const refused = await act(outreach, '1', 'markComplete');

  expect(refusal(refused)).toEqual([429, 'rateLimitExceeded']);
  expect(refused.headers.get('x-ratelimit-remaining')).toMatch(/^0, /);
  expect(refused.headers.get('retry-after')).toBe(RESET);
  expect(outreach.task('1')?.state).toBe('incomplete');
  expect((await list(outreach, {}, tokenOf(outreach, OTHER))).status).toBe(200);
});

it('the rate limit lets 10,000 through', () => {
  const limiter = createLimiter(10_000, true);

  const quotas = Array.from({ length: 10_001 }, () => limiter.admit(OWNER, NOW));

  expect(quotas.findIndex(({ exceeded }) => exceeded)).toBe(10_000);
});
