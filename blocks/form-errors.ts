/** Errors beside the fields of a window, and how Docket reads a typed date. The rep keeps what they typed. */
import type { Reading, TypedDate, TypedRefusal } from '../src/core/model/typed-reading.ts';
import { exactTime, mrkdwn, plainText, type Reader, zoneName } from './text.ts';

export const INVALID = {
  choice: 'Choose one.',
  days: 'Choose at least one day. To get no digests at all, use /tasks pause.',
  who: 'Give their e-mail address or their name.',
  note: 'Write a note, or use the Done button.',
  people: 'Choose at least one person, or give a user group below.',
  reader: 'Choose a channel, or a person below: one of the two.',
  past: 'That is in the past. Choose a later time.',
  person: 'Choose someone.',
  sameOwner: 'The task is yours already. Choose someone else.',
  pauseOver: 'That is in the past. Choose a later day, or none.',
  time: 'Choose a time.',
  unlinked: 'Your account there is no longer linked. Type /tasks connect, then try again.',
  unread:
    'Docket did not understand that. Try "tomorrow at 3pm" or "2026-12-01 15:00", or clear this field and use the picker.',
  when: 'Choose a time, or type one below.',
  noTime: 'Pick the new time here, or choose something else.',
} as const;

/** Plain text beside the field: what is wrong, and what to type for each possible meaning. */
export function typedRefusal(read: TypedRefusal, reader: Reader): string {
  switch (read.refused) {
    case 'past':
      return `That is in the past in your time zone (${zoneName(reader.zone)}). Give a later time.`;
    case 'not_understood':
      return INVALID.unread;
    case 'far_away':
      return `That would be ${anyOf(read.readings, reader)}, more than two years ahead. Give a nearer time, or choose that one in the picker.`;
    case 'no_such_date':
      return `There is no such date as ${plainText(read.said, 40)}. Give another one.`;
    case 'no_such_time':
      return `The clocks are put forward, so that time does not exist. ${typeFor(read.readings, reader)}`;
    case 'contradicts':
      return `“${plainText(read.said, 40)}” and “${plainText(read.against, 60)}” contradict each other. ${typeFor(read.readings, reader)}`;
    case 'two_readings':
      return `That can be ${anyOf(read.readings, reader)}. ${typeFor(read.readings, reader)}`;
  }
}

/** `/tasks pause until …` has no picker to fall back on. */
export function pauseRefused(typed: string, read: TypedRefusal, reader: Reader): string {
  const quoted = `“${mrkdwn(typed, 100)}”`;
  const examples = 'Try `/tasks pause until Monday` or `/tasks pause until 2026-12-01`.';
  switch (read.refused) {
    case 'past':
      return `${quoted} is in the past, so nothing was changed. ${examples}`;
    case 'not_understood':
      return `${quoted} is not a date that Docket understands, so nothing was changed. ${examples}`;
    case 'far_away':
      return `${quoted} is more than two years ahead, so nothing was changed. \`/tasks pause\` alone stops digests until you resume them.`;
    default:
      return `${quoted}: ${mrkdwn(typedRefusal(read, reader), 600)} Nothing was changed.`;
  }
}

function anyOf(readings: readonly Reading[], reader: Reader): string {
  return readings.map(({ at }) => exactTime(at, reader)).join(' or ');
}

function typeFor(readings: readonly Reading[], reader: Reader): string {
  if (readings.length === 0) return 'Leave one of them out.';
  const ways = readings.map(({ at, type }) => `${type} for ${exactTime(at, reader)}`);
  return `Type ${ways.join(', or ')}.`;
}

export function noGroup(typed: string): string {
  return `“${plainText(typed, 40)}” is no id of a user group. An id looks like S012AB3CD.`;
}

export function unknownOwner(provider: string): string {
  return `Docket has not linked this person to ${provider}. Choose someone who uses Docket with ${provider}.`;
}

/** Stands under the field while the rep types: the time as Docket reads it, or a question. */
export function typedPreview(typed: string, read: TypedDate, reader: Reader): string {
  if (typed.trim() === '') return TYPED_NOTHING;
  if ('at' in read) return `= *${exactTime(read.at, reader)}*`;
  // A half-typed date is rarely a date.
  return read.refused === 'not_understood' ? 'Not a date yet.' : mrkdwn(typedRefusal(read, reader), 600);
}

export const TYPED_NOTHING = 'What you type is shown here as Docket reads it.';

export function noSuchPerson(provider: string, who: string): string {
  const has = who.includes('@') ? 'has this address' : 'has this name';
  return `Nobody in ${provider} ${has}. Correct it, or add the person in ${provider} first. Nothing was created.`;
}

export const CHOOSE_PERSON =
  'Choose one of them, or give the address of the one you mean above. Nothing was created yet.';

export const ASKED_BEFORE =
  'You asked for a follow-up on this task before, so nothing more was created. A message tells you what came of it.';

/** `names`: the providers that let Docket create tasks. The rep has no account at any of them. */
export function noCreator(names: string): string {
  return names
    ? `Follow-ups are created in ${names}, and you have no linked account there. Type \`/tasks connect\`.`
    : 'None of the sales tools that Docket is set up for lets it create tasks.';
}
