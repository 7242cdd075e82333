import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { gongTask, MAYA, TASK_A, TASK_B, THEO, THEO_GONG } from './cast.ts';
import { answered, press, pressOnly, type } from './press.ts';
import { findRow, fresh, lastMessage, mustBe, patches } from './read.ts';
import { morning } from './start.ts';
import type { World } from './world.ts';

const THEOS_TASK = '9007199254740993777';

/** Maya's digest, and a click of Theo's on his own list: the mould for what a forger sends. */
async function arrange(): Promise<{ world: World; mayasValue: string; mould: JsonObject }> {
  const tasks = [
    gongTask({ id: TASK_A }),
    gongTask({ id: TASK_B }),
    gongTask({ id: THEOS_TASK, userId: THEO_GONG.id }),
  ];
  // Each of many refusals is told, and nobody waits here for Slack's limit of a message a second.
  const { world, digest } = await morning({ tasks, slackRateLimits: false });
  const list = await type(world, '', THEO);
  await answered(world, () => pressOnly(world, list, 'Whitfield 777', 'Reschedule', undefined, THEO));
  world.slack.closeModal(THEO.id);
  const mould = mustBe(world.slack.sent.at(-1)).payload;
  const mayasValue = String(findRow(digest, 'Whitfield 001').controls.Done?.element.value);
  return { world, mayasValue, mould };
}

/** Without a response_url, as in Home: the mould's is used up after five answers. */
async function send(world: World, mould: JsonObject, action: JsonObject, more: JsonObject = {}) {
  const { response_url: _, ...rest } = mould;
  const payload = { ...structuredClone(rest), actions: [{ block_id: 'b', action_ts: '1.1', ...action }], ...more };
  const delivery = await world.slack.deliver('interactive', payload);
  await world.idle();
  return delivery;
}

const button = (action_id: string, value: string) => ({ type: 'button', action_id, value });
const choice = (value: string) => ({ type: 'static_select', action_id: 'snooze', selected_option: { value } });

// gong.md 1.2: a button of someone else's is refused
test("someone who presses another rep's button is refused, learns nothing, and changes nothing", async () => {
  const { world, mayasValue, mould } = await arrange();
  const before = world.gong.requests.length;
  const heardBefore = world.slack.messages(THEO.id).length;

  const actions = [
    ...['done', 'dismiss', 'reschedule', 'undo', 'retry', 'another'].map((id) => button(id, mayasValue)),
    choice(`${mayasValue}.tomorrow`),
    choice(`${mayasValue}.pick`),
  ];
  for (const action of actions) expect((await send(world, mould, action)).acked).toBe(true);

  expect(world.gong.requests).toHaveLength(before);
  expect(world.slack.modal(THEO.id)).toBeUndefined();
  const heard = world.slack.messages(THEO.id).slice(heardBefore);
  expect(heard.length).toBeGreaterThan(0);
  expect(new Set(heard.map(({ text }) => text))).toEqual(
    new Set(["This is someone else's list, so nothing was changed. Type `/tasks` for your own."]),
  );
  expect(Object.keys(findRow(lastMessage(world), 'Whitfield 001').controls)).toContain('Done');
});

test("someone else's page, refresh or window cannot be asked for", async () => {
  const { world, mayasValue, mould } = await arrange();
  const before = world.gong.requests.length;
  const heardBefore = world.slack.messages(THEO.id).length;
  const mayasMessage = mustBe(mayasValue.split('.')[0]);
  const { actions: _, ...rest } = structuredClone(mould);
  const submission = {
    ...rest,
    type: 'view_submission',
    view: {
      id: 'V1',
      type: 'modal',
      callback_id: 'task_when',
      private_metadata: JSON.stringify({ row: mayasValue, verb: 'reschedule' }),
      state: {
        values: {
          when_picker: { when_picker: { type: 'datetimepicker', selected_date_time: 1_796_000_000 } },
          when_typed: { when_typed: { type: 'plain_text_input', value: null } },
        },
      },
    },
  };

  expect((await send(world, mould, button('list_more', mayasMessage))).acked).toBe(true);
  expect((await send(world, mould, button('list_refresh', mayasMessage))).acked).toBe(true);
  const answer = await world.slack.deliver('interactive', submission);
  await world.idle();

  expect(JSON.stringify(answer.ackBody)).toContain("someone else's list");
  expect(world.gong.requests).toHaveLength(before);
  expect(JSON.stringify(world.slack.messages(THEO.id).slice(heardBefore))).not.toContain('Whitfield 001');
});

// contracts, rule 1: ids are texts, kept apart by provider and workspace
test("the same person's id from another workspace is another person", async () => {
  const { world, mayasValue, mould } = await arrange();
  const elsewhere = { team: { id: 'T0ELSEWHERE' }, user: { id: MAYA.id, team_id: 'T0ELSEWHERE' } };

  await send(world, mould, button('done', mayasValue), elsewhere);

  expect(patches(world)).toEqual([]);
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
});

// gong.md 1.1: the credential reaches every rep's tasks, so only the link says whose
test('forged values are refused, nothing changes, and the app goes on', async () => {
  const { world, mayasValue, mould } = await arrange();
  const maya = { user: { id: MAYA.id } };
  const [message, position] = mayasValue.split('.');
  const values = [
    '',
    'garbage',
    '0.0.0',
    `${message}.99.0`,
    `${message}.-1.0`,
    `${message}.${position}.1`,
    `${message}.${position}.99`,
    `${message}.${position}.0.0`,
    `${message}.1e0.0`,
    `${message}.${position}.999999999999999999999999`,
    '99999999999999999999999999.0.0',
    '987654321.0.0',
    `1' or '1'='1.0.0`,
    '\u0000',
    'x'.repeat(2_000),
  ];

  for (const value of values) {
    for (const id of ['done', 'undo', 'retry']) {
      expect((await send(world, mould, button(id, value), maya)).acked, `${id} ${value.slice(0, 30)}`).toBe(true);
    }
    expect((await send(world, mould, choice(`${value}.tomorrow`), maya)).acked).toBe(true);
  }
  expect((await send(world, mould, choice(`${mayasValue}.never`), maya)).acked).toBe(true);
  expect((await send(world, mould, { type: 'button', action_id: 'done' }, maya)).acked).toBe(true);

  expect(patches(world)).toEqual([]);
  const digest = mustBe(world.slack.messages(MAYA.id)[0]);
  await press(world, digest, 'Whitfield 001', 'Done');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done');
  expect(patches(world)).toHaveLength(1);
}, 60_000);

test('a control that we do not know is acknowledged, and nothing happens', async () => {
  const { world, mayasValue, mould } = await arrange();
  const before = world.gong.requests.length;

  const { acked } = await send(world, mould, button('launch_rockets', mayasValue), { user: { id: MAYA.id } });

  expect(acked).toBe(true);
  expect(world.gong.requests).toHaveLength(before);
});
