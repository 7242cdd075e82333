/** What the settings window says about the day after its digest. */
import { closeRefused } from '../../../blocks/day-words.ts';
import { INVALID } from '../../../blocks/form-errors.ts';
import { BLOCK } from '../../../blocks/ids.ts';
import { isQuiet } from '../../core/model/day.ts';
import type { DayChoices } from '../../core/model/digest.ts';
import type { RepTime } from '../../core/model/time.ts';
import type { Inputs } from '../transport/payloads.ts';

type Read = { choices: Partial<DayChoices> } | { errors: Record<string, string> };

/** `digestAt`: the hour of the digest in the same window. A window of an older version asks for none of it. */
export function readDay(inputs: Inputs, digestAt: string | undefined, reader: RepTime): Read {
  if (!inputs[BLOCK.quietFrom]) return { choices: {} };
  const from = inputs[BLOCK.quietFrom]?.selected_time ?? undefined;
  const until = inputs[BLOCK.quietUntil]?.selected_time ?? undefined;
  if (from === undefined || until === undefined) {
    return { errors: { [from === undefined ? BLOCK.quietFrom : BLOCK.quietUntil]: INVALID.time } };
  }
  const quiet = { from, until };
  const closesAt = inputs[BLOCK.closesAt]?.selected_time ?? undefined;
  const refused = closesAt === undefined ? undefined : whyNot(closesAt, quiet, digestAt);
  if (refused)
    return { errors: { [BLOCK.closesAt]: closeRefused(refused, { quiet, digestAt: digestAt ?? '' }, reader) } };
  const nudges = (inputs[BLOCK.nudges]?.selected_options ?? []).length > 0;
  return { choices: { closesAt, nudges, quiet } };
}

function whyNot(closesAt: string, quiet: DayChoices['quiet'], digestAt: string | undefined) {
  if (isQuiet(closesAt, quiet)) return 'quiet';
  return digestAt !== undefined && closesAt <= digestAt ? 'before_digest' : undefined;
}
