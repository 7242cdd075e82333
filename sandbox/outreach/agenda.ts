/** The demo's sequences, companies and tasks at Outreach, all of them invented. Every task id lies beyond 2^53. */
import type { When } from '../due.ts';
import type {
  OutreachAccount,
  OutreachOpportunity,
  OutreachProspect,
  OutreachSequence,
  OutreachStep,
  OutreachTask,
} from './types.ts';

/** `when` absent: without a due date. */
export type SeedTask = Omit<OutreachTask, 'ownerId' | 'state' | 'dueAt'> & { when?: When };

export const ACCOUNTS: readonly OutreachAccount[] = [
  { id: '4101', name: 'Marrowgate Cold Storage' },
  { id: '4102', name: 'Fennimore Dental Group' },
  { id: '4103', name: 'Oakhaven Credit Union' },
  { id: '4104', name: 'Sundby Wind' },
  { id: '4105', name: 'Reinwald Optik' },
  { id: '4106', name: 'Tessenow Pharma' },
  { id: '4107', name: 'Kaveripoint Textiles' },
];

export const PROSPECTS: readonly OutreachProspect[] = [
  prospect('5201', 'Adaeze', 'Whitlock', 'VP Supply Chain', 'Marrowgate Cold Storage', '4101'),
  prospect('5202', 'Piotr', 'Sandoval', 'Practice Director', 'Fennimore Dental Group', '4102'),
  prospect('5203', 'Lucía', 'Amberly', 'Head of R&D <Payments>', 'Oakhaven Credit Union', '4103'),
  prospect('5204', 'Signe', 'Oduya', 'Chief Commercial Officer', 'Sundby Wind', '4104'),
  prospect('5205', 'Friedrike', 'Nowak', 'Leiterin Einkauf', 'Reinwald Optik', '4105'),
  prospect('5206', 'Anselm', 'Kofler', 'Head of Procurement', 'Tessenow Pharma', '4106'),
  prospect('5207', 'Devika', 'Sarangapani', 'Founder', 'Kaveripoint Textiles', '4107'),
];

export const OPPORTUNITIES: readonly OutreachOpportunity[] = [
  { id: '6301', name: 'Three sites, route planning', amount: 64_000, currencyType: 'USD' },
  { id: '6302', name: 'Branch rollout', amount: 27_500, currencyType: 'USD' },
];

export const SEQUENCES: readonly OutreachSequence[] = [
  { id: '7401', name: 'Logistics leaders, autumn' },
  { id: '7402', name: 'Healthcare follow-up' },
];

export const STEPS: readonly OutreachStep[] = [
  {
    id: '8501',
    sequenceId: '7401',
    order: 2,
    displayName: 'Step #2: LinkedIn message',
    stepType: 'linkedin_send_message',
  },
  { id: '8502', sequenceId: '7401', order: 4, displayName: 'Step #4: Phone call', stepType: 'call' },
  { id: '8503', sequenceId: '7402', order: 3, displayName: 'Step #3: Manual email', stepType: 'manual_email' },
];

export const MAYAS_TASKS: readonly SeedTask[] = [
  {
    id: '9127340055512238101',
    taskType: 'sequence_step_call',
    action: 'call',
    when: { group: 'overdue', daysAgo: 1, at: '14:00' },
    prospectId: '5201',
    accountId: '4101',
    opportunityId: '6301',
    sequenceId: '7401',
    sequenceStepId: '8502',
    priorityId: '3',
  },
  {
    id: '9127340055512238102',
    taskType: 'sequence_step_email',
    action: 'email',
    when: { group: 'today', at: '11:00', share: 0.3 },
    prospectId: '5202',
    accountId: '4102',
    sequenceId: '7402',
    sequenceStepId: '8503',
    priorityId: '2',
  },
  {
    id: '9127340055512238233',
    taskType: 'manual',
    action: 'call',
    // Everything that Slack's markup needs escaped.
    note: 'Ask about <pilot> & the Q&A with legal: is > 50 seats fine?',
    when: { group: 'today', at: '15:45', share: 0.7 },
    prospectId: '5203',
    accountId: '4103',
    opportunityId: '6302',
    priorityId: '4',
  },
  {
    id: '9127340055512238347',
    taskType: 'sequence_step_linkedin_send_message',
    action: 'action_item',
    when: { group: 'upcoming', inDays: 1, at: '10:00' },
    prospectId: '5204',
    accountId: '4104',
    sequenceId: '7401',
    sequenceStepId: '8501',
  },
  {
    id: '9127340055512238419',
    taskType: 'follow_up',
    action: 'action_item',
    note: 'Send the case study once it is out',
    prospectId: '5201',
    accountId: '4101',
  },
];

export const THEOS_TASKS: readonly SeedTask[] = [
  {
    id: '9127340055512239120',
    taskType: 'manual',
    action: 'in_person',
    note: 'Messe: kurz am Stand vorbeischauen',
    when: { group: 'today', at: '16:00', share: 0.5 },
    prospectId: '5205',
    accountId: '4105',
    priorityId: '2',
  },
  {
    id: '9127340055512239188',
    taskType: 'no_reply',
    action: 'email',
    when: { group: 'upcoming', inDays: 2, at: '09:30' },
    prospectId: '5206',
    accountId: '4106',
    priorityId: '1',
  },
];

export const ISHANIS_TASKS: readonly SeedTask[] = [
  {
    id: '9127340055512239904',
    taskType: 'sequence_step_call',
    action: 'call',
    when: { group: 'upcoming', inDays: 1, at: '11:30' },
    prospectId: '5207',
    accountId: '4107',
    sequenceId: '7401',
    sequenceStepId: '8502',
  },
];

function prospect(
  id: string,
  firstName: string,
  lastName: string,
  title: string,
  company: string,
  accountId: string,
): OutreachProspect {
  const address = `${firstName}.${lastName}`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return { id, firstName, lastName, title, company, accountId, emails: [`${address}@customers.example`] };
}
