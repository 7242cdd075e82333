/** The whole app on the way to a later time: what it has planned comes when it would have come. */
import { Temporal } from 'temporal-polyfill';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isWelcome, labelOf } from '../../sandbox/message-text.ts';
import { DEMO_PEOPLE } from '../../sandbox/people.ts';
import type { Provider } from '../../sandbox/providers.ts';
import { isObject, objectsOf } from '../../sandbox/slack/json.ts';
import type { SandboxMessage, SlackWorkspace } from '../../sandbox/slack/types.ts';
import { createStage } from '../../sandbox/stage.ts';
import { mustBe } from '../flow/read.ts';

const [MAYA, THEO] = DEMO_PEOPLE;

const instant = (local: string, zone: string = MAYA.zone) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;

/** Gong alone: what one tool shows of time, all of them do. */
async function start(local: string, provider: Provider = 'gong') {
  const stage = await createStage({ providers: [provider], startAt: instant(local), undoWindowMs: 10_000 });
  onTestFinished(stage.close);
  return stage;
}

/** Without the welcome that comes before them. */
const digests = (slack: SlackWorkspace, { slackId }: { slackId: string }) =>
  slack.messages(slackId).filter((message) => !isWelcome(message));

const minuteOf = (zone: string, { ts }: SandboxMessage) =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(Number(ts) * 1_000))
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });

test('a snooze to later that day comes back at its minute, and not when the way ends', async () => {
  const { slack, travel } = await start('2026-12-01T08:59:53');
  await travel.to(instant('2026-12-01T09:00:00'));
  const digest = mustBe(digests(slack, MAYA)[0]);
  const row = digest.blocks.findIndex((block) => JSON.stringify(block).includes('Mateo Arbelaiz'));
  const controls = mustBe(digest.blocks[row + 1]);
  const menu = mustBe(objectsOf(controls.elements).find((element) => labelOf(element) === 'Snooze'));
  const later = mustBe(objectsOf(menu.options).find((option) => labelOf(option).startsWith('Later today')));
  await slack.act(MAYA.slackId, { ts: digest.ts }, String(controls.block_id), { ...menu, selected_option: later });

  await travel.to(instant('2026-12-01T22:00:00'));

  const back = mustBe(slack.messages(MAYA.slackId).at(-1));
  expect(back.text).toContain('Mateo Arbelaiz');
  expect([digests(slack, MAYA).length, minuteOf(MAYA.zone, back)]).toEqual([2, '2026-12-01T12:15']);
}, 60_000);

test('the app works on while the clock stands, within the tools’ limits', async () => {
  const { slack, simulators, travel, clock } = await start('2026-12-01T08:59:53');
  const gong = mustBe(simulators.gong);
  await travel.to(instant('2026-12-01T09:00:00'));
  clock.pause();
  const stood = clock.now();
  const digest = mustBe(digests(slack, MAYA)[0]);
  const done = digest.blocks.flatMap(({ accessory, elements, block_id }) => {
    const button = objectsOf(elements).find((element) => labelOf(element) === 'Done');
    const menu = isObject(accessory) && accessory.type === 'overflow' ? accessory : undefined;
    const option = objectsOf(menu?.options).find((each) => labelOf(each).startsWith('Done'));
    const action = button ?? (menu && option && { ...menu, selected_option: option });
    return action ? [{ block: String(block_id), action }] : [];
  });
  // More than Gong answers in a second.
  for (const { block, action } of done.slice(0, 6)) await slack.act(MAYA.slackId, { ts: digest.ts }, block, action);

  await vi.waitFor(() => {
    expect(gong.tasks(MAYA.gongUserId).filter(({ status }) => status === 'DONE')).toHaveLength(6);
  }, 20_000);
  expect(clock.now()).toBe(stood);
}, 60_000);

test('over the weekend on which the clock goes forward, each gets one digest at nine by their own new time', async () => {
  const { slack, simulators, travel } = await start('2027-03-12T08:59:53');
  await travel.to(instant('2027-03-15T12:00:00'));

  // New York's clock went forward on Sunday, and Berlin's did not.
  const came = (person: typeof MAYA | typeof THEO) =>
    digests(slack, person).map((message) => minuteOf(person.zone, message));
  expect(came(MAYA)).toEqual(['2027-03-12T09:00', '2027-03-15T09:00']);
  expect(came(THEO)).toEqual(['2027-03-15T09:00']);
  expect([...slack.unexpected, ...mustBe(simulators.gong).unexpected]).toEqual([]);
}, 60_000);

test('the checks of days that pass in seconds wait for no rate limit, and the tool refuses none of them', async () => {
  const { simulators, travel } = await start('2026-12-01T08:59:53', 'reply');
  await travel.to(instant('2026-12-12T08:00:00'));

  const { requests } = mustBe(simulators.reply);
  // Reply.io takes 100 a minute, and the app sends 90 of them.
  expect(requests.length).toBeGreaterThan(100);
  expect(requests.filter(({ status }) => status !== 200)).toEqual([]);
}, 60_000);
