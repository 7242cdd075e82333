/**
 * Work through: one window, one task after another, a choice for each. A submission is recorded and answered with the
 * next step in its acknowledgement, so that a step costs no call of Slack.
 */
import type { App, BlockAction, ViewResponseAction } from '@slack/bolt';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { decodeChoice, decodeFocus, type FocusState, findFocusBlock } from '../../../blocks/focus-ids.ts';
import { INVALID } from '../../../blocks/form-errors.ts';
import { ACTION, decodeMessageId, VIEW } from '../../../blocks/ids.ts';
import { plainRefusal } from '../../../blocks/refusals.ts';
import { type Focus, type Meaning, meaningOf } from '../../core/clicks/focus.ts';
import type { ClickResult, Refusal } from '../../core/clicks/record.ts';
import { dueAtOf } from '../../core/model/action.ts';
import type { Change } from '../../core/model/capabilities.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { Click, Submission } from '../transport/payloads.ts';
import { createFocusEnd, type EndParts } from './focus-end.ts';
import { createFocusSteps, type Stepped } from './focus-steps.ts';
import { type ActionArgs, respondOf } from './replies.ts';

export interface FocusParts extends EndParts {
  focus: Focus;
  clock: Clock;
}

type Submitted = ReturnType<typeof Submission.parse>;

/** The answer to a submission, and what is left to do once it is given. */
interface Answer {
  say: ViewResponseAction;
  after?(): void;
}

const TITLE = 'Work through';
const UNKNOWN = { why: 'unknown_row' } as const satisfies Refusal;
/** The task of a step was closed while the rep thought about it. */
const CLOSED: Refusal = { why: 'overtaken', by: undefined };

export function registerFocus(app: App, parts: FocusParts): void {
  const end = createFocusEnd(parts);
  const steps = createFocusSteps(parts);
  app.action<BlockAction>(ACTION.focus, async (args) => {
    const click = Click.parse(args.body);
    await args.ack();
    await open(parts, args, click, steps);
  });
  app.view(VIEW.focus, async ({ ack, body }) => {
    const submitted = Submission.parse(body);
    const state = decodeFocus(submitted.metadata);
    if (!state) return ack({ response_action: 'clear' });
    const { say, after } = await answer({ ...parts, steps, end }, submitted, state);
    await ack(say);
    after?.();
  });
  end.register(app);
}

async function open(
  { views, replies }: FocusParts,
  args: ActionArgs,
  click: Click,
  steps: ReturnType<typeof createFocusSteps>,
): Promise<void> {
  const messageId = decodeMessageId(click.value);
  const list = messageId === undefined ? undefined : await views.own(click.clicker, messageId);
  if (!list) return replies.tellRefusal(click.clicker, UNKNOWN, respondOf(args));
  replies.keepResponseUrl(args, list.message.id);
  await replies.openModal(args, click, steps.first(list) ?? refusedModal(TITLE, 'Nothing in this list is open.'));
}

interface Answering extends FocusParts {
  steps: ReturnType<typeof createFocusSteps>;
  end: ReturnType<typeof createFocusEnd>;
}

async function answer(parts: Answering, submitted: Submitted, state: FocusState): Promise<Answer> {
  const { inputs, submitter } = submitted;
  const ids = Object.keys(inputs);
  const [choiceId, timeId] = [findFocusBlock('choice', ids), findFocusBlock('time', ids)];
  if (choiceId === undefined) return { say: { response_action: 'clear' } };
  const choice = decodeChoice(inputs[choiceId]?.selected_option?.value);
  if (!choice) return errorAt(choiceId, INVALID.choice);
  const picked = timeId === undefined ? undefined : (inputs[timeId]?.selected_date_time ?? undefined);
  const meaning = meaningOf(choice, picked === undefined ? undefined : picked * 1_000, parts.clock());
  switch (meaning.is) {
    case 'refused':
      return errorAt(timeId ?? choiceId, meaning.why === 'past' ? INVALID.past : INVALID.noTime);
    case 'which':
    case 'back':
      return again(parts, submitted, state, meaning);
    case 'leave':
      return goOn(parts, submitted, { state, change: undefined, sweep: state.sweep });
    case 'change': {
      const sure = state.sure !== undefined && state.sure === dueAtOf(meaning);
      const { ref } = state;
      const result = await parts.replies.orNotRecorded(submitter, () =>
        parts.focus.change(submitter, submitted.viewId, { ref, change: meaning.change, skippedFirst: sure }),
      );
      if (result.is === 'not_recorded') return errorAt(choiceId, result.said);
      return recorded(parts, submitted, { state, change: meaning.change, result });
    }
  }
}

