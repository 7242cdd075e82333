/** Cleared rows fold by themselves once the rep pauses. */
import { WebClient } from '@slack/web-api';
import { afterEach, expect, test, vi } from 'vitest';
import { FOLD_AFTER_MS } from '../../../blocks/cleared-rows.ts';
import type { Rendered } from '../../../blocks/elements.ts';
import { createViews } from '../../../src/core/digests/views.ts';
import { createFit } from '../../../src/slack/screen/fit.ts';
import { createScreen } from '../../../src/slack/screen/screen.ts';
import { createDocket } from '../../core/docket.ts';
import { task } from '../../core/provider.ts';

afterEach(() => {
  vi.useRealTimers();
});

async function clicked() {
  const docket = await createDocket();
  const id = await docket.show([task('1'), task('2')]);
  await docket.act({ verb: 'done' });
  const screen = createScreen({
    ...docket.deps,
    views: createViews(docket.deps),
    people: docket.people,
    fit: createFit(docket.deps.log),
    client: new WebClient('xoxb-nobody'),
    publishHome: async () => undefined,
  });
  const shown: string[] = [];
  screen.addResponseUrl(id, async ({ blocks }: Partial<Rendered>) => void shown.push(JSON.stringify(blocks)));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  // The faked clock of timers moves only with the other one.
  const settle = async () => {
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  };
  screen.refresh(id);
  await settle();
  expect(shown).toHaveLength(1);
  const jump = (ms: number) => {
    docket.pass(ms);
    screen.foldDue();
    return settle();
  };
  const pass = async (ms: number) => {
    docket.pass(ms);
    await vi.advanceTimersByTimeAsync(ms);
    await settle();
  };
  return { screen, shown, pass, jump };
}

test('half a minute after the last click, in one edit of the clicked message', async () => {
  const { shown, pass } = await clicked();
  expect(shown[0]).not.toContain('*Cleared:*');

  await pass(FOLD_AFTER_MS - 1);
  expect(shown).toHaveLength(1);
  await pass(1);

  expect(shown).toHaveLength(2);
  expect(shown[1]).toContain('*Cleared:*');
  await pass(FOLD_AFTER_MS);
  expect(shown).toHaveLength(2);
});

test('also when the clock was set ahead of the timer, and then not a second time', async () => {
  const { shown, pass, jump } = await clicked();
  await jump(FOLD_AFTER_MS - 1);
  expect(shown).toHaveLength(1);

  await jump(1);
  expect(shown[1]).toContain('*Cleared:*');
  await pass(FOLD_AFTER_MS);
  expect(shown).toHaveLength(2);
});

test('not once the app stops', async () => {
  const { screen, shown, pass } = await clicked();

  screen.stop();
  await pass(FOLD_AFTER_MS);

  expect(shown).toHaveLength(1);
});
