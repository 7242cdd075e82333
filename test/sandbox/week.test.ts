/** `npm run demo -- --week`: five mornings of one person, each with something else to say. */
import { expect, test } from 'vitest';
import { runDemo } from './run-demo.ts';

interface Expected {
  day: string;
  /** What the app, the tools and the others did before it, and what the message reads. */
  says: readonly string[];
  never: readonly string[];
}

/** The week's own facts, by morning. How the message words them is for the tests of its blocks. */
const MORNINGS: readonly Expected[] = [
  {
    day: 'Monday',
    says: ['Mateo Arbelaiz', 'Signe Oduya', 'Yevgenia Stroud', 'Farah Nazarin'],
    never: ['Since', 'Benedikt Ruhland', 'could not be reached'],
  },
  {
    day: 'Tuesday',
    says: [
      'Since Monday:',
      'Theo closed “Chase the signature on the order form” (Mateo Arbelaiz) in Gong.',
      'overdue by itself: First call',
      'Ishani completed her call',
      'nothing open',
      'Benedikt Ruhland, Halvorsen Freight',
      'Closed elsewhere: Mateo Arbelaiz',
      'Outreach skips it tomorrow',
    ],
    never: ['Ngaire Pomare', 'could not be reached'],
  },
  {
    day: 'Wednesday',
    says: [
      'Since Tuesday:',
      'Maya moved “Opening call”',
      'Outreach skipped the LinkedIn message',
      'Reply.io stopped answering',
      'Reply.io could not be reached',
      'Ngaire Pomare, Tidewell Utilities',
      'Moved from Fri',
      'skipped by Outreach',
      'Ishani Balakrish, Asia/Kolkata: no message',
    ],
    never: ['Yevgenia Stroud ·', 'Outreach skips it'],
  },
  {
    day: 'Thursday',
    says: [
      'Since Wednesday:',
      'Reply.io answers again.',
      'Theo completed the e-mail to Piotr Sandoval',
      'overdue by itself: Agree on the success criteria',
      'Yevgenia Stroud: Step 1',
      'by someone else',
    ],
    never: ['could not be reached', 'Signe Oduya'],
  },
  {
    day: 'Friday',
    says: ['Since Thursday: nothing happened at the tools.', 'Nothing changed since'],
    never: ['overdue by itself', 'could not be reached', 'Newly', 'elsewhere'],
  },
];

test('every morning comes as planned, says what it must, and the demo ends with 0', async () => {
  const { code, output } = await runDemo('--week').ended;

  const parts = output.split(/^=+ (.*): morning \d of 5 for Maya Lindqvist =+$/m).slice(1);
  const mornings = MORNINGS.map((expected, index) => ({ ...expected, text: parts[index * 2 + 1] ?? '' }));
  expect(parts.filter((_, index) => index % 2 === 0).map((day) => day.split(',')[0])).toEqual(
    mornings.map(({ day }) => day),
  );
  for (const { says, never, text } of mornings) {
    expect({ missing: says.filter((words) => !text.includes(words)), text }).toEqual({ missing: [], text });
    expect({ found: never.filter((words) => text.includes(words)), text }).toEqual({ found: [], text });
  }
  expect(output).toContain('Every morning came as planned.');
  expect(code).toBe(0);
}, 120_000);
