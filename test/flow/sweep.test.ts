/** Acting on many tasks at once: few clicks, one message, one Undo. */
import { describe, expect, test } from 'vitest';
import { gongTask, MAYA, THEO } from './cast.ts';
import { digestOf, openHome, type Shown, submit, type } from './press.ts';
import { modalOf, mustBe, patches, wordsOf } from './read.ts';
import { afterWindow } from './start.ts';
import {
  clicker,
  dueTimes,
  idsOf,
  optionOf,
  overdue,
  progressMessages,
  progressOf,
  type Sizes,
  TWENTY,
  untilProgress,
} from './sweeping.ts';
import type { World } from './world.ts';

const TOMORROW = '2026-11-24T14:00:00.000Z';
const OVERDUE = '2026-11-13T14:00:00.000Z';
const SIX: Sizes = { gong: 2, outreach: 2, reply: 2 };

/** Everything is done at the tools, with the results shown. */
async function swept(sizes: Sizes, what?: string): Promise<{ world: World; digest: Shown; progress: Shown }> {
  const world = await overdue(sizes);
  const digest = await digestOf(world);
  await digest.button('Act on many');
  await submit(world, what === undefined ? {} : { sweep_what: choice(world, 'sweep_what', what) });
  if (world.slack.modal(MAYA.id)) await submit(world, {});
  await afterWindow(world);
  const all = sizes.gong + sizes.outreach + sizes.reply;
  return { world, digest, progress: await untilProgress(world, `${all} of ${all} done`) };
}

function choice(world: World, block: string, text: string) {
  return { type: 'static_select', selected_option: optionOf(world, block, text) };
}

const patched = (world: World) => patches(world).filter(({ status }) => status === 200).length;
const updates = (world: World) => world.slack.calls.filter(({ method }) => method === 'chat.update').length;

describe('twenty overdue tasks of three tools', () => {
  test('are moved in two clicks by the offer, in one message, with few edits and a result for each', async () => {
    const world = await overdue(TWENTY);
    const digest = await digestOf(world);
    const maya = clicker(world);

    await maya.button(digest, '20 overdue for more than a week: move them…');
    await maya.submit();

    expect(maya.clicks).toBeLessThanOrEqual(3);
    expect(world.slack.modal(MAYA.id)).toBeUndefined();
    const progress = await untilProgress(world, '20 of 20 done');
    expect(progress.words()).toContain('Moving 20 tasks to tomorrow, Tue 09:00: 20 of 20 done');
    expect(progress.words().match(/Snoozed until Tue 24 Nov, 09:00/g)).toHaveLength(20);
    expect(progress.words()).toContain('Undo all');
    expect(dueTimes(world, TWENTY)).toEqual([TOMORROW]);
    expect(progressMessages(world)).toHaveLength(1);
    expect(digest.words()).toContain('All 20 cleared');
    expect(updates(world)).toBeLessThan(14);
    expect(patched(world)).toBe(TWENTY.gong);
  }, 90_000);

  test('are moved in four clicks by choosing', async () => {
    const world = await overdue(TWENTY);
    const digest = await digestOf(world);
    const maya = clicker(world);

    await maya.button(digest, 'Act on many');
    const values = {
      ...maya.choose('sweep_which', 'All overdue'),
      ...maya.choose('sweep_what', 'Snooze to next week'),
    };
    await maya.submit(values);

    expect(maya.clicks).toBeLessThanOrEqual(4);
    await untilProgress(world, '20 of 20 done');
    expect(dueTimes(world, TWENTY)).toEqual(['2026-11-30T14:00:00.000Z']);
  }, 90_000);
});

