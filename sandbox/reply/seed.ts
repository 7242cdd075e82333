/** The Reply.io of the demo: who is in it, and what they have to do. The tasks themselves are in `agenda.ts`. */
import { Temporal } from 'temporal-polyfill';
import { dueAt, isoText } from '../due.ts';
import { DEMO_PEOPLE, type DemoPerson } from '../people.ts';
import { ISHANIS_DAY, MAYAS_DAY, type SeedTask, THEOS_DAY } from './agenda.ts';
import type { ReplyTask, ReplyUser } from './types.ts';

const [MAYA, THEO, ISHANI] = DEMO_PEOPLE;

/** By Slack id. */
export const REPLY_USER_OF: Readonly<Record<(typeof DEMO_PEOPLE)[number]['slackId'], string>> = {
  [MAYA.slackId]: '70412',
  [THEO.slackId]: '70419',
  [ISHANI.slackId]: '70433',
};

const SALES = { teamId: '3101', teamName: 'Northlight Sales' };
const DACH = { teamId: '3102', teamName: 'DACH' };

/** `now` in milliseconds since the epoch: every date lies relative to it, in the zone of the task's owner. */
export function seedReply(now: number): { users: ReplyUser[]; tasks: ReplyTask[] } {
  return {
    users: users(),
    tasks: [
      ...agenda(MAYAS_DAY, REPLY_USER_OF[MAYA.slackId], MAYA.zone, now),
      ...agenda(THEOS_DAY, REPLY_USER_OF[THEO.slackId], THEO.zone, now),
      ...agenda(ISHANIS_DAY, REPLY_USER_OF[ISHANI.slackId], ISHANI.zone, now),
    ],
  };
}

/** The first one owns the workspace, and is not in Slack: whatever names no acting user would act as her. */
function users(): ReplyUser[] {
  return [
    { id: '70400', email: 'rosalind.achterveld@northlight.example', name: 'Rosalind Achterveld', ...SALES },
    { ...userOf(MAYA), ...SALES },
    // In two teams, so in the list twice (reply.md 7), and a manager: lists hold more than his own tasks.
    { ...userOf(THEO), ...SALES, role: 'manager' },
    { ...userOf(THEO), ...DACH, role: 'manager' },
    { ...userOf(ISHANI), ...SALES },
  ];
}

function userOf({ slackId, email, realName }: DemoPerson & { slackId: keyof typeof REPLY_USER_OF }) {
  return { id: REPLY_USER_OF[slackId], email, name: realName };
}

function agenda(tasks: readonly SeedTask[], userId: string, zone: string, now: number): ReplyTask[] {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  return tasks.map(({ when, isScheduled = false, ...rest }, index) => {
    const due = dueAt(when, local);
    const earlier = due.epochMilliseconds < now ? due : local;
    return {
      ...rest,
      assignedUserId: userId,
      status: 'new',
      isScheduled,
      creationSource: rest.sequenceId === undefined ? 'user' : 'sequence',
      createdAt: isoText(earlier.subtract({ days: 3, minutes: 11 * index }).round('second'), 'Z'),
      startAt: isoText(due.subtract({ minutes: 30 }), 'Z'),
      dueTo: isoText(due, 'Z'),
    };
  });
}
