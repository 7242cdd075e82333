/** App Home, published when someone opens it and whenever what it shows has changed. */
import type { App } from '@slack/bolt';
import { homeView, strangerHome } from '../../../blocks/home.ts';
import { makeList } from '../../core/digests/listing.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Rep } from '../../core/model/people.ts';
import type { LoadedMessage } from '../../core/ports/store.ts';
import { patiently } from '../transport/patience.ts';
import type { SlackContext } from './context.ts';
import { accountState, identify } from './reps.ts';

export function registerHome(app: App, context: SlackContext): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    await showHome(context, { teamId: body.team_id, userId: event.user });
  });
}

export async function showHome(context: SlackContext, key: RepKey): Promise<void> {
  const { rep, links, unreachable } = await identify(context, key);
  if (links.length === 0) {
    const reader = { now: context.clock(), zone: rep.zone };
    const view = strangerHome(await accountState(context, rep), unreachable, reader);
    await patiently(() => context.client.views.publish({ user_id: rep.userId, view }));
    return;
  }
  const request = { kind: 'home', filter: { by: 'all' }, after: undefined, priority: 'person' } as const;
  context.screen.refresh(await makeList(context, rep, request));
}

/** Only the newest list is what Home shows; a change to an older one needs no publishing. */
export async function publishHome(context: SlackContext, message: LoadedMessage, rep: Rep): Promise<void> {
  if ((await context.store.messages.newest(rep, 'home')) !== message.id) return;
  const reader = { now: context.clock(), zone: rep.zone };
  const view = homeView(message, context.providers, await accountState(context, rep), reader);
  await context.client.views.publish({ user_id: rep.userId, view });
}
