/** What providers tell us: who subscribes to it, and how much work it makes. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type HookDeps, handleWebhook, hookHandler } from '../../../src/core/digests/webhooks.ts';
import type { Handlers } from '../../../src/core/jobs/kinds.ts';
import { runJob } from '../../../src/core/jobs/run.ts';
import { ProviderError, type ProviderErrorKind } from '../../../src/core/model/errors.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import type { HookEvent, Hooks } from '../../../src/core/ports/provider.ts';
import { ANN, BEN, createDocket, DAY, type Docket } from '../docket.ts';
import { MONDAY_NINE, task } from '../provider.ts';

const URL_HERE = 'https://docket.example/webhooks/fake';

let docket: Docket;
let deps: HookDeps;
/** Who asked to subscribe, and with what the next of them are refused. */
let registered: RepKey[];
let refusals: ProviderErrorKind[];

beforeEach(async () => {
  docket = await createDocket();
  registered = [];
  refusals = [];
  const hooks: Hooks = {
    async register({ teamId, userId }) {
      registered.push({ teamId, userId });
      const kind = refusals.shift();
      if (kind) throw new ProviderError({ provider: 'fake', kind, operation: 'POST /webhooks' });
      return `hook ${registered.length}`;
    },
    isActive: async () => true,
    remove: async () => {},
    signatureHeader: 'x-signature',
    verify: (secret, body) => new TextDecoder().decode(body).startsWith(`${secret} `),
    parse(body) {
      const [, taskId = '', what = 'updated', key = ''] = body.split(' ');
      return { taskId, what: what as HookEvent['what'], key };
    },
  };
  Object.assign(docket.provider, { hooks });
  deps = { ...docket.deps, hookUrl: () => URL_HERE };
  await deps.store.hooks.save({ ...ANN, provider: 'fake', hookId: '1', url: URL_HERE, secret: 'secret' });
});

const LIST = { kind: 'list', filter: { by: 'all' }, priority: 'person' } as const;

const deliver = (text: string) =>
  handleWebhook(deps, { teamId: 'T1', provider: 'fake' }, { body: new TextEncoder().encode(text), headers: {} });

test('a delivery about one of the many tasks that nobody looks at makes no work', async () => {
  await docket.show([task('1')]);
  for (let number = 2; number < 50; number += 1) await deliver(`secret ${number} updated key${number}`);
  docket.pass(4 * DAY);

  expect(await deliver('secret 1 updated key')).toBe('taken');
  expect(await deps.queue.open()).toBe(0);
});

test('a list that is asked for after a delivery about its task is read anew; a forged delivery changes nothing', async () => {
  const ask = async () => docket.lists.make(await docket.rep(), LIST);
  const readings = () => docket.provider.calls.filter((call) => call.startsWith('list')).length;
  docket.holds(task('1'));
  await ask();
  docket.pass(1_000);

  await deliver('forged 1 updated key');
  await ask();
  expect(readings()).toBe(1);
  await deliver('secret 1 updated key');
  await ask();
  expect(readings()).toBe(2);
});

describe('a subscription', () => {
  async function subscribe(): Promise<void> {
    await docket.enqueue({ kind: 'hook', teamId: 'T1', provider: 'fake' });
    const handlers = { hook: hookHandler(deps) } as Handlers;
    await runJob({ ...docket.deps, handlers }, await docket.claimOne());
  }

  test('is made anew by someone else when the one who made it is not connected any more', async () => {
    await docket.connect(BEN, 'fake', { mintedAt: MONDAY_NINE });

    await subscribe();

    expect(registered).toEqual([BEN]);
    expect(await deps.store.hooks.find('fake')).toMatchObject({ ...BEN, hookId: 'hook 1' });
  });

  describe('that nobody has made', () => {
    beforeEach(async () => {
      for (const [index, rep] of [ANN, BEN].entries())
        await docket.connect(rep, 'fake', { mintedAt: MONDAY_NINE + index });
      deps = { ...deps, hookUrl: () => 'https://moved.example/webhooks/fake' };
    });

    test.each(['forbidden', 'disconnected'] as const)('is made by the next when one may not: %s', async (kind) => {
      refusals.push(kind);

      await subscribe();

      expect(registered).toEqual([ANN, BEN]);
      expect(await deps.store.hooks.find('fake')).toMatchObject({ ...BEN, hookId: 'hook 2' });
    });

    test('is given up for the day when nobody may', async () => {
      refusals.push('forbidden', 'forbidden');

      await subscribe();

      expect(registered).toHaveLength(2);
      expect(await deps.store.hooks.find('fake')).toMatchObject({ hookId: '1' });
      expect(await deps.queue.open()).toBe(0);
    });

    test('is not asked of everyone while the provider is away', async () => {
      refusals.push('unavailable');

      await subscribe();

      expect(registered).toEqual([ANN]);
      expect(await deps.queue.open()).toBe(1);
    });
  });
});
