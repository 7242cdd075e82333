/** Processes on one PostgreSQL and one tool: a Gong that refuses a fourth call in any second by its arrival, an Outreach. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGong } from '../../sandbox/gong/simulator.ts';
import { createOutreach } from '../../sandbox/outreach/simulator.ts';
import type { Account } from '../../src/core/model/people.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { SCOPES } from '../../src/providers/outreach/oauth.ts';
import { watch } from '../sandbox/simulator.ts';
import { rep } from '../store/fixtures.ts';
import { openUrl } from '../store/open.ts';
import { createSchema, hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { gongTask, owner } from './gong/harness.ts';
import { CLIENT_ID, HOUR, OWNER as OUTREACH_OWNER, REDIRECT, USERS } from './outreach/harness.ts';

const KEYS = { accessKey: 'KEY', accessKeySecret: 'SECRET' };
const CLICKED = '500';

interface CallerSettings {
  tool: 'gong' | 'outreach';
  account: Account;
  settings: object;
  url: string;
}

interface Caller {
  child: ChildProcess;
  said: string[];
  order(line: string): void;
}

async function startCallers(count: number, { tool, account, settings, url }: CallerSettings) {
  const callers = Array.from({ length: count }, (): Caller => {
    const script = join(import.meta.dirname, 'caller.ts');
    const args = [script, url, JSON.stringify(account), tool, JSON.stringify(settings)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const said: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    return { child, said, order: (line) => void child.stdin.write(`${line}\n`) };
  });
  const ended = callers.map(({ child }) => new Promise((resolve) => child.once('close', resolve)));
  onTestFinished(async () => {
    for (const { child } of callers) child.kill('SIGKILL');
    await Promise.all(ended);
  });
  await expect.poll(() => callers.map(({ said }) => said[0]), { timeout: 20_000 }).toEqual(callers.map(() => 'ready'));
  return callers;
}

async function newDatabase(fill: (store: Store) => Promise<unknown> = async () => undefined): Promise<string> {
  const { url, drop } = await createSchema();
  onTestFinished(drop);
  const { store, close } = await openUrl(url);
  await fill(store);
  await close();
  return url;
}

const saidBy = (callers: readonly Caller[]) => callers.flatMap(({ said }) => said.slice(1));

describe.skipIf(!hasPostgres)('processes that share a tool', () => {
  takeTurnsOnServer();

  test('never make a fourth call in a second, and a click in one goes before the lists of the others', async () => {
    const gong = watch(await createGong({ tasks: [gongTask({ id: CLICKED })], users: [], ...KEYS }));
    const settings = { ...KEYS, apiUrl: gong.url };
    const callers = await startCallers(4, { tool: 'gong', account: owner, settings, url: await newDatabase() });
    const [first, ...others] = callers;
    for (const caller of others) caller.order('list person 3');
    await expect.poll(() => gong.requests.length, { timeout: 10_000, interval: 5 }).toBeGreaterThanOrEqual(3);
    const before = gong.requests.length;
    first?.order(`click ${CLICKED}`);
    await expect.poll(() => saidBy(callers), { timeout: 15_000 }).toHaveLength(10);

    expect(saidBy(callers).filter((line) => line.startsWith('refused'))).toEqual([]);
    expect(gong.requests.filter(({ status }) => status === 429)).toEqual([]);
    const times = gong.requests.map(({ at }) => at);
    for (const [index, at] of times.entries())
      expect((times[index + 3] ?? Infinity) - at).toBeGreaterThanOrEqual(1_000);
    // Those that had their turn already may be on their way.
    const clicked = gong.requests.findIndex(({ method }) => method === 'PATCH');
    expect(clicked - before).toBeLessThanOrEqual(3);
    expect(gong.requests.length - clicked).toBeGreaterThanOrEqual(3);
  });

  test('spend a refresh token once, though two of them renew at the same moment, and both go on with the new token', async () => {
    const CLIENT = { clientId: CLIENT_ID, clientSecret: 'SECRET' };
    const outreach = watch(await createOutreach({ users: USERS, ...CLIENT }));
    const { accessToken, refreshToken, scope } = outreach.grant(OUTREACH_OWNER.externalId, SCOPES);
    const mintedAt = Date.now() - 2 * HOUR;
    const grant = { accessToken, refreshToken, mintedAt, expiresAt: Date.now() - 1, scopes: scope.split(' ') };
    const { teamId, userId } = OUTREACH_OWNER;
    const url = await newDatabase(async (store) => {
      await store.reps.save(rep({ teamId, userId }));
      await store.connections.save({ teamId, userId, provider: 'outreach', grant, at: mintedAt });
    });
    const settings = { ...CLIENT, redirectUri: REDIRECT, apiUrl: outreach.url };
    const callers = await startCallers(2, { tool: 'outreach', account: OUTREACH_OWNER, settings, url });
    for (const caller of callers) caller.order('list person 2');
    await expect
      .poll(() => saidBy(callers), { timeout: 10_000 })
      .toEqual(['listed 0', 'listed 0', 'listed 0', 'listed 0']);
    expect(outreach.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
  });
});
