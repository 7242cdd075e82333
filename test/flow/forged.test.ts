import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { gongTask, MAYA, TASK_A, TASK_B, THEO, THEO_GONG } from './cast.ts';
import { digestOf, type Shown, type } from './press.ts';
import { mustBe, patches } from './read.ts';
import { createWorld, type World } from './world.ts';

interface Scene {
  world: World;
  digest: Shown;
  /** What a button of Maya's row carries. */
  value: string;
  /** A click of Theo's on his own list: the mould for what a forger sends. */
  mould: JsonObject;
}

async function arrange(): Promise<Scene> {
  const theirs = gongTask({ id: '9007199254740993777', userId: THEO_GONG.id });
  const tasks = [gongTask({ id: TASK_A }), gongTask({ id: TASK_B }), theirs];
  // Each of many refusals is told, and nobody waits here for Slack's limit of a message a second.
  const world = await createWorld({ tasks, slackRateLimits: false });
  const digest = await digestOf(world);
  await (await type(world, '', THEO)).open('Whitfield 777', 'Reschedule');
  world.slack.closeModal(THEO.id);
  const value = String(digest.row('Whitfield 001').controls.Done?.element.value);
  return { world, digest, value, mould: mustBe(world.slack.sent.at(-1)).payload };
}

/** Without a response_url, as in Home: the mould's is used up after five answers. It is always acknowledged. */
async function send({ world, mould }: Scene, action: JsonObject, more: JsonObject = {}): Promise<void> {
  const { response_url: _, ...rest } = structuredClone(mould);
  const actions = [{ block_id: 'b', action_ts: '1.1', ...action }];
  const { acked } = await world.slack.deliver('interactive', { ...rest, actions, ...more });
  expect(acked, JSON.stringify(action).slice(0, 200)).toBe(true);
  await world.idle();
}

const button = (action_id: string, value: string) => ({ type: 'button', action_id, value });
const choice = (value: string) => ({ type: 'static_select', action_id: 'snooze', selected_option: { value } });
const AS_MAYA = { user: { id: MAYA.id } };

// gong.md 1.2: a button of someone else's is refused
test("someone who presses another rep's button is refused, learns nothing, and changes nothing", async () => {
  const scene = await arrange();
  const { world, digest, value } = scene;
  const before = world.gong.requests.length;
  const heardBefore = world.slack.messages(THEO.id).length;

  for (const id of ['done', 'dismiss', 'reschedule', 'undo', 'retry', 'another']) await send(scene, button(id, value));
  for (const end of ['tomorrow', 'pick']) await send(scene, choice(`${value}.${end}`));

  expect(world.gong.requests).toHaveLength(before);
  expect(world.slack.modal(THEO.id)).toBeUndefined();
  const heard = world.slack.messages(THEO.id).slice(heardBefore);
  expect([...new Set(heard.map(({ text }) => text))]).toEqual([
    "This is someone else's list, so nothing was changed. Type `/tasks` for your own.",
  ]);
  expect(digest.controls('Whitfield 001')).toContain('Done');
});

test("someone else's page, refresh or window cannot be asked for", async () => {
  const scene = await arrange();
  const { world, value, mould } = scene;
  const before = world.gong.requests.length;
  const heardBefore = world.slack.messages(THEO.id).length;
  const { actions: _, ...rest } = structuredClone(mould);
  const values = {
    when_picker: { when_picker: { type: 'datetimepicker', selected_date_time: 1_796_000_000 } },
    when_typed: { when_typed: { type: 'plain_text_input', value: null } },
  };
  const view = {
    id: 'V1',
    type: 'modal',
    callback_id: 'task_when',
    private_metadata: JSON.stringify({ row: value, verb: 'reschedule' }),
    state: { values },
  };

  for (const id of ['list_more', 'list_refresh']) await send(scene, button(id, mustBe(value.split('.')[0])));
  const answer = await world.slack.deliver('interactive', { ...rest, type: 'view_submission', view });
  await world.idle();

  expect(JSON.stringify(answer.ackBody)).toContain("someone else's list");
  expect(world.gong.requests).toHaveLength(before);
  expect(JSON.stringify(world.slack.messages(THEO.id).slice(heardBefore))).not.toContain('Whitfield 001');
});

// contracts, rule 1: ids are texts, kept apart by provider and workspace
test("the same person's id from another workspace is another person", async () => {
  const scene = await arrange();

  await send(scene, button('done', scene.value), {
    team: { id: 'T0ELSEWHERE' },
    user: { id: MAYA.id, team_id: 'T0ELSEWHERE' },
  });

  expect(patches(scene.world)).toEqual([]);
  expect(scene.world.gong.task(TASK_A)?.status).toBe('OPEN');
});

// gong.md 1.1: the credential reaches every rep's tasks, so only the link says whose
test('forged values are refused, nothing changes, and the app goes on', async () => {
  const scene = await arrange();
  const { world, digest, value } = scene;
  const [message, position] = value.split('.');
  const row = `${message}.${position}`;
  const ofRows = [`${message}.99.0`, `${message}.-1.0`, `${message}.1e0.0`];
  const ofVersions = [`${row}.1`, `${row}.99`, `${row}.0.0`, `${row}.999999999999999999999999`];
  const ofNothing = ['99999999999999999999999999.0.0', '987654321.0.0', '0.0.0', "1' or '1'='1.0.0"];
  const before = world.gong.requests.length;

  for (const forgery of [...ofRows, ...ofVersions, ...ofNothing, '', 'garbage', '\u0000', 'x'.repeat(2_000)]) {
    for (const id of ['done', 'undo', 'retry']) await send(scene, button(id, forgery), AS_MAYA);
    await send(scene, choice(`${forgery}.tomorrow`), AS_MAYA);
  }
  await send(scene, choice(`${value}.never`), AS_MAYA);
  await send(scene, { type: 'button', action_id: 'done' }, AS_MAYA);
  // A control that we do not know.
  await send(scene, button('launch_rockets', value), AS_MAYA);

  expect(world.gong.requests).toHaveLength(before);
  await digest.press('Whitfield 001', 'Done');
  expect(digest.controls('Whitfield 001')).toEqual(['Undo']);
  expect(patches(world)).toHaveLength(1);
}, 60_000);
