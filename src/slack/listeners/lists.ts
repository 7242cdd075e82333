/** Buttons of a whole list: pages, refresh, settings. */
import type { App, BlockAction } from '@slack/bolt';
import { ACTION, decodeMessageId, decodePage } from '../../../blocks/ids.ts';
import type { Lists } from '../../core/digests/listing.ts';
import type { View, Views } from '../../core/digests/views.ts';
import type { People } from '../../core/people/people.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { Click } from '../transport/payloads.ts';
import { type ActionArgs, type Replies, respondOf } from './replies.ts';
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
  on(ACTION.next, (args, click) => showPage(parts, args, click));
  on(ACTION.previous, (args, click) => showPage(parts, args, click));
  // Of older versions: the list is made anew, with all its pages.
  on(ACTION.more, (args, click) => askAgain(parts, args, click));
  on(ACTION.unfold, (args, click) => unfold(parts, args, click));
  on(ACTION.refresh, (args, click) => askAgain(parts, args, click));
  on(ACTION.settings, (_, { clicker, triggerId }) => openSettings(parts, clicker, triggerId));
}

/** In the same message: a copy would fall behind, and the count of the day with it. */
async function showPage(parts: ListParts, args: ActionArgs, click: Click): Promise<void> {
  const page = decodePage(click.value);
  const own = await ownView(parts, args, click, page?.messageId);
  if (!own || !page) return;
  const { rep, message } = own;
  parts.replies.keepResponseUrl(args, message.id);
  await parts.lists.turn(rep, message, page.start);
  parts.screen.refresh(message.id);
}

async function unfold(parts: ListParts, args: ActionArgs, click: Click): Promise<void> {
  const own = await ownView(parts, args, click, click.value);
  if (!own) return;
  const { rep, message } = own;
  parts.replies.keepResponseUrl(args, message.id);
  await parts.lists.unfold(rep, message);
  parts.screen.refresh(message.id);
}

async function askAgain(parts: ListParts, args: ActionArgs, click: Click): Promise<void> {
  const [messageId] = click.value?.split('.') ?? [];
  const own = await ownView(parts, args, click, messageId);
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
  { clicker }: Click,
  messageId: string | undefined,
): Promise<View | undefined> {
  const known = decodeMessageId(messageId);
  const view = known && (await views.own(clicker, known));
  if (view) return view;
  await replies.tellRefusal(clicker, { why: 'unknown_row' }, respondOf(args));
  return undefined;
}
