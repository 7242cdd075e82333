/** Tasks with everything that a provider may say of one, in text as wild as CRMs hold it. */
import fc from 'fast-check';
import { type Channel, KINDS_OF_TASK, LONGEST_NOTE, type Task } from '../../src/core/model/task.ts';
import { DAY, NOW } from './fixtures.ts';
import { optional, wildTask, wildText } from './wild.ts';

const NUMBERS = ['+1 202 555 0188', '202.555.0188 x12', 'call me', '+', '1'.repeat(90)];
const ADDRESSES = ['dana@harbour.example', 'a'.repeat(300), 'two@at@signs', '<script>'];
const CHANNELS: Channel[] = ['calls', 'emails'];
const words = fc.oneof(wildText, fc.constantFrom('mobile', 'work'));

const reach = fc.record({
  phones: optional(
    fc.array(fc.record({ number: fc.oneof(fc.constantFrom(...NUMBERS), wildText), label: optional(words) })),
  ),
  emails: optional(fc.array(fc.oneof(fc.constantFrom(...ADDRESSES), wildText))),
  linkedIn: optional(
    fc.constantFrom('https://linkedin.example/in/dana', 'javascript:alert(1)', `https://x.example/${'a'.repeat(400)}`),
  ),
  zone: optional(fc.constantFrom('Europe/Berlin', 'America/New_York', 'America/Argentina/ComodRivadavia')),
  optedOut: optional(fc.subarray(CHANNELS)),
});

const more = fc.record({
  kind: optional(fc.constantFrom(...KINDS_OF_TASK)),
  url: optional(fc.constantFrom('https://app.example/tasks/1', 'slack://x', `https://x.example/?${'&'.repeat(80)}`)),
  step: optional(fc.record({ at: fc.nat(99_999), of: optional(fc.nat(99_999)) })),
  lastTouchAt: optional(fc.integer({ min: NOW - 900 * DAY, max: NOW + 900 * DAY })),
  skipsAt: optional(fc.integer({ min: NOW - 900 * DAY, max: NOW + 900 * DAY })),
  note: optional(
    fc
      .array(fc.oneof(wildText, fc.constantFrom('\n', '\r\n', '\n\n\n\n', '&'.repeat(2_000), '> quoted')), {
        maxLength: 8,
      })
      .map((parts) => parts.join('\n').slice(0, LONGEST_NOTE)),
  ),
});

const stake = fc.record({
  closesOn: optional(fc.constantFrom('2026-12-24', '2027-02-30', 'soon', '')),
  probability: optional(fc.double({ min: -1e9, max: 1e9, noNaN: true })),
  currency: optional(words),
});

export const wildFactsTask: fc.Arbitrary<Task> = fc
  .tuple(wildTask, reach, more, stake)
  .map(([task, ways, others, deal]) =>
    JSON.parse(
      JSON.stringify({
        ...task,
        ...others,
        ...(task.contact && { contact: { ...task.contact, ...ways } }),
        ...(task.deal && { deal: { ...task.deal, ...deal } }),
      }),
    ),
  );
