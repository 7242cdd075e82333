/** The window that acts on many tasks: which, what, and a question where something follows that a rep must know before. */
import type { InputBlock, ModalView } from '@slack/types';
import type { SweepDraft } from '../src/core/clicks/act-on-many.ts';
import type { Consequence, Plan } from '../src/core/clicks/plan-sweep.ts';
import type { WhichChoice } from '../src/core/clicks/sweep-choices.ts';
import { taskOf } from '../src/core/model/message.ts';
import { isOpen, type Row } from '../src/core/model/row-state.ts';
import { VERBS, type Verb } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { option, section } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { input, modal } from './modal.ts';
import { type Preset, presetsOf } from './presets.ts';
import { type Providers, providerOf } from './providers.ts';
import { named } from './row-controls.ts';
import { encodeSweep, encodeWhat, encodeWhich } from './sweep-ids.ts';
import { leftOutText, question, VERB_TEXT, whichText } from './sweep-words.ts';
import { count, mrkdwn, plainText, type Reader, zoneName } from './text.ts';

type Option = ReturnType<typeof option>;

const TITLE = 'Act on many';

/** The first choices are filled in: they are the ones that a rep makes most. */
export function sweepModal({ messageId, rows, choices }: SweepDraft, providers: Providers, reader: RepTime): ModalView {
  const which = whichOptions(choices, providers);
  const what = whatOptions(rows, providers, presetsOf(reader));
  return modal({
    callback: VIEW.sweep,
    metadata: messageId,
    title: TITLE,
    submit: 'Go on',
    blocks: [
      input(BLOCK.which, 'Which tasks', choice(which.options, which.initial)),
      ticks(rows),
      input(BLOCK.what, 'What to do', choice(what.options, what.initial)),
      input(BLOCK.until, 'Time', { type: 'datetimepicker' }, { optional: true, hint: timeHint(reader.zone) }),
    ],
  });
}

function timeHint(zone: string): string {
  return `Only for “${TO_THE_TIME}”. In your time zone, ${zoneName(zone)}.`;
}

const TO_THE_TIME = 'to the time below';

function choice(options: Option[], initial: Option | undefined): InputBlock['element'] {
  return { type: 'static_select', options, ...(initial && { initial_option: initial }) };
}

function whichOptions(
  choices: readonly WhichChoice[],
  providers: Providers,
): { options: Option[]; initial: Option | undefined } {
  const options = choices.slice(0, LIMITS.selectOptions).map(({ which, tasks, name }) => {
    const text = `${whichText(which, providers, name)} (${tasks.toLocaleString('en-US')})`;
    return option({ text, value: encodeWhich(which) });
  });
  return { options, initial: options[0] };
}

/** Verbs that no task allows are left out. Snooze to the first named time of another day is what most reps want. */
function whatOptions(
  rows: readonly Row[],
  providers: Providers,
  presets: readonly Preset[],
): { options: Option[]; initial: Option | undefined } {
  const allowed = new Set<Verb>();
  for (const row of rows.filter(isOpen)) {
    const task = taskOf(row);
    const { verbs } = providerOf(providers, task).capabilities.of(task);
    for (const verb of VERBS) if (verbs[verb]) allowed.add(verb);
  }
  const moving = (['snooze', 'reschedule'] as const).filter((verb) => allowed.has(verb));
  const [first] = moving;
  const timed = presets.map(({ inside, at, later }) => {
    const verb = first ?? 'snooze';
    return {
      later,
      option: option({ text: `${VERB_TEXT[verb]} to ${inside}`, value: encodeWhat({ verb, dueAt: at }) }),
    };
  });
  const options = [
    ...(first ? timed.map((each) => each.option) : []),
    ...moving.map((verb) =>
      option({ text: `${VERB_TEXT[verb]} ${TO_THE_TIME}`, value: encodeWhat({ verb, dueAt: undefined }) }),
    ),
    ...(['done', 'dismiss'] as const)
      .filter((verb) => allowed.has(verb))
      .map((verb) => option({ text: VERB_TEXT[verb], value: encodeWhat({ verb }) })),
  ];
  // Slack takes no empty list; the submission says that no task takes the verb.
  if (options.length === 0) options.push(option({ text: VERB_TEXT.done, value: encodeWhat({ verb: 'done' }) }));
  const initial = first ? timed.find(({ later }) => later)?.option : undefined;
  return { options, initial };
}

/** Numbered as in the list. */
function ticks(rows: readonly Row[]): InputBlock {
  const open = rows.map((row, index) => ({ row, number: index + 1 })).filter(({ row }) => isOpen(row));
  const options = open
    .slice(0, LIMITS.selectOptions)
    .map(({ row, number }) =>
      option({ text: plainText(`${number}. ${named(taskOf(row))}`, LIMITS.optionText), value: String(row.position) }),
    );
  const more = open.length - options.length;
  const hint = `Ticked tasks alone count, whatever is chosen above.${more > 0 ? ` The first ${options.length} can be ticked; ${count(more, 'more task')} cannot.` : ''}`;
  const element = { type: 'multi_static_select', options } as const;
  return input(BLOCK.ticks, 'Or tick them one by one', element, { optional: true, hint });
}

/** The plan, with what follows for how many. Confirmed, it acts on just these rows. */
export function sweepSureModal(messageId: string, plan: Plan, providers: Providers, reader: Reader): ModalView {
  const { change, acts, consequences, leftOut } = plan;
  const left = leftOutText(leftOut, providers);
  const lines = consequences.map((each) => `• ${consequenceText(each, providers)}`);
  const positions = acts.map(({ position }) => position);
  return modal({
    callback: VIEW.sweepSure,
    metadata: encodeSweep({ messageId, which: { by: 'rows', positions }, change }),
    title: TITLE,
    submit: submitText(change.verb, acts.length),
    blocks: [
      section(`*${question(change, acts.length, reader)}* Nothing was changed so far.`),
      ...(lines.length > 0 ? [section(lines.join('\n'))] : []),
      ...(left ? [section(left)] : []),
    ],
  });
}

function submitText(verb: Verb, tasks: number): string {
  const what = tasks === 1 ? 'it' : `all ${tasks}`;
  return verb === 'done' ? `Mark ${what} done` : `${VERB_TEXT[verb]} ${what}`;
}

export function consequenceText({ what, provider, tasks, said }: Consequence, providers: Providers): string {
  const { name } = providerOf(providers, { provider });
  const which = `*${count(tasks, 'task')}* in ${name}`;
  switch (what) {
    case 'final':
      return `${which} cannot be taken back once ${tasks === 1 ? 'it has' : 'they have'} gone there.`;
    case 'skipped':
      return `${which}: ${name} skips ${tasks === 1 ? 'it' : 'them'} by itself before that time.`;
    case 'consequence': {
      const more = tasks > said.length && said.length > 1 ? ' And so on.' : '';
      return `${which}: ${said.map((sentence) => mrkdwn(sentence, LIMITS.confirmText)).join(' ')}${more}`;
    }
  }
}
