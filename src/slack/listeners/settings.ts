/** Submissions of modals. What is wrong is said inside the modal, next to the field, and loses nothing. */
import type { App } from '@slack/bolt';
import { INVALID, refusal } from '../../../blocks/errors.ts';
import { BLOCK, VIEW } from '../../../blocks/ids.ts';
import type { Reader } from '../../../blocks/words.ts';
import type { Refusal } from '../../core/clicks/record.ts';
import { setDigestTime } from '../../core/digests/schedule.ts';
import { SettingsSubmission } from '../transport/payloads.ts';
import type { SlackContext } from './context.ts';
import { orNotRecorded } from './replies.ts';

export function registerModals(app: App, context: SlackContext): void {
  app.view(VIEW.settings, async ({ ack, body }) => {
    const { team, user, view } = SettingsSubmission.parse(body);
    const { values } = view.state;
    const time = values.settings_time.settings_time.selected_time;
    const days = values.settings_days.settings_days.selected_options.map((day) => Number(day.value)).sort();
    if (!time) return ack({ response_action: 'errors', errors: { [BLOCK.time]: INVALID.time } });
    if (days.length === 0) {
      return ack({ response_action: 'errors', errors: { [BLOCK.days]: INVALID.days } });
    }
    const rep = await context.store.reps.find({ teamId: team.id, userId: user.id });
    const result = rep && (await orNotRecorded(context, rep, () => setDigestTime(context, rep, { time, days })));
    if (result && 'said' in result) {
      return ack({ response_action: 'errors', errors: { [BLOCK.time]: result.said } });
    }
    await ack();
  });
}

export function plainRefusal(refused: Refusal, reader: Reader): string {
  return plain(refusal(refused, reader));
}

/** Errors in a modal are plain text. */
function plain(text: string): string {
  return text.replaceAll('`', '').replaceAll('*', '');
}
