/**
 * A line that a rep typed, wherever it was: behind `/tasks`, in the app's conversation, in the search field of Home. What
 * acts is recorded before it is acknowledged, as a click is.
 */
import type { App } from '@slack/bolt';
import { actedMessage, undoneMessage } from '../../../blocks/ask-answers.ts';
import { nearMessage, unclearMessage } from '../../../blocks/ask-words.ts';
import { type Rendered, section } from '../../../blocks/elements.ts';
import { outsideText } from '../../../blocks/pilot.ts';
import type { Acted, TypedVerbs } from '../../core/ask/act.ts';
import type { Asked } from '../../core/ask/asked.ts';
import { mayAct, readLine } from '../../core/ask/read.ts';
import type { Place } from '../../core/ask/seen-list.ts';
import type { UndoneLast } from '../../core/clicks/undo-last.ts';
import type { Views } from '../../core/digests/views.ts';
import type { Action } from '../../core/model/action.ts';
import { isHeldBack } from '../../core/model/action-rules.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { LoadedMessage } from '../../core/model/message.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { SHOW_UNDERWAY_AFTER_MS, type SlackScreen } from '../screen/screen.ts';
import { type Answering, answerList, type CommandParts, runCommand, toldStranger } from './commands.ts';
import { retrying } from './replies.ts';

export interface AskChannel extends Answering {
  /** The trigger or the message with which the line came: what it asks for is done once. */
  command: string;
  place: Place;
  /** Acknowledges the line; more often than once does no harm. */
  ack(): Promise<void>;
}

export interface AskParts extends CommandParts {
  verbs: TypedVerbs;
  views: Pick<Views, 'latestAction'>;
  screen: Pick<SlackScreen, 'answer' | 'refresh' | 'showTask'>;
  /** Wakes the worker after a job was written. */
  wake(): void;
  log: Log;
}

export function registerAsk(app: App, parts: AskParts): void {
  app.command('/tasks', async ({ ack, command, respond: respondOnce }) => {
    const key = { teamId: command.team_id, userId: command.user_id };
    const respond = retrying(respondOnce);
    const show = (list: LoadedMessage) => parts.screen.answer(list, respond, { replace: false });
    const { trigger_id: triggerId, text } = command;
    const channel = { command: triggerId, place: 'messages', triggerId, respond, show, ack: once(ack) } as const;
    // What changes nothing at a provider is not recorded first.
    if (!mayAct(text)) await channel.ack();
    await parts.replies.orApologise(key, respond, () => ask(parts, key, text, channel));
  });
}

export function once(ack: () => Promise<void>): () => Promise<void> {
  let acked: Promise<void> | undefined;
  return () => {
    acked ??= ack();
    return acked;
  };
}

export async function ask(parts: AskParts, key: RepKey, line: string, channel: AskChannel): Promise<void> {
  const time = await parts.people.readerOf(key);
  const tools = [...parts.providers.values()].map(({ id, name }) => ({ id, name }));
  const asked = readLine(line, { tools, time });
  // Admins look after a pilot that they may not be in.
  const isForAdmins = asked.is === 'command' && (asked.word === 'team' || asked.word === 'tools');
  const outside = isForAdmins ? undefined : await parts.people.outside(key);
  if (outside) {
    await channel.ack();
    const text = outsideText(outside);
    return say(channel, { text, blocks: [section(text)] });
  }
  if (asked.is === 'act' || asked.is === 'undo') return change(parts, key, asked, { ...channel, zone: time.zone });
  await channel.ack();
  switch (asked.is) {
    case 'command':
      return runCommand(parts, key, asked, channel);
    case 'list':
      return answerList(parts, key, asked.query, channel);
    case 'near':
      return say(channel, nearMessage(asked));
    case 'unclear':
      return say(channel, unclearMessage(asked, time));
  }
}

async function change(
  parts: AskParts,
  key: RepKey,
  asked: Extract<Asked, { is: 'act' | 'undo' }>,
  channel: AskChannel & { zone: string },
): Promise<void> {
  const { verbs, replies } = parts;
  const result = await replies.orNotRecorded<Acted | UndoneLast>(key, () =>
    asked.is === 'act' ? verbs.act(key, asked, channel) : verbs.undoLast(key, channel),
  );
  // Without an acknowledgement Slack shows an error, and we explain it.
  if (result.is === 'not_recorded') return replies.tell(key, channel.respond, result.said);
  await channel.ack().catch((error: unknown) => {
    // It is recorded and goes on; Slack shows the rep an error.
    parts.log.warn({ err: error }, 'could not acknowledge a command');
  });
  const isNobody = (result.is === 'refused' && result.why === 'no_list') || result.is === 'not undone';
  if (isNobody && (await toldStranger(parts, key, channel))) return;
  await say(channel, await shown(parts, key, result));
}

/** Starts what was recorded, and says what came of it. */
export async function shown(parts: AskParts, key: RepKey, result: Acted | UndoneLast): Promise<Rendered> {
  const { people, providers, screen, wake } = parts;
  const reader = () => people.readerOf(key);
  switch (result.is) {
    case 'recorded': {
      wake();
      screen.refresh(result.ref.messageId, SHOW_UNDERWAY_AFTER_MS);
      const action = await settledSoon(parts, result.action);
      return actedMessage({ ...result, action }, providers, await reader());
    }
    case 'swept':
      wake();
      screen.refresh(result.sweep.messageId, SHOW_UNDERWAY_AFTER_MS);
      return actedMessage(result, providers, await reader());
    case 'asks':
    case 'repeated':
    case 'refused':
      return actedMessage(result, providers, await reader());
    case 'undone': {
      wake();
      const action = await settledSoon(parts, result.action);
      if (action.state === 'undone') await screen.showTask(action);
      return undoneMessage({ ...result, action }, providers, await reader());
    }
    default:
      wake();
      return undoneMessage(result, providers, await reader());
  }
}

const LOOKS = 12;
const BETWEEN_LOOKS_MS = 120;

/** A tool mostly answers within the second, and then the answer says what came of it. */
async function settledSoon({ views }: AskParts, action: Action): Promise<Action> {
  let latest: Action = action;
  for (let look = 0; look < LOOKS; look += 1) {
    if (isHeldBack(latest) || (latest.state !== 'queued' && latest.state !== 'undoing')) return latest;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
    const now = await views.latestAction(action);
    if (now?.id !== action.id) return latest;
    latest = now;
  }
  return latest;
}

async function say({ respond }: AskChannel, { text, blocks }: Rendered): Promise<void> {
  await respond({ response_type: 'ephemeral', text, blocks });
}
