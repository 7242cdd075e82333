/** Buttons under answers to typed lines: a slip that was meant otherwise, a question, Undo. */
import type { App, BlockAction } from '@slack/bolt';
import { undoneText } from '../../../blocks/ask-answers.ts';
import { type Answer, decodeAnswer, decodeLine } from '../../../blocks/ask-ids.ts';
import { ACTION } from '../../../blocks/ids.ts';
import { decodeRow } from '../../../blocks/row-ids.ts';
import type { Acted } from '../../core/ask/act.ts';
import { mayAct } from '../../core/ask/read.ts';
import type { UndoneLast } from '../../core/clicks/undo-last.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { LoadedMessage } from '../../core/model/message.ts';
import { Click } from '../transport/payloads.ts';
import { type AskParts, ask, once, shown } from './ask.ts';
import { type ActionArgs, respondOf } from './replies.ts';

export function registerAskButtons(app: App, parts: AskParts): void {
  app.action<BlockAction>(ACTION.askRun, (args) => run(parts, args));
  app.action<BlockAction>(ACTION.askSearch, (args) => run(parts, args));
  app.action<BlockAction>(ACTION.askConfirm, (args) => confirm(parts, args));
  app.action<BlockAction>(ACTION.askUndo, (args) => undo(parts, args));
}

/** The line is run as if it had been typed. */
async function run(parts: AskParts, args: ActionArgs): Promise<void> {
  const { clicker, triggerId, value } = Click.parse(args.body);
  const line = decodeLine(value);
  const ack = once(() => args.ack());
  if (line === undefined || !mayAct(line)) await ack();
  const respond = respondOf(args);
  if (line === undefined || !respond) return parts.replies.tellRefusal(clicker, { why: 'unknown_row' }, respond);
  const beside: typeof respond = (content) => respond({ replace_original: false, ...content });
  const show = (list: LoadedMessage) => parts.screen.answer(list, respond, { replace: false });
  const channel = { command: triggerId, place: 'messages', triggerId, respond: beside, show, ack } as const;
  await parts.replies.orApologise(clicker, beside, () => ask(parts, clicker, line, channel));
}

/** The question turns into its answer. */
async function confirm(parts: AskParts, args: ActionArgs): Promise<void> {
  const { clicker, triggerId, value } = Click.parse(args.body);
  const answer = decodeAnswer(value);
  const result = await parts.replies.orNotRecorded<Acted | UndoneLast>(clicker, () =>
    record(parts, clicker, answer, triggerId),
  );
  const respond = respondOf(args);
  if (result.is === 'not_recorded') return parts.replies.tell(clicker, respond, result.said);
  await args.ack();
  await parts.replies.orApologise(clicker, respond, async () => {
    const { text, blocks } = await shown(parts, clicker, result);
    await respond?.({ response_type: 'ephemeral', replace_original: true, text, blocks });
  });
}

async function record(
  { verbs }: AskParts,
  clicker: RepKey,
  answer: Answer | undefined,
  triggerId: string,
): Promise<Acted | UndoneLast> {
  if (!answer) return { is: 'refused', why: 'click', refusal: { why: 'unknown_row' } };
  if ('undo' in answer) return verbs.undoLast(clicker, { command: triggerId, actionId: answer.undo });
  return verbs.confirm(clicker, answer);
}

async function undo(parts: AskParts, args: ActionArgs): Promise<void> {
  const { replies, verbs, providers, screen, wake } = parts;
  const { clicker, value } = Click.parse(args.body);
  const ref = decodeRow(value);
  const respond = respondOf(args);
  const result = await replies.orNotRecorded(clicker, async () => ref && verbs.undoOf(clicker, ref));
  if (result && result.is === 'not_recorded') return replies.tell(clicker, respond, result.said);
  await args.ack();
  if (!result || !ref) return replies.tellRefusal(clicker, { why: 'unknown_row' }, respond);
  if (result.is === 'refused') return replies.tellRefusal(clicker, result.refusal, respond);
  wake();
  screen.refresh(ref.messageId, SHOW_AT_ONCE);
  const text = undoneText(result.action, providers);
  await replies.orApologise(clicker, respond, async () => {
    await respond?.({ response_type: 'ephemeral', replace_original: true, text, blocks: [] });
  });
}

const SHOW_AT_ONCE = 0;
