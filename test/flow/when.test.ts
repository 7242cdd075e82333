/** When a digest comes and when it does not: the settings window, holidays, pauses, and the zone. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MAYA, MINUTE, MONDAY_NINE, TASK_A } from './cast.ts';
import { answered, digestOf, submit, type } from './press.ts';
import { findRow, modalOf, mustBe, posted, textOf, wordsOf } from './read.ts';
import { openByButton, windowWords } from './windows.ts';
import { createWorld, type World } from './world.ts';

const THURSDAY_NINE = MONDAY_NINE + 3 * DAY;
const EVERY_WORKDAY = [1, 2, 3, 4, 5];

function titles(world: World): string[] {
  return posted(world).map((message) => wordsOf(message).split('\n')[0] ?? '');
}

interface Wish {
  time?: string;
  days?: readonly number[];
  zone?: string;
  country?: string;
  pause?: string | null;
  paused?: boolean;
}

/** Opens the settings and saves them; returns what the window says then, or beside which fields it refuses. */
async function settle(world: World, wish: Wish = {}): Promise<string> {
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  const options = (wish.days ?? EVERY_WORKDAY).map((day) => ({ value: String(day) }));
  const { ackBody } = await submit(world, {
    settings_time: { selected_time: wish.time ?? '09:00' },
    settings_days: { selected_options: options },
    settings_zone: { selected_option: { value: wish.zone ?? 'slack' } },
    settings_country: { selected_option: { value: wish.country ?? 'none' } },
    settings_pause: { selected_date: wish.pause ?? null },
    ...(wish.paused !== undefined && {
      settings_paused: { selected_options: wish.paused ? [{ value: 'paused' }] : [] },
    }),
  });
  return ackBody.errors ? JSON.stringify(ackBody.errors) : windowWords(world);
}

function snoozes(message: { blocks: JsonObject[] }): string[] {
  const menu = findRow(message, 'Whitfield 001').controls.Snooze?.element;
  return ((menu?.options ?? []) as { text: { text: string } }[]).map(({ text }) => text.text);
}

/** What the field of the window holds at first. */
function initialOf(world: World, block: string): string | undefined {
  const { element } = mustBe(modalOf(world).find(({ block_id }) => block_id === block)) as { element: JsonObject };
  const { initial_option: option, initial_date: date } = element;
  return option ? textOf((option as JsonObject).text) : (date as string | undefined);
}

function optionsOf(world: World, block: string): { label: string; options: string[] }[] {
  const { element } = mustBe(modalOf(world).find(({ block_id }) => block_id === block)) as { element: JsonObject };
  const groups = element.option_groups as { label: { text: string }; options: { text: { text: string } }[] }[];
  return groups.map(({ label, options }) => ({ label: label.text, options: options.map(({ text }) => text.text) }));
}

test('a public holiday of the chosen country is no working day: no digest, and Snooze passes over it; the next day is as usual', async () => {
  const world = await createWorld({ tasks: [gongTask({ id: TASK_A }, THURSDAY_NINE - DAY + 8 * HOUR)] });

  expect(await settle(world, { country: 'US' })).toBe(
    '*Saved.* Next digest: Mon 23 Nov, 09:00.\n' +
      'Public holidays (United States) are days off; the next one on a working day is Thu 26 Nov (Thanksgiving Day).',
  );
  await world.passTo(MONDAY_NINE);
  await world.pass(DAY, 2);
  expect(titles(world)).toEqual(['Monday 23 November', 'Tuesday 24 November', 'Wednesday 25 November']);
  const wednesday = mustBe(posted(world).at(-1));
  expect(snoozes(wednesday)).toEqual([
    'Later today, 12:00',
    'Friday 09:00',
    'Next week, Mon 30 Nov 09:00',
    'Pick a time…',
  ]);
  expect(JSON.stringify(wednesday.blocks)).not.toMatch(/tomorrow|Thanksgiving/i);
  expect(wordsOf(await type(world, 'status'))).toContain(
    'Skipped: Thu 26 Nov (Thanksgiving Day). Next digest: Fri 27 Nov, 09:00.',
  );

  await world.pass(HOUR, 26);
  expect(titles(world)).toHaveLength(3);
  await world.passTo(THURSDAY_NINE + DAY);
  expect(titles(world).slice(3)).toEqual(['Friday 27 November']);
});

test('nobody has holidays off who did not choose a country, whatever Slack says of their zone and language; the window proposes both', async () => {
  const world = await createWorld({ now: THURSDAY_NINE - 5 * MINUTE, users: [{ ...MAYA, locale: 'en-GB' }] });
  await world.passTo(THURSDAY_NINE);
  expect(titles(world)).toEqual(['Thursday 26 November']);

  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));

  expect(initialOf(world, 'settings_country')).toBe('None: holidays are working days');
  const groups = optionsOf(world, 'settings_country');
  expect(groups[1]).toEqual({ label: 'Suggested by your Slack', options: ['United States', 'United Kingdom'] });
  const all = groups.flatMap(({ options }) => options);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toContain('Germany');
});

