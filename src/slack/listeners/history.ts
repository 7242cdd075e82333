/** `/tasks history`: a rep's own line of the ledger, page by page. */
import type { App, BlockAction } from '@slack/bolt';
import { HISTORY_COUNTED, HISTORY_DAYS, NO_SUCH_PAGE, renderHistory } from '../../../blocks/history.ts';
import { ACTION, decodeActionId } from '../../../blocks/ids.ts';
import type { Action } from '../../core/model/action.ts';
import type { Rep } from '../../core/model/people.ts';
import { DAY } from '../../core/model/time.ts';
import { Click } from '../transport/payloads.ts';
import type { Respond } from '../transport/respond.ts';
import type { SlackContext } from './context.ts';
import { orApologise, respondOf, tell } from './replies.ts';

export function registerHistory(app: App, context: SlackContext): void {
  app.action<BlockAction>(ACTION.older, async (args) => {
    const click = Click.parse(args.body);
    await args.ack();
    const respond = respondOf(args);
    await orApologise(context, click.clicker, respond, async () => {
      const rep = await context.store.reps.find(click.clicker);
      const after = rep && (await ownAction(context, rep, click.value));
      if (!after || !respond) return tell(context, click.clicker, respond, NO_SUCH_PAGE);
      await sayHistory(context, rep, respond, after);
    });
  });
}

/** A page that follows another takes its place. */
export async function sayHistory(context: SlackContext, rep: Rep, respond: Respond, after?: Action): Promise<void> {
  const now = context.clock();
  const actions = await context.store.ledger.history(rep, {
    since: now - HISTORY_DAYS * DAY,
    ...(after && { before: after }),
    limit: HISTORY_COUNTED + 1,
  });
  const content = renderHistory({ actions, after }, context.providers, { now, zone: rep.zone });
  await respond({ response_type: 'ephemeral', replace_original: after !== undefined, ...content });
}

/** What a button carries is never trusted for identity: another rep's action leads nowhere. */
async function ownAction(context: SlackContext, rep: Rep, value: unknown): Promise<Action | undefined> {
  const id = decodeActionId(value);
  const action = id ? await context.store.ledger.find(id) : undefined;
  return action?.teamId === rep.teamId && action.userId === rep.userId ? action : undefined;
}