describe('Undo all', () => {
  test('takes back in one click what the tools can reverse', async () => {
    const { world, digest, progress } = await swept(SIX);
    const maya = clicker(world);

    await maya.button(progress, 'Undo all');

    expect(maya.clicks).toBe(1);
    await untilProgress(world, '6 undone');
    expect(dueTimes(world, SIX)).toEqual([OVERDUE]);
    expect(digest.words()).toContain('left: 6 overdue');
    expect(progressMessages(world)).toHaveLength(1);
    expect(progressOf(world).words()).not.toContain('Undo all');
  }, 60_000);

  test('within the undo window stops what was held back: it never reaches the tool', async () => {
    const world = await overdue({ gong: 0, outreach: 3, reply: 2 });
    const digest = await digestOf(world);
    await digest.button('Act on many');
    await submit(world, { sweep_what: choice(world, 'sweep_what', 'Mark done') });
    expect(wordsOf({ blocks: modalOf(world) })).toContain('*3 tasks* in Outreach cannot be taken back');
    await submit(world, {});
    expect(progressOf(world).words()).toContain(
      '5 go to Outreach and Reply.io in 10 seconds; until then *Undo all* stops them.',
    );

    await progressOf(world).button('Undo all');
    await afterWindow(world);

    expect(progressOf(world).words()).toContain('5 undone');
    expect(world.outreach.effects).toEqual([]);
    expect(idsOf({ gong: 0, outreach: 0, reply: 2 }).reply.map((id) => world.reply.task(id)?.status)).toEqual([
      'new',
      'new',
    ]);
    expect(digest.words()).toContain('left: 5 overdue');
  }, 60_000);

  test('after the window is honest about what had gone and cannot come back', async () => {
    const { world, progress } = await swept(SIX, 'Mark done');

    await progress.button('Undo all');
    await untilProgress(world, '2 undone');

    const words = progressOf(world).words();
    expect(words).toContain('4 had gone to Outreach and Reply.io and cannot be taken back');
    expect(words).not.toContain('Undo all');
    const { gong, outreach } = idsOf(SIX);
    expect(gong.map((id) => world.gong.task(id)?.status)).toEqual(['OPEN', 'OPEN']);
    expect(outreach.map((id) => world.outreach.task(id)?.state)).toEqual(['complete', 'complete']);
  }, 60_000);
});

test('what failed is named first, with its reason, and Retry sends it again', async () => {
  const world = await overdue(SIX);
  const digest = await digestOf(world);
  const [first = ''] = idsOf(SIX).outreach;
  world.outreach.fail({ on: `POST /api/v2/tasks/${first}`, how: { kind: 'answer', status: 422 } });
  await digest.button('Act on many');
  await submit(world, {});
  const progress = await untilProgress(world, '1 failed');

  const [failed = -1, moved = -1] = ['Not snoozed', 'Snoozed until'].map((words) => progress.words().indexOf(words));
  expect(failed).toBeGreaterThan(0);
  expect(failed).toBeLessThan(moved);
  expect(progress.words()).toContain('5 of 6 done');
  world.outreach.clearFaults();
  await progress.button('Retry it');

  await untilProgress(world, '6 of 6 done');
  expect(dueTimes(world, SIX)).toEqual([TOMORROW]);
  expect(patched(world)).toBe(SIX.gong);
}, 60_000);

test.each([
  ['a list that only the rep sees', (world: World) => type(world, '')],
  ['Home', (world: World) => openHome(world)],
])(
  'works in %s, and its rows show the end',
  async (_, open) => {
    const world = await overdue(SIX);
    const screen = await open(world);

    await screen.button('6 overdue for more than a week: move them…');
    await submit(world, {});

    await untilProgress(world, '6 of 6 done');
    expect(screen.words()).toContain('All 6 cleared');
    expect(screen.words().match(/Snoozed until Tue 24 Nov, 09:00/g)).toHaveLength(6);
  },
  60_000,
);

test('a window that is sent twice makes one sweep', async () => {
  const world = await overdue(SIX);
  const digest = await digestOf(world);
  await digest.button('Act on many');
  await submit(world, {});
  expect((await world.slack.redeliver()).acked).toBe(true);
  await untilProgress(world, '6 of 6 done');
  expect((await world.slack.redeliver()).acked).toBe(true);
  await world.pass(5_000, 3);

  expect(progressMessages(world)).toHaveLength(1);
  expect(patched(world)).toBe(SIX.gong);
}, 60_000);

