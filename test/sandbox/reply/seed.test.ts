import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { seedGong } from '../../../sandbox/gong/seed.ts';
import { DEMO_PEOPLE } from '../../../sandbox/people.ts';
import { REPLY_USER_OF, seedReply } from '../../../sandbox/reply/seed.ts';
import type { ReplyTask } from '../../../sandbox/reply/types.ts';
import { filter, ids, start } from './reply.ts';

const [MAYA, THEO, ISHANI] = DEMO_PEOPLE;
const WEDNESDAY = Date.UTC(2026, 10, 18, 14);

/** When each task of this person is due, in their own zone. */
function when(person: (typeof DEMO_PEOPLE)[number], tasks: readonly ReplyTask[], now: number) {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(person.zone).toPlainDate();
  const own = tasks.filter(({ assignedUserId }) => assignedUserId === REPLY_USER_OF[person.slackId]);
  return own.map(({ taskType, dueTo }) => {
    const due = Temporal.Instant.from(dueTo);
    const isToday = due.toZonedDateTimeISO(person.zone).toPlainDate().equals(today);
    const group = due.epochMilliseconds < now ? 'overdue' : isToday ? 'today' : 'upcoming';
    return `${taskType} ${group}`;
  });
}

describe('the demo’s Reply', () => {
  it.each(['2026-11-18', '2026-11-20', '2026-11-22', '2026-12-31', '2026-03-08', '2026-10-25'])(
    '%s: the groups are as intended at every hour',
    (date) => {
      const midnight = Date.parse(`${date}T00:00:00Z`);
      for (let hour = 0; hour < 24; hour += 1) {
        for (const minute of [0, 59]) {
          const now = midnight + hour * 3_600_000 + minute * 60_000;
          const { tasks } = seedReply(now);
          expect(when(MAYA, tasks, now)).toEqual([
            'call today',
            'manualEmail overdue',
            'linkedIn upcoming',
            'sms upcoming',
          ]);
          expect(when(THEO, tasks, now)).toEqual(['toDo today', 'whatsApp upcoming']);
          expect(when(ISHANI, tasks, now)).toEqual(['meeting upcoming']);
        }
      }
    },
  );

  it('every task starts before it is due, after it was created, and could be sent back', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      for (const { createdAt, startAt, dueTo, template } of seedReply(WEDNESDAY + hour * 3_600_000).tasks) {
        expect(Date.parse(createdAt)).toBeLessThan(Date.parse(startAt));
        expect(Date.parse(startAt)).toBeLessThan(Date.parse(dueTo));
        expect(template.body).not.toBe('');
      }
    }
  });

  it('has one of each kind that matters for Maya', () => {
    const own = seedReply(WEDNESDAY).tasks.filter(
      ({ assignedUserId }) => assignedUserId === REPLY_USER_OF[MAYA.slackId],
    );

    expect(own).toMatchObject([
      { taskType: 'call', creationSource: 'sequence', deliveryInfo: { phoneNumber: expect.any(String) } },
      { taskType: 'manualEmail', isScheduled: false, template: { body: expect.stringContaining('{{FirstName}}') } },
      { taskType: 'linkedIn', linkedInTaskType: 'connect' },
      { taskType: 'sms', isScheduled: true, creationSource: 'user' },
    ]);
  });

  it('knows every rep by their address, one of them in two teams', () => {
    const { users, tasks } = seedReply(WEDNESDAY);

    for (const { slackId, email } of DEMO_PEOPLE) {
      const found = new Set(users.filter((user) => user.email === email).map(({ id }) => id));
      expect([...found]).toEqual([REPLY_USER_OF[slackId]]);
    }
    expect(users.filter(({ email }) => email === THEO.email)).toHaveLength(2);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
  });

  it('shares no contact with the demo’s Gong', () => {
    const inGong = seedGong(WEDNESDAY).tasks.map(({ contact }) => contact?.data?.lastName ?? '-');

    for (const { contact } of seedReply(WEDNESDAY).tasks) {
      for (const name of inGong) expect(contact?.fullName ?? '').not.toContain(name);
    }
  });

  it('the simulator serves it', async () => {
    const reply = await start(seedReply(WEDNESDAY));
    const sizes = [];

    for (const { slackId, email } of DEMO_PEOPLE) {
      const body = { status: 0, assignedUserId: Number(REPLY_USER_OF[slackId]) };
      sizes.push(ids(await filter(reply, body, '', email)).length);
    }

    expect(sizes).toEqual([4, 2, 1]);
    expect(reply.unexpected).toEqual([]);
  });
});
