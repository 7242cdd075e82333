/** The last mornings without a digest, and why. */
import type { LeftOut } from '../src/core/model/delivery.ts';
import type { SkipReason } from '../src/core/model/digest.ts';
import { localDate, startOfLocalDate } from '../src/core/model/time.ts';
import { plainText, type Reader, shortDate } from './text.ts';

const MOST_NAMED = 3;

const WHY = {
  late: 'Docket could not send it within four hours of its time',
  holiday: 'a public holiday',
  paused: 'your digests were paused',
  away: 'your Slack status said that you were out of office',
  nothing_open: 'nothing was open',
  no_link: 'no account of yours was linked',
  refused: 'Slack refused it',
  not_in_pilot: 'Docket is being tried out without you',
  elsewhere: 'another workspace of your organisation sends it',
  switched_off: 'an admin had stopped all digests',
} satisfies Record<SkipReason, string>;

/** Of today's that the lines above it tell, nothing. Empty if there is none. */
export function leftOutText(leftOut: readonly LeftOut[], reader: Reader): string {
  const today = localDate(reader.now, reader.zone);
  const isTold = ({ localDate: date, why }: LeftOut) => date === today && (why === 'nothing_open' || why === 'away');
  const last = leftOut.filter((each) => !isTold(each)).slice(-MOST_NAMED);
  if (last.length === 0) return '';
  const mornings = last.map(
    (each) => `${shortDate(startOfLocalDate(each.localDate, reader.zone), reader)} (${whyText(each)})`,
  );
  return `Left out lately: ${mornings.join(', ')}.`;
}

function whyText({ why, holiday, refusal }: LeftOut): string {
  if (why === 'holiday' && holiday !== undefined) return plainText(holiday, 60);
  return why === 'refused' && refusal !== undefined ? `${WHY.refused}: ${plainText(refusal, 60)}` : WHY[why];
}
