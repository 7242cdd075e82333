/** Controls by which a rep asks for another list: in Home, and in the message that a list is. */
import type { App, BlockAction } from '@slack/bolt';
import { LONGEST_SEARCH } from '../../../blocks/list-asks.ts';
import { ASK, type Asked, decodeAsked } from '../../../blocks/query-ids.ts';
import type { Lists } from '../../core/digests/listing.ts';
import type { Views } from '../../core/digests/views.ts';
import { asked, queryOf } from '../../core/model/filter.ts';
import type { Filter } from '../../core/model/message.ts';
import type { Query } from '../../core/model/query.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { Click } from '../transport/payloads.ts';
import type { Home } from './home.ts';
import { type ActionArgs, type Replies, respondOf } from './replies.ts';

interface AskParts {
  home: Home;
  lists: Pick<Lists, 'ask'>;
  views: Pick<Views, 'own'>;
  replies: Replies;
  screen: Pick<SlackScreen, 'refresh'>;
}

export function registerAsks(app: App, parts: AskParts): void {
  app.action<BlockAction>(new RegExp(`^(?:${Object.values(ASK).join('|')})$`), async (args) => {
    const click = Click.parse(args.body);
    await args.ack();
    await parts.replies.orApologise(click.clicker, respondOf(args), () => ask(parts, args, click));
  });
}

/** Home becomes another message, because only the newest is shown; any other list stays where it is. */
async function ask({ home, lists, views, replies, screen }: AskParts, args: ActionArgs, click: Click): Promise<void> {
  const meant = decodeAsked(click);
  const own = meant && (await views.own(click.clicker, meant.messageId));
  if (!own) return replies.tellRefusal(click.clicker, { why: 'unknown_row' }, respondOf(args));
  const { message, rep } = own;
  const query = queryAfter(message.summary.filter, meant);
  if (message.kind === 'home') return home.show(rep, { by: 'query', query });
  replies.keepResponseUrl(args, message.id);
  await lists.ask(rep, message, query);
  screen.refresh(message.id);
}

function queryAfter(filter: Filter, meant: Asked): Query {
  const query = queryOf(filter) ?? {};
  if ('ask' in meant) return asked(query, meant.ask);
  if ('all' in meant) return query.sort === undefined ? {} : { sort: query.sort };
  return asked(query, { part: 'text', to: readTyped(meant.text) });
}

/** What stands in the search field is searched; an empty field ends the search. */
function readTyped(typed: string): Query {
  const text = typed.trim().slice(0, LONGEST_SEARCH);
  return text === '' ? {} : { text };
}
