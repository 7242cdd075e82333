/** "Create a follow-up" from a message: made once, about the right person, and whatever happens the rep hears of it. */
import { expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/slack/types.ts';
import { HOUR, MAYA, MAYA_OUTREACH } from './cast.ts';
import { digestOf } from './press.ts';
import { mustBe, posted, wordsOf } from './read.ts';
import { afterWindow, createThree } from './start.ts';
import type { World } from './world.ts';

const SHORTCUT = 'create_follow_up';

async function open(world: World, message: SandboxMessage): Promise<string> {
  const { acked } = await world.slack.messageShortcut(MAYA.id, message.ts, SHORTCUT);
  expect(acked).toBe(true);
  await expect.poll(() => world.slack.modal(MAYA.id), { timeout: 5_000 }).toBeDefined();
  return JSON.stringify(world.slack.modal(MAYA.id)?.view);
}

function filled(world: World, email: string, dueAt = world.now() + 24 * HOUR) {
  const call = { text: { type: 'plain_text', text: 'Call' }, value: 'call' };
  return {
    draft_email: { draft_email: { type: 'email_text_input', value: email } },
    draft_kind: { draft_kind: { type: 'static_select', selected_option: call } },
    draft_due: { draft_due: { type: 'datetimepicker', selected_date_time: Math.floor(dueAt / 1_000) } },
    draft_note: { draft_note: { type: 'plain_text_input', value: 'Send the <deck>' } },
  };
}

const created = (world: World) => world.outreach.tasks(MAYA_OUTREACH).filter(({ note }) => note === 'Send the <deck>');

async function spoken(world: World): Promise<SandboxMessage> {
  await digestOf(world);
  await world.slack.say(MAYA.id, 'Bo <mailto:bo@tanaka.example|bo@tanaka.example> wants the deck');
  const message = mustBe(world.slack.messages(MAYA.id).findLast(({ author }) => author === 'person'));
  // Docket answers what is typed to it, and that answer is not what these tests are about.
  await world.idle();
  return message;
}

test('the form starts from the message, and the task is created at Outreach, once, and confirmed', async () => {
  const world = await createThree();
  const form = await open(world, await spoken(world));
  expect(form).toContain('"initial_value":"bo@tanaka.example"');
  expect(form).toContain('wants the deck');

  expect((await world.slack.submit(MAYA.id, filled(world, 'Bo@Tanaka.example'))).ackBody).toEqual({});
  await world.slack.redeliver();
  await world.idle();

  expect(created(world)).toMatchObject([{ taskType: 'manual', action: 'call', prospectId: '42' }]);
  expect(wordsOf(posted(world).at(-1))).toContain('Follow-up with *Bo Tanaka* created in Outreach');
});

test('a lost answer creates nothing twice', async () => {
  const world = await createThree();
  await open(world, await spoken(world));
  world.outreach.fail({ on: 'POST /api/v2/tasks', how: { kind: 'lose' } });

  await world.slack.submit(MAYA.id, filled(world, 'bo@tanaka.example'));
  await world.idle();
  await afterWindow(world);

  expect(created(world)).toHaveLength(1);
  expect(wordsOf(posted(world).at(-1))).toContain('Follow-up with *Bo Tanaka* created');
});

test('an address that no prospect has is refused in the window, which keeps what was written; corrected, it is made', async () => {
  const world = await createThree();
  await open(world, await spoken(world));
  const messages = posted(world).length;

  const { ackBody } = await world.slack.submit(MAYA.id, filled(world, 'nobody@x.example'));
  await world.idle();

  expect(ackBody).toMatchObject({ errors: { draft_email: expect.stringContaining('No prospect in Outreach') } });
  expect(JSON.stringify(world.slack.modal(MAYA.id)?.view.state)).toContain('Send the <deck>');
  expect(created(world)).toEqual([]);
  expect(posted(world)).toHaveLength(messages);

  await world.slack.submit(MAYA.id, filled(world, 'bo@tanaka.example'));
  await world.idle();

  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(created(world)).toHaveLength(1);
});

test('an address that two prospects have is refused with that reason', async () => {
  const world = await createThree();
  await open(world, await spoken(world));
  world.outreach.putProspect({ id: '4242', firstName: 'Bo', lastName: 'Other', emails: ['bo@tanaka.example'] });

  const { ackBody } = await world.slack.submit(MAYA.id, filled(world, 'bo@tanaka.example'));

  expect(ackBody).toMatchObject({ errors: { draft_email: expect.stringContaining('More than one prospect') } });
  await world.idle();
  expect(created(world)).toEqual([]);
});

test('an Outreach that is slow: the window closes in time, and a message says no with the note that was written', async () => {
  const world = await createThree();
  await open(world, await spoken(world));
  world.outreach.fail({ on: 'GET /api/v2/prospects', how: { kind: 'hold' } });

  const { acked, ackBody } = await world.slack.submit(MAYA.id, filled(world, 'nobody@x.example'));
  expect([acked, ackBody]).toEqual([true, {}]);
  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  world.outreach.release();
  await world.idle();

  await expect.poll(() => wordsOf(posted(world).at(-1)), { timeout: 10_000 }).toContain('*Follow-up not created.*');
  expect(wordsOf(posted(world).at(-1))).toContain('No prospect in Outreach has the address nobody@x.example');
  expect(wordsOf(posted(world).at(-1))).toContain('Send the <deck>');
  expect(created(world)).toEqual([]);
});

test('a due time in the past is refused next to the field', async () => {
  const world = await createThree();
  await open(world, await spoken(world));

  const { ackBody } = await world.slack.submit(MAYA.id, filled(world, 'bo@tanaka.example', world.now() - HOUR));

  expect(ackBody).toMatchObject({ response_action: 'errors', errors: { draft_due: expect.stringContaining('past') } });
  await world.idle();
  expect(created(world)).toEqual([]);
});

test('an Outreach that refuses is told with a reason and a reference', async () => {
  const world = await createThree();
  await open(world, await spoken(world));
  world.outreach.fail({ on: 'POST /api/v2/tasks', how: { kind: 'answer', status: 422 } });

  await world.slack.submit(MAYA.id, filled(world, 'bo@tanaka.example'));
  await world.idle();

  const told = wordsOf(posted(world).at(-1));
  expect(told).toContain('*Follow-up not created.* Outreach refused this change.');
  expect(told).toMatch(/Reference: job \d+/);
});

test('someone without an account there is told how to get one', async () => {
  const world = await createThree({ signedIn: [] });

  expect(await open(world, await spoken(world))).toContain('Follow-ups are created in Outreach');
});
