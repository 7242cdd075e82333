/** The Outreach of the demo: who is in it, and what they have to do. The tasks themselves are in `agenda.ts`. */
import { Temporal } from 'temporal-polyfill';
import { dueAt } from '../due.ts';
import { DEMO_PEOPLE } from '../people.ts';
import {
  ACCOUNTS,
  ISHANIS_TASKS,
  MAYAS_TASKS,
  OPPORTUNITIES,
  PROSPECTS,
  SEQUENCES,
  type SeedOpportunity,
  type SeedProspect,
  type SeedTask,
  STEPS,
  THEOS_TASKS,
} from './agenda.ts';
import type { OutreachOpportunity, OutreachOptions, OutreachProspect, OutreachTask, OutreachUser } from './types.ts';

const [MAYA, THEO, ISHANI] = DEMO_PEOPLE;

/** Beyond 2^53; a client that reads them as numbers takes some of them for others. */
const MAYA_ID = '9007199254741101';
const THEO_ID = '9007199254741103';
const ISHANI_ID = '9007199254741105';

/** Slack's id of a demo person to Outreach's. */
export const OUTREACH_USER_OF: ReadonlyMap<string, string> = new Map([
  [MAYA.slackId, MAYA_ID],
  [THEO.slackId, THEO_ID],
  [ISHANI.slackId, ISHANI_ID],
]);

const USERS: readonly OutreachUser[] = [
  { id: MAYA_ID, email: MAYA.email, firstName: 'Maya', lastName: 'Lindqvist' },
  { id: THEO_ID, email: THEO.email, firstName: 'Theo', lastName: 'Brandvold' },
  { id: ISHANI_ID, email: ISHANI.email, firstName: 'Ishani', lastName: 'Balakrish' },
  {
    id: '9007199254741099',
    email: 'henrik.dahlmo@northlight.example',
    firstName: 'Henrik',
    lastName: 'Dahlmo',
    locked: true,
  },
];

type Seed = Required<
  Pick<OutreachOptions, 'users' | 'prospects' | 'accounts' | 'opportunities' | 'sequences' | 'steps' | 'tasks'>
>;

/** `now` in milliseconds since the epoch: every due date lies relative to it, in the zone of the task's owner. */
export function seedOutreach(now: number): Seed {
  return {
    users: USERS,
    prospects: PROSPECTS.map((prospect) => touched(prospect, now)),
    accounts: ACCOUNTS,
    opportunities: OPPORTUNITIES.map((opportunity) => closing(opportunity, now)),
    sequences: SEQUENCES,
    steps: STEPS,
    tasks: [
      ...agenda(MAYAS_TASKS, MAYA_ID, MAYA.zone, now),
      ...agenda(THEOS_TASKS, THEO_ID, THEO.zone, now),
      ...agenda(ISHANIS_TASKS, ISHANI_ID, ISHANI.zone, now),
    ],
  };
}

const DAY = 86_400_000;

function touched({ touchedDaysAgo, ...rest }: SeedProspect, now: number): OutreachProspect {
  if (touchedDaysAgo === undefined) return rest;
  return { ...rest, touchedAt: new Date(now - touchedDaysAgo * DAY).toISOString() };
}

/** Outreach has a date and a time, of which the time says nothing. */
function closing({ closesInDays, ...rest }: SeedOpportunity, now: number): OutreachOpportunity {
  const day = new Date(now + closesInDays * DAY).toISOString().slice(0, 10);
  return { ...rest, closeDate: `${day}T00:00:00.000Z` };
}

function agenda(tasks: readonly SeedTask[], ownerId: string, zone: string, now: number): OutreachTask[] {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  return tasks.map(({ when, ...rest }, index) => {
    const due = when && dueAt(when, local);
    const earlier = due && due.epochMilliseconds < now ? due : local;
    const createdAt = earlier.subtract({ days: 3, minutes: 11 * index }).round('second');
    return {
      ...rest,
      ownerId,
      state: 'incomplete',
      dueAt: due ? due.toInstant().toString() : null,
      createdAt: createdAt.toInstant().toString(),
      updatedAt: createdAt.add({ hours: 5 }).toInstant().toString(),
    };
  });
}
