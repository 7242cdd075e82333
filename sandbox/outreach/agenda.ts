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

export const PROSPECTS: readonly SeedProspect[] = [
  prospect('5201', 'Adaeze', 'Whitlock', 'VP Supply Chain', 'Marrowgate Cold Storage', '4101', {
    mobilePhones: ['+1 312 555 0118'],
    workPhones: ['+1 312 555 0119'],
    timeZone: 'America/Chicago',
    timeZoneIana: 'America/Chicago',
    linkedInUrl: 'https://social.example/in/adaeze-whitlock',
    touchedDaysAgo: 6,
  }),
  prospect('5202', 'Piotr', 'Sandoval', 'Practice Director', 'Fennimore Dental Group', '4102', {
    workPhones: ['+1 303 555 0126'],
    // Written by hand, and no zone of IANA's: only the other one can be used.
    timeZone: 'Mountain Time (US & Canada)',
    timeZoneIana: 'America/Denver',
    // He gets no mail from the team, and the step asks for one.
    emailOptedOut: true,
    optedOut: true,
    touchedDaysAgo: 3,
  }),
  prospect('5203', 'Lucía', 'Amberly', 'Head of R&D <Payments>', 'Oakhaven Credit Union', '4103', {
    mobilePhones: ['+1 415 555 0133'],
    homePhones: ['+1 415 555 0134'],
    timeZone: 'America/Los_Angeles',
    timeZoneIana: 'America/Los_Angeles',
    touchedDaysAgo: 12,
  }),
  prospect('5204', 'Signe', 'Oduya', 'Chief Commercial Officer', 'Sundby Wind', '4104', {
    otherPhones: ['+44 20 7946 0204'],
    timeZone: 'Europe/London',
    timeZoneIana: 'Europe/London',
    linkedInUrl: 'https://social.example/in/signe-oduya',
    touchedDaysAgo: 9,
  }),
  prospect('5205', 'Friedrike', 'Nowak', 'Leiterin Einkauf', 'Reinwald Optik', '4105', {
    workPhones: ['+49 30 23125 014'],
    timeZone: 'Europe/Berlin',
    timeZoneIana: 'Europe/Berlin',
    touchedDaysAgo: 21,
  }),
  prospect('5206', 'Anselm', 'Kofler', 'Head of Procurement', 'Tessenow Pharma', '4106', {
    mobilePhones: ['+44 7700 900106'],
    timeZone: 'Europe/London',
    timeZoneIana: 'Europe/London',
    callOptedOut: true,
  }),
  prospect('5207', 'Devika', 'Sarangapani', 'Founder', 'Kaveripoint Textiles', '4107', {
    mobilePhones: ['+44 7700 900207'],
    timeZone: 'Europe/London',
    timeZoneIana: 'Europe/London',
    touchedDaysAgo: 2,
  }),
];

/** `closesInDays`: from now. */
export type SeedOpportunity = Omit<OutreachOpportunity, 'closeDate'> & { closesInDays: number };

export const OPPORTUNITIES: readonly SeedOpportunity[] = [
  {
    id: '6301',
    name: 'Three sites, route planning',
    amount: 64_000,
    currencyType: 'USD',
    probability: 60,
    closesInDays: 33,
  },
  { id: '6302', name: 'Branch rollout', amount: 27_500, currencyType: 'EUR', probability: 25, closesInDays: 74 },
];

export const SEQUENCES: readonly OutreachSequence[] = [
  { id: '7401', name: 'Logistics leaders, autumn' },
  { id: '7402', name: 'Healthcare follow-up' },
];

/** All of each sequence: a task says how many there are. */
export const STEPS: readonly OutreachStep[] = [
  step('8511', '7401', 1, 'Auto email', 'auto_email'),
  step('8501', '7401', 2, 'LinkedIn message', 'linkedin_send_message'),
  step('8513', '7401', 3, 'Auto email', 'auto_email'),
  step('8502', '7401', 4, 'Phone call', 'call'),
  step('8515', '7401', 5, 'Auto email', 'auto_email'),
  step('8521', '7402', 1, 'Auto email', 'auto_email'),
  step('8522', '7402', 2, 'Phone call', 'call'),
  step('8503', '7402', 3, 'Manual email', 'manual_email'),
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
    note:
      '<p>She asked for numbers from a site of their size.</p>' +
      '<p>Open with the Fallow Ridge case: 14 trucks, 9 % fewer empty miles.</p>' +
      '<ul><li>Who signs for the three sites?</li><li>Is the freezer telemetry part of it?</li></ul>',
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
    note: 'Answer his question about the rollout in two practices first.\nAttach the checklist for hygiene audits.',
  },
  {
    id: '9127340055512238233',
    taskType: 'manual',
    action: 'call',
    // Everything that Slack's markup needs escaped.
    note:
      'Ask about <pilot> & the Q&A with legal: is > 50 seats fine?\n\n' +
      'If yes, offer the branch in Ashmere as the second site. If not, agree on a date with their lawyer.',
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
    compiledSequenceTemplateHtml:
      '<div>Hi Signe,</div><div><br></div>' +
      '<div>your talk on blade logistics made me think of what two other operators did about idle vessels.</div>' +
      '<div>May I send you the page? It is a two-minute read.</div>',
    note: 'She answers on LinkedIn, hardly ever to mail.',
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

/** `touchedDaysAgo`: before now. */
export type SeedProspect = Omit<OutreachProspect, 'touchedAt'> & { touchedDaysAgo?: number };

type Reach = Omit<SeedProspect, 'id' | 'firstName' | 'lastName' | 'title' | 'company' | 'accountId' | 'emails'>;

function prospect(
  id: string,
  firstName: string,
  lastName: string,
  title: string,
  company: string,
  accountId: string,
  reach: Reach,
): SeedProspect {
  const address = `${firstName}.${lastName}`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return { id, firstName, lastName, title, company, accountId, emails: [`${address}@customers.example`], ...reach };
}

function step(id: string, sequenceId: string, order: number, name: string, stepType: string): OutreachStep {
  return { id, sequenceId, order, displayName: `Step #${order}: ${name}`, stepType };
}
