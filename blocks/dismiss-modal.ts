/** Asks before a Dismiss that its provider cannot take back. */
import type { ModalView } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { VerbCapability } from '../src/core/model/capabilities.ts';
import type { Task } from '../src/core/model/task.ts';
import { section } from './elements.ts';
import { VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { modal } from './modal.ts';
import { encodeRow } from './row-ids.ts';
import { mrkdwn, whoAndWhat } from './text.ts';

export function dismissModal(ref: RowRef, task: Task, { consequence = '' }: VerbCapability): ModalView {
  return modal({
    callback: VIEW.dismiss,
    metadata: encodeRow(ref),
    title: 'Dismiss',
    submit: 'Dismiss',
    blocks: [section(`*${whoAndWhat(task, ': ')}*\n${mrkdwn(consequence, LIMITS.confirmText)}`)],
  });
}
