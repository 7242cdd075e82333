/** Acts on many tasks: the window, its question, and the buttons of the message with the progress. */
import type { App, BlockAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { refusedModal } from '../../../blocks/edit-modals.ts';
import { INVALID } from '../../../blocks/form-errors.ts';
import { ACTION, BLOCK, decodeActionId, decodeMessageId, VIEW } from '../../../blocks/ids.ts';
import { nothingToDo, SWEEP_REFUSED } from '../../../blocks/sweep-errors.ts';
import { decodeOffer, decodeSweep, decodeWhat, decodeWhich, type WhatChoice } from '../../../blocks/sweep-ids.ts';
import { sweepModal, sweepSureModal } from '../../../blocks/sweep-modal.ts';
import type { AskedSweep, SweepResult } from '../../core/clicks/act-on-many.ts';
import type { Which } from '../../core/clicks/plan-sweep.ts';
import type { Sweeps } from '../../core/clicks/sweeps.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { SweepChange } from '../../core/model/sweep.ts';
import { MINUTE } from '../../core/model/time.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { SHOW_UNDERWAY_AFTER_MS, type SlackScreen } from '../screen/screen.ts';
import { Click, type Inputs, Submission } from '../transport/payloads.ts';
import { type ActionArgs, type Replies, respondOf } from './replies.ts';

interface SweepParts {
  sweeps: Sweeps;
  people: Pick<People, 'readerOf'>;
  providers: Providers;
  replies: Replies;
  screen: Pick<SlackScreen, 'refresh'>;
  wake(): void;
  log: Log;
}

export function registerSweep(app: App, parts: SweepParts): void {
  app.action<BlockAction>(ACTION.sweep, async (args) => {
    const click = Click.parse(args.body);
    await openSweep(parts, args, click, { messageId: decodeMessageId(click.value) });
  });
  app.action<BlockAction>(ACTION.offer, async (args) => {
    const click = Click.parse(args.body);
    await openSweep(parts, args, click, decodeOffer(click.value) ?? { messageId: undefined });
  });
  app.action<BlockAction>(ACTION.sweepUndo, (args) => onButton(parts, args, parts.sweeps.undoAll));
  app.action<BlockAction>(ACTION.sweepRetry, (args) => onButton(parts, args, parts.sweeps.retryFailed));
  app.view(VIEW.sweep, async ({ ack, body }) => {
    const { submitter, viewId, metadata, inputs } = Submission.parse(body);
    const asked = readForm(decodeMessageId(metadata), inputs);
    if ('errors' in asked) return ack({ response_action: 'errors', errors: asked.errors });
    await submit(
      parts,
      submitter,
      { ...asked, key: viewId, sure: false },
      {
        done: () => ack(),
        ask: (view) => ack({ response_action: 'update', view }),
        refuse: (text) => ack({ response_action: 'errors', errors: { [BLOCK.which]: text } }),
      },
    );
  });
  app.view(VIEW.sweepSure, async ({ ack, body }) => {
    const { submitter, viewId, metadata } = Submission.parse(body);
    const target = decodeSweep(metadata);
    const ask = (view: ModalView) => ack({ response_action: 'update', view });
    const refuse = (text: string) => ask(refusedModal('Nothing was changed', text));
    if (!target) return refuse(SWEEP_REFUSED.unknown_list);
    await submit(parts, submitter, { ...target, key: viewId, sure: true }, { done: () => ack(), ask, refuse });
  });
}

async function openSweep(
  parts: SweepParts,
  args: ActionArgs,
  click: Click,
  { messageId, which }: { messageId: string | undefined; which?: Which },
): Promise<void> {
  const { sweeps, people, providers, replies } = parts;
  const draft = messageId === undefined ? undefined : await sweeps.draft(click.clicker, messageId, which);
  await args.ack();
  if (!draft) return replies.tellRefusal(click.clicker, { why: 'unknown_row' }, respondOf(args));
  replies.keepResponseUrl(args, draft.messageId);
  if (draft.choices.length === 0) return replies.tell(click.clicker, respondOf(args), SWEEP_REFUSED.none_open);
  const reader = await people.readerOf(click.clicker);
  await replies.openModal(args, click, sweepModal(draft, providers, reader));
}

/** What the rep chose, or the errors beside the fields. */
function readForm(
  messageId: string | undefined,
  inputs: Inputs,
): Pick<AskedSweep, 'messageId' | 'which' | 'change'> | { errors: Record<string, string> } {
  const ticked = (inputs[BLOCK.ticks]?.selected_options ?? []).map(({ value }) => decodePosition(value));
  const chosen = decodeWhich(inputs[BLOCK.which]?.selected_option?.value);
  const which: Which | undefined = ticked.length > 0 ? { by: 'rows', positions: ticked } : chosen;
  if (!messageId || !which) return { errors: { [BLOCK.which]: SWEEP_REFUSED.unknown_list } };
  const what = decodeWhat(inputs[BLOCK.what]?.selected_option?.value);
  if (!what) return { errors: { [BLOCK.what]: INVALID.choice } };
  const until = inputs[BLOCK.until]?.selected_date_time ?? undefined;
  const change = changeOf(what, until);
  return 'errors' in change ? change : { messageId, which, change };
}

/** A position that no row has is left out by the plan. */
function decodePosition(value: string): number {
  return /^(0|[1-9]\d{0,8})$/.test(value) ? Number(value) : -1;
}

/** What is filled in is what was meant: a time that would not be used is asked about (invariant 13). */
function changeOf(what: WhatChoice, until: number | undefined): SweepChange | { errors: Record<string, string> } {
  const isUsed = 'dueAt' in what && what.dueAt === undefined;
  if (!isUsed && until !== undefined) return { errors: { [BLOCK.until]: SWEEP_REFUSED.two_times } };
  if (!('dueAt' in what)) return what;
  if (what.dueAt !== undefined) return { verb: what.verb, dueAt: what.dueAt };
  if (until === undefined) return { errors: { [BLOCK.until]: INVALID.time } };
  return { verb: what.verb, dueAt: Math.floor((until * 1_000) / MINUTE) * MINUTE };
}

interface Answer {
  done(): Promise<void>;
  ask(view: ModalView): Promise<void>;
  refuse(text: string): Promise<void>;
}

async function submit(parts: SweepParts, submitter: RepKey, asked: AskedSweep, answer: Answer): Promise<void> {
  const { sweeps, people, providers, replies, screen, wake, log } = parts;
  const result = await replies.orNotRecorded<SweepResult>(submitter, () => sweeps.act(submitter, asked));
  if (result.is === 'not_recorded') return answer.refuse(result.said);
  if (result.is === 'asks') {
    const reader = await people.readerOf(submitter);
    return answer.ask(sweepSureModal(asked.messageId, result.plan, providers, reader));
  }
  if (result.is === 'refused') {
    log.info({ why: result.why, rep: submitter.userId }, 'sweep refused');
    return answer.refuse(result.why === 'nothing' ? nothingToDo(result.leftOut, providers) : SWEEP_REFUSED[result.why]);
  }
  await answer.done();
  wake();
  screen.refresh(asked.messageId, SHOW_UNDERWAY_AFTER_MS);
}

/** Undo all and Retry: recorded, acknowledged; the message tells what came of it. */
async function onButton(
  { replies, wake }: SweepParts,
  args: ActionArgs,
  record: (clicker: RepKey, sweepId: string) => Promise<unknown>,
): Promise<void> {
  const { clicker, value } = Click.parse(args.body);
  const sweepId = decodeActionId(value);
  const result = await replies.orNotRecorded(clicker, async () => {
    return { is: 'recorded', found: sweepId === undefined ? undefined : await record(clicker, sweepId) } as const;
  });
  // Without an acknowledgement Slack shows an error, and we explain it.
  if (result.is === 'not_recorded') return replies.tell(clicker, respondOf(args), result.said);
  await args.ack();
  if (result.found === undefined) return replies.tell(clicker, respondOf(args), SWEEP_REFUSED.not_yours);
  wake();
}
