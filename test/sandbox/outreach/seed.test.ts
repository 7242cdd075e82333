import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { seedGong } from '../../../sandbox/gong/seed.ts';
import { outreachPanel } from '../../../sandbox/outreach/panel.ts';
import { OUTREACH_USER_OF, seedOutreach } from '../../../sandbox/outreach/seed.ts';
import { createOutreach } from '../../../sandbox/outreach/simulator.ts';
import type { OutreachTask } from '../../../sandbox/outreach/types.ts';
import { DEMO_PEOPLE } from '../../../sandbox/people.ts';
import { ask, ids, list, start, tokenOf } from './outreach.ts';

const [MAYA, THEO, ISHANI] = DEMO_PEOPLE;
const NOON = Date.UTC(2026, 10, 18, 17);
const MAYA_ID = OUTREACH_USER_OF.get(MAYA.slackId) ?? '';

function groups(tasks: readonly OutreachTask[], person: (typeof DEMO_PEOPLE)[number], now: number) {
  const count = { overdue: 0, today: 0, upcoming: 0, undated: 0 };
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(person.zone).toPlainDate();
  for (const { dueAt, ownerId } of tasks) {
    if (ownerId !== OUTREACH_USER_OF.get(person.slackId)) continue;
    const due = dueAt === null ? undefined : Temporal.Instant.from(dueAt);
    if (!due) count.undated += 1;
    else if (due.epochMilliseconds < now) count.overdue += 1;
    else if (due.toZonedDateTimeISO(person.zone).toPlainDate().equals(today)) count.today += 1;
    else count.upcoming += 1;
  }
  return count;
}

describe('the demo seed', () => {
  it.each(['2026-11-18', '2026-11-20', '2026-11-22', '2026-03-08', '2026-12-31'])(
    'has the intended groups at every hour of %s',
    (date) => {
      const midnight = Date.parse(`${date}T00:00:00Z`);
      for (let hour = 0; hour < 24; hour += 1) {
        const now = midnight + hour * 3_600_000 + 1;
        const { tasks } = seedOutreach(now);
        expect(groups(tasks, MAYA, now), `Maya at ${now}`).toEqual({ overdue: 1, today: 2, upcoming: 1, undated: 1 });
        expect(groups(tasks, THEO, now), `Theo at ${now}`).toEqual({ overdue: 0, today: 1, upcoming: 1, undated: 0 });
        expect(groups(tasks, ISHANI, now), `Ishani at ${now}`).toEqual({
          overdue: 0,
          today: 0,
          upcoming: 1,
          undated: 0,
        });
      }
    },
  );

  it('knows the people of the demo by their addresses, at companies of its own', () => {
    const { users, accounts, prospects } = seedOutreach(NOON);
    const companies = new Set(seedGong(NOON).tasks.map(({ account }) => account?.name));

    for (const { slackId, email } of DEMO_PEOPLE) {
      expect(users.find((user) => user.email === email)?.id).toBe(OUTREACH_USER_OF.get(slackId));
    }
    expect(accounts.filter(({ name }) => companies.has(name))).toEqual([]);
    for (const { emails, accountId } of prospects) {
      expect(emails).toEqual([expect.stringMatching(/^[a-z.]+@customers\.example$/)]);
      expect(accounts.some(({ id }) => id === accountId)).toBe(true);
    }
  });

  it('is served as it is, with everything that it refers to', async () => {
    const outreach = await start({ ...seedOutreach(NOON), clock: () => NOON });
    const query = { include: 'prospect,account,opportunity,sequence,sequenceStep,taskPriority', sort: 'dueAt' };

    const reply = await list(outreach, query, tokenOf(outreach, MAYA_ID));

    expect(ids(reply)).toHaveLength(5);
    const there = new Set(reply.json.included.map(({ type, id }: { type: string; id: number }) => `${type} ${id}`));
    for (const { relationships } of reply.json.data) {
      for (const name of query.include.split(',')) {
        const { data } = relationships[name];
        if (data) expect(there).toContain(`${data.type} ${data.id}`);
      }
    }
    expect(reply.text).toContain('<pilot> & the Q&A');
  });
});

