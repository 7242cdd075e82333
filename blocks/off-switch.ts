/** The off switch of all digests: what is asked before, and what is said afterwards. */
import type { SwitchState } from '../src/core/people/off-switch.ts';
import type { OffSwitch } from '../src/core/ports/store.ts';
import { actions, type Block, button, type Rendered, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { count, exactTime, mention, type Reader } from './text.ts';

export function switchQuestion(wanted: 'off' | 'on', { off, reps }: SwitchState, reader: Reader): Rendered {
  if (wanted === 'off' && off) return said(`${stopped(off, reader)} \`/tasks team resume\` lets them come again.`);
  if (wanted === 'on' && !off) return said(`Digests are not stopped: ${count(reps, 'rep')} expect one.`);
  if (wanted === 'off') {
    const text = `*Stop all digests of this workspace?* ${count(reps, 'rep')} would get none, nor a close of the day, a reminder or a welcome, until an admin types \`/tasks team resume\`. What is pressed is still done, and \`/tasks\` still answers.`;
    return said(text, button(ACTION.switchDigests, 'Stop all digests', 'off', { style: 'danger' }));
  }
  const text = `*Let digests come again?* ${count(reps, 'rep')} would get theirs at their next time; what was left out meanwhile is not sent later.`;
  return said(text, button(ACTION.switchDigests, 'Let digests come again', 'on', { style: 'primary' }));
}

export function switched({ off, reps }: SwitchState, reader: Reader): string {
  if (off)
    return `${stopped(off, reader)} ${count(reps, 'rep')} would have got them. \`/tasks team resume\` undoes it.`;
  return `*Digests come again*, to ${count(reps, 'rep')}, each at their next time.`;
}

/** For everyone who asks for their status. */
export function stopped({ by, at }: OffSwitch, reader: Reader): string {
  return `*All digests are stopped* by ${mention(by)} since ${exactTime(at, reader)}.`;
}

function said(text: string, press?: ReturnType<typeof button>): Rendered {
  const blocks: Block[] = [section(text), ...(press ? [actions([press])] : [])];
  return { text, blocks };
}
