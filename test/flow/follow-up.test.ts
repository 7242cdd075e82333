/** "Create a follow-up" from a message: made once, about the right person, and whatever happens the rep hears of it. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { HOUR, MAYA, MAYA_OUTREACH, MAYA_REPLY } from './cast.ts';
import { submit } from './press.ts';
import { modalOf, mustBe, posted, textOf, wordsOf } from './read.ts';
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

function filled(world: World, who = BO, dueAt = world.now() + 24 * HOUR, tool = 'outreach') {
  const text = { outreach: 'Call, in Outreach', reply: 'Call, in Reply.io' }[tool] ?? '';
  const call = { text: { type: 'plain_text', text }, value: `${tool}.call` };
  return {
    draft_email: { type: 'plain_text_input', value: who },
    draft_kind: { type: 'static_select', selected_option: call },
    draft_due: { type: 'datetimepicker', selected_date_time: Math.floor(dueAt / 1_000) },
    draft_note: { type: 'plain_text_input', value: NOTE },
  };
}

const created = (world: World) => world.outreach.tasks(MAYA_OUTREACH).filter(({ note }) => note === NOTE);
/** An option of "Which one?". */
function option(world: World, words: string): JsonObject {
  const block = modalOf(world).find(({ block_id }) => block_id === 'draft_person');
  const { options = [] } = (block?.element ?? {}) as { options?: JsonObject[] };
  return mustBe(options.find(({ text }) => textOf(text).includes(words)));
}

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
  expect(nobody).toMatchObject(errors('draft_email', 'Nobody in Outreach has this address'));
  expect(JSON.stringify(world.slack.modal(MAYA.id)?.view.state)).toContain(NOTE);
  const past = await refused(filled(world, BO, world.now() - HOUR));
  expect(past).toMatchObject(errors('draft_due', 'past'));
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

test('a name is as good as an address, at each tool, and Outreach and Reply.io are offered side by side', async () => {
  const world = await openForm({ replyOptions: { contacts: [{ id: '63', fullName: 'Bo Tanaka', email: BO }] } });
  for (const said of ['name in Outreach or Reply.io', 'E-mail, in Outreach', 'E-mail, in Reply.io']) {
    expect(inForm(world)).toContain(said);
  }

  await submit(world, filled(world, 'bo tanaka', undefined, 'reply'));

  expect(created(world)).toEqual([]);
  const made = world.reply.tasks(MAYA_REPLY).filter(({ template }) => template.body === NOTE);
  expect(made).toMatchObject([{ taskType: 'call', contact: { id: '63' }, status: 'new' }]);
  expect(told(world)).toContain('Follow-up with *Bo Tanaka* created in Reply.io');
});

test('of several with the name the rep chooses one in the same window, where nothing typed is lost', async () => {
  const world = await openForm();
  for (const id of ['4242', '4243']) {
    world.outreach.putProspect({ id, firstName: 'Kim', lastName: 'Lee', emails: [`kim${id}@x.example`] });
  }
  const dueAt = world.now() + 48 * HOUR;
  const values = filled(world, 'Kim Lee', dueAt);

  await submit(world, values);
  for (const said of ['More than one person in Outreach has the name “Kim Lee”', 'Which one?', 'kim4243@x.example']) {
    expect(inForm(world)).toContain(said);
  }
  // Slack shows what the window starts from where nobody has typed.
  for (const kept of [NOTE, '"initial_value":"Kim Lee"', String(Math.floor(dueAt / 1_000))]) {
    expect(inForm(world)).toContain(kept);
  }
  const unchosen = await submit(world, values);
  expect(unchosen.ackBody).toMatchObject({ errors: { draft_person: expect.stringContaining('Choose one') } });
  expect(created(world)).toEqual([]);

  await submit(world, {
    ...values,
    draft_person: { type: 'static_select', selected_option: option(world, 'kim4243') },
  });

  expect(world.slack.modal(MAYA.id)).toBeUndefined();
  expect(created(world)).toMatchObject([{ prospectId: '4243' }]);
  expect(told(world)).toContain('Follow-up with *Kim Lee* created in Outreach');
});

test('whoever gives another address instead of choosing gets that person, or another choice', async () => {
  const world = await openForm();
  for (const id of ['4242', '4243']) {
    world.outreach.putProspect({ id, firstName: 'Kim', lastName: 'Lee', emails: ['kim@x.example'] });
  }
  await submit(world, filled(world, 'Kim Lee'));
  const chosen = { draft_person: { type: 'static_select', selected_option: option(world, 'kim') } };

  await submit(world, filled(world, 'kim@x.example'));
  expect(inForm(world)).toContain('has the address “kim@x.example”');
  await submit(world, { ...filled(world), ...chosen });

  expect(created(world)).toMatchObject([{ prospectId: '42' }]);
});

test('whoever was chosen and has another name by now is nobody, and never the other one', async () => {
  const world = await openForm();
  const kim = (id: string, lastName = 'Lee') =>
    world.outreach.putProspect({ id, firstName: 'Kim', lastName, emails: [`kim${id}@x.example`] });
  for (const id of ['4242', '4243', '4244']) kim(id);
  await submit(world, filled(world, 'Kim Lee'));
  const chosen = { draft_person: { type: 'static_select', selected_option: option(world, 'kim4244') } };

  for (const gone of ['4244', '4243']) {
    kim(gone, 'Moss');
    const { ackBody } = await submit(world, { ...filled(world, 'Kim Lee'), ...chosen });
    expect(ackBody).toMatchObject({ errors: { draft_person: expect.stringContaining('Choose one') } });
  }
  expect(created(world)).toEqual([]);
});

test('someone without an account at such a tool is told how to get one', async () => {
  const form = inForm(await openForm({ signedIn: [], replyOptions: { users: [] } }));

  expect(form).toContain('Follow-ups are created in Outreach or Reply.io, and you have no linked account there');
});
