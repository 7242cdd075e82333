/** Four processes on one PostgreSQL and one Gong, which refuses a fourth call in any second by its arrival. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGong } from '../../sandbox/gong/simulator.ts';
import { watch } from '../sandbox/simulator.ts';
import { openUrl } from '../store/open.ts';
import { createSchema, hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { gongTask, OWNER } from './gong/harness.ts';

const KEYS = { accessKey: 'KEY', accessKeySecret: 'SECRET' };
const CLICKED = '500';

interface Caller {
  child: ChildProcess;
  said: string[];
  order(line: string): void;
}

async function startCallers(count: number) {
  const { url, drop } = await createSchema();
  const { close } = await openUrl(url);
  await close();
  const gong = watch(await createGong({ tasks: [gongTask({ id: CLICKED })], users: [], ...KEYS }));
  const callers = Array.from({ length: count }, (): Caller => {
    const script = join(import.meta.dirname, 'caller.ts');
    const args = [script, url, gong.url, KEYS.accessKey, KEYS.accessKeySecret, OWNER];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const said: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    return { child, said, order: (line) => void child.stdin.write(`${line}\n`) };
  });
  const ended = callers.map(({ child }) => new Promise((resolve) => child.once('close', resolve)));
  onTestFinished(async () => {
    for (const { child } of callers) child.kill('SIGKILL');
    await Promise.all(ended);
    await drop();
  });
  await expect.poll(() => callers.map(({ said }) => said[0]), { timeout: 20_000 }).toEqual(callers.map(() => 'ready'));
  return { gong, callers };
}

const saidBy = (callers: readonly Caller[]) => callers.flatMap(({ said }) => said.slice(1));

describe.skipIf(!hasPostgres)('four processes', () => {
  takeTurnsOnServer();
  test('never make a fourth call in a second, and a click in one goes before the lists of the others', async () => {
    const { gong, callers } = await startCallers(4);
    const [first] = callers;
    for (const caller of callers) caller.order('list person 3');
    await expect.poll(() => gong.requests.length, { timeout: 10_000, interval: 5 }).toBeGreaterThanOrEqual(4);
    const before = gong.requests.length;
    first?.order(`click ${CLICKED}`);
    await expect.poll(() => saidBy(callers), { timeout: 15_000 }).toHaveLength(13);

    expect(saidBy(callers).filter((line) => line.startsWith('refused'))).toEqual([]);
    expect(gong.requests.filter(({ status }) => status === 429)).toEqual([]);
    const times = gong.requests.map(({ at }) => at);
    for (const [index, at] of times.entries())
      expect((times[index + 3] ?? Infinity) - at).toBeGreaterThanOrEqual(1_000);
    // Those that had their turn already may be on their way.
    const clicked = gong.requests.findIndex(({ method }) => method === 'PATCH');
    expect(clicked - before).toBeLessThanOrEqual(3);
    expect(gong.requests.length - clicked).toBeGreaterThan(4);
  });
});
