/** What the demo's tools hold. */
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { seedGong } from '../../sandbox/gong/seed.ts';
import { OUTREACH_USER_OF, seedOutreach } from '../../sandbox/outreach/seed.ts';
import { DEMO_PEOPLE, type DemoPerson } from '../../sandbox/people.ts';
import { REPLY_USER_OF, seedReply } from '../../sandbox/reply/seed.ts';
import * as Outreach from './outreach/outreach.ts';

const [MAYA, THEO] = DEMO_PEOPLE;
const WEDNESDAY = Date.UTC(2026, 10, 18, 14);
const WEDNESDAY_IN = (zone: string) => Temporal.Instant.fromEpochMilliseconds(WEDNESDAY).toZonedDateTimeISO(zone);
const GONG = seedGong(WEDNESDAY);
const OUTREACH = seedOutreach(WEDNESDAY);
const REPLY = seedReply(WEDNESDAY);

/** Whose a task is, what stands before its group, and when it is due. */
type Dated = [owner: string, kind: string, due: string | null | undefined];

/** How many tasks of this person are overdue, due on their own today, later, or never. */
function groups(tasks: readonly Dated[], id: string | undefined, zone: string, now: number): Record<string, number> {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const count: Record<string, number> = {};
  for (const [, kind, due] of tasks.filter(([owner]) => owner === id)) {
    const at = due ? Temporal.Instant.from(due) : undefined;
    const isToday = at?.toZonedDateTimeISO(zone).toPlainDate().equals(today);
    const group = !at ? 'undated' : at.epochMilliseconds < now ? 'overdue' : isToday ? 'today' : 'upcoming';
    count[kind + group] = (count[kind + group] ?? 0) + 1;
  }
  return count;
}

/** Every hour of the day, in UTC, and moments just after it and before the next. */
function momentsOf(date: string): number[] {
  const hours = Array.from({ length: 24 }, (_, hour) => Date.parse(`${date}T00:00:00Z`) + hour * 3_600_000);
  return hours.flatMap((at) => [at, at + 1, at + 59 * 60_000 + 30_500, at + 3_600_000 - 1]);
}

const openAt = (now: number) => seedGong(now).tasks.filter(({ status }) => status === 'OPEN');
const REPLY_IDS: Readonly<Record<string, string>> = REPLY_USER_OF;

/** The tasks at a time, whose they are, and how many of each group Maya, Theo and Ishani have. */
const SEEDS: [string, (now: number) => Dated[], (person: DemoPerson) => string | undefined, object[]][] = [
  [
    'Gong',
    (now) => openAt(now).map(({ userId, dueDate }): Dated => [userId, '', dueDate]),
    ({ gongUserId }) => gongUserId,
    [{ overdue: 4, today: 4, upcoming: 4 }, { overdue: 1, today: 2, upcoming: 2 }, {}],
  ],
  [
    'Outreach',
    (now) => seedOutreach(now).tasks.map(({ ownerId, dueAt }): Dated => [ownerId, '', dueAt]),
    ({ slackId }) => OUTREACH_USER_OF.get(slackId),
    [{ overdue: 1, today: 2, upcoming: 1, undated: 1 }, { today: 1, upcoming: 1 }, { upcoming: 1 }],
  ],
  [
    'Reply',
    (now) =>
      seedReply(now).tasks.map(({ assignedUserId, taskType, dueTo }): Dated => [assignedUserId, `${taskType} `, dueTo]),
    ({ slackId }) => REPLY_IDS[slackId],
    [
      { 'call today': 1, 'manualEmail overdue': 1, 'linkedIn upcoming': 1, 'sms upcoming': 1 },
      { 'toDo today': 1, 'whatsApp upcoming': 1 },
      { 'meeting upcoming': 1 },
    ],
  ],
];

