/** Controls that belong to a list as a whole: more rows, asking again, and what Home offers. */
import type { App, BlockAction } from '@slack/bolt';
import { ACTION, decodeMessageId } from '../../blocks/ids.ts';
import { settingsModal } from '../../blocks/settings-modal.ts';
import { makeList, refreshList } from '../core/listing.ts';
import type { RepKey } from '../core/types.ts';
import type { SlackContext } from './context.ts';
import { showHome } from './home.ts';
import { Click } from './payloads.ts';
import { accountState, identify } from './reps.ts';

export function registerLists(app: App, context: SlackContext): void {
  app.action<BlockAction>(ACTION.more, async ({ ack, body, respond }) => {
    const { clicker, value } = Click.parse(body);
    await ack();
    const own = await ownMessage(context, clicker, value);
    if (!own) return;
    const { rep, message } = own;
    const offset = message.summary.offset + message.items.length;
    const kind = message.kind === 'home' ? 'home' : 'list';
    const id = await makeList(context, rep, { kind, filter: message.summary.filter, offset, priority: 'person' });
    if (kind === 'home') return context.screen.refresh(id);
    // The digest stays where it is; a list gives way to its next page.
    await context.screen.answer(id, respond, { replace: message.kind === 'list' });
    context.screen.reachable(id, respond);
  });

  app.action<BlockAction>(ACTION.refresh, async ({ ack, body, respond }) => {
    const { clicker, value } = Click.parse(body);
    await ack();
    const own = await ownMessage(context, clicker, value);
    if (!own) return;
    if (body.response_url) context.screen.reachable(own.message.id, respond);
    await refreshList(context, own.rep, own.message.id);
    context.screen.refresh(own.message.id);
  });

  app.action<BlockAction>(ACTION.connect, async ({ ack, body }) => {
    const { clicker } = Click.parse(body);
    await ack();
    await identify(context, clicker, { again: true, fresh: true });
    await showHome(context, clicker);
  });

  app.action<BlockAction>(ACTION.settings, async ({ ack, body }) => {
    const { clicker, triggerId } = Click.parse(body);
    await ack();
    await openSettings(context, clicker, triggerId);
  });
}

export async function openSettings(context: SlackContext, key: RepKey, triggerId: string): Promise<void> {
  const { rep } = await identify(context, key);
  const { schedule } = await accountState(context, rep);
  await context.client.views.open({ trigger_id: triggerId, view: settingsModal(schedule, rep.zone) });
}

/** A message may only be asked for by the rep whose tasks it shows. */
async function ownMessage(context: SlackContext, clicker: RepKey, value: unknown) {
  const id = decodeMessageId(value);
  const message = id ? await context.store.messages.load(id) : undefined;
  const rep = await context.store.reps.find(clicker);
  if (!message || !rep || message.teamId !== clicker.teamId || message.userId !== clicker.userId) return undefined;
  return { message, rep };
}
