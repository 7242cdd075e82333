/** Buttons of a whole list: more rows, refresh, settings. */
import type { App, BlockAction } from '@slack/bolt';
import { ACTION, decodePage } from '../../../blocks/ids.ts';
import type { Lists } from '../../core/digests/listing.ts';
import type { View, Views } from '../../core/digests/views.ts';
import type { People } from '../../core/people/people.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { Click } from '../transport/payloads.ts';
import { type ActionArgs, type Replies, respondOf, retrying } from './replies.ts';
import { openSettings } from './settings.ts';

interface ListParts {
  lists: Lists;
  views: Pick<Views, 'own'>;
  people: People;
  replies: Replies;
  screen: SlackScreen;
}

export function registerLists(app: App, parts: ListParts): void {
  const on = (action: string, work: (args: ActionArgs, click: Click) => Promise<void>) =>
    app.action<BlockAction>(action, async (args) => {
      const click = Click.parse(args.body);
      await args.ack();
      await parts.replies.orApologise(click.clicker, respondOf(args), () => work(args, click));
    });
  on(ACTION.more, (args, click) => showMore(parts, args, click));
  on(ACTION.refresh, (args, click) => askAgain(parts, args, click));
  on(ACTION.settings, (_, { clicker, triggerId }) => openSettings(parts, clicker, triggerId));
}

async function showMore(parts: ListParts, args: ActionArgs, click: Click): Promise<void> {
  const own = await ownView(parts, args, click);
  if (!own) return;
  const { rep, message } = own;
  const { items, summary } = message;
  // May differ from the stored rows: Slack took fewer, or the list was refreshed.
  const shown = Math.min(own.shown ?? items.length, items.length);
  // If no row fitted, the next page begins where this one does.
  const after = shown === 0 ? summary.after : items[shown - 1]?.task;
  const kind = message.kind === 'home' ? 'home' : 'list';
  const next = await parts.lists.make(rep, { kind, filter: summary.filter, after, priority: 'person' });
  if (kind === 'home') return parts.screen.refresh(next.id);
  // A posted message stays; a list that only the rep sees is replaced by its next page.
  const replace = message.posted === undefined;
  await parts.screen.answer(next, retrying(args.respond), { replace });
  // A posted message's response_url cannot edit the new list.
  if (replace) parts.replies.keepResponseUrl(args, next.id);
}

async function askAgain(parts: ListParts, args: ActionArgs, click: Click): Promise<void> {
  const own = await ownView(parts, args, click);
  if (!own) return;
  const { id } = own.message;
  parts.replies.keepResponseUrl(args, id);
  await parts.lists.refresh(own.rep, id, 'person');
  parts.screen.refresh(id);
}

/** The clicker's own message; otherwise they get a refusal. */
async function ownView(
  { views, replies }: ListParts,
  args: ActionArgs,
  { clicker, value }: Click,
): Promise<(View & { shown: number | undefined }) | undefined> {
  const page = decodePage(value);
  const view = page && (await views.own(clicker, page.messageId));
  if (view) return { ...view, shown: page.shown };
  await replies.tellRefusal(clicker, { why: 'unknown_row' }, respondOf(args));
  return undefined;
}