describe.each(SEEDS)('%s: the groups are as intended at every hour of', (_name, tasksAt, idOf, expected) => {
  it.each([
    ['a Wednesday', '2026-11-18'],
    ['a Friday', '2026-11-20'],
    ['a Sunday', '2026-11-22'],
    ['a Monday', '2026-11-23'],
    ['the end of a year', '2026-12-31'],
    ['the day when summer time begins in New York', '2026-03-08'],
    ['the day when summer time begins in Berlin', '2026-03-29'],
    ['the day when summer time ends in Berlin', '2026-10-25'],
    ['the day when summer time ends in New York', '2026-11-01'],
    ['the day after', '2026-11-02'],
  ])('%s', (_, date) => {
    for (const now of momentsOf(date)) {
      const tasks = tasksAt(now);
      const seen = DEMO_PEOPLE.map((person) => groups(tasks, idOf(person), person.zone, now));
      expect(seen, new Date(now).toISOString()).toEqual(expected);
    }
  });
});

it('Gong: nothing is planned for a weekend, and everything was created before now', () => {
  for (const now of momentsOf('2026-11-20')) {
    for (const { created, updated, userId, dueDate = '' } of seedGong(now).tasks) {
      expect(Date.parse(created)).toBeLessThan(Date.parse(updated));
      expect(Date.parse(updated)).toBeLessThan(now);
      if (userId !== THEO.gongUserId || Date.parse(dueDate) <= now + 86_400_000) continue;
      expect(Temporal.Instant.from(dueDate).toZonedDateTimeISO(THEO.zone).dayOfWeek).toBeLessThan(6);
    }
  }
});

it('Reply: every task starts before it is due, after it was created, and could be sent back', () => {
  for (const now of momentsOf('2026-11-18')) {
    for (const { createdAt, startAt, dueTo, template } of seedReply(now).tasks) {
      expect(Date.parse(createdAt)).toBeLessThan(Date.parse(startAt));
      expect(Date.parse(startAt)).toBeLessThan(Date.parse(dueTo));
      expect(template.body).not.toBe('');
    }
  }
});

it('each tool knows every rep, Gong by an alias in another case and Reply in two teams', () => {
  for (const { slackId, email, gongUserId } of DEMO_PEOPLE) {
    const atGong = GONG.users.find(({ id }) => id === gongUserId);
    const addresses = [atGong?.emailAddress, ...(atGong?.emailAliases ?? [])].map((each) => each?.toLowerCase());
    expect([atGong?.active, addresses.includes(email)]).toEqual([true, true]);
    expect(OUTREACH.users.find((user) => user.email === email)?.id).toBe(OUTREACH_USER_OF.get(slackId));
    expect(REPLY.users.find((user) => user.email === email)?.id).toBe(REPLY_IDS[slackId]);
  }
  expect(GONG.users.find(({ id }) => id === THEO.gongUserId)?.emailAddress.toLowerCase()).not.toBe(THEO.email);
  expect(REPLY.users.filter(({ email }) => email === THEO.email)).toHaveLength(2);
});

