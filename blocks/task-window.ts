/** The task window: everything that is known of one task. */
import type { ModalView } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { Task } from '../src/core/model/task.ts';
import { type Block, section } from './elements.ts';
import { encodeRow, VIEW } from './ids.ts';
import { modal } from './modal.ts';
import type { RowProvider } from './providers.ts';
import { openText } from './row-text.ts';
import { mrkdwn, type Reader } from './text.ts';

export function taskWindow(ref: RowRef, task: Task, provider: RowProvider, reader: Reader): ModalView {
  const blocks: Block[] = [section(openText(task, provider, reader))];
  if (task.note) blocks.push(section(mrkdwn(task.note, 2_900)));
  return modal({ callback: VIEW.task, metadata: encodeRow(ref), title: 'Task', blocks });
}
