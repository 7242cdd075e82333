/**
 * What happens at the sales tools in a working week while the app only looks on, so that no two mornings are alike. It is
 * told by mornings, because a week may begin on any date: five of them, on working days. `script.ts` plays it.
 */
import { DEMO_PEOPLE } from './people.ts';
import type { Provider } from './providers.ts';

/** The local date of a morning, some weeks later where that is said, at a time of day. */
export interface DayTime {
  morning: MorningNumber;
  at: string;
  weeksOn?: number;
}

type MorningNumber = 1 | 2 | 3 | 4 | 5;

export interface Happening {
  when: DayTime;
  provider: Provider;
  does: Doing;
  /** One sentence for whoever watches. */
  says: string;
}

export type Doing =
  | { kind: 'close'; of: string; taskId: string; by?: string }
  | { kind: 'move'; of: string; taskId: string; to: DayTime }
  | { kind: 'plan skip'; of: string; taskId: string; at: DayTime }
  | {
      kind: 'add';
      of: string;
      id: string;
      title: string;
      contact: { id: string; firstName: string; lastName: string; company: string };
      due: DayTime;
    }
  | { kind: 'away' }
  | { kind: 'back' };

const [MAYA, THEO, ISHANI] = DEMO_PEOPLE;
const SIGNE_ODUYA = { of: MAYA.slackId, taskId: '9127340055512238347' };
const SKIPPED: DayTime = { morning: 3, at: '06:00' };

/** Nothing is due and nothing happens between the fourth morning and the fifth: that one has nothing new to say. */
export const WEEK: readonly Happening[] = [
  {
    when: { morning: 1, at: '11:20' },
    provider: 'gong',
    does: { kind: 'close', of: MAYA.slackId, taskId: '7304958120347715588', by: THEO.slackId },
    says: 'Theo closed “Chase the signature on the order form” (Mateo Arbelaiz) in Gong.',
  },
  {
    when: { morning: 1, at: '14:05' },
    provider: 'gong',
    does: {
      kind: 'add',
      of: MAYA.slackId,
      id: '7304958120347720113',
      title: 'Agree on the delivery plan',
      contact: { id: '', firstName: 'Benedikt', lastName: 'Ruhland', company: 'Halvorsen Freight' },
      due: { morning: 2, at: '15:30' },
    },
    says: 'Theo gave Maya “Agree on the delivery plan” (Benedikt Ruhland) in Gong.',
  },
  {
    when: { morning: 1, at: '15:40' },
    provider: 'outreach',
    does: { kind: 'plan skip', ...SIGNE_ODUYA, at: SKIPPED },
    says: 'Outreach plans to skip the LinkedIn message to Signe Oduya before the third morning.',
  },
  {
    when: { morning: 1, at: '16:10' },
    provider: 'reply',
    does: { kind: 'close', of: ISHANI.slackId, taskId: '48210478' },
    says: 'Ishani finished her meeting with Leopold Quayle in Reply.io.',
  },
  {
    when: { morning: 1, at: '16:12' },
    provider: 'outreach',
    does: { kind: 'close', of: ISHANI.slackId, taskId: '9127340055512239904' },
    says: 'Ishani completed her call with Devika Sarangapani in Outreach: nothing is open for her.',
  },
  {
    when: { morning: 2, at: '10:45' },
    provider: 'gong',
    does: {
      kind: 'move',
      of: MAYA.slackId,
      taskId: '7304958120347717640',
      to: { morning: 3, weeksOn: 1, at: '11:00' },
    },
    says: 'Maya moved “Opening call” (Farah Nazarin) to next week in Gong.',
  },
  {
    when: { morning: 2, at: '11:00' },
    provider: 'reply',
    does: { kind: 'close', of: MAYA.slackId, taskId: '48210412' },
    says: 'Reply.io sent the text message to Kwabena Tull by itself.',
  },
  {
    when: { morning: 2, at: '12:15' },
    provider: 'outreach',
    does: { kind: 'close', of: THEO.slackId, taskId: '9127340055512239120' },
    says: 'Theo completed his meeting with Friedrike Nowak in Outreach.',
  },
  {
    when: { morning: 2, at: '16:20' },
    provider: 'outreach',
    does: {
      kind: 'add',
      of: MAYA.slackId,
      id: '9127340055512240021',
      title: 'Go through the security questionnaire',
      contact: { id: '5221', firstName: 'Ngaire', lastName: 'Pomare', company: 'Tidewell Utilities' },
      due: { morning: 3, at: '14:00' },
    },
    says: 'Theo gave Maya “Go through the security questionnaire” (Ngaire Pomare) in Outreach.',
  },
  {
    when: SKIPPED,
    provider: 'outreach',
    does: { kind: 'close', ...SIGNE_ODUYA },
    says: 'Outreach skipped the LinkedIn message to Signe Oduya by itself.',
  },
  {
    when: { morning: 3, at: '08:40' },
    provider: 'reply',
    does: { kind: 'away' },
    says: 'Reply.io stopped answering.',
  },
  {
    when: { morning: 3, at: '09:50' },
    provider: 'reply',
    does: { kind: 'back' },
    says: 'Reply.io answers again.',
  },
  {
    when: { morning: 3, at: '11:15' },
    provider: 'reply',
    does: { kind: 'close', of: MAYA.slackId, taskId: '48210406' },
    says: 'Maya finished the LinkedIn step for Yevgenia Stroud in Reply.io.',
  },
  {
    when: { morning: 3, at: '13:30' },
    provider: 'outreach',
    does: { kind: 'close', of: MAYA.slackId, taskId: '9127340055512238102', by: THEO.slackId },
    says: 'Theo completed the e-mail to Piotr Sandoval for Maya in Outreach.',
  },
  {
    when: { morning: 3, at: '15:05' },
    provider: 'reply',
    does: {
      kind: 'add',
      of: ISHANI.slackId,
      id: '48210533',
      title: 'Call back about the export',
      contact: { id: '913004602', firstName: 'Leopold', lastName: 'Quayle', company: '' },
      due: { morning: 5, at: '16:00' },
    },
    says: 'Maya gave Ishani “Call back about the export” (Leopold Quayle) in Reply.io.',
  },
];
