import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { seedGong } from '../../../sandbox/gong/seed.ts';
import type { GongTask } from '../../../sandbox/gong/types.ts';
import { DEMO_PEOPLE } from '../../../sandbox/people.ts';
import { ids, list, start } from './gong.ts';

const [MAYA, THEO, ISHANI] = DEMO_PEOPLE;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function groups(tasks: readonly GongTask[], person: (typeof DEMO_PEOPLE)[number], now: number) {
  const count = { overdue: 0, today: 0, upcoming: 0 };
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(person.zone).toPlainDate();
  for (const { dueDate, userId, status } of tasks) {
    if (userId !== person.gongUserId || status !== 'OPEN') continue;
    const due = Temporal.Instant.from(dueDate ?? '');
    const date = due.toZonedDateTimeISO(person.zone).toPlainDate();
    if (due.epochMilliseconds < now) count.overdue += 1;
    else if (date.equals(today)) count.today += 1;
    else count.upcoming += 1;
  }
  return count;
}

/** Every hour of the day, in UTC, and moments just before and after the hour. */
function hoursOf(date: string): number[] {
  const midnight = Temporal.Instant.from(`${date}T00:00:00Z`).epochMilliseconds;
  const hours = Array.from({ length: 24 }, (_, hour) => midnight + hour * 3_600_000);
  return hours.flatMap((at) => [at, at + 1, at + 17 * 60_000 + 123, at + 59 * 60_000 + 30_500, at + 3_600_000 - 1]);
}

describe('when the tasks are due', () => {
  it.each([
    ['a Wednesday', '2026-11-18'],
    ['a Friday', '2026-11-20'],
    ['a Sunday', '2026-11-22'],
    ['a Monday', '2026-11-23'],
    ['the end of a year', '2026-12-31'],
    ['summer time begins in New York', '2026-03-08'],
    ['summer time begins in Berlin', '2026-03-29'],
    ['summer time ends in Berlin', '2026-10-25'],
    ['summer time ends in New York', '2026-11-01'],
    ['the day after', '2026-11-02'],
  ])('%s: the groups are as intended at every hour', (_, date) => {
    for (const now of hoursOf(date)) {
      const { tasks } = seedGong(now);

      expect(groups(tasks, MAYA, now), `Maya at ${now}`).toEqual({ overdue: 4, today: 4, upcoming: 4 });
      expect(groups(tasks, THEO, now), `Theo at ${now}`).toEqual({ overdue: 1, today: 2, upcoming: 2 });
      expect(groups(tasks, ISHANI, now), `Ishani at ${now}`).toEqual({ overdue: 0, today: 0, upcoming: 0 });
    }
  });

  it('overdue holds hours and days', () => {
    const now = Date.UTC(2026, 10, 18, 14, 30);

    const ages = seedGong(now)
      .tasks.filter(({ userId }) => userId === MAYA.gongUserId)
      .map(({ dueDate }) => (now - Date.parse(dueDate ?? '')) / 3_600_000)
      .filter((age) => age > 0);

    expect(ages.filter((age) => age < 8)).toHaveLength(2);
    expect(ages.filter((age) => age > 12)).toHaveLength(2);
  });

  it('what is due later is not planned for a weekend, and everything was created before now', () => {
    for (const now of hoursOf('2026-11-20')) {
      for (const task of seedGong(now).tasks) {
        expect(Date.parse(task.created)).toBeLessThan(Date.parse(task.updated));
        expect(Date.parse(task.updated)).toBeLessThan(now);
      }
      const upcoming = seedGong(now).tasks.filter(
        ({ userId, dueDate }) => userId === THEO.gongUserId && Date.parse(dueDate ?? '') > now + 86_400_000,
      );
      for (const { dueDate } of upcoming) {
        const due = Temporal.Instant.from(dueDate ?? '').toZonedDateTimeISO(THEO.zone);
        expect(due.dayOfWeek).toBeLessThan(6);
      }
    }
  });

  it('due dates come with Z and with an offset', () => {
    const dates = seedGong(Date.UTC(2026, 10, 18, 14)).tasks.map(({ dueDate }) => dueDate ?? '');

    expect(dates.every((date) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(date))).toBe(true);
    expect(dates.some((date) => date.endsWith('Z'))).toBe(true);
    expect(dates.some((date) => date.endsWith('-05:00'))).toBe(true);
  });
});

