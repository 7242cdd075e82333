/** Controls by which a rep asks for another list: in Home, and in the message that a list is. */
import type { App, BlockAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { ASK, type Asked, decodeAsked } from '../../../blocks/query-ids.ts';
import { mayAct, readLine } from '../../core/ask/read.ts';
import type { Lists } from '../../core/digests/listing.ts';
import type { Digests } from '../../core/digests/send.ts';
import type { Views } from '../../core/digests/views.ts';
import { asked, queryOf } from '../../core/model/filter.ts';
import type { Query } from '../../core/model/query.ts';
import { Click } from '../transport/payloads.ts';
import { type AskParts, ask, once } from './ask.ts';
import type { Home } from './home.ts';
import { type ActionArgs, respondOf } from './replies.ts';
import { inConversation } from './typed.ts';

interface ControlParts extends AskParts {
  home: Home;
  lists: Pick<Lists, 'make' | 'ask'>;
  views: Pick<Views, 'own' | 'newestHome' | 'latestAction'>;
  digests: Digests;
  client: WebClient;
}

export function registerAsks(app: App, parts: ControlParts): void {
  const actions = Object.values(ASK).filter((action) => action !== ASK.text);
  app.action<BlockAction>(new RegExp(`^(?:${actions.join('|')})$`), async (args) => {
    const click = Click.parse(args.body);
    await args.ack();
    await parts.replies.orApologise(click.clicker, respondOf(args), () => choose(parts, args, click));
  });
  app.action<BlockAction>(ASK.text, (args) => search(parts, args));
}

/** Home becomes another message, because only the newest is shown; any other list stays where it is. */
async function choose(parts: ControlParts, args: ActionArgs, click: Click): Promise<void> {
  const { home, lists, views, replies, screen } = parts;
  const meant = decodeAsked(click);
  const own = meant && (await views.own(click.clicker, meant.messageId));
  if (!own) return replies.tellRefusal(click.clicker, { why: 'unknown_row' }, respondOf(args));
  const { message, rep } = own;
  const query = queryAfter(queryOf(message.summary.filter) ?? {}, meant);
  if (message.kind === 'home') return home.show(rep, { by: 'query', query });
  replies.keepResponseUrl(args, message.id);
  await lists.ask(rep, message, query);
  screen.refresh(message.id);
}

function queryAfter(query: Query, meant: Asked): Query {
  if ('ask' in meant) return asked(query, meant.ask);
  return query.sort === undefined ? {} : { sort: query.sort };
}

/**
 * What is typed in Home is a line like any other. A list is shown there, within what is chosen; what else it comes to is
 * answered in the app's conversation, because Home has no place for an answer.
 */
async function search(parts: ControlParts, args: ActionArgs): Promise<void> {
  const { views, people, providers, replies, home, client, digests } = parts;
  const click = Click.parse(args.body);
  const { clicker, triggerId } = click;
  const ack = once(() => args.ack());
  const line = (click.value ?? '').trim();
  if (!mayAct(line)) await ack();
  await replies.orApologise(clicker, undefined, async () => {
    const newest = await views.newestHome(clicker);
    const own = newest === undefined ? undefined : await views.own(clicker, newest);
    if (!own) return replies.tellRefusal(clicker, { why: 'unknown_row' }, undefined);
    const { text: _, ...query } = queryOf(own.message.summary.filter) ?? {};
    const tools = [...providers.values()].map(({ id, name }) => ({ id, name }));
    const read = readLine(line, { tools, time: await people.readerOf(clicker) });
    if (line === '' || read.is === 'list') {
      await ack();
      return home.show(own.rep, {
        by: 'query',
        query: { ...query, ...(line !== '' && 'query' in read && read.query) },
      });
    }
    const respond = inConversation(client, clicker.userId);
    await ask(parts, clicker, line, { command: triggerId, place: 'home', triggerId, respond, show: digests.post, ack });
  });
}