it('has what is easily got wrong: ids that no number holds, names to escape, links to an invented CRM only', () => {
  for (const { id } of [...GONG.tasks, ...OUTREACH.tasks]) {
    expect(BigInt(id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
  }
  // In the last digit only.
  const twins = ['7304958120347716181', '7304958120347716182'];
  expect(GONG.tasks.map(({ id }) => id)).toEqual(expect.arrayContaining(twins));
  expect(GONG.tasks.every(({ type, title, flow }) => (type === 'FLOW' ? !title && flow : title && !flow))).toBe(true);
  const invented = /"https?:(?!\/\/crm\.northlight\.example\/[a-z]+\/[a-z.-]+"|\/\/social\.example\/in\/[a-z-]+")/;
  expect(JSON.stringify([GONG.tasks, OUTREACH.prospects, REPLY.tasks])).not.toMatch(invented);
  const names = GONG.tasks.map(({ contact }) => `${contact?.data?.firstName} ${contact?.data?.lastName}`);
  expect(names.some((name) => /[&].*</.test(name) && /ü/.test(name) && /\p{Emoji_Presentation}/u.test(name))).toBe(
    true,
  );
});

/** Nobody is given these: the ranges of several countries for films and books. */
const FICTION = [
  /^\+?1?[ (.]*(?:\d{3})?[ ).]*555[ .-]01\d\d$/,
  /^\+44 (?:20 7946 0|131 496 0|7700 900)\d{3}$/,
  /^\+49 (?:30 23125 0\d\d|171 39200 \d\d)$/,
];

it('has people who can be reached, in other zones than the reps, and some who do not want to be', () => {
  const atGong = GONG.tasks.flatMap(({ contact }) => contact?.data ?? []);
  const numbers = [
    ...atGong.flatMap(({ phoneNumbers }) => phoneNumbers ?? []).map(({ raw }) => raw),
    ...OUTREACH.prospects.flatMap((one) =>
      [one.mobilePhones, one.workPhones, one.otherPhones, one.homePhones].flatMap((some) => some ?? []),
    ),
    ...REPLY.tasks.flatMap(({ deliveryInfo }) => deliveryInfo?.phoneNumber ?? []),
  ];
  expect(numbers.length).toBeGreaterThan(20);
  expect(numbers.filter((number) => !FICTION.some((range) => range.test(number)))).toEqual([]);

  const zones = [...atGong.map(({ timezone }) => timezone), ...OUTREACH.prospects.map((one) => one.timeZoneIana)];
  const known = new Set(zones.flatMap((zone) => (zone ? [WEDNESDAY_IN(zone).offset] : [])));
  expect(known.size).toBeGreaterThan(4);

  expect(new Set(atGong.flatMap(({ optOutChannels }) => optOutChannels ?? []))).toEqual(new Set(['CALLS', 'EMAILS']));
  expect(OUTREACH.prospects.some(({ callOptedOut }) => callOptedOut)).toBe(true);
  expect(OUTREACH.prospects.some(({ emailOptedOut }) => emailOptedOut)).toBe(true);
});

it('has deals that close in the future, and some whose currency only the amount tells', () => {
  const deals = [...GONG.tasks.flatMap(({ opportunity }) => opportunity ?? []), ...OUTREACH.opportunities];
  for (const { closeDate = '', probability } of deals) {
    expect(Date.parse(closeDate)).toBeGreaterThan(WEDNESDAY);
    expect(Number(String(probability).replace('%', ''))).toBeGreaterThan(0);
  }
  expect(deals.length).toBeGreaterThan(8);
});

it('shares no company and no contact between the tools', () => {
  const companies = new Set(GONG.tasks.map(({ account }) => account?.name));
  const contacts = GONG.tasks.map(({ contact }) => contact?.data?.lastName ?? '-');

  expect(OUTREACH.accounts.filter(({ name }) => companies.has(name))).toEqual([]);
  expect(REPLY.tasks.filter(({ contact }) => contacts.some((name) => contact?.fullName?.includes(name)))).toEqual([]);
});

it('Outreach is served as it is, with everything that it refers to', async () => {
  const outreach = await Outreach.start({ ...OUTREACH, clock: () => WEDNESDAY });
  const query = { include: 'prospect,account,opportunity,sequence,sequenceStep,taskPriority', sort: 'dueAt' };

  const got = await Outreach.list(outreach, query, Outreach.tokenOf(outreach, OUTREACH_USER_OF.get(MAYA.slackId)));

  expect(Outreach.ids(got)).toHaveLength(5);
  const there = new Set(got.json.included.map(({ type, id }: { type: string; id: number }) => `${type} ${id}`));
  for (const { relationships } of got.json.data) {
    for (const name of query.include.split(',')) {
      const { data } = relationships[name];
      if (data) expect(there).toContain(`${data.type} ${data.id}`);
    }
  }
});
