/** The tasks of the demo's reps in Reply. All contacts are invented, and none of them is in Gong as well. */
import type { When } from '../due.ts';
import type { ReplyTask } from './types.ts';

export type SeedTask = Omit<
  ReplyTask,
  'assignedUserId' | 'status' | 'createdAt' | 'startAt' | 'dueTo' | 'isScheduled' | 'creationSource'
> & {
  when: When;
  /** Reply sends it by itself. */
  isScheduled?: true;
};

const SEQUENCES = { 'Warm outbound, logistics': '552031', 'Champions who moved': '552078' } as const;

/** One of each kind that a rep must be able to tell apart. */
export const MAYAS_DAY: readonly SeedTask[] = [
  {
    id: '48210377',
    taskType: 'call',
    when: { group: 'today', at: '14:30', share: 0.5 },
    contact: { id: '913004511', fullName: 'Bastien Corlay' },
    ...step('Warm outbound, logistics', 3, 'Call'),
    template: {
      body:
        'Ask {{FirstName}} how the depot trial went, and who else should see the numbers.\n\n' +
        'If it went well: suggest the second depot, and a date with their head of fleet.\n' +
        'If not: listen, and offer a call with our engineer.',
    },
    deliveryInfo: { phoneNumber: '+1 555 0142' },
  },
  {
    // Reps see the raw template: the rendered text must never be written back (reply.md 4).
    id: '48210391',
    taskType: 'manualEmail',
    when: { group: 'overdue', daysAgo: 1, at: '15:00' },
    contact: { id: '913004528', fullName: 'Ottilie Brannagh & Sons' },
    ...step('Warm outbound, logistics', 2, 'Email'),
    template: {
      subject: 'Two ideas for {{FirstName}}',
      body:
        '<p>Hi {{FirstName}},</p><p>here are the two ideas that I promised.</p>' +
        '<ul><li>Let the night shift plan the next morning: it saves an hour before the first van leaves.</li>' +
        '<li>Show drivers the same map as dispatch.</li></ul><p>Which one shall we try first?</p>',
    },
    deliveryInfo: { email: 'ottilie.brannagh@customers.example' },
  },
  {
    id: '48210406',
    taskType: 'linkedIn',
    linkedInTaskType: 'connect',
    when: { group: 'upcoming', inDays: 1, at: '10:00' },
    contact: { id: '913004533', fullName: 'Yevgenia Stroud' },
    ...step('Champions who moved', 1, 'LinkedIn'),
    template: {
      body: 'Hi {{FirstName}}, good to see where you went next. I would like to hear how routing works over there.',
    },
    deliveryInfo: { linkedInUrl: 'https://social.example/in/yevgenia-stroud' },
  },
  {
    // Moving it moves the moment at which Reply sends it.
    id: '48210412',
    taskType: 'sms',
    isScheduled: true,
    when: { group: 'upcoming', inDays: 1, at: '11:30' },
    contact: { id: '913004547', fullName: 'Kwabena Tull' },
    template: { body: 'Hi {{FirstName}}, still on for our demo?' },
    deliveryInfo: { phoneNumber: '+1 555 0177' },
  },
];

export const THEOS_DAY: readonly SeedTask[] = [
  {
    id: '48210455',
    taskType: 'toDo',
    when: { group: 'today', at: '12:30', share: 0.4 },
    contact: null,
    template: {
      body:
        '<div>Prepare the numbers for the regional review</div>' +
        '<div>Pipeline by country, and the three deals that slipped.</div><div>Two slides are enough.</div>',
    },
  },
  {
    id: '48210460',
    taskType: 'whatsApp',
    when: { group: 'upcoming', inDays: 2, at: '09:30' },
    contact: { id: '913004561', fullName: 'Rikke Sonnergaard' },
    template: { body: 'Kurz nachfragen, ob {{FirstName}} die Unterlagen bekommen hat.' },
  },
];

export const ISHANIS_DAY: readonly SeedTask[] = [
  {
    id: '48210478',
    taskType: 'meeting',
    when: { group: 'upcoming', inDays: 1, at: '15:00' },
    contact: { id: '913004575', fullName: 'Leopold Quayle' },
    template: {
      subject: 'Walk-through',
      body: 'Show {{FullName}} the reporting desk. Begin with the export: that is what he asked about.',
    },
  },
];

/** A sequence names its steps itself: `Step 2 - Email` (reply.md 3). The sequence's own name is not in the task. */
function step(sequence: keyof typeof SEQUENCES, number: number, kind: string) {
  const sequenceId = SEQUENCES[sequence];
  return { sequenceId, sequenceStepId: `${sequenceId}${number}`, sequenceStepDisplayName: `Step ${number} - ${kind}` };
}