function errorAt(blockId: string, text: string): Answer {
  return { say: { response_action: 'errors', errors: { [blockId]: text } } };
}

/** The same step once more: to choose again, or with a question. */
async function again(
  parts: Answering,
  submitted: Submitted,
  state: FocusState,
  question: Extract<Meaning, { is: 'which' | 'back' }>,
): Promise<Answer> {
  const { views, steps } = parts;
  const list = await views.own(submitted.submitter, state.ref.messageId);
  const view = list && (question.is === 'which' ? steps.which(list, state, question) : steps.same(list, state, []));
  if (view) return update(view);
  return list
    ? goOn(parts, submitted, { state, change: undefined, sweep: state.sweep, refusal: CLOSED })
    : gone(parts, UNKNOWN);
}

function update(view: Extract<ViewResponseAction, { response_action: 'update' }>['view'], after?: () => void): Answer {
  return { say: { response_action: 'update', view }, ...(after && { after }) };
}

/** These refusals name no time, so it does not matter in which zone they are read. */
function gone({ clock }: Answering, refused: typeof UNKNOWN | { why: 'not_yours' }): Answer {
  return update(refusedModal(TITLE, plainRefusal(refused, { now: clock(), zone: 'UTC' })));
}

interface Recorded {
  state: FocusState;
  change: Change;
  result: ClickResult & { sweepId?: string };
}

async function recorded(parts: Answering, submitted: Submitted, { state, change, result }: Recorded): Promise<Answer> {
  const sweep = result.sweepId ?? state.sweep;
  if (result.is !== 'refused')
    return goOn(parts, submitted, { state, change, sweep, isRepeated: result.is === 'repeated' });
  const { refusal } = result;
  if (refusal.why === 'unknown_row' || refusal.why === 'not_yours') return gone(parts, refusal);
  const list = await parts.views.own(submitted.submitter, state.ref.messageId);
  if (!list) return gone(parts, UNKNOWN);
  const asked = parts.steps.refused(list, state, { change, refusal });
  return asked ? update(asked) : goOn(parts, submitted, { state, change, sweep, refusal });
}

/** The next step, or the end. */
async function goOn(parts: Answering, submitted: Submitted, stepped: Stepped): Promise<Answer> {
  const { submitter, viewId } = submitted;
  const { views, sweeps, steps, end, focus, screen, wake } = parts;
  const { messageId } = stepped.state.ref;
  const list = await views.own(submitter, messageId);
  if (!list) return gone(parts, UNKNOWN);
  const next = steps.next(list, stepped);
  if ('view' in next) {
    return update(next.view, () => {
      wake();
      // The message is behind the window. One that only a click's few edits can reach is kept for the end.
      if (list.message.posted && next.number % STEPS_PER_EDIT === 0) screen.refresh(messageId, 0);
    });
  }
  if (stepped.sweep !== undefined) await focus.leave(submitter, stepped.sweep);
  const results = stepped.sweep === undefined ? undefined : await sweeps.results(submitter, stepped.sweep);
  const last = end.of(list, stepped.sweep, results, next.said);
  return update(last.view, () => {
    last.keep(viewId);
    wake();
  });
}

const STEPS_PER_EDIT = 5;
