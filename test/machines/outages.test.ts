/** The database is away, or one process has lost it, in the middle of a morning. All of them, and for longer, with MATRIX=all. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import type { GongUser } from '../../sandbox/gong/types.ts';
import type { SandboxMessage, SandboxUser } from '../../sandbox/slack/types.ts';
import { settled } from '../crash/cell.ts';
import { STORY } from '../faults/report.ts';
import { countEffects } from '../faults/watch.ts';
import { gongTask, HOUR, MAYA, MAYA_GONG, MINUTE, MONDAY_NINE, manyTasks } from '../flow/cast.ts';
import { digestOf, pressOnly, type Shown } from '../flow/press.ts';
import { type DocketProcess, eventually } from '../flow/process.ts';
import { fresh, mustBe, posted, wordsOf } from '../flow/read.ts';
import { isAll, note } from '../matrix/cells.ts';
import { hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { createMachines, type Machines } from './machines.ts';
import { startProxy, type Way } from './proxy.ts';

const AWAY_MS = isAll ? 30_000 : 3_000;
const TEN = MONDAY_NINE + HOUR;
/** Before the digests of ten o'clock, for which both are up. */
const EARLY_MS = 6_000;
const ROWS = 12;
const NOT_RECORDED = 'Docket could not record this, so nothing was changed';
const UNKNOWN = 'cannot tell whether it was recorded';

/** Maya has had hers at nine; theirs come at ten. */
const OTHERS = Array.from({ length: 8 }, (_, n) => ({
  ...MAYA,
  id: `U0LATER${n}`,
  name: `later${n}`,
  email: `later${n}@northlight.example`,
  tz: 'America/Chicago',
})) satisfies SandboxUser[];
const THEIRS: readonly GongUser[] = OTHERS.map(({ email }, n) => ({
  id: String(7_000_000 + n),
  emailAddress: email,
  active: true,
  firstName: 'Later',
  lastName: String(n),
}));

interface Morning {
  machines: Machines;
  digest: SandboxMessage;
  clicks: Clicks;
}

async function morning(): Promise<Morning> {
  let digest: Shown | undefined;
  const theirs = THEIRS.map(({ id: userId }, n) => gongTask({ id: String(8_100_000 + n), userId }, TEN));
  const machines = await createMachines({
    users: [MAYA, ...OTHERS],
    gongUsers: [MAYA_GONG, ...THEIRS],
    tasks: [...manyTasks(ROWS), ...theirs],
    at: TEN - EARLY_MS,
    async before(world) {
      digest = await digestOf(world);
    },
  });
  return { machines, digest: mustBe(digest), clicks: createClicks(machines, mustBe(digest)) };
}

type Clicks = ReturnType<typeof createClicks>;

/** Done, on one row after another, and what came of each. */
function createClicks({ world }: Machines, digest: SandboxMessage) {
  const clicks: { acked: boolean; effects: () => number }[] = [];
  const refusals = (words: string) =>
    world.slack.messages(MAYA.id).filter(({ ephemeral, text }) => ephemeral && text.includes(words)).length;
  return {
    async press(refused = NOT_RECORDED): Promise<boolean> {
      const n = clicks.length;
      const effects = countEffects(world, 'gong', `9007199254740993${100 + n}`);
      const before = refusals(refused);
      const { acked } = await pressOnly(world, fresh(world, digest), `Task number ${n + 1};`, 'Done');
      clicks.push({ acked, effects: effects.count });
      // In words, or durably: never neither.
      if (!acked) await eventually(() => expect(refusals(refused)).toBe(before + 1), 5_000);
      return acked;
    },
    expectTrue() {
      expect(clicks.map(({ effects }) => effects())).toEqual(clicks.map(({ acked }) => (acked ? 1 : 0)));
    },
    count: () => clicks.length,
    came: () =>
      `${clicks.filter(({ acked }) => !acked).length} clicks refused in words, ${clicks.filter(({ acked }) => acked).length} done once`,
  };
}

function startWay(): Promise<Way> {
  const { hostname, port } = new URL(inject('postgres').server);
  return startProxy(() => ({ host: hostname, port: Number(port) || 5432 }));
}

const statusOf = (docket: DocketProcess, status: number) =>
  eventually(async () => expect(await docket.status('/readyz'), docket.output()).toBe(status), 10_000);

/** Returns those whose digest Slack had as the database went away. */
async function cutAmidDigests({ world }: Machines, way: Way): Promise<SandboxUser[]> {
  const isOut = (rep: SandboxUser) => posted(world, rep).length > 0;
  await eventually(() => expect(OTHERS.some(isOut)).toBe(true));
  const early = OTHERS.filter(isOut);
  await sleep(1_000);
  way.cut();
  await sleep(500);
  return OTHERS.filter((rep) => isOut(rep) && !early.includes(rep));
}

/** `around`: those that Slack had as the database went away, so that it may not have been noted. They may come twice. */
function expectDigests({ machines: { world } }: Morning, around: readonly SandboxUser[] = []): string {
  const countOf = (rep: SandboxUser) =>
    posted(world, rep).filter((message) => wordsOf(message).includes('Monday')).length;
  const twice = around.filter((rep) => countOf(rep) === 2).length;
  expect(OTHERS.map((rep) => (around.includes(rep) ? Math.min(countOf(rep), 1) : countOf(rep)))).toEqual(
    OTHERS.map(() => 1),
  );
  expect(Math.max(...OTHERS.map(countOf))).toBeLessThanOrEqual(2);
  return twice === 0 ? 'every digest once' : `every digest once but ${twice} that Slack had in that moment, twice`;
}

