import { expect, it } from 'vitest';
import { createDirectory } from '../../src/providers/directory.ts';

/** A directory whose readings the test ends one by one, and a clock that it turns. */
function open() {
  const time = { now: 0 };
  const readings: PromiseWithResolvers<string>[] = [];
  const directory = createDirectory<string>({
    clock: () => time.now,
    read() {
      readings.push(Promise.withResolvers());
      return (readings.at(-1) ?? expect.fail()).promise;
    },
    stopped: (reason) => new Error('stopped', { cause: reason }),
  });
  const get = (keepMs: number, signal?: AbortSignal) =>
    directory.get(keepMs, { priority: 'digest', ...(signal && { signal }) });
  return { directory, readings, time, get };
}

it('is read again when what is known is as old as may be', async () => {
  const { readings, time, get } = open();
  const first = get(1_000);
  time.now = 400;
  readings[0]?.resolve('one');
  expect(await first).toBe('one');
  time.now = 999;
  expect(await get(1_000)).toBe('one');
  // Counted from when it was asked for.
  time.now = 1_000;
  const second = get(1_000);
  readings[1]?.resolve('two');
  expect(await second).toBe('two');
  const fresh = get(0);
  readings[2]?.resolve('three');
  expect(await fresh).toBe('three');
});

it('is read once for all who ask meanwhile, whoever of them goes', async () => {
  const { readings, get } = open();
  const stop = new AbortController();
  const gone = expect(get(0, stop.signal)).rejects.toMatchObject({ message: 'stopped', cause: 'gone' });
  const others = [get(0), get(1_000)];
  stop.abort('gone');
  await gone;
  readings[0]?.resolve('one');
  expect(await Promise.all(others)).toEqual(['one', 'one']);
  expect(readings).toHaveLength(1);
});

it('is not read for someone who has gone already', async () => {
  const { readings, get } = open();
  await expect(get(0, AbortSignal.abort('gone'))).rejects.toMatchObject({ cause: 'gone' });
  expect(readings).toEqual([]);
});

it('that cannot be read fails for all who wait, and leaves what was known', async () => {
  const { directory, readings, get } = open();
  const first = get(0);
  readings[0]?.resolve('one');
  await first;
  const both = [get(0), get(0)].map((call) => expect(call).rejects.toThrow('away'));
  readings[1]?.reject(new Error('away'));
  await Promise.all(both);
  expect([directory.known(), await get(1_000)]).toEqual(['one', 'one']);
});