test.each([
  ['Friday', 'Nothing is skipped: your next digest comes Friday 09:00 anyway.', 'Fri'],
  ['Monday', 'Skipped: Fri 27 Nov. Next digest: Mon 30 Nov, 09:00. `/tasks resume` brings them back now.', 'Mon'],
  [
    '2026-12-09',
    'Skipped: 8 digests, from Fri 27 Nov to Tue 8 Dec. Next digest: Wed 9 Dec, 09:00. `/tasks resume` brings them back now.',
    'Wed',
  ],
])(
  '/tasks pause until %s, typed on a Thursday, says what is skipped and when the next one comes',
  async (until, said, day) => {
    const world = await createWorld({ now: THURSDAY_NINE - 5 * MINUTE });
    await world.passTo(THURSDAY_NINE);
    await world.pass(HOUR);
    const before = titles(world).length;

    expect((await type(world, `pause until ${until}`)).text).toBe(said);

    await world.pass(DAY, 14);
    expect(titles(world)[before]).toMatch(new RegExp(`^${day}`));
  },
);

test('the window pauses until a date, keeps the pause when it is saved again, and ends it; a past date is refused beside the field', async () => {
  const world = await createWorld();
  await digestOf(world);

  expect(await settle(world, { pause: '2026-11-22' })).toContain('settings_pause');
  expect(await settle(world, { pause: '2026-11-26' })).toBe(
    '*Saved.* Skipped: Tue 24 Nov, Wed 25 Nov. Next digest: Thu 26 Nov, 09:00. `/tasks resume` brings them back now.',
  );
  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  expect(initialOf(world, 'settings_pause')).toBe('2026-11-26');
  expect(await settle(world, { pause: '2026-11-26', time: '10:00' })).toContain('Next digest: Thu 26 Nov, 10:00.');
  expect(await settle(world, { pause: '2026-11-23' })).toBe('*Saved.* Next digest: Tue 24 Nov, 09:00.');

  await type(world, 'pause');
  expect(await settle(world, { paused: true })).toContain('Digests are paused.');
  expect(await settle(world, { paused: false })).toBe('*Saved.* Next digest: Tue 24 Nov, 09:00.');
});

test('a pause that ends at a time of day keeps it when the window is saved again', async () => {
  const world = await createWorld();
  await digestOf(world);
  await type(world, 'pause until wed 12:00');

  expect(await settle(world, { pause: '2026-11-25' })).toContain('Next digest: Thu 26 Nov, 09:00.');
});

test('a zone of their own stays wherever Slack says that they are, and goes when they follow Slack again', async () => {
  const world = await createWorld();
  await digestOf(world);

  expect(await settle(world, { zone: 'Asia/Tokyo' })).toBe(
    "*Saved.* Next digest: Tue 24 Nov, 09:00.\nTimes stay in Asia/Tokyo, whatever Slack's time zone is.",
  );
  world.slack.setUser({ ...MAYA, tz: 'Europe/Berlin' });
  await world.passTo(Date.parse('2026-11-24T00:00:00Z'));
  expect(titles(world)).toEqual(['Monday 23 November', 'Tuesday 24 November']);
  expect(wordsOf(await type(world, 'status'))).toContain('Times are in Asia/Tokyo, the time zone that you chose.');

  // Nine in Berlin is still to come on that date, which has had its digest.
  expect(await settle(world)).toBe('*Saved.* Next digest: Wed 25 Nov, 09:00.');
  await world.pass(HOUR, 24);
  expect(titles(world)).toHaveLength(2);
  await world.passTo(Date.parse('2026-11-25T08:00:00Z'));
  expect(titles(world)).toHaveLength(3);
});

test('what a window of an older version does not ask about stays as it is', async () => {
  const world = await createWorld();
  await settle(world, { zone: 'Asia/Tokyo', country: 'JP', pause: '2026-12-01' });

  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'settings'));
  await submit(world, {
    settings_time: { selected_time: '08:00' },
    settings_days: { selected_options: [{ value: '2' }] },
  });

  expect(windowWords(world)).toContain('Next digest: Tue 1 Dec, 08:00.');
  expect(windowWords(world)).toContain('Public holidays (Japan)');
  expect(windowWords(world)).toContain('Asia/Tokyo');
});

test('a zone or a country that the menus do not offer is refused beside its field, and nothing is saved', async () => {
  const world = await createWorld();
  const held = (id: string, value: object) => [id, { [id]: { type: 'static_select', ...value } }];
  const values = Object.fromEntries([
    held('settings_time', { selected_time: '07:00' }),
    held('settings_days', { selected_options: [{ value: '1' }] }),
    held('settings_zone', { selected_option: { value: 'Mars/Olympus' } }),
    held('settings_country', { selected_option: { value: 'XX' } }),
  ]);
  const view = { id: 'V1', type: 'modal', callback_id: 'rep_settings', private_metadata: '', state: { values } };
  const from = { team: { id: 'T0SANDBOX' }, user: { id: MAYA.id, team_id: 'T0SANDBOX' } };

  const { ackBody } = await world.slack.deliver('interactive', { ...from, type: 'view_submission', view });

  expect(Object.keys(ackBody.errors as object)).toEqual(['settings_zone', 'settings_country']);
  expect(wordsOf(await type(world, 'status'))).toContain('Next digest: Mon 23 Nov, 09:00.');
});

test('the last button of a digest opens the window', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  const last = digest.blocks.at(-1)?.elements as { text: { text: string } }[];
  expect(last.at(-1)?.text.text).toBe('Settings');
  await openByButton(world, digest, 'Settings');

  expect(world.slack.modal(MAYA.id)?.callback_id).toBe('rep_settings');
});
