/** Controls that belong to a list as a whole: more rows, asking again, and what Home offers. */
import type { App, BlockAction } from '@slack/bolt';
import { ACTION, decodePage } from '../../blocks/ids.ts';
import { settingsModal } from '../../blocks/settings-modal.ts';
import { makeList, refreshList } from '../core/listing.ts';
import type { RepKey } from '../core/types.ts';
import type { SlackContext } from './context.ts';
import { Click } from './payloads.ts';
import { type ActionArgs, orApologise, respondOf, tellRefusal } from './replies.ts';
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
  // The digest stays where it is; a list gives way to its next page.
  await context.screen.answer(id, args.respond, { replace: message.kind === 'list' });
  // The response_url of a click on the digest replaces the digest, so only that of a list is kept for the new list.
  if (message.kind === 'list') context.screen.reachable(id, args.respond);
}

async function askAgain(context: SlackContext, args: ActionArgs, click: Click): Promise<void> {
  const own = await ownMessage(context, click);
  const respond = respondOf(args);
  if (!own) return tellRefusal(context, click.clicker, { why: 'unknown_row' }, respond);
  if (respond) context.screen.reachable(own.message.id, respond);
  await refreshList(context, own.rep, own.message.id, 'person');
  context.screen.refresh(own.message.id);
}

export async function openSettings(context: SlackContext, key: RepKey, triggerId: string): Promise<void> {
  const { rep } = await identify(context, key);
  const { schedule } = await accountState(context, rep);
  await context.client.views.open({ trigger_id: triggerId, view: settingsModal(schedule, rep.zone) });
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
