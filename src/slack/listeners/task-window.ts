/** Open… on a row: the window with everything that is known of its task, the task's controls, and its neighbours. */
import type { App, BlockAction } from '@slack/bolt';
import { presetsOf } from '../../../blocks/presets.ts';
import { providerOf } from '../../../blocks/providers.ts';
import { refusal } from '../../../blocks/refusals.ts';
import { decodeMenu, decodeRow, type MenuChoice, WINDOW_ACTION } from '../../../blocks/row-ids.ts';
import { taskWindow } from '../../../blocks/task-window.ts';
import type { Edits } from '../../core/clicks/edits.ts';
import type { ClickResult, Clicks, Refusal, Row, RowRef } from '../../core/clicks/record.ts';
import type { Views } from '../../core/digests/views.ts';
import { isSkippedBy } from '../../core/model/action-rules.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { taskOf } from '../../core/model/message.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import { SHOW_UNDERWAY_AFTER_MS, type SlackScreen } from '../screen/screen.ts';
import type { OpenWindow } from '../screen/windows.ts';
import { Click } from '../transport/payloads.ts';
import { openForm } from './edits.ts';
import { type ActionArgs, type Replies, respondOf, rowToOpen } from './replies.ts';
import { openWhen } from './when.ts';

interface OpenParts {
  clicks: Clicks;
  people: Pick<People, 'readerOf'>;
  replies: Replies;
  providers: Providers;
  views: Pick<Views, 'own'>;
  screen: Pick<SlackScreen, 'refresh' | 'windows'>;
}

interface WindowParts extends OpenParts {
  edits: Edits;
  wake(): void;
}

const UNKNOWN: Refusal = { why: 'unknown_row' };

export type TaskWindow = ReturnType<typeof createTaskWindow>;

export function createTaskWindow(parts: WindowParts) {
  return {
    open: (args: ActionArgs, click: Click, ref: RowRef) => openTask(parts, args, click, ref),
    register: (app: App) => registerTaskWindow(app, parts),
  };
}

async function openTask(parts: OpenParts, args: ActionArgs, click: Click, ref: RowRef): Promise<void> {
  const row = await rowToOpen(parts, args, click, ref);
  if (!row) return;
  const drawn = await draw(parts, click.clicker, ref);
  if (!drawn) return parts.replies.tellRefusal(click.clicker, UNKNOWN, respondOf(args));
  const viewId = await parts.replies.openModal(args, click, drawn.view);
  if (viewId !== undefined) keep(parts, viewId, click.clicker, { ref, task: drawn.task });
}

function registerTaskWindow(app: App, parts: WindowParts): void {
  app.action<BlockAction>(new RegExp(`^${WINDOW_ACTION}$`), async (args) => {
    const click = Click.parse(args.body);
    const to = decodeRow(click.value);
    const chosen = decodeMenu(click);
    if (to) return show(parts, args, click, { ref: to, orElse: UNKNOWN });
    if (chosen) return act(parts, args, click, chosen);
    await args.ack();
    await parts.replies.tellRefusal(click.clicker, UNKNOWN, undefined);
  });
}

type RowPlace = Pick<RowRef, 'messageId' | 'position'>;

/** undefined: the list or the row is not there for this person. */
async function draw({ views, providers }: OpenParts, who: RepKey, { messageId, position }: RowPlace, said?: string) {
  const list = await views.own(who, messageId);
  const rows = list?.message.items ?? [];
  const index = rows.findIndex((each) => each.position === position);
  const row = rows[index];
  if (!list || !row) return undefined;
  const reader = { ...list.reader, presets: presetsOf(list.reader) };
  const provider = providerOf(providers, row.task);
  return { task: row.task, view: taskWindow({ messageId, rows, index }, row, provider, { reader, said }) };
}

type Drawn = NonNullable<Awaited<ReturnType<typeof draw>>>;

/** From now on the window follows its task. */
function keep(
  parts: OpenParts,
  viewId: string,
  who: RepKey,
  { ref, task, said }: Pick<Drawn, 'task'> & { ref: RowPlace; said?: string | undefined },
): void {
  const window: OpenWindow = {
    messageId: ref.messageId,
    shows: ({ teamId, userId, provider, taskId }) =>
      teamId === who.teamId && userId === who.userId && provider === task.provider && taskId === task.id,
    draw: async () => (await draw(parts, who, ref, said))?.view,
  };
  parts.screen.windows.keep(viewId, window);
}

