/** The buttons of the message that closes a day: each turns it into what was chosen. */
import type { App, BlockAction } from '@slack/bolt';
import { ACTION, decodeMessageId } from '../../../blocks/ids.ts';
import { DAY_REFUSED, nothingToDo } from '../../../blocks/sweep-errors.ts';
import { sweepSureModal } from '../../../blocks/sweep-modal.ts';
import type { SweepResult } from '../../core/clicks/act-on-many.ts';
import type { Closing } from '../../core/digests/close.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { Click } from '../transport/payloads.ts';
import { type ActionArgs, type Replies, respondOf } from './replies.ts';

interface CloseParts {
  closing: Closing;
  people: Pick<People, 'readerOf'>;
  providers: Providers;
  replies: Replies;
  screen: Pick<SlackScreen, 'refresh'>;
  wake(): void;
}

export function registerClose(app: App, parts: CloseParts): void {
  app.action<BlockAction>(ACTION.dayMove, (args) => move(parts, args));
  app.action<BlockAction>(ACTION.dayLeave, (args) => leave(parts, args));
}

async function move(parts: CloseParts, args: ActionArgs): Promise<void> {
  const { closing, replies, screen } = parts;
  const click = Click.parse(args.body);
  const messageId = decodeMessageId(click.value);
  const result = await replies.orNotRecorded<SweepResult>(click.clicker, async () =>
    messageId === undefined ? { is: 'refused', why: 'unknown_list' } : closing.move(click.clicker, messageId),
  );
  // Without an acknowledgement Slack shows an error, and we explain it.
  if (result.is === 'not_recorded') return replies.tell(click.clicker, respondOf(args), result.said);
  await args.ack();
  await answer(parts, args, click, result);
  if (messageId === undefined) return;
  replies.keepResponseUrl(args, messageId);
  // A question changes nothing yet.
  if (result.is !== 'asks') screen.refresh(messageId);
}

async function answer(parts: CloseParts, args: ActionArgs, click: Click, result: SweepResult): Promise<void> {
  const { people, providers, replies, wake } = parts;
  const messageId = decodeMessageId(click.value) ?? '';
  switch (result.is) {
    case 'asks': {
      const reader = await people.readerOf(click.clicker);
      await replies.openModal(args, click, sweepSureModal(messageId, result.plan, providers, reader));
      return;
    }
    case 'refused': {
      const said = result.why === 'nothing' ? nothingToDo(result.leftOut, providers) : DAY_REFUSED[result.why];
      return replies.tell(click.clicker, respondOf(args), said);
    }
    default:
      wake();
  }
}

async function leave({ closing, replies, screen }: CloseParts, args: ActionArgs): Promise<void> {
  const { clicker, value } = Click.parse(args.body);
  const messageId = decodeMessageId(value);
  const result = await replies.orNotRecorded(clicker, async () => {
    return { is: 'recorded', own: messageId !== undefined && (await closing.leave(clicker, messageId)) } as const;
  });
  if (result.is === 'not_recorded') return replies.tell(clicker, respondOf(args), result.said);
  await args.ack();
  if (!result.own || messageId === undefined) return replies.tell(clicker, respondOf(args), DAY_REFUSED.unknown_list);
  replies.keepResponseUrl(args, messageId);
  screen.refresh(messageId);
}
