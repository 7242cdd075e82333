/** What nobody waits for may fail, and the process stays up. */
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { createViews, type Views } from '../../../src/core/digests/views.ts';
import { createFit } from '../../../src/slack/screen/fit.ts';
import { createScreen } from '../../../src/slack/screen/screen.ts';
import { ANN, createDocket } from '../../core/docket.ts';
import { task } from '../../core/provider.ts';

/** `load`: how it reads messages. */
function screenOf(docket: Awaited<ReturnType<typeof createDocket>>, load: Views['load']) {
  return createScreen({
    ...docket.deps,
    views: { ...createViews(docket.deps), load },
    people: docket.people,
    fit: createFit(docket.deps.log),
    client: new WebClient('xoxb-nobody'),
    publishHome: async () => undefined,
  });
}

test('a background edit that breaks is logged, and rejects where nobody waits for it', async () => {
  const docket = await createDocket();
  await docket.show([task('1')]);
  const load = async () => Promise.reject(new Error('the database is closed'));
  const screen = screenOf(docket, load);

  await screen.showLater({ ...ANN, provider: 'fake', taskId: '1' });
  await screen.settled();

  expect(docket.lines).toEqual(['warn could not show what was seen']);
});

test('not more than thirty-two messages are rendered at once, because each holds a list and its text', async () => {
  const docket = await createDocket();
  const free = Promise.withResolvers<undefined>();
  const loaded: string[] = [];
  const load = async (id: string) => {
    loaded.push(id);
    return free.promise;
  };
  const screen = screenOf(docket, load);
  const ids = Array.from({ length: 50 }, (_, n) => String(n));

  for (const id of ids) screen.refresh(id);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(loaded).toEqual(ids.slice(0, 32));

  free.resolve(undefined);
  await screen.settled();
  expect(loaded).toEqual(ids);
});