const RESULT = { matrix: 'survivors', column: STORY } as const;

describe.skipIf(!hasPostgres)('in the middle of a morning', () => {
  takeTurnsOnServer();

  test('the database goes away and comes back: clicks are refused in words or are done once, and no digest is lost', async () => {
    const here = await morning();
    const { machines, clicks } = here;
    const way = await startWay();
    const both = await Promise.all([1, 2].map(() => machines.startReady(machines.database(way))));
    expect(await clicks.press()).toBe(true);
    const around = await cutAmidDigests(machines, way);
    const until = Date.now() + AWAY_MS;
    await Promise.all(both.map((docket) => statusOf(docket, 503)));
    for (const docket of both) expect(await docket.status('/healthz')).toBe(200);
    expect(await clicks.press()).toBe(false);
    while (Date.now() < until) {
      if (clicks.count() < ROWS - 2) await clicks.press();
      await sleep(300);
    }
    way.mend();

    await Promise.all(both.map((docket) => statusOf(docket, 200)));
    while (clicks.count() < ROWS) expect(await clicks.press()).toBe(true);
    await settled(machines.world, 60_000);
    clicks.expectTrue();
    const digests = expectDigests(here, around);
    note({ ...RESULT, row: 'PostgreSQL away for 30 s', came: `${clicks.came()}; ${digests}` });
    for (const docket of both) expect(docket.output()).not.toContain('something failed that nothing waited for');
  }, 180_000);

  test.skipIf(!isAll)(
    'one process is cut off from the database: it is not ready and says so to who clicks, and the other goes on',
    async () => {
      const here = await morning();
      const { machines, clicks } = here;
      const way = await startWay();
      const [lonely, other] = await Promise.all([machines.startReady(machines.database(way)), machines.startReady()]);
      for (const _ of [1, 2]) expect(await clicks.press()).toBe(true);
      const around = await cutAmidDigests(machines, way);
      const until = Date.now() + AWAY_MS;
      // Slack gives them to both in turns.
      const pressed = [await clicks.press(), await clicks.press(), await clicks.press(), await clicks.press()];
      expect(pressed.filter((acked) => acked)).toHaveLength(2);
      await statusOf(lonely, 503);
      expect(await other.status('/readyz')).toBe(200);
      await sleep(Math.max(0, until - Date.now()));
      way.mend();

      await statusOf(lonely, 200);
      while (clicks.count() < ROWS) expect(await clicks.press()).toBe(true);
      await settled(machines.world, 90_000);
      clicks.expectTrue();
      const digests = expectDigests(here, around);
      note({ ...RESULT, row: 'one of two processes cut off for 30 s', came: `${clicks.came()}; ${digests}` });
    },
    180_000,
  );

  test.skipIf(!isAll)(
    'the network drops what one process and the database send: who clicks is told within three seconds, and nothing is lost',
    async () => {
      const here = await morning();
      const { machines, clicks } = here;
      const way = await startWay();
      const deaf = await machines.startReady(machines.database(way));
      expect(await clicks.press()).toBe(true);
      way.silence();
      // It cannot know yet, so it says that it does not know.
      expect(await clicks.press(UNKNOWN)).toBe(false);
      await eventually(async () => expect(await deaf.status('/readyz'), deaf.output()).toBe(503), 25_000);
      way.mend();

      await statusOf(deaf, 200);
      while (clicks.count() < ROWS) expect(await clicks.press()).toBe(true);
      // The look at the digests' minute may have met the silence: the next one comes a minute later.
      await eventually(() => void expectDigests(here), 90_000);
      await settled(machines.world, 90_000);
      clicks.expectTrue();
      note({ ...RESULT, row: 'the network silent', came: `${clicks.came()}; ${expectDigests(here)}` });
      expect(deaf.output()).not.toContain('something failed that nothing waited for');
    },
    180_000,
  );

  test.skipIf(!isAll)(
    'one clock is five minutes ahead: that machine says so, takes no work, and refuses clicks in words',
    async () => {
      const here = await morning();
      const { machines, clicks } = here;
      const [right, wrong] = await Promise.all([machines.startReady(), machines.start({}, { offMs: 5 * MINUTE })]);
      await eventually(() => expect(wrong.output()).toContain('the clock of this machine is wrong'));
      await eventually(() => expect(wrong.output()).toContain('Docket is up'));
      expect(await wrong.status('/readyz')).toBe(503);
      expect(await wrong.status('/healthz')).toBe(200);

      // Slack gives them to both in turns; what the wrong one recorded would wait for five minutes.
      const pressed = [await clicks.press(), await clicks.press(), await clicks.press(), await clicks.press()];
      expect(pressed.filter((acked) => acked)).toHaveLength(2);
      await eventually(clicks.expectTrue);
      await eventually(() => expectDigests(here));
      expect(right.output()).toContain('digest sent');
      expect(wrong.output()).not.toMatch(/digest sent|action settled/);
      note({ ...RESULT, row: 'one of two clocks five minutes ahead', came: `${clicks.came()}; every digest once` });
    },
    180_000,
  );

  test('the answer to a commit is lost: the click is found as recorded, and acknowledged', async () => {
    const { machines, clicks } = await morning();
    const way = await startWay();
    await machines.startReady(machines.database(way));
    expect(await clicks.press()).toBe(true);
    await settled(machines.world);

    way.loseAnswerTo('commit');
    expect(await clicks.press()).toBe(true);
    await settled(machines.world);
    clicks.expectTrue();
    note({ ...RESULT, row: 'the answer to a commit lost', came: clicks.came() });
  }, 60_000);
});
