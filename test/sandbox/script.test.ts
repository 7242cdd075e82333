/** What happens at the tools in the demo's week. */
import { Temporal } from 'temporal-polyfill';
import { expect, onTestFinished, test } from 'vitest';
import { DEMO_PEOPLE } from '../../sandbox/people.ts';
import { closeSimulators, createSimulators, PROVIDERS, panelsOf } from '../../sandbox/providers.ts';
import { createScript, nextMorning } from '../../sandbox/script.ts';
import { WEEK } from '../../sandbox/week.ts';

const [MAYA, , ISHANI] = DEMO_PEOPLE;
const MONDAY = Date.UTC(2026, 10, 30, 13, 59, 53);

async function start(now = MONDAY) {
  const time = { now };
  const simulators = await createSimulators(PROVIDERS, { clock: () => time.now });
  onTestFinished(() => closeSimulators(simulators));
  const panels = panelsOf(simulators, () => time.now);
  const script = createScript(panels);
  const mornings = script.begin(MAYA.zone, now);
  return {
    script,
    mornings,
    panels,
    go(at: number | undefined) {
      time.now = at ?? Number.NaN;
      script.happen(time.now);
    },
    open: (slackId: string) => panels.flatMap((panel) => panel.tasks(slackId).filter(({ isOpen }) => isOpen)),
  };
}

const localText = (at: number) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(MAYA.zone).toPlainDateTime().toString();

test.each([
  ['just before nine on a Monday', '2026-11-30T08:59:53', '2026-11-30T09:00:00'],
  ['at nine', '2026-11-30T09:00:00', '2026-12-01T09:00:00'],
  ['on a Friday evening', '2026-12-04T18:00:00', '2026-12-07T09:00:00'],
  ['on the Saturday before the clock goes forward', '2027-03-13T12:00:00', '2027-03-15T09:00:00'],
])('the next morning %s', (_name, now, expected) => {
  const at = Temporal.PlainDateTime.from(now).toZonedDateTime(MAYA.zone).epochMilliseconds;
  expect(localText(nextMorning(MAYA.zone, at))).toBe(expected);
});

test.each(['2026-11-30', '2026-12-02', '2026-12-04', '2026-12-05'])(
  'the whole week happens, whatever day it begins on: %s',
  async (date) => {
    const now = Temporal.PlainDateTime.from(`${date}T08:59:53`).toZonedDateTime(MAYA.zone).epochMilliseconds;
    const { script, mornings, go } = await start(now);
    go(mornings.at(-1));

    expect(script.missing).toEqual([]);
    expect(script.told.map(({ says }) => says).toSorted()).toEqual(WEEK.map(({ says }) => says).toSorted());
    expect(script.told.map(({ at }) => at)).toEqual(script.told.map(({ at }) => at).toSorted((a, b) => a - b));
  },
);

test('nothing of hers changes or becomes due between the fourth morning and the fifth', async () => {
  const { script, mornings, go, open } = await start();
  const [fourth = 0, fifth = 0] = mornings.slice(3);
  go(fourth);
  const [told, before] = [script.told.length, open(MAYA.slackId)];
  go(fifth);

  expect(script.told).toHaveLength(told);
  expect(open(MAYA.slackId)).toEqual(before);
  const dueOf = before.map(({ due }) => (due === undefined ? 0 : Date.parse(due)));
  expect(dueOf.filter((due) => due > fourth && due <= fifth)).toEqual([]);
});

test('on two mornings nothing is open for Ishani, and then something is again', async () => {
  const { mornings, go, open } = await start();
  const counts = mornings.map((at) => {
    go(at);
    return open(ISHANI.slackId).length;
  });
  expect(counts).toEqual([2, 0, 0, 1, 1]);
});

test('no task is made or closed twice, and nothing happens to what somebody did meanwhile', async () => {
  const { script, mornings, panels, go } = await start();
  const first = WEEK[0];
  if (first?.does.kind !== 'close') throw new Error('the week begins with a task that is closed');
  panels.find(({ id }) => id === 'gong')?.closeTask(MAYA.slackId, first.does.taskId);
  go(mornings.at(-1));
  expect(script.missing.map(({ says }) => says)).toEqual([first.says]);

  const told = script.told.length;
  go(script.begin(MAYA.zone, mornings.at(-1) ?? 0).at(-1));
  expect(script.told.slice(told).map(({ says }) => says)).toEqual([
    'Maya moved “Opening call” (Farah Nazarin) to next week in Gong.',
    'Reply.io stopped answering.',
    'Reply.io answers again.',
  ]);
});

test('a week that is ended brings back the tool that it took away, and plans nothing more', async () => {
  const { script, mornings, panels, go } = await start();
  const isAway = () => panels.filter((panel) => panel.isDown()).map(({ id }) => id);
  go(mornings[2]);
  expect(isAway()).toEqual(['reply']);

  script.end();
  expect([isAway(), script.nextAt()]).toEqual([[], undefined]);
});