test('a task that was closed elsewhere meanwhile is left alone and said; ticked tasks alone count', async () => {
  const world = await overdue(SIX);
  const digest = await digestOf(world);
  const [closed = '', other = ''] = idsOf(SIX).gong;
  world.gong.put(gongTask({ id: closed, status: 'DONE', dueDate: OVERDUE }));
  await digest.button('Act on many');
  const ticked = ['Whitfield 100', 'Whitfield 101'].map((name) => optionOf(world, 'sweep_ticks', name));
  await submit(world, { sweep_ticks: { type: 'multi_static_select', selected_options: ticked } });

  const progress = await untilProgress(world, '1 left alone, because they had changed at their tool');
  expect(progress.words()).toContain('Moving 2 tasks to tomorrow, Tue 09:00: 1 of 2 done');
  expect(world.gong.task(closed)?.status).toBe('DONE');
  expect(new Date(String(world.gong.task(other)?.dueDate)).toISOString()).toBe(TOMORROW);
}, 60_000);

test("someone else's sweep and someone else's list are refused, in words", async () => {
  const { world, digest, progress } = await swept({ gong: 2, outreach: 0, reply: 0 });
  await progress.button('Undo all');
  await untilProgress(world, '2 undone');
  const before = patches(world).length;
  const { response_url: _, ...mould } = mustBe(world.slack.sent.findLast(({ kind }) => kind === 'interactive')).payload;
  const offer = { 'Act on many': 'sweep_open', 'Undo all': 'sweep_undo', Retry: 'sweep_retry', Offer: 'sweep_offer' };

  for (const action_id of Object.values(offer)) {
    const value = action_id === 'sweep_offer' ? '1.overdue' : '1';
    const actions = [{ type: 'button', block_id: 'b', action_ts: '1.1', action_id, value }];
    const { acked } = await world.slack.deliver('interactive', { ...mould, user: { id: THEO.id }, actions });
    expect(acked).toBe(true);
    await world.idle();
    expect(world.slack.messages(THEO.id).at(-1)?.text).toMatch(/not yours to act on|too old to act on/);
  }

  expect(world.slack.modal(THEO.id)).toBeUndefined();
  expect(patches(world)).toHaveLength(before);
  expect(digest.words()).toContain('left: 2 overdue');
}, 60_000);

test('a time that would not be used, and one that is missing, are asked about beside the field', async () => {
  const world = await overdue(SIX);
  const digest = await digestOf(world);
  await digest.button('Act on many');
  const until = { type: 'datetimepicker', selected_date_time: Date.parse(TOMORROW) / 1_000 };

  await submit(world, { sweep_until: until });
  expect(world.slack.modal(MAYA.id)?.errors?.sweep_until).toContain('to the time below');
  const below = choice(world, 'sweep_what', 'Reschedule to the time below');
  await submit(world, { sweep_what: below, sweep_until: { type: 'datetimepicker', selected_date_time: null } });
  expect(world.slack.modal(MAYA.id)?.errors?.sweep_until).toBe('Choose a time.');
  await submit(world, { sweep_what: below, sweep_until: until });

  await untilProgress(world, '6 of 6 done');
  expect(dueTimes(world, SIX)).toEqual([TOMORROW]);
}, 60_000);

test('a restart in the middle loses nothing and does nothing twice', async () => {
  const sizes = { gong: 8, outreach: 2, reply: 2 };
  const world = await overdue(sizes);
  const digest = await digestOf(world);
  await digest.button('Act on many');
  const idle = submit(world, {});
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(patched(world)).toBeLessThan(sizes.gong);
  await world.restart(9_000);
  await idle.catch(() => undefined);

  await untilProgress(world, '12 of 12 done');
  expect(dueTimes(world, sizes)).toEqual([TOMORROW]);
  expect(patched(world)).toBe(sizes.gong);
  expect(progressMessages(world)).toHaveLength(1);
}, 90_000);
