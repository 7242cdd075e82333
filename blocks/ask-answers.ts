/** Answers to typed verbs: what was done, to whom, until when; or the question before it. */
import type { Acted, Doubt, NumberedTask } from '../src/core/ask/act.ts';
import type { UndoneLast } from '../src/core/clicks/undo-last.ts';
import type { Action } from '../src/core/model/action.ts';
import { canUndo, isHeldBack } from '../src/core/model/action-rules.ts';
import type { SweepChange } from '../src/core/model/sweep.ts';
import { encodeAnswer } from './ask-ids.ts';
import { withButtons } from './ask-words.ts';
import { button, type Rendered } from './elements.ts';
import { ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';
import { type Providers, providerOf } from './providers.ts';
import { refusal } from './refusals.ts';
import { encodeRow } from './row-ids.ts';
import { nothingToDo, SWEEP_REFUSED } from './sweep-errors.ts';
import { resultText } from './sweep-message.ts';
import { consequenceText } from './sweep-modal.ts';
import { goingOn, leftOutText, question, VERB_TEXT } from './sweep-words.ts';
import { count, exactTime, momentOf, mrkdwn, plainText, type Reader, subjectOf, whoAndWhat } from './text.ts';
import { outcome, takenBack, underway } from './words.ts';

const UNCHANGED = 'Nothing was changed.';

export function actedMessage(acted: Acted, providers: Providers, reader: Reader): Rendered {
  switch (acted.is) {
    case 'recorded':
      return recordedMessage(acted, providers, reader);
    case 'swept': {
      const change = acted.sweep.change ?? { verb: 'done' };
      return withButtons(
        `${goingOn(change, acted.tasks, reader)}. A message shows the progress, with *Undo all* for what can be taken back.`,
        [],
      );
    }
    case 'asks':
      return questionMessage(acted, providers, reader);
    case 'repeated':
      return withButtons('This was asked for before, and was done once. `/tasks history` shows what came of it.', []);
    case 'refused':
      return withButtons(refusedText(acted, providers, reader), []);
  }
}

function recordedMessage(
  { action, number, ref }: Extract<Acted, { is: 'recorded' }>,
  providers: Providers,
  reader: Reader,
): Rendered {
  const provider = providerOf(providers, action);
  const which = number === undefined ? '' : `${number}. `;
  const text = `${which}${stateText(action, providers, reader)}`;
  const mayUndo = action.state === 'succeeded' || isHeldBack(action);
  const undo = button(ACTION.askUndo, 'Undo', encodeRow(ref), { label: undoLabel(action) });
  return withButtons(text, mayUndo && canUndo(action, provider.capabilities) ? [undo] : []);
}

function undoLabel({ task }: Action): string {
  return plainText(`Undo: ${subjectOf(task)?.name ?? task.title}`, LIMITS.buttonText);
}

function stateText(action: Action, providers: Providers, reader: Reader): string {
  const { name } = providerOf(providers, action);
  const who = whoAndWhat(action.task, ': ', 80);
  if (isHeldBack(action)) return `${who}  ·  ${outcome(action, name, reader)}.`;
  if (action.state !== 'queued') return resultText(action, providers, reader);
  const until = 'dueAt' in action.change ? ` to ${exactTime(action.change.dueAt, reader)}` : '';
  return `${who}  ·  ${underway(action, name).replace(' …', '')}${until} …`;
}

const MOST_NAMED = 10;

function questionMessage(
  { doubts, tasks, change, listedAt, plan, confirmed }: Extract<Acted, { is: 'asks' }>,
  providers: Providers,
  reader: Reader,
): Rendered {
  const [only] = tasks;
  const isOne = tasks.length === 1 && only !== undefined;
  const lines = [
    isOne ? `${only.number} is *${nameOf(only)}*.` : namesOf(tasks),
    ...doubts.map((doubt) => doubtText(doubt, { isOne, listedAt, change, task: only }, providers, reader)),
    ...(plan?.consequences ?? []).map((each) => `${consequenceText(each, providers)}`),
    plan ? leftOutText(plan.leftOut, providers) : '',
    isOne
      ? `${askOne(change, reader)} ${UNCHANGED}`
      : `${question(change, plan?.acts.length ?? tasks.length, reader)} ${UNCHANGED}`,
  ];
  const style = doubts.includes('final') ? ({ style: 'danger' } as const) : {};
  const yes = isOne ? VERB_TEXT[change.verb] : `${VERB_TEXT[change.verb]} ${plan?.acts.length ?? tasks.length}`;
  const names = tasks.map(({ number, task }) => `${number} ${subjectOf(task)?.name ?? task.title}`).join(', ');
  const spoken = plainText(`${yes}: ${names}`, LIMITS.buttonText);
  return withButtons(lines.filter(Boolean).join(' '), [
    button(ACTION.askConfirm, yes, encodeAnswer(confirmed), { ...style, label: spoken }),
  ]);
}

function nameOf({ task }: NumberedTask): string {
  return whoAndWhat(task, ': ', 60);
}

function namesOf(tasks: readonly NumberedTask[]): string {
  const names = tasks.slice(0, MOST_NAMED).map((each) => `${each.number} ${nameOf(each)}`);
  const more = tasks.length - names.length;
  return `These are ${names.join('; ')}${more > 0 ? `; and ${count(more, 'more task')}` : ''}.`;
}

interface Doubted {
  isOne: boolean;
  listedAt: number;
  change: SweepChange;
  task: NumberedTask | undefined;
}

function doubtText(doubt: Doubt, about: Doubted, providers: Providers, reader: Reader): string {
  const { isOne, listedAt, task } = about;
  const tool = task ? providerOf(providers, task.task).name : '';
  switch (doubt) {
    case 'old':
      return `Your last list is of ${exactTime(listedAt, reader)}.`;
    case 'hidden':
      return isOne ? 'The list does not show that row.' : 'The list does not show all of these rows.';
    case 'changed':
      return isOne ? 'It was changed since the list was made.' : 'Some were changed since the list was made.';
    case 'final': {
      const consequence =
        task && providerOf(providers, task.task).capabilities.of(task.task).verbs[about.change.verb]?.consequence;
      return `${tool} cannot take this back.${consequence ? ` ${mrkdwn(consequence, 300)}` : ''}`;
    }
    case 'skipped':
      return `${tool} skips it by itself ${task?.task.skipsAt === undefined ? 'before' : `on ${exactTime(task.task.skipsAt, reader)}, before`} that time.`;
    case 'plan':
      return '';
  }
}

function askOne(change: SweepChange, reader: Reader): string {
  if ('dueAt' in change) return `Move it to ${exactTime(change.dueAt, reader)}?`;
  return change.verb === 'done' ? 'Mark it done?' : 'Dismiss it?';
}

function refusedText(refused: Extract<Acted, { is: 'refused' }>, providers: Providers, reader: Reader): string {
  switch (refused.why) {
    case 'no_list':
      return `You have no list yet whose numbers these could be. Type \`/tasks\` for one, then for example \`done 2\`. ${UNCHANGED}`;
    case 'no_row': {
      const rows = count(refused.rows, 'row');
      return `Your last list has ${rows}, so it has no ${refused.numbers.slice(0, 5).join(', ')}. ${UNCHANGED}`;
    }
    case 'closed':
      return `${refused.tasks
        .slice(0, MOST_NAMED)
        .map((each) => `${each.number} (${nameOf(each)})`)
        .join(', ')}: no longer open, or something is being done to it already. ${UNCHANGED}`;
    case 'nothing':
      return nothingToDo(refused.leftOut, providers);
    case 'passed':
    case 'unknown_list':
      return SWEEP_REFUSED[refused.why];
    case 'click':
      return refusal(refused.refusal, reader);
  }
}

export function undoneMessage(undone: UndoneLast, providers: Providers, reader: Reader): Rendered {
  switch (undone.is) {
    case 'undone':
      return withButtons(undoneText(undone.action, providers), []);
    case 'undone all': {
      const { counts } = undone;
      const taken = counts.undone + counts.asked;
      const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
      const rest = taken < all ? ' The message with its progress says why not the others.' : '';
      return withButtons(`Taking back ${taken} of ${count(all, 'task')}.${rest}`, []);
    }
    case 'asks undo': {
      const { action, tasks } = undone;
      const others = tasks > 1 ? ` and ${count(tasks - 1, 'other task')}` : '';
      const when = momentOf(action.createdAt, reader);
      const text = `The last thing that you did, at ${when}, was ${VERB_OF[action.change.verb] ?? 'to change'} *${whoAndWhat(action.task, ': ', 60)}*${others}. Take it back? ${UNCHANGED}`;
      return withButtons(text, [
        button(ACTION.askConfirm, 'Undo', encodeAnswer({ undo: action.id }), { label: undoLabel(action) }),
      ]);
    }
    case 'undone before':
      return withButtons('This was asked for before, and was undone once. `/tasks history` shows what came of it.', []);
    case 'not undone':
      return withButtons(undoRefused(undone, providers), []);
  }
}

const VERB_OF: Partial<Record<Action['change']['verb'], string>> = {
  done: 'to mark done',
  dismiss: 'to dismiss',
  snooze: 'to snooze',
  reschedule: 'to reschedule',
  reassign: 'to give away',
};

/** Of an action that is being reversed, or was withdrawn. */
export function undoneText(action: Action, providers: Providers): string {
  const { name } = providerOf(providers, action);
  const who = whoAndWhat(action.task, ': ', 80);
  return `${who}  ·  ${action.state === 'undone' ? takenBack(action, name) : underway(action, name)}`;
}

function undoRefused(refused: Extract<UndoneLast, { is: 'not undone' }>, providers: Providers): string {
  if (refused.why === 'nothing') return `You did nothing in the last 24 hours that could be taken back. ${UNCHANGED}`;
  const who = whoAndWhat(refused.action.task, ': ', 80);
  const { name } = providerOf(providers, refused.action);
  switch (refused.why) {
    case 'too_late':
      return `It is too late to undo what you did to ${who}: ${name} has it already and cannot take it back. ${UNCHANGED}`;
    case 'underway':
      return `What you did to ${who} is on its way to ${name} just now. Type \`undo\` again in a moment; it is safe. ${UNCHANGED}`;
    case 'undoing':
      return `What you did to ${who} is being taken back already.`;
    case 'failed':
      return `What you asked for last, for ${who}, did not come about, so there is nothing to take back. ${UNCHANGED}`;
  }
}
