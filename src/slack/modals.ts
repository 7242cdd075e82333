/** Submissions of modals. What is wrong is said inside the modal, next to the field, and loses nothing. */
import type { App } from '@slack/bolt';
import { INVALID, refusal, typedRefusal } from '../../blocks/errors.ts';
import { BLOCK, decodeWhen, VIEW } from '../../blocks/ids.ts';
import type { Reader } from '../../blocks/words.ts';
import { type Refusal, recordVerb } from '../core/click.ts';
import { setDigestTime } from '../core/schedule.ts';
import type { RepTime } from '../core/time.ts';
import { parseTypedDate } from '../core/typed-date.ts';
import type { Instant } from '../core/types.ts';
import type { SlackContext } from './context.ts';
import { SettingsSubmission, WhenSubmission } from './payloads.ts';
import { orNotRecorded } from './replies.ts';
import { repTime } from './reps.ts';

export function registerModals(app: App, context: SlackContext): void {
  app.view(VIEW.when, async ({ ack, body }) => {
    const { team, user, view } = WhenSubmission.parse(body);
    const submitter = { teamId: team.id, userId: user.id };
    const { values } = view.state;
    const target = decodeWhen(view.private_metadata);
    const reader = await repTime(context, submitter);
    if (!target) {
      return ack({
        response_action: 'errors',
        errors: { [BLOCK.picker]: plainRefusal({ why: 'unknown_row' }, reader) },
      });
    }
    const chosen = chooseTime(
      values.when_typed.when_typed.value ?? '',
      values.when_picker.when_picker.selected_date_time ?? undefined,
      reader,
    );
    if ('errors' in chosen) return ack({ response_action: 'errors', errors: chosen.errors });
    const change = { verb: target.verb, dueAt: chosen.at };
    const result = await orNotRecorded(context, submitter, () => recordVerb(context, submitter, target.ref, change));
    if (result.is === 'not_recorded') {
      return ack({ response_action: 'errors', errors: { [BLOCK.picker]: result.said } });
    }
    if (result.is === 'refused') {
      const said = plainRefusal(result.refusal, reader);
      await ack({ response_action: 'errors', errors: { [BLOCK.picker]: said } });
      context.screen.refresh(target.ref.messageId);
      return;
    }
    await ack();
    context.wake();
    context.screen.refresh(target.ref.messageId, 500);
  });

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

/** A typed date wins over the picker; the past, and what is not understood, are refused next to the field. */
function chooseTime(
  typed: string,
  picked: number | undefined,
  reader: RepTime,
): { at: Instant } | { errors: Record<string, string> } {
  if (typed.trim() !== '') {
    const read = parseTypedDate(typed, reader);
    return 'at' in read ? read : { errors: { [BLOCK.typed]: typedRefusal(read, reader) } };
  }
  if (picked === undefined) return { errors: { [BLOCK.picker]: INVALID.when } };
  const at = picked * 1_000;
  return at > reader.now ? { at } : { errors: { [BLOCK.picker]: INVALID.past } };
}

export function plainRefusal(refused: Refusal, reader: Reader): string {
  return plain(refusal(refused, reader));
}

/** Errors in a modal are plain text. */
function plain(text: string): string {
  return text.replaceAll('`', '').replaceAll('*', '');
}