describe('the panel', () => {
  async function open() {
    const outreach = await start({ ...seedOutreach(NOON), clock: () => NOON });
    return { outreach, panel: outreachPanel(outreach, (id) => OUTREACH_USER_OF.get(id)) };
  }

  it('shows what a person has, with a title although Outreach has none', async () => {
    const { panel } = await open();

    expect(panel.isKnown('U0STRANGER')).toBe(false);
    expect(panel.tasks('U0STRANGER')).toEqual([]);
    expect(panel.tasks(MAYA.slackId)[0]).toEqual({
      id: '9127340055512238101',
      title: 'Step #4: Phone call (Logistics leaders, autumn)',
      about: 'Adaeze Whitlock, Marrowgate Cold Storage',
      status: 'incomplete',
      isOpen: true,
      due: '2026-11-17T19:00:00Z',
    });
    expect(panel.tasks(MAYA.slackId)[2]?.title).toBe(
      'Call: Ask about <pilot> & the Q&A with legal: is > 50 seats fine?',
    );
  });

  it('closes a task of that person only, as someone in Outreach would', async () => {
    const { outreach, panel } = await open();

    expect(panel.closeTask(THEO.slackId, '9127340055512238101')).toBe(false);
    expect(panel.closeTask(MAYA.slackId, '404')).toBe(false);
    expect(panel.closeTask(MAYA.slackId, '9127340055512238101')).toBe(true);

    expect(outreach.task('9127340055512238101')?.state).toBe('complete');
    expect(panel.tasks(MAYA.slackId)[0]).toMatchObject({ status: 'complete', isOpen: false });
  });

  it('shows calls newest first, without what opens doors', async () => {
    const { outreach, panel } = await open();
    const token = tokenOf(outreach, MAYA_ID);
    const form = {
      grant_type: 'refresh_token',
      refresh_token: 'hush',
      client_secret: 'hush',
      client_id: 'x',
      redirect_uri: 'y',
    };
    const hook = { url: 'https://d.example', resource: 'task', action: '*', secret: 'hush', payloadVersion: 2 };

    await fetch(`${outreach.url}/oauth/authorize?state=hush`);
    await fetch(`${outreach.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    await ask(outreach, 'POST', '/webhooks', { token, body: { data: { type: 'webhook', attributes: hook } } });
    await ask(outreach, 'POST', '/tasks/9127340055512238419/actions/snooze?actionParams[dueAt]=2026-11-20T09:00:00Z', {
      token,
    });

    const { count, newest } = panel.calls(3);
    expect(count).toBe(4);
    expect(newest).toMatchObject([
      {
        id: 3,
        isChange: true,
        path: '/api/v2/tasks/9127340055512238419/actions/snooze',
        fields: ['dueAt: 2026-11-20T09:00:00Z'],
      },
      { id: 2, isChange: true, path: '/api/v2/webhooks', status: 201 },
      { id: 1, isChange: false, path: '/oauth/token', fields: ['grant_type: refresh_token'] },
    ]);
    expect(JSON.stringify(panel.calls(10))).not.toContain('hush');
  });

  it('takes Outreach down and up again, and tells of changes and of requests', async () => {
    const { outreach, panel } = await open();
    let count = 0;
    const stop = panel.onChange(() => {
      count += 1;
    });
    const token = tokenOf(outreach, MAYA_ID);

    panel.setDown(true);
    expect([panel.isDown(), count]).toEqual([true, 1]);
    expect((await list(outreach, {}, token)).status).toBe(503);
    await expect.poll(() => count).toBe(2);
    panel.setDown(false);
    expect((await list(outreach, {}, token)).status).toBe(200);
    stop();
    outreach.complete('9127340055512238101');

    expect(panel.isDown()).toBe(false);
  });
});

describe('opening', () => {
  it('takes the port that it is given, and says so when it is taken', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);

    await expect(createOutreach({ users: [], port })).rejects.toThrow(/EADDRINUSE/);
    await Promise.all([first.close(), first.close()]);

    expect((await start({ port })).url).toBe(first.url);
  });
});
