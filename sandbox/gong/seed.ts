/** The Gong of the demo: who is in it, and what they have to do. The tasks themselves are in `agenda.ts`. */
import { Temporal } from 'temporal-polyfill';
import { dueAt, isoText } from '../due.ts';
import { DEMO_PEOPLE } from '../people.ts';
import { MAYAS_DAY, ROSALINDS_DAY, type SeedTask, THEOS_DAY } from './agenda.ts';
import type { SeedDeal } from './companies.ts';
import type { GongTask, GongUser } from './types.ts';

const [MAYA, THEO, ISHANI] = DEMO_PEOPLE;

/** Works at Northlight and in Gong, but is not in Slack. */
const ROSALIND: GongUser = {
  id: '6034599484848423119',
  emailAddress: 'rosalind.achterveld@northlight.example',
  active: true,
  firstName: 'Rosalind',
  lastName: 'Achterveld',
};

/** `now` in milliseconds since the epoch: every due date lies relative to it, in the zone of the task's owner. */
export function seedGong(now: number): { users: GongUser[]; tasks: GongTask[] } {
  return {
    users: users(),
    tasks: [
      ...agenda(MAYAS_DAY, MAYA.gongUserId, MAYA.zone, now),
      ...agenda(THEOS_DAY, THEO.gongUserId, THEO.zone, now),
      ...agenda(ROSALINDS_DAY, ROSALIND.id, 'Europe/Berlin', now),
      // The calm morning: nothing of Ishani's is open, and what she closed is not listed.
      ...closed(ISHANI.gongUserId, ISHANI.zone, now),
    ],
  };
}

function users(): GongUser[] {
  return [
    {
      id: '6034599484848423116',
      emailAddress: 'henrik.dahlmo@northlight.example',
      active: false,
      firstName: 'Henrik',
      lastName: 'Dahlmo',
    },
    {
      id: MAYA.gongUserId,
      emailAddress: MAYA.email,
      trustedEmailAddress: MAYA.email,
      active: true,
      firstName: 'Maya',
      lastName: 'Lindqvist',
    },
    ROSALIND,
    {
      // Found only by an alias, and only without regard to case (gong.md 7).
      id: THEO.gongUserId,
      emailAddress: 'tbrandvold@northlight.example',
      emailAliases: ['sales-dach@northlight.example', 'Theo.Brandvold@Northlight.example'],
      active: true,
      firstName: 'Theo',
      lastName: 'Brandvold',
    },
    {
      id: ISHANI.gongUserId,
      emailAddress: ISHANI.email,
      emailAliases: [],
      active: true,
      firstName: 'Ishani',
      lastName: 'Balakrish',
    },
  ];
}

function agenda(tasks: readonly SeedTask[], userId: string, zone: string, now: number): GongTask[] {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  return tasks.map(({ when, opportunity, ...rest }, index) => {
    const due = dueAt(when, local);
    const earlier = due.epochMilliseconds < now ? due : local;
    return {
      ...rest,
      ...(opportunity && { opportunity: closing(opportunity, local) }),
      userId,
      status: 'OPEN',
      created: isoText(earlier.subtract({ days: 4, minutes: 7 * index }).round('second'), 'Z'),
      updated: isoText(earlier.subtract({ days: 1, minutes: 3 * index }).round('second'), 'Z'),
      dueDate: isoText(due, index % 2 === 0 ? 'Z' : 'offset'),
    };
  });
}

function closing({ closesInDays, ...deal }: SeedDeal, now: Temporal.ZonedDateTime): GongTask['opportunity'] {
  return { ...deal, closeDate: now.toPlainDate().add({ days: closesInDays }).toString() };
}

function closed(userId: string, zone: string, now: number): GongTask[] {
  const week: SeedTask[] = [
    {
      id: '7304958120347719402',
      type: 'MANUAL',
      title: 'Confirm the kick-off date',
      when: { group: 'overdue', daysAgo: 2, at: '11:00' },
    },
    {
      id: '7304958120347719518',
      type: 'MANUAL',
      title: 'Ask about the second site',
      when: { group: 'overdue', daysAgo: 1, at: '15:30' },
    },
  ];
  return agenda(week, userId, zone, now).map((task, index) => ({
    ...task,
    status: index === 0 ? 'DONE' : 'DISMISSED',
  }));
}
