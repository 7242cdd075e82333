/** The part of the contract suite that is about what goes wrong: every failure has its kind, and tells no secret. */
import { expect, it } from 'vitest';
import type { ProviderErrorKind } from '../../src/core/model/errors.ts';
import {
  asOwner,
  CALLS,
  click,
  expectNoSecrets,
  type Fault,
  fails,
  failureOf,
  MARKER,
  type MakeHarness,
  type Route,
  seeded,
} from './provider-harness.ts';

const STATUSES: readonly [number, ProviderErrorKind][] = [
  [302, 'unreadable'],
  [400, 'invalid'],
  [401, 'auth'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [409, 'conflict'],
  [422, 'invalid'],
  [429, 'rate_limited'],
  [500, 'unavailable'],
  [503, 'unavailable'],
];

const UNREADABLE: readonly [string, Omit<Fault & { kind: 'answer' }, 'kind'>][] = [
  ['a page', { status: 200, body: `<html>${MARKER}</html>`, contentType: 'text/html' }],
  ['broken JSON', { status: 200, body: `{"text":"${MARKER}","tasks":[` }],
  ['nothing', { status: 200, body: '' }],
  ['another shape', { status: 200, body: `{"${MARKER}":[]}` }],
  ['null', { status: 200, body: 'null' }],
];

export function failing(open: MakeHarness): void {
  /** Each route fails with this, and is told as such. */
  async function everyRoute(
    fault: Fault,
    like: { kind: ProviderErrorKind; status: number | undefined },
  ): Promise<void> {
    for (const [route, call] of Object.entries(CALLS)) {
      const harness = await open({ timeoutMs: fault.kind === 'answer' ? 10_000 : 200 });
      harness.fail(route as Route, fault);
      const error = await failureOf(call(harness));
      const kind = harness.kindOf?.(route as Route, like.status ?? 0) ?? like.kind;
      expect(error).toMatchObject({ ...like, kind, provider: harness.provider.id });
      expectNoSecrets(error, harness);
    }
  }

  // gong.md 5.400, 5.401, 5.403, 5.404, 5.500; outreach.md 5.404; reply.md 2.3, 5.400, 5.403; contracts, rule 9
  it.for(STATUSES)('with status %i as %s, on every route', ([status, kind]) =>
    everyRoute({ kind: 'answer', status, body: MARKER, headers: { location: '/elsewhere' } }, { kind, status }),
  );

  it.for(UNREADABLE)('with %s as unreadable, never as an empty list', ([, answer]) =>
    everyRoute({ kind: 'answer', ...answer }, { kind: 'unreadable', status: 200 }),
  );

  // contracts, rule 4: a broken connection is no answer
  it.for(['reset', 'hang'] as const)('with a %s as unavailable', (kind) =>
    everyRoute({ kind }, { kind: 'unavailable', status: undefined }),
  );

  // gong.md 5.429: 429 waits for the seconds of Retry-After
  it('with Retry-After in milliseconds', async () => {
    const harness = await open();
    harness.fail('list', { kind: 'answer', status: 429, headers: { 'Retry-After': '7' } });
    await fails(CALLS.list(harness), 'rate_limited', { retryAfterMs: 7000 });
  });
}

export function stopping(open: MakeHarness): void {
  it('when the caller does, with the reason as the cause', async () => {
    const harness = await open();
    harness.fail('list', { kind: 'hang' });
    const reason = new Error('the rep has gone');
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 50);
    const list = harness.provider.listTasks(harness.owner, { ...click, signal: stop.signal });
    await fails(list, 'unavailable', { cause: reason });
  });

  it('before anything is sent when the caller had stopped already', async () => {
    const harness = await open();
    const task = await seeded(harness);
    const signal = AbortSignal.abort();
    const { owner, provider } = harness;
    const done = provider.perform(owner, task, { verb: 'done' }, { ...click, signal });
    await fails(done, 'unavailable', { cause: signal.reason });
    expect(harness.effects()).toBe(0);
    const find = provider.findUsers(['dana@example.com'], { ...asOwner(harness), signal });
    await fails(find, 'unavailable', { cause: signal.reason });
  });
}
