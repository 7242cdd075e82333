/** Beside Undo, after Done on a call or an e-mail: the menu that creates the next task. */
import type { StaticSelect } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { Action } from '../src/core/model/action.ts';
import { followUpOf } from '../src/core/model/action-rules.ts';
import type { Capabilities } from '../src/core/model/capabilities.ts';
import { afterWorkingDays, type RepTime } from '../src/core/model/time.ts';
import { select } from './elements.ts';
import { ACTION } from './ids.ts';
import { encodeFollowUp } from './row-ids.ts';
import { count, shortDate } from './text.ts';

interface Settled {
  action: Action;
  ref: RowRef;
  capabilities: Capabilities;
}

const CHOICES = [1, 3, 7];

/** Each option carries the time that it names. undefined: nothing can follow on this task. */
export function followUpControl({ action, ref, capabilities }: Settled, time: RepTime): StaticSelect | undefined {
  if (!followUpOf(action, capabilities)) return undefined;
  const options = CHOICES.map((days) => {
    const at = afterWorkingDays(days, time, action.task.dueAt);
    return { text: `In ${count(days, 'working day')}, ${shortDate(at, time)}`, value: encodeFollowUp(ref, at) };
  });
  return select(ACTION.followUp, 'Follow up…', options);
}
