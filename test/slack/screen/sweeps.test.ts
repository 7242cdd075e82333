/** Edits of a sweep's message keep to the limit of background edits, and nobody waits long for one. */
import PQueue from 'p-queue';
import { expect, test } from 'vitest';
import { createFit } from '../../../src/slack/screen/fit.ts';
import { showSweep } from '../../../src/slack/screen/sweeps.ts';

const note = () => undefined;
const POSTED = { channel: 'D1', ts: '1.1' };

function arrange() {
  const calls: string[] = [];
  const answer = (method: string) => async () => {
    calls.push(method);
    return { ok: true, ...POSTED };
  };
  const deps = {
    client: { chat: { postMessage: answer('post'), update: answer('update') } },
    people: { readerOf: async () => ({ now: 0, zone: 'UTC', days: [] }) },
    providers: new Map(),
    fit: createFit({ info: note, warn: note, error: note }),
  };
  const background = new PQueue({ intervalCap: 1, interval: 60_000, concurrency: 1 });
  const sweep = { teamId: 'T1', userId: 'U1', id: '7', kind: 'sweep', messageId: '1', createdAt: 0, round: 0 } as const;
  const show = (posted?: typeof POSTED) =>
    showSweep(deps as never, background, { sweep: { ...sweep, ...(posted && { posted }) }, actions: [] });
  return { calls, show, background };
}

test('it is posted at once, for it has the Undo; an edit waits its turn, and not for long', async () => {
  const { calls, show, background } = arrange();
  await background.add(async () => undefined);

  expect(await show()).toEqual(POSTED);
  const began = performance.now();
  expect(await show(POSTED)).toBe('busy');
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(calls).toEqual(['post']);
});

test('it is edited where an edit is free', async () => {
  const { calls, show } = arrange();

  expect(await show(POSTED)).toEqual(POSTED);
  expect(calls).toEqual(['update']);
});
