/** "Create a follow-up" from a message: made once, about the right person, and whatever happens the rep hears of it. */
import { expect, test } from 'vitest';
import { HOUR, MAYA, MAYA_OUTREACH } from './cast.ts';
import { submit } from './press.ts';
import { modalOf, mustBe, posted, wordsOf } from './read.ts';
import { morningOfThree, type ThreeOptions } from './start.ts';
import type { World } from './world.ts';

const BO = 'bo@tanaka.example';
const NOTE = 'Send the <deck>';

/** Somebody asks Maya for something, and she opens the form on that message. */
async function openForm(options: ThreeOptions = {}): Promise<World> {
  const { world } = await morningOfThree(options);
  await world.slack.say(MAYA.id, `Bo <mailto:${BO}|${BO}> wants the deck`);
  const message = mustBe(world.slack.messages(MAYA.id).findLast(({ author }) => author === 'person'));
  // Docket answers what is typed to it, and that answer is not what these tests are about.
  await world.idle();
  expect((await world.slack.messageShortcut(MAYA.id, message.ts, 'create_follow_up')).acked).toBe(true);
  await expect.poll(() => world.slack.modal(MAYA.id), { timeout: 5_000 }).toBeDefined();
  return world;
}

function filled(world: World, email = BO, dueAt = world.now() + 24 * HOUR) {
  const call = { text: { type: 'plain_text', text: 'Call' }, value: 'call' };
  return {
    draft_email: { type: 'email_text_input', value: email },
    draft_kind: { type: 'static_select', selected_option: call },
    draft_due: { type: 'datetimepicker', selected_date_time: Math.floor(dueAt / 1_000) },
    draft_note: { type: 'plain_text_input', value: NOTE },
  };
}

const created = (world: World) => world.outreach.tasks(MAYA_OUTREACH).filter(({ note }) => note === NOTE);
const told = (world: World) => wordsOf(posted(world).at(-1));
const inForm = (world: World) => JSON.stringify(modalOf(world));

test('the form starts from the message, and the task is created at Outreach, once, and confirmed', async () => {
  const world = await openForm();
  for (const said of [`"initial_value":"${BO}"`, 'wants the deck']) expect(inForm(world)).toContain(said);

  expect((await submit(world, filled(world, 'Bo@Tanaka.example'))).ackBody).toEqual({});
  await world.slack.redeliver();
  await world.idle();

  expect(created(world)).toMatchObject([{ taskType: 'manual', action: 'call', prospectId: '42' }]);
  expect(told(world)).toContain('Follow-up with *Bo Tanaka* created in Outreach');
});

test('what cannot be made is refused beside its field, in the window, which keeps what was written; corrected, it is made', async () => {
  const world = await openForm();
  const messages = posted(world).length;
  const refused = async (values: ReturnType<typeof filled>) => (await submit(world, values)).ackBody;
  const errors = (field: string, said: string) => ({ errors: { [field]: expect.stringContaining(said) } });

  const nobody = await refused(filled(world, 'nobody@x.example'));
  expect(nobody).toMatchObject(errors('draft_email', 'No prospect in Outreach'));
  expect(JSON.stringify(world.slack.modal(MAYA.id)?.view.state)).toContain(NOTE);
  const past = await refused(filled(world, BO, world.now() - HOUR));
  expect(past).toMatchObject(errors('draft_due', 'past'));
  world.outreach.putProspect({ id: '4242', firstName: 'Bo', lastName: 'Other', emails: [BO] });
  expect(await refused(filled(world))).toMatchObject(errors('draft_email', 'More than one prospect'));
  expect(created(world)).toEqual([]);
  expect(posted(world)).toHaveLength(messages);

  await submit(world, filled(world, 'ines@orrin.example'));

  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(created(world)).toHaveLength(1);
});

test('an Outreach that is slow: the window closes in time, and a message says no with the note that was written', async () => {
  const world = await openForm();
  world.outreach.fail({ on: 'GET /api/v2/prospects', how: { kind: 'hold' } });

  const values = Object.entries(filled(world, 'nobody@x.example')).map(([id, value]) => [id, { [id]: value }]);
  const { acked, ackBody } = await world.slack.submit(MAYA.id, Object.fromEntries(values));
  expect([acked, ackBody]).toEqual([true, {}]);
  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  world.outreach.release();
  await world.idle();

  await expect.poll(() => told(world), { timeout: 10_000 }).toContain('*Follow-up not created.*');
  for (const said of ['has the address nobody@x.example', NOTE]) expect(told(world)).toContain(said);
  expect(created(world)).toEqual([]);
});

test('someone without an account there is told how to get one', async () => {
  expect(inForm(await openForm({ signedIn: [] }))).toContain('Follow-ups are created in Outreach');
});
