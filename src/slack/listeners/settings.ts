/** The digest settings window. */
import type { App } from '@slack/bolt';
import { INVALID } from '../../../blocks/form-errors.ts';
import { BLOCK, VIEW } from '../../../blocks/ids.ts';
import { settingsModal } from '../../../blocks/settings-modal.ts';
import type { Schedules } from '../../core/digests/schedule.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { People } from '../../core/people/people.ts';
import { Submission } from '../transport/payloads.ts';
import type { Replies } from './replies.ts';

interface SettingsParts {
  people: People;
  schedules: Schedules;
  replies: Replies;
}

export async function openSettings(
  { people, replies }: Pick<SettingsParts, 'people' | 'replies'>,
  key: RepKey,
  triggerId: string,
): Promise<void> {
  const { rep } = await people.identify(key);
  const { schedule } = await people.accounts(rep);
  await replies.openView(triggerId, settingsModal(schedule, rep.zone));
}

export function registerSettings(app: App, { people, schedules, replies }: SettingsParts): void {
  app.view(VIEW.settings, async ({ ack, body }) => {
    const { submitter, inputs } = Submission.parse(body);
    const time = inputs[BLOCK.time]?.selected_time;
    const chosen = (inputs[BLOCK.days]?.selected_options ?? []).map(({ value }) => Number(value));
    const days = [1, 2, 3, 4, 5, 6, 7].filter((day) => chosen.includes(day));
    if (!time) return ack({ response_action: 'errors', errors: { [BLOCK.time]: INVALID.time } });
    if (days.length === 0) return ack({ response_action: 'errors', errors: { [BLOCK.days]: INVALID.days } });
    const rep = await people.find(submitter);
    const result = rep && (await replies.orNotRecorded(rep, () => schedules.choose(rep, { time, days })));
    if (result && 'said' in result) {
      return ack({ response_action: 'errors', errors: { [BLOCK.time]: result.said } });
    }
    await ack();
  });
}
