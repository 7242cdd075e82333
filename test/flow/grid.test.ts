/** On Enterprise Grid: whose a click is, who is one of ours, and the install that is not supported. */
import { describe, expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { StartError } from '../../src/core/model/errors.ts';
import { DAY, HOUR, MAYA, MINUTE, MONDAY_NINE, TASK_A, THEO } from './cast.ts';
import { openHome, submit, type } from './press.ts';
import { dueAt, lastMessage, posted } from './read.ts';
import { morning } from './start.ts';
import { createWorld, type World } from './world.ts';

const OURS = 'T0SANDBOX';
const HOME = 'T0HEADQUARTERS';
const atHome = { team_id: HOME, enterprise_user: { id: 'W1', enterprise_id: 'E0SANDBOX', teams: [HOME, OURS] } };

async function change(world: World, user: SandboxUser): Promise<void> {
  await world.slack.setUser(user);
  await world.idle();
}

// slack.md 7.3: team may be null
describe('where a payload names no team, and the person does', () => {
  test('a click, its Undo, a window, Home and a command work', async () => {
    const { world, digest } = await morning({ grid: 'workspace' });

    await digest.press('Whitfield 001', 'Done');
    expect(world.slack.sent.at(-1)?.payload).toMatchObject({ team: null, user: { team_id: OURS } });
    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    await digest.press('Whitfield 001', 'Undo');
    expect(world.gong.task(TASK_A)?.status).toBe('OPEN');

    await digest.open('Whitfield 001', 'Reschedule');
    await submit(world, {
      when_picker: { type: 'datetimepicker', selected_date_time: (MONDAY_NINE + DAY) / 1_000 },
      when_typed: { type: 'plain_text_input', value: null },
    });
    expect(dueAt(world, TASK_A)).toBe(new Date(MONDAY_NINE + DAY).toISOString());

    expect((await type(world, 'status')).words()).toContain('*Gong*: linked');
    expect((await openHome(world)).rows()).toHaveLength(2);
  });

  test('a click of someone of another workspace is acknowledged, and changes nothing', async () => {
    const { world, digest } = await morning({ grid: 'workspace' });
    await digest.open('Whitfield 001', 'Reschedule');
    world.slack.closeModal(MAYA.id);
    const mould = world.slack.sent.at(-1)?.payload;
    const value = String(digest.row('Whitfield 001').controls.Done?.element.value);
    const actions = [{ type: 'button', block_id: 'b', action_id: 'done', action_ts: '1.1', value }];
    const user = { id: MAYA.id, team_id: HOME };

    const { acked } = await world.slack.deliver('interactive', { ...mould, user, actions });
    await world.idle();

    expect(acked).toBe(true);
    expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  });
});

// slack.md 7.2: enterprise_user.teams names ours
test('someone whose home is another workspace, and who is in ours too, is linked when they join, followed, and gone when they left', async () => {
  const maya = { ...MAYA, said: atHome };
  const world = await createWorld({ users: [THEO], grid: 'workspace' });

  await change(world, maya);
  await change(world, { ...maya, tz: 'Europe/Berlin' });
  expect((await type(world, 'status')).words()).toContain('Times are in Europe/Berlin');
  await change(world, maya);
  await world.passTo(MONDAY_NINE);
  expect(posted(world)).toHaveLength(1);
  await change(world, { ...maya, deleted: true });
  await world.pass(DAY);

  expect(posted(world)).toHaveLength(1);
});

test.each([
  ['of another workspace', { team_id: HOME }],
  ['of other workspaces of the organisation', { team_id: HOME, enterprise_user: { teams: [HOME] } }],
  ['met in a shared channel', { is_stranger: true }],
])(
  'people who are none of ours, with the address of a user of Gong, are not linked, and told so: %s',
  async (_, said) => {
    const world = await createWorld({ users: [{ ...MAYA, said }, THEO] });
    await change(world, { ...MAYA, said, realName: 'Maya L' });
    await world.passTo(MONDAY_NINE);
    await world.pass(DAY);

    expect(posted(world)).toHaveLength(0);
    for (const text of ['', 'team']) expect((await type(world, text)).text).toContain('you belong to another one');
    expect(lastMessage(world)?.text).not.toContain('Whitfield');
  },
);

/** What else Slack may leave out: test/core/people/follow-member.test.ts. */
test('a user of whom Slack says nearly nothing keeps their digest at nine of their own clock; that they left still counts', async () => {
  const world = await createWorld();
  const said = { profile: null, real_name: null, name: null, is_admin: null, tz: null };

  await change(world, { ...MAYA, said: { ...said, deleted: null } });
  await world.passTo(MONDAY_NINE - MINUTE);
  expect(posted(world)).toHaveLength(0);
  await world.pass(MINUTE);
  expect(posted(world)).toHaveLength(1);
  await change(world, { ...MAYA, deleted: true, said });
  await world.pass(DAY);
  expect(posted(world)).toHaveLength(1);
});

test('a zone that the runtime does not know is followed by its offset, which the rep reads', async () => {
  const maya = { ...MAYA, said: { tz: 'America/Newtown', tz_offset: -6 * 3_600 } };
  const world = await createWorld({ users: [maya, THEO] });

  await world.passTo(MONDAY_NINE + HOUR - MINUTE);
  expect(posted(world)).toHaveLength(0);
  await world.pass(MINUTE);

  expect(posted(world)).toHaveLength(1);
  expect((await type(world, 'status')).words()).toContain('Times are in UTC-06:00, your time zone in Slack');
  const warnings = world.lines.filter(({ message }) => message.includes('does not know'));
  expect(warnings).toMatchObject([{ level: 'warn', fields: { rep: MAYA.id, zone: 'America/Newtown' } }]);
});

test('an org-wide install is refused at start, in words', async () => {
  const world = await createWorld({ grid: 'org', start: false });

  const started = world.app.start();

  await expect(started).rejects.toThrow(StartError);
  await expect(started).rejects.toThrow('org-wide install, which Docket does not support');
});
