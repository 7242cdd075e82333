/**
 * `npm run demo`: a local Slack workspace with a web page, the providers simulated, and the real app between them, on an
 * empty machine and without any account. `options.ts` says what it takes.
 */
import { Temporal } from 'temporal-polyfill';
import { createClockDesk } from './clock-desk.ts';
import { type DemoOptions, readOptions } from './options.ts';
import { DEMO_PEOPLE } from './people.ts';
import { signIn } from './sign-in.ts';
import { createStage, DIGEST_TIME, type Stage } from './stage.ts';
import { runTour } from './tour.ts';
import { createWeb, type Web } from './web.ts';
import { printWeek } from './week-print.ts';

const PORT = 4747;
/** Enough to sign in to Outreach, and to see the empty conversation before the digest arrives in it. */
const BEFORE_DIGEST_MS = 7_000;

const [maya, theo, ishani] = DEMO_PEOPLE;

/** Just before nine on the first person's next working morning; a week begins on a Monday. */
function startOfDemo({ show }: DemoOptions): number {
  let date = Temporal.Now.zonedDateTimeISO(maya.zone).toPlainDate();
  while (date.dayOfWeek > 5 || (show === 'week' && date.dayOfWeek !== 1)) date = date.add({ days: 1 });
  const nine = date.toZonedDateTime({ timeZone: maya.zone, plainTime: DIGEST_TIME });
  return nine.epochMilliseconds - BEFORE_DIGEST_MS;
}

async function openPage(stage: Stage): Promise<Web> {
  const { slack, simulators, panels, clock } = stage;
  const words = ['digest', 'history', ...(simulators.outreach ? ['connect'] : []), 'status', 'settings', 'help'];
  const options = {
    slack,
    clock: clock.now,
    desk: createClockDesk({ ...stage, zoneOf: (userId) => slack.users.find(({ id }) => id === userId)?.tz }),

    providers: panels,
    suggestions: ['/tasks', ...words.map((word) => `/tasks ${word}`)],
  };
  return createWeb({ ...options, port: PORT }).catch(() => createWeb(options));
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if ('problem' in options) {
    console.error(options.problem);
    process.exit(1);
  }
  console.log(`Starting Docket, a local Slack and the sales tools (${options.providers.join(', ')})…`);
  // The tour waits for what is held back; a person has time to change their mind.
  const undoWindowMs = options.show === 'tour' ? 4_000 : 10_000;
  const stage = await createStage({ providers: options.providers, startAt: startOfDemo(options), undoWindowMs });
  if (stage.simulators.outreach) await signIn(stage.slack, maya);
  if (options.show === 'page') return showPage(stage);
  const passed = options.show === 'tour' ? await runTour(stage.slack, stage.simulators, maya) : await showWeek(stage);
  await stage.close();
  process.exit(passed ? 0 : 1);
}

async function showWeek(stage: Stage): Promise<boolean> {
  if (stage.simulators.outreach) for (const person of [theo, ishani]) await signIn(stage.slack, person);
  return printWeek(stage, maya);
}

async function showPage(stage: Stage): Promise<void> {
  const { slack, simulators } = stage;
  if (simulators.outreach) await signIn(slack, theo);
  const web = await openPage(stage);
  console.log(`Docket is up. Open ${web.url}`);
  console.log(`Its database, until it stops: ${stage.database}`);
  console.log(`It is nine in the morning for ${maya.realName}: watch the digest arrive. Stop with Ctrl+C.`);
  if (simulators.outreach) {
    console.log(
      `${ishani.realName} has not signed in to Outreach yet: switch to her, type /tasks connect, and allow it.`,
    );
    console.log('Choose somebody else on the page of Outreach to see what becomes of a link that was forwarded.');
  }
  // Their mornings are over when the first person's begins, so they ask for their digests.
  for (const person of [theo, ishani]) await slack.command(person.slackId, '/tasks', 'digest');
  const stop = async () => {
    await web.close();
    await stage.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

await main();
