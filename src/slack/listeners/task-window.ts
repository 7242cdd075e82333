/** Open… on a row: the window with everything that is known of its task. */
import { taskWindow } from '../../../blocks/task-window.ts';
import type { Clicks, RowRef } from '../../core/clicks/record.ts';
import { taskOf } from '../../core/model/message.ts';
import type { People } from '../../core/people/people.ts';
import type { Click } from '../transport/payloads.ts';
import { type ActionArgs, type Replies, rowToOpen } from './replies.ts';

interface TaskParts {
  clicks: Clicks;
  people: Pick<People, 'readerOf'>;
  replies: Replies;
}

export async function openTask(parts: TaskParts, args: ActionArgs, click: Click, ref: RowRef): Promise<void> {
  const row = await rowToOpen(parts, args, click, ref);
  if (!row) return;
  const time = await parts.people.readerOf(click.clicker);
  await parts.replies.openModal(args, click, taskWindow(ref, taskOf(row.item), row.provider, time));
}
