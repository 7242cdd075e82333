/** Many outcomes are shown with few edits. */
import { beforeEach, expect, test, vi } from 'vitest';
import { createCalm } from '../../../src/slack/screen/calm.ts';

const GAP = 8_000;
const TASK = { teamId: 'T1', userId: 'U1', provider: 'gong', taskId: '1' };

let edits: { id: string; isOften: boolean }[];

/** Tasks whose number is even are in message 2 as well. */
function arrange(edited: () => Promise<void> = async () => undefined) {
  edits = [];
  const note = () => undefined;
  const views = {
    showing: async ({ taskId }: typeof TASK) => (Number(taskId) % 2 === 0 ? [{ id: '1' }, { id: '2' }] : [{ id: '1' }]),
  };
  return createCalm(
    { views: views as never, clock: Date.now, log: { info: note, warn: note, error: note } },
    {
      async showIfPossible(id, { isOften } = { isOften: false }) {
        await edited();
        edits.push({ id, isOften });
      },
    },
    (edit) => edit(),
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const of = (message: string) => edits.filter(({ id }) => id === message).length;

test('each message is edited at once, and then at most once in some seconds, with the latest', async () => {
  const calm = arrange();
  for (let task = 0; task < 100; task += 1) {
    await calm.show([{ ...TASK, taskId: String(task) }]);
    await vi.advanceTimersByTimeAsync(200);
  }

  // Twenty seconds: at 0, 8 and 16.
  expect([of('1'), of('2')]).toEqual([3, 3]);
  await vi.advanceTimersByTimeAsync(GAP);
  expect([of('1'), of('2')]).toEqual([4, 4]);
  await vi.advanceTimersByTimeAsync(10 * GAP);
  expect(edits).toHaveLength(8);
  expect(edits.every(({ isOften }) => isOften)).toBe(true);
});

test('the end is shown at once, also in messages that take few edits, and nothing follows it', async () => {
  const calm = arrange();
  await calm.show([TASK]);
  await vi.advanceTimersByTimeAsync(100);
  await calm.show([TASK]);
  await calm.show([TASK, { ...TASK, taskId: '2' }], { atOnce: true });

  expect(edits).toEqual([
    { id: '1', isOften: true },
    { id: '1', isOften: false },
    { id: '2', isOften: false },
  ]);
  await vi.advanceTimersByTimeAsync(10 * GAP);
  expect(edits).toHaveLength(3);
});

test('whoever waits until all is shown ends the pauses', async () => {
  vi.useRealTimers();
  const calm = arrange();
  await calm.show([TASK]);
  await calm.settled();
  await calm.show([TASK]);
  await calm.settled();

  expect(of('1')).toBe(2);
});

test('whoever shows the end has it only once it is shown: after a crash nobody else would show it', async () => {
  const edit = Promise.withResolvers<void>();
  const calm = arrange(() => edit.promise);
  let isShown = false;

  const shown = calm.show([TASK], { atOnce: true }).then(() => {
    isShown = true;
  });
  await vi.advanceTimersByTimeAsync(100);
  expect(isShown).toBe(false);
  edit.resolve();
  await shown;

  expect(of('1')).toBe(1);
});
