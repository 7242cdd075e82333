/** `/tasks history`: a rep's actions, page by page. */
import type { App, BlockAction } from '@slack/bolt';
import { HISTORY_COUNTED, HISTORY_DAYS, NO_SUCH_PAGE, renderHistory } from '../../../blocks/history.ts';
import { ACTION, decodeActionId } from '../../../blocks/ids.ts';
import type { History } from '../../core/clicks/history.ts';
import type { Action } from '../../core/model/action.ts';
import type { Rep } from '../../core/model/people.ts';
import { DAY } from '../../core/model/time.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { Click } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import { type Replies, respondOf } from './replies.ts';

interface HistoryParts {
  history: History;
  providers: Providers;
  people: Pick<People, 'find'>;
  replies: Replies;
  clock: Clock;
}

export function registerHistory(app: App, parts: HistoryParts): void {
  const { history, people, replies } = parts;
  app.action<BlockAction>(ACTION.older, async (args) => {
    const { clicker, value } = Click.parse(args.body);
    await args.ack();
    const respond = respondOf(args);
    await replies.orApologise(clicker, respond, async () => {
      const rep = await people.find(clicker);
      const id = decodeActionId(value);
      const after = rep && id ? await history.own(rep, id) : undefined;
      if (!rep || !after || !respond) return replies.tell(clicker, respond, NO_SUCH_PAGE);
      await sayHistory(parts, rep, respond, after);
    });
  });
}

/** A later page replaces the earlier one. */
export async function sayHistory(
  { history, providers, clock }: Pick<HistoryParts, 'history' | 'providers' | 'clock'>,
  rep: Rep,
  respond: Respond,
  after?: Action,
): Promise<void> {
  const now = clock();
  const since = now - HISTORY_DAYS * DAY;
  const actions = await history.page(rep, { since, ...(after && { before: after }), limit: HISTORY_COUNTED + 1 });
  const content = renderHistory({ actions, after }, providers, { now, zone: rep.zone, locale: rep.locale });
  await respond({ response_type: 'ephemeral', replace_original: after !== undefined, ...content });
}
