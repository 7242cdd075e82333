/** Controls that belong to a list as a whole: more rows, asking again, and what Home offers. */
import type { App, BlockAction } from '@slack/bolt';
import { ACTION, decodePage } from '../../../blocks/ids.ts';
import { settingsModal } from '../../../blocks/settings-modal.ts';
import { makeList, refreshList } from '../../core/digests/listing.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { patiently, TRIGGER_LIVES } from '../transport/patience.ts';
import { Click } from '../transport/payloads.ts';
import type { SlackContext } from './context.ts';
import { type ActionArgs, noteReachable, orApologise, patient, respondOf, tellRefusal } from './replies.ts';
import { accountState, identify } from './reps.ts';

export function registerLists(app: App, context: SlackContext): void {
  const on = (action: string, work: (args: ActionArgs, click: Click) => Promise<void>) =>
    app.action<BlockAction>(action, async (args) => {
      const click = Click.parse(args.body);
      await args.ack();
      await orApologise(context, click.clicker, respondOf(args), () => work(args, click));
    });
  on(ACTION.more, (args, click) => showMore(context, args, click));
  on(ACTION.refresh, (args, click) => askAgain(context, args, click));
  on(ACTION.settings, (_, { clicker, triggerId }) => openSettings(context, clicker, triggerId));
}

async function showMore(context: SlackContext, args: ActionArgs, click: Click): Promise<void> {
  const own = await ownMessage(context, click);
  if (!own) return tellRefusal(context, click.clicker, { why: 'unknown_row' }, respondOf(args));
  const { rep, message, shown } = own;
  // Where no row fitted, the next page begins where this one does.
  const after = shown === 0 ? message.summary.after : message.items[shown - 1]?.task;
  const kind = message.kind === 'home' ? 'home' : 'list';
  const id = await makeList(context, rep, { kind, filter: message.summary.filter, after, priority: 'person' });
  if (kind === 'home') return context.screen.refresh(id);
  // What was posted stays where it is; a list that only the rep sees gives way to its next page.
  const replace = message.posted === undefined;
  await context.screen.answer(id, patient(args.respond), { replace });
  // The response_url of a click on a posted message replaces that, so it is of no use to the new list.
  if (replace) noteReachable(context, args, id);
}

async function askAgain(context: SlackContext, args: ActionArgs, click: Click): Promise<void> {
  const own = await ownMessage(context, click);
  const respond = respondOf(args);
  if (!own) return tellRefusal(context, click.clicker, { why: 'unknown_row' }, respond);
  noteReachable(context, args, own.message.id);
  await refreshList(context, own.rep, own.message.id, 'person');
  context.screen.refresh(own.message.id);
}

export async function openSettings(context: SlackContext, key: RepKey, triggerId: string): Promise<void> {
  const { rep } = await identify(context, key);
  const { schedule } = await accountState(context, rep);
  const view = settingsModal(schedule, rep.zone);
  await patiently(() => context.client.views.open({ trigger_id: triggerId, view }), TRIGGER_LIVES);
}

/** A message may only be asked for by the rep whose tasks it shows. */
async function ownMessage(context: SlackContext, { clicker, value }: Click) {
  const page = decodePage(value);
  const message = page ? await context.store.messages.load(page.messageId) : undefined;
  const rep = await context.store.reps.find(clicker);
  if (!message || !rep || message.teamId !== clicker.teamId || message.userId !== clicker.userId) return undefined;
  // Fewer than are stored, where Slack took no larger message; more, where the list was asked for anew since.
  const shown = Math.min(page?.shown ?? message.items.length, message.items.length);
  return { message, rep, shown };
}
