/** Prints the week without a browser: five mornings as the message reads, and what happened before each. */
import { asText, isWelcome } from './message-text.ts';
import { type Morning, walkWeek } from './mornings.ts';
import { DEMO_PEOPLE, type DemoPerson } from './people.ts';
import type { SandboxMessage } from './slack/types.ts';
import type { Stage } from './stage.ts';

/** A digest that comes later than this came at another time than it was planned for. */
const ON_TIME_MS = 60_000;

/** Returns false when a morning did not come as planned, or a simulator refused something; what is missing has been printed. */
export async function printWeek(stage: Stage, person: DemoPerson): Promise<boolean> {
  const failures: string[] = [];
  for await (const morning of walkWeek(stage, { slackId: person.slackId, zone: person.zone })) {
    const day = dayText(morning.at, person.zone);
    console.log(`\n======== ${day}: morning ${morning.number} of ${morning.of} for ${person.realName} ========`);
    printSince(morning, person.zone);
    printOthers(stage, morning, person);
    const digests = between(stage, person, morning.at, morning.at + ON_TIME_MS);
    for (const digest of digests) console.log(`\n${asText(digest).trim()}`);
    if (digests.length !== 1) failures.push(`${day}: ${digests.length} messages at nine, not one`);
  }
  for (const { at, says } of stage.script.missing) {
    failures.push(`${dayText(at, person.zone)}: could not happen: ${says}`);
  }
  const refused = Object.values(stage.simulators).flatMap(({ unexpected }) => unexpected);
  for (const problem of [...stage.slack.unexpected, ...refused]) failures.push(`refused: ${problem}`);
  for (const failure of failures) console.log(`\nFAILED  ${failure}`);
  console.log(failures.length === 0 ? '\nEvery morning came as planned.' : '\nSomething is missing.');
  return failures.length === 0;
}

function printSince({ number, since, told, becameOverdue }: Morning, zone: string): void {
  if (number === 1) return;
  const lines = [
    ...told.map(({ at, says }) => `${timeText(at, zone)}  ${says}`),
    ...becameOverdue.map((task) => `overdue by itself: ${task}`),
  ];
  console.log(`\nSince ${weekdayText(since, zone)}:${lines.length === 0 ? ' nothing happened at the tools.' : ''}`);
  for (const line of lines) console.log(`  ${line}`);
}

/** The others' mornings are at other times, in zones of their own. */
function printOthers(stage: Stage, { number, since, at }: Morning, person: DemoPerson): void {
  if (number === 1) return;
  for (const other of DEMO_PEOPLE.filter(({ slackId }) => slackId !== person.slackId)) {
    const came = between(stage, other, since, at).map(
      ({ ts, text }) => `${timeText(Number(ts) * 1_000, other.zone)}, ${text.split('\n')[0]}`,
    );
    console.log(`  (${other.realName}, ${other.zone}: ${came.join('; ') || 'no message'})`);
  }
}

/** What the app posted for one person, `from` included. */
function between({ slack }: Stage, { slackId }: DemoPerson, from: number, until: number): SandboxMessage[] {
  return slack.messages(slackId).filter(({ ts, text, ephemeral, author }) => {
    const at = Number(ts) * 1_000;
    return !ephemeral && author !== 'person' && !isWelcome({ text }) && at >= from && at < until;
  });
}

function dayText(at: number, zone: string): string {
  const date = { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' } as const;
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, ...date }).format(at);
}

function weekdayText(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'long' }).format(at);
}

function timeText(at: number, zone: string): string {
  const time = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, ...time }).format(at);
}
