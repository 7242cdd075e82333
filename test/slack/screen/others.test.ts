/** Two processes show the same messages: what is stored last is what is on the screen last, whoever sends it. */
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import type { Rendered } from '../../../blocks/elements.ts';
import { createViews } from '../../../src/core/digests/views.ts';
import { createFit } from '../../../src/slack/screen/fit.ts';
import { createScreen } from '../../../src/slack/screen/screen.ts';
import { ANN, createDocket } from '../../core/docket.ts';
import { task } from '../../core/provider.ts';

const TASK = { ...ANN, provider: 'fake', taskId: '1' };

async function createTwo(kind: 'list' | 'digest') {
  const docket = await createDocket();
  const id = kind === 'list' ? await docket.show([task('1')]) : await docket.showDigest([task('1')]);
  const listeners: ((word: string) => void)[] = [];
  /** What Slack shows, newest last. */
  const landed: string[] = [];
  function join() {
    const client = new WebClient('xoxb-nobody');
    const way = { isSlow: false, go() {} };
    client.chat.update = async ({ blocks }: object & { blocks?: unknown }) => {
      if (way.isSlow) await new Promise<void>((resolve) => Object.assign(way, { go: resolve, isSlow: false }));
      landed.push(JSON.stringify(blocks));
      return { ok: true };
    };
    const own = listeners.length;
    const screen = createScreen({
      ...docket.deps,
      views: createViews(docket.deps),
      people: docket.people,
      fit: createFit(docket.deps.log),
      client,
      publishHome: async () => undefined,
      others: {
        tell(word) {
          for (const [index, listener] of listeners.entries()) if (index !== own) listener(word);
        },
        onWord: (listener) => void listeners.push(listener),
      },
    });
    return { screen, way };
  }
  return { docket, id, landed, two: [join(), join()] as const };
}

test('an edit that was overtaken on its way is followed by another, so that no state regresses on the screen', async () => {
  const { docket, landed, two } = await createTwo('digest');
  const [first, second] = two;
  first.way.isSlow = true;
  const shown = first.screen.showTask(TASK);
  await expect.poll(() => first.way.isSlow).toBe(false);
  await docket.act({ verb: 'done' });
  await docket.work();
  await second.screen.showTask(TASK);
  expect(landed).toHaveLength(1);
  first.way.go();
  await shown;
  await first.screen.settled();

  expect(landed.map((blocks) => blocks.includes('Marked done'))).toEqual([true, false, true]);
});

test('an edit that nobody overtook is sent once', async () => {
  const { docket, landed, two } = await createTwo('digest');
  await docket.act({ verb: 'done' });
  await docket.work();
  await two[0].screen.showTask(TASK);
  await two[0].screen.settled();
  await two[1].screen.settled();
  expect(landed).toHaveLength(1);
});

test('a list that only one process can edit follows what another has done, and is edited by that one', async () => {
  const { docket, id, two } = await createTwo('list');
  const [clicked, worker] = two;
  const shown: string[] = [];
  clicked.screen.addResponseUrl(id, async ({ blocks }: Partial<Rendered>) => void shown.push(JSON.stringify(blocks)));
  await docket.act({ verb: 'done' });
  await docket.work();
  await worker.screen.showTask(TASK);

  await expect.poll(() => shown.at(-1)).toContain('Marked done');
  await worker.screen.showCalmly([TASK], { atOnce: true });
  await worker.screen.settled();
  await expect.poll(() => shown.length).toBe(2);
});
