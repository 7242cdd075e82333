/**
 * A rep's day in calls of Gong's 10,000, by their purpose. The clock goes through a day in steps: the digest, Home and a
 * list right after it twice, three clicks within a minute twice, and the close of the day. Before the second three, the company has
 * spent half of its day.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createClickers } from './clickers.ts';
import { commandBody, homeBody, send } from './clicks.ts';
import { welcome } from './history.ts';
import { DAY, DIGEST_TIME, nextMorning } from './mornings.ts';
import { people } from './people.ts';
import { temporaryFolder } from './processes.ts';
import { createSlackServer } from './slack-server.ts';
import { type Row, times } from './table.ts';
import { createToolServer } from './tool-server.ts';
import { APP, gongEnv, startDocketProcess } from './world.ts';

const REPS = people(20);
const MINUTE = 60_000;
const STEP = 10 * MINUTE;
/** From an hour before the digest until late in the evening. */
const DAY_FROM = -60 * MINUTE;
const DAY_UNTIL = 14 * 60 * MINUTE;
const CLOSES_AT = '16:00';
/** After the digest. */
const LOOKS_AT = [130 * MINUTE, 480 * MINUTE];
const CLICKS_AT = [180 * MINUTE, 420 * MINUTE];
const CLICKS = ['clicks', 'clicks, half of the day spent'] as const;
const CLICKS_IN_A_MINUTE = 3;
const BETWEEN_MS = 20_000;
/** A page of a hundred for the whole company, once a day. */
const DIRECTORY = 'the directory';
const GOAL = { aDay: 5, aClick: 1.3 };

export async function gongCalls(): Promise<Row[]> {
  const slot = nextMorning();
  const slack = await createSlackServer(REPS);
  const tool = await createToolServer({ people: REPS, tasksEach: 20, now: () => slot });
  const file = join(temporaryFolder(), 'docket.db');
  const env = { ...gongEnv(tool.url), DATABASE_URL: `file:${file}`, DEFAULT_DIGEST_TIME: DIGEST_TIME, UNPACED: 'yes' };
  const docket = await startDocketProcess(slack, APP, env);
  const clickers = createClickers({ slack, tool, docket, now: Date.now }, REPS);
  await docket.ask('idle');
  welcome(`file:${file}`);
  closeDays(file);
  const purposes = new Map<string, number>();
  let counted = tool.calls.length;

  /** Books the calls since the last count under a purpose. */
  async function count(purpose: string): Promise<void> {
    await docket.ask('idle');
    for (const { kind } of tool.calls.slice(counted)) {
      const of = kind === 'users' ? DIRECTORY : purpose;
      purposes.set(of, (purposes.get(of) ?? 0) + 1);
    }
    counted = tool.calls.length;
  }

  async function go(at: number, purpose: string): Promise<void> {
    await docket.ask('ahead', slot + at - Date.now());
    await docket.ask('tick');
    await count(purpose);
  }

  for (let at = DAY_FROM; at <= DAY_UNTIL; at += STEP) {
    await go(at, at <= 0 ? 'the digest' : slot + at === closeOf(slot) ? 'the close of the day' : 'keeping rows true');
    if (LOOKS_AT.includes(at)) {
      for (const { id } of REPS) await send(docket.port, homeBody(id));
      await count('Home');
      await go(at + BETWEEN_MS, 'keeping rows true');
      for (const { id } of REPS) await send(docket.port, commandBody(slack, id, ''));
      await count('/tasks');
    }
    const clicks = CLICKS[CLICKS_AT.indexOf(at)];
    if (clicks === CLICKS[1]) spendHalf(file, slot);
    for (let click = 0; clicks && click < CLICKS_IN_A_MINUTE; click += 1) {
      await go(at + click * BETWEEN_MS, 'keeping rows true');
      for (const rep of REPS) await clickers.click(rep);
      await count(clicks);
    }
  }
  await docket.stop();
  await slack.close();
  await tool.close();
  return rowsOf(purposes);
}

function closeOf(slot: number): number {
  const [hours = 0, minutes = 0] = CLOSES_AT.split(':').map(Number);
  return new Date(slot).setUTCHours(hours, minutes);
}

/** By all of the company's integrations that count here. */
function spendHalf(file: string, at: number): void {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  database.prepare('update spending set calls = calls + 5000 where day = ?').run(Math.floor(at / DAY));
  database.close();
}

/** As each rep would choose it in the settings. */
function closeDays(file: string): void {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  database.prepare('update schedules set choices = ?').run(JSON.stringify({ closesAt: CLOSES_AT }));
  database.close();
}

function rowsOf(purposes: ReadonlyMap<string, number>): Row[] {
  for (const [purpose, calls] of purposes) {
    console.log(`${purpose.padEnd(22)} ${(calls / REPS.length).toFixed(2)} calls a rep and day`);
  }
  const [often, rarely] = CLICKS.map((name) => (purposes.get(name) ?? 0) / (REPS.length * CLICKS_IN_A_MINUTE));
  const notARep = new Set<string>([...CLICKS, DIRECTORY]);
  const aDay = [...purposes].reduce((sum, [of, calls]) => sum + (notARep.has(of) ? 0 : calls), 0) / REPS.length;
  return [
    {
      what: "Gong's calls a rep and day besides clicks",
      floor: '1, a list for the digest',
      ours: aDay.toFixed(2),
      ratio: times(aDay),
      goal: `at most ${GOAL.aDay}`,
      met: aDay <= GOAL.aDay,
    },
    {
      what: "Gong's calls a click, three within a minute",
      floor: '1, the change',
      ours: (often ?? 0).toFixed(2),
      ratio: times(often ?? 0),
      goal: '',
      met: undefined,
    },
    {
      what: 'the same, once half of the day is spent',
      floor: '1, the change',
      ours: (rarely ?? 0).toFixed(2),
      ratio: times(rarely ?? 0),
      goal: `at most ${GOAL.aClick}`,
      // Three changes and one list are as few as can be, if one of them is to be looked at first.
      met: Math.round((rarely ?? 9) * 10) / 10 <= GOAL.aClick,
    },
  ];
}
