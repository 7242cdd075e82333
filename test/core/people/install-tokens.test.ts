/** Renewing the tokens of installs: once for all, and written before it is used. */
import { expect, onTestFinished, test } from 'vitest';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { HOUR, MINUTE } from '../../../src/core/model/time.ts';
import { createTokenRenewal, type InstallTokensDeps } from '../../../src/core/people/install-tokens.ts';
import { MEMORY, openUrl } from '../../store/open.ts';

const INSTALL = { token: 'xoxb-1', botId: 'B1', botUserId: 'UBOT', by: 'UADA', at: 5 };
const NEXT = { token: 'xoxb-2', refreshToken: 'xoxe-2', lifetimeMs: 12 * HOUR };

async function opened(renewToken: InstallTokensDeps['renewToken'], teams = ['T1']) {
  const { store, close } = await openUrl(MEMORY);
  onTestFinished(close);
  let now = 10 * HOUR;
  const asked: string[] = [];
  const suspected: string[] = [];
  const lines: [level: string, fields: object, message: string][] = [];
  const note = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message]);
  const deps: InstallTokensDeps = {
    store,
    clock: () => now,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    renewToken: (refreshToken) => {
      asked.push(refreshToken);
      return renewToken(refreshToken);
    },
    suspect: (teamId) => void suspected.push(teamId),
    sleep: async () => undefined,
  };
  for (const teamId of teams) {
    const rotation = { refreshToken: `xoxe-1-${teamId}`, expiresAt: 12 * HOUR };
    await store.installs.save({ ...INSTALL, teamId, rotation });
  }
  const pass = (ms: number) => {
    now += ms;
  };
  return { deps, store, asked, suspected, lines, pass, renew: createTokenRenewal(deps) };
}

test('of several at once one asks, and what it got is stored before anybody is told', async () => {
  const { store, asked, renew } = await opened(async () => NEXT);

  const told = await Promise.all([1, 2, 3].map(renew));

  expect(told.toSorted()).toEqual([false, false, true]);
  expect(asked).toEqual(['xoxe-1-T1']);
  const rotation = { refreshToken: 'xoxe-2', expiresAt: 22 * HOUR };
  expect(await store.installs.find('T1')).toMatchObject({ token: 'xoxb-2', rotation, version: 2 });
  expect(await renew()).toBe(false);
});

test("one workspace's trouble is not another's", async () => {
  const { store, lines, renew } = await opened(
    async (refreshToken) => {
      if (refreshToken.endsWith('T1')) throw new DeliveryError('permanent', 'Slack: invalid_refresh_token');
      return NEXT;
    },
    ['T1', 'T2'],
  );

  expect(await renew()).toBe(true);
  expect(await store.installs.find('T2')).toMatchObject({ token: 'xoxb-2' });
  expect(await store.installs.find('T1')).toMatchObject({ token: 'xoxb-1' });
  expect(lines).toMatchObject([['error', { team: 'T1' }, expect.stringContaining('has to be installed there again')]]);
});

test("a lost answer is asked for again at once, a refusal after ten minutes, a wait of Slack's after one", async () => {
  const kinds = ['unavailable', 'unavailable', 'unavailable', 'rate_limited', 'permanent', 'permanent'] as const;
  let turn = 0;
  const { asked, pass, renew } = await opened(async () => {
    const kind = kinds[turn];
    turn += 1;
    throw new DeliveryError(kind ?? 'permanent', 'no');
  });
  const asks = async () => {
    const before = asked.length;
    await renew();
    return asked.length - before;
  };

  expect(await asks()).toBe(3);
  expect(await asks()).toBe(0);
  pass(MINUTE);
  expect(await asks()).toBe(1);
  pass(MINUTE);
  expect(await asks()).toBe(1);
  pass(10 * MINUTE);
  expect(await asks()).toBe(0);
  pass(MINUTE);
  expect(await asks()).toBe(1);
});

test('a refusal is said once an hour and of each workspace for itself, and each time Slack is asked what it says of the token', async () => {
  const { lines, suspected, pass, renew } = await opened(async () => {
    throw new DeliveryError('permanent', 'Slack: invalid_refresh_token');
  }, ['T1', 'T2']);
  const said = async (minutes: number) => {
    const before = lines.length;
    for (let minute = 0; minute < minutes; minute += 1) {
      await renew();
      pass(MINUTE);
    }
    return lines.slice(before).map(([, fields]) => (fields as { team: string }).team);
  };

  expect((await said(1)).toSorted()).toEqual(['T1', 'T2']);
  expect(suspected.toSorted()).toEqual(['T1', 'T2']);
  expect(await said(59)).toEqual([]);
  expect(suspected.length).toBeGreaterThan(8);
  expect((await said(12)).toSorted()).toEqual(['T1', 'T2']);
});

test('a database that is away for a moment does not cost the token that Slack gave', async () => {
  const { deps, store, asked } = await opened(async () => NEXT);
  let failures = 2;
  const installs = {
    ...store.installs,
    renew: async (...given: Parameters<typeof store.installs.renew>) => {
      failures -= 1;
      if (failures >= 0) throw new Error('the database is away');
      return store.installs.renew(...given);
    },
  };

  expect(await createTokenRenewal({ ...deps, store: { ...store, installs } })()).toBe(true);
  expect(asked).toHaveLength(1);
  expect(await store.installs.find('T1')).toMatchObject({ token: 'xoxb-2' });
});

test('after its end it is an error, and goes on being tried', async () => {
  const { lines, pass, renew } = await opened(async () => {
    throw new DeliveryError('unavailable', 'no');
  });
  await renew();
  pass(3 * HOUR);
  await renew();

  expect(lines.map(([level, fields]) => [level, fields])).toMatchObject([
    ['warn', { leftMs: 2 * HOUR }],
    ['error', { leftMs: -HOUR }],
  ]);
});
