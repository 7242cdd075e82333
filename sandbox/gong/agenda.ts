/** The tasks of the demo's reps in Gong. Every task id lies beyond 2^53. */

import type { When } from '../due.ts';
import { account, deal, flow, type SeedDeal } from './companies.ts';
import { contact } from './contacts.ts';
import type { GongTask } from './types.ts';

export type SeedTask = Omit<GongTask, 'userId' | 'status' | 'created' | 'updated' | 'dueDate' | 'opportunity'> & {
  when: When;
  opportunity?: SeedDeal;
};

/** Twelve: more than a digest shows at once. Four are overdue, four due today, four coming up. */
export const MAYAS_DAY: readonly SeedTask[] = [
  {
    id: '7304958120347715044',
    type: 'FLOW',
    when: { group: 'overdue', hoursAgo: 1 },
    flow: flow('Enterprise outbound, Q4', 3, 'Discovery call'),
    account: account('halvorsen-freight', 'Halvorsen Freight'),
    opportunity: deal('halvorsen-dispatch', 'Dispatch rollout, 14 depots', 'Discovery', '48000', {
      percent: '40',
      closesInDays: 52,
    }),
    contact: contact('dana.okonjo'),
  },
  {
    id: '7304958120347715297',
    type: 'MANUAL',
    title: 'Call back about the security review',
    when: { group: 'overdue', hoursAgo: 5 },
    account: account('strauss-soehne', 'Strauß & Söhne <Export>'),
    opportunity: deal('strauss-platform', 'Platform, 3 years', 'Security review', '€ 126,500', {
      percent: '75%',
      closesInDays: 24,
    }),
    // Everything that Slack's markup needs escaped, and what it does not.
    contact: contact('juergen.strauss'),
  },
  {
    id: '7304958120347715310',
    type: 'FLOW',
    when: { group: 'overdue', daysAgo: 1, at: '16:00' },
    flow: flow('Renewals, 90 days out', 2, 'Renewal check-in'),
    account: account('pellworth-foods', 'Pellworth Foods'),
    opportunity: deal('pellworth-renewal', 'Renewal 2027', 'Negotiation', 'USD 31200', {
      percent: '80',
      closesInDays: 18,
    }),
    contact: contact('gwen.tarrane'),
  },
  {
    id: '7304958120347715588',
    type: 'MANUAL',
    title: 'Chase the signature on the order form',
    when: { group: 'overdue', daysAgo: 4, at: '11:30' },
    account: account('kestrelby', 'Kestrelby Insurance'),
    opportunity: deal('kestrelby-claims', 'Claims team, 60 seats', 'Contract sent', '72000', {
      percent: '90',
      closesInDays: 6,
    }),
    contact: contact('mateo.arbelaiz'),
  },
  // These two ids differ in the last digit only: a client that reads them as numbers has one task twice.
  {
    id: '7304958120347716181',
    type: 'FLOW',
    when: { group: 'today', at: '10:30', share: 0.2 },
    flow: flow('Inbound demo requests', 1, 'First call'),
    account: account('tamarrow', 'Tamarrow Robotics'),
    contact: contact('hana.wickstead', 'LEAD'),
  },
  {
    id: '7304958120347716182',
    type: 'MANUAL',
    title: 'Walk through the pricing tiers & volume discount',
    when: { group: 'today', at: '13:00', share: 0.4 },
    account: account('tamarrow', 'Tamarrow Robotics'),
    opportunity: deal('tamarrow-pilot', 'Pilot line', 'Proposal', 'USD 18500', { percent: '55', closesInDays: 31 }),
    contact: contact('callum.drewe'),
  },
  {
    id: '7304958120347716455',
    type: 'FLOW',
    when: { group: 'today', at: '15:15', share: 0.6 },
    flow: flow('Enterprise outbound, Q4', 1, 'Intro call'),
    account: account('corvane-health', 'Corvane Health'),
    contact: contact('noor.haddan', 'LEAD'),
  },
  {
    // Nobody to call yet: a task without a contact.
    id: '7304958120347716903',
    type: 'MANUAL',
    title: 'Find out who took over from Ingrid',
    when: { group: 'today', at: '17:00', share: 0.8 },
    account: account('brightfen', 'Brightfen Energy'),
    opportunity: deal('brightfen-expansion', 'Expansion to the grid team', 'Qualification', '95000', {
      percent: '20',
      closesInDays: 96,
    }),
  },
  {
    id: '7304958120347717026',
    type: 'FLOW',
    when: { group: 'upcoming', inDays: 1, at: '09:30' },
    flow: flow('Enterprise outbound, Q4', 4, 'Stakeholder call'),
    account: account('quillmark', 'Quillmark Publishing'),
    opportunity: deal('quillmark-editorial', 'Editorial desk', 'Discovery', '27500', {
      percent: '30',
      closesInDays: 64,
    }),
    contact: contact('petra.vasilen'),
  },
  {
    id: '7304958120347717391',
    type: 'MANUAL',
    title: 'Agree on the success criteria for the pilot',
    when: { group: 'upcoming', inDays: 2, at: '14:00' },
    account: account('brightfen', 'Brightfen Energy'),
    contact: contact('sigrid.aunevik'),
  },
  {
    id: '7304958120347717640',
    type: 'FLOW',
    when: { group: 'upcoming', inDays: 4, at: '11:00' },
    flow: flow('Renewals, 90 days out', 1, 'Opening call'),
    account: account('ostlund', 'Ostlund & Daughters'),
    opportunity: deal('ostlund-renewal', 'Renewal, 25 seats', 'Open', '15000', { percent: '70%', closesInDays: 41 }),
    contact: contact('farah.nazarin'),
  },
  {
    id: '7304958120347717955',
    type: 'MANUAL',
    title: 'Quarterly catch-up',
    when: { group: 'upcoming', inDays: 8, at: '16:30' },
    account: account('kestrelby', 'Kestrelby Insurance'),
    contact: contact('tobias.kellan'),
  },
];