interface Shown {
  ref: RowPlace;
  /** Above the row: why a press changed nothing. */
  said?: string;
  /** Told in the conversation if the row cannot be shown. */
  orElse?: Refusal;
}

/** Acknowledges the press, and shows a row in the window that was pressed. */
async function show(parts: OpenParts, args: ActionArgs, click: Click, { ref, said, orElse }: Shown): Promise<void> {
  await args.ack();
  const { clicker, windowId } = click;
  const drawn = windowId === undefined ? undefined : await draw(parts, clicker, ref);
  if (windowId !== undefined && drawn) {
    keep(parts, windowId, clicker, { ref, task: drawn.task, said });
    parts.screen.windows.refresh(windowId);
  } else if (orElse) {
    await parts.replies.tellRefusal(clicker, orElse, undefined);
  }
}

type Chosen = { ref: RowRef; choice: MenuChoice };

async function act(parts: WindowParts, args: ActionArgs, click: Click, { ref, choice }: Chosen): Promise<void> {
  const found = await parts.clicks.row(click.clicker, ref);
  if ('refusal' in found) return sayRefusal(parts, args, click, { ref, is: 'refused', refusal: found.refusal });
  const { now } = await parts.people.readerOf(click.clicker);
  const form = formOf(choice, found.row, now);
  if (form === 'when') return openWhen(parts, args, click, whenOf(ref, choice));
  if (form !== undefined) return openForm(parts, args, click, { ref, form });
  const result = await parts.replies.orNotRecorded(click.clicker, () => record(parts, click, ref, choice));
  if (result.is === 'not_recorded') return show(parts, args, click, { ref, said: result.said });
  if (result.is === 'refused') return sayRefusal(parts, args, click, { ref, ...result });
  await show(parts, args, click, { ref });
  parts.wake();
  parts.screen.refresh(ref.messageId, SHOW_UNDERWAY_AFTER_MS);
}

/** What opens a window on top; the rest is recorded at once. A time after the provider skips the task is asked about. */
function formOf(choice: MenuChoice, { item }: Row, now: number) {
  if ('form' in choice) return choice.form;
  if ('does' in choice) return choice.does === 'reschedule' || choice.does === 'pick' ? 'when' : undefined;
  if (!('snooze' in choice)) return undefined;
  return choice.snooze > now && isSkippedBy(choice.snooze, taskOf(item)) ? 'when' : undefined;
}

function whenOf(ref: RowRef, choice: MenuChoice) {
  const verb = 'does' in choice && choice.does === 'reschedule' ? 'reschedule' : 'snooze';
  return { ref, verb, ...('snooze' in choice && { wanted: choice.snooze }) } as const;
}

async function record(
  { clicks }: WindowParts,
  { clicker }: Click,
  ref: RowRef,
  choice: MenuChoice,
): Promise<ClickResult> {
  if ('ending' in choice) return clicks.change(clicker, ref, { verb: 'done', ending: choice.ending });
  if ('snooze' in choice) return clicks.change(clicker, ref, { verb: 'snooze', dueAt: choice.snooze });
  switch ('does' in choice ? choice.does : undefined) {
    case 'done':
      return clicks.change(clicker, ref, { verb: 'done' });
    case 'dismiss':
      return clicks.change(clicker, ref, { verb: 'dismiss' });
    case 'undo':
      return clicks.undo(clicker, ref);
    case 'retry':
      return clicks.retry(clicker, ref);
    case 'another':
      return clicks.drop(clicker, ref);
    default:
      return { is: 'refused', refusal: UNKNOWN };
  }
}

/** Said in the window, above the row as it is now. */
async function sayRefusal(
  parts: WindowParts,
  args: ActionArgs,
  click: Click,
  { ref, refusal: refused }: Extract<ClickResult, { is: 'refused' }> & { ref: RowRef },
): Promise<void> {
  const text = refusal(refused, await parts.people.readerOf(click.clicker));
  await show(parts, args, click, { ref, said: text, orElse: refused });
  if (refused.why === 'overtaken') parts.screen.refresh(ref.messageId);
}
