/** The day of the demo's Maya: what stands first in her digest, and why. */
import { expect, test } from 'vitest';
import { seedGong } from '../../sandbox/gong/seed.ts';
import { OUTREACH_USER_OF, seedOutreach } from '../../sandbox/outreach/seed.ts';
import { DEMO_PEOPLE } from '../../sandbox/people.ts';
import { MAYA_GONG, MAYA_OUTREACH, MONDAY_NINE, OUTREACH } from './cast.ts';
import { digestOf } from './press.ts';
import { createThree } from './start.ts';
import type { WorldOptions } from './world.ts';

const [DEMO_MAYA] = DEMO_PEOPLE;

/** Her tasks of the demo, in the hands of the Maya of these stories. */
async function morningOfTheDemo(options: WorldOptions = {}) {
  const outreach = seedOutreach(MONDAY_NINE);
  const atGong = seedGong(MONDAY_NINE).tasks.filter(({ userId }) => userId === DEMO_MAYA.gongUserId);
  const atOutreach = outreach.tasks.filter(({ ownerId }) => ownerId === OUTREACH_USER_OF.get(DEMO_MAYA.slackId));
  const world = await createThree({
    tasks: atGong.map((each) => ({ ...each, userId: MAYA_GONG.id })),
    outreachOptions: {
      ...outreach,
      users: OUTREACH.users,
      tasks: atOutreach.map((each) => ({ ...each, ownerId: MAYA_OUTREACH })),
    },
    ...options,
  });
  const digest = await digestOf(world);
  const indexOf = (words: string) => digest.rows().findIndex(({ text }) => text.includes(words));
  return { digest, indexOf };
}

test('a high priority and a deal that closes this week lead what is overdue, an urgent task what is due today, and their rows say so', async () => {
  const { digest, indexOf } = await morningOfTheDemo();

  const [first, second] = digest.rows();
  expect(first?.text).toMatch(
    /Adaeze Whitlock.*\n.*\n\*Overdue by 1 working day\* \(Fri [^\n]* · {2}High priority {2}·/,
  );
  expect(second?.text).toMatch(/Overdue by 2 working days\* \(Thu [^\n]*closes Sunday> {2}· {2}Contract sent/);
  expect(indexOf('Chase the signature')).toBe(1);
  const urgent = indexOf('Ask about &lt;pilot&gt;');
  expect(digest.rows()[urgent]?.text).toContain('Due 15:45 · Urgent · Branch rollout, €27,500');
  for (const sooner of ['First call', 'pricing tiers', 'Manual email']) expect(urgent).toBeLessThan(indexOf(sooner));
  expect(digest.row('First call').text).not.toMatch(/closes|priority|Urgent/);
  expect(digest.text).toContain('(Mon 23 Nov, 15:45). Urgent');
});

test('weights of the company decide: without the others the due time alone does', async () => {
  const RANKING = 'overdue=0,priority=0,amount=0,closing=0,kind=0,skips=0';
  const { digest, indexOf } = await morningOfTheDemo({ env: { RANKING } });

  const today = ['First call', 'Manual email', 'pricing tiers', 'Intro call', 'Ask about &lt;pilot&gt;', 'Ingrid'];
  const places = today.map(indexOf);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  // The reason is a fact about the task, and stays.
  expect(digest.row('Ask about &lt;pilot&gt;').text).toContain('Urgent');
});
