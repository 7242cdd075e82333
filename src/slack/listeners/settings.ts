/** The digest settings window. */
import type { App } from '@slack/bolt';
import { AS_IN_SLACK, NO_COUNTRY } from '../../../blocks/country-options.ts';
import { daySaved } from '../../../blocks/day-words.ts';
import { INVALID } from '../../../blocks/form-errors.ts';
import { BLOCK, VIEW } from '../../../blocks/ids.ts';
import { savedText } from '../../../blocks/schedule-words.ts';
import { savedModal, settingsModal } from '../../../blocks/settings-modal.ts';
import type { ScheduleChoice, Schedules } from '../../core/digests/schedule.ts';
import { COUNTRIES } from '../../core/model/countries.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Rep } from '../../core/model/people.ts';
import { localDate, namedZone, type RepTime } from '../../core/model/time.ts';
import type { People } from '../../core/people/people.ts';
import { type Inputs, Submission } from '../transport/payloads.ts';
import { readDay } from './day-choices.ts';
import type { Home } from './home.ts';
import type { Replies } from './replies.ts';

interface SettingsParts {
  people: People;
  schedules: Schedules;
  replies: Replies;
  home: Pick<Home, 'update'>;
}

export async function openSettings(
  { people, replies }: Pick<SettingsParts, 'people' | 'replies'>,
  key: RepKey,
  triggerId: string,
): Promise<void> {
  const { rep } = await people.identify(key);
  const view = settingsModal(await people.accounts(rep), await people.readerOf(rep));
  await replies.openView(triggerId, view);
}

export function registerSettings(app: App, { people, schedules, replies, home }: SettingsParts): void {
  app.view(VIEW.settings, async ({ ack, body }) => {
    const { submitter, inputs } = Submission.parse(body);
    const rep = await people.find(submitter);
    if (!rep) return ack();
    const read = readChoice(inputs, rep, await people.readerOf(rep));
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const result = await replies.orNotRecorded(rep, () => schedules.choose(rep, read));
    if ('said' in result) return ack({ response_action: 'errors', errors: { [BLOCK.time]: result.said } });
    const reader = await people.readerOf(rep);
    const { schedule, skipped, closesAt } = result;
    const day = daySaved(schedule.choices, closesAt, reader);
    const text = [savedText(schedule, skipped, reader), day].filter(Boolean).join('\n');
    await ack({ response_action: 'update', view: savedModal(text) });
    await replies.orApologise(rep, undefined, () => home.update(rep));
  });
}

/** A window of an older version has fewer fields: what it does not ask about stays as it is. */
function readChoice(inputs: Inputs, rep: Rep, reader: RepTime): ScheduleChoice | { errors: Record<string, string> } {
  const time = inputs[BLOCK.time]?.selected_time;
  const ticked = (inputs[BLOCK.days]?.selected_options ?? []).map(({ value }) => Number(value));
  const days = [1, 2, 3, 4, 5, 6, 7].filter((day) => ticked.includes(day));
  const zone = inputs[BLOCK.zone]?.selected_option?.value;
  const country = inputs[BLOCK.country]?.selected_option?.value;
  const ownZone = zone === AS_IN_SLACK ? undefined : namedZone(zone);
  const today = localDate(reader.now, zone === undefined ? rep.zone : (ownZone ?? rep.slackZone));
  const until = inputs[BLOCK.pause]?.selected_date ?? undefined;
  const day = readDay(inputs, time ?? undefined, reader);
  const errors = {
    ...('errors' in day && day.errors),
    ...(!time && { [BLOCK.time]: INVALID.time }),
    ...(days.length === 0 && { [BLOCK.days]: INVALID.days }),
    ...(zone !== undefined && zone !== AS_IN_SLACK && !ownZone && { [BLOCK.zone]: INVALID.choice }),
    ...(country !== undefined && !isCountry(country) && { [BLOCK.country]: INVALID.choice }),
    ...(until !== undefined && until < today && { [BLOCK.pause]: INVALID.pauseOver }),
  };
  if (!time || 'errors' in day || Object.keys(errors).length > 0) return { errors };
  return {
    time,
    days,
    ...(zone !== undefined && { ownZone }),
    ...(country !== undefined && { country: country === NO_COUNTRY ? undefined : country }),
    ...pauseOf(inputs, until === today ? undefined : until),
    choices: { ...choicesOf(inputs), ...day.choices },
  };
}

function isCountry(value: string): boolean {
  return value === NO_COUNTRY || COUNTRIES.includes(value);
}

function choicesOf(inputs: Inputs): ScheduleChoice['choices'] {
  const allClear = inputs[BLOCK.allClear]?.selected_option?.value;
  const status = inputs[BLOCK.status];
  return {
    ...((allClear === 'weekly' || allClear === 'daily') && { allClear }),
    ...(status && { followsStatus: (status.selected_options ?? []).length > 0 }),
  };
}

/** A pause without an end stays while its box is ticked, unless a date is given. */
function pauseOf(inputs: Inputs, until: string | undefined): Pick<ScheduleChoice, 'pause'> {
  const staysPaused = (inputs[BLOCK.paused]?.selected_options ?? []).length > 0;
  const isAsked = inputs[BLOCK.pause] !== undefined;
  return !isAsked || (staysPaused && until === undefined) ? {} : { pause: { until } };
}