describe('what the demo holds', () => {
  const { users, tasks } = seedGong(Date.UTC(2026, 10, 18, 14));
  const ofMaya = tasks.filter(({ userId }) => userId === MAYA.gongUserId);

  it('ids are unique, belong to someone, and do not fit into a number', () => {
    const known = new Set(users.map(({ id }) => id));

    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
    for (const { id, userId, flow } of tasks) {
      expect(known).toContain(userId);
      for (const long of [id, userId, ...(flow ? [flow.id, flow.step.id] : [])]) {
        expect(BigInt(long)).toBeGreaterThan(SAFE);
      }
    }
    expect(MAYA.gongUserId).toHaveLength(20);
    expect(tasks.map(({ id }) => id)).toEqual(expect.arrayContaining(['7304958120347716181', '7304958120347716182']));
  });

  it('every rep is an active user: two by address, one by an alias in another case', () => {
    const found = DEMO_PEOPLE.map(({ gongUserId }) => users.find(({ id }) => id === gongUserId));

    expect(found.map((user) => user?.active)).toEqual([true, true, true]);
    expect(found[0]?.emailAddress).toBe(MAYA.email);
    expect(found[2]?.emailAddress).toBe(ISHANI.email);
    expect(found[1]?.emailAddress.toLowerCase()).not.toBe(THEO.email);
    expect(found[1]?.emailAliases).not.toContain(THEO.email);
    expect(found[1]?.emailAliases?.map((alias) => alias.toLowerCase())).toContain(THEO.email);
  });

  it('one user is inactive, and one colleague is not in Slack', () => {
    const reps = new Set<string>(DEMO_PEOPLE.map(({ gongUserId }) => gongUserId));
    const others = users.filter(({ id }) => !reps.has(id));

    expect(others.map(({ active }) => active)).toEqual([false, true]);
    expect(new Set(DEMO_PEOPLE.map(({ zone }) => zone)).size).toBe(3);
  });

  it('flow steps have no title, the others have one; one task has nobody to call', () => {
    expect(tasks.every(({ type, title, flow }) => (type === 'FLOW' ? !title && flow : title && !flow))).toBe(true);
    expect(ofMaya.filter(({ contact }) => !contact)).toHaveLength(1);
    expect(ofMaya.find(({ flow }) => flow?.step.name === 'Discovery call')?.flow).toMatchObject({
      name: 'Enterprise outbound, Q4',
      step: { stepNumber: 3 },
    });
  });

  it('one name needs escaping, and every link leads to the invented CRM', () => {
    const names = ofMaya.map(({ contact }) => `${contact?.data?.firstName} ${contact?.data?.lastName}`);
    const links = tasks.flatMap(({ account, opportunity, contact }) => [
      account?.crmUrl,
      opportunity?.crmUrl,
      contact?.data?.crmUrl,
    ]);

    expect(names.some((name) => /[&].*</.test(name) && /ü/.test(name) && /\p{Emoji_Presentation}/u.test(name))).toBe(
      true,
    );
    for (const link of links) {
      if (link !== undefined) expect(link).toMatch(/^https:\/\/crm\.northlight\.example\/[a-z]+\/[a-z.-]+$/);
    }
  });

  it('the simulator serves it: 12, 5 and none', async () => {
    const gong = await start({ users, tasks });
    const sizes: number[] = [];

    for (const { gongUserId } of DEMO_PEOPLE) sizes.push(ids(await list(gong, { userId: gongUserId })).length);

    expect(sizes).toEqual([12, 5, 0]);
    expect(gong.unexpected).toEqual([]);
  });
});