export const THEOS_DAY: readonly SeedTask[] = [
  {
    id: '7304958120347718010',
    type: 'MANUAL',
    title: 'Rückruf wegen des Rahmenvertrags',
    when: { group: 'overdue', daysAgo: 1, at: '15:00' },
    account: account('lindenau-bau', 'Lindenau Bau'),
    opportunity: deal('lindenau-frame', 'Rahmenvertrag', 'Verhandlung', '€ 54,000', {
      percent: '65',
      closesInDays: 27,
    }),
    contact: contact('anke.rohrdanz'),
  },
  {
    id: '7304958120347718223',
    type: 'FLOW',
    when: { group: 'today', at: '11:00', share: 0.3 },
    flow: flow('Enterprise outbound, Q4', 2, 'Follow-up call'),
    account: account('vistrup', 'Vistrup Maritime'),
    contact: contact('jeppe.holmgard', 'LEAD'),
  },
  {
    id: '7304958120347718467',
    type: 'MANUAL',
    title: 'Go through the open questions on data residency',
    when: { group: 'today', at: '16:00', share: 0.7 },
    account: account('lumenwerk', 'Lumenwerk'),
    opportunity: deal('lumenwerk-core', 'Core licence', 'Legal', '€ 88,000', { percent: '85', closesInDays: 13 }),
    contact: contact('milena.tschorn'),
  },
  {
    id: '7304958120347718690',
    type: 'FLOW',
    when: { group: 'upcoming', inDays: 1, at: '10:00' },
    flow: flow('Inbound demo requests', 2, 'Second call'),
    account: account('arvelle', 'Arvelle Cosmetics'),
    contact: contact('odile.marchenoir'),
  },
  {
    id: '7304958120347718874',
    type: 'MANUAL',
    title: 'Plan the on-site workshop',
    when: { group: 'upcoming', inDays: 3, at: '09:00' },
    account: account('vistrup', 'Vistrup Maritime'),
    opportunity: deal('vistrup-fleet', 'Fleet desk', 'Proposal', '61000', { percent: '50', closesInDays: 45 }),
  },
];

/** Of someone who is not in Slack: nobody else may ever see it. */
export const ROSALINDS_DAY: readonly SeedTask[] = [
  {
    id: '7304958120347719001',
    type: 'MANUAL',
    title: 'Renegotiate the payment terms',
    when: { group: 'today', at: '12:00', share: 0.5 },
    account: account('lindenau-bau', 'Lindenau Bau'),
  },
];
