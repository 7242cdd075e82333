/** App Home, published when it is opened and after changes. */
import type { App, BlockAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { homeView, outsideHome, strangerHome } from '../../../blocks/home.ts';
import { ACTION, decodeHomeList, type HomeList } from '../../../blocks/ids.ts';
import type { Lists } from '../../core/digests/listing.ts';
import type { View, Views } from '../../core/digests/views.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { Click } from '../transport/payloads.ts';
import { withRetries } from '../transport/retry.ts';
import type { Replies } from './replies.ts';

export type Home = ReturnType<typeof createHome>;

interface HomeParts {
  people: Pick<People, 'identify' | 'accounts' | 'readerOf' | 'isOutside' | 'admins'>;
  lists: Pick<Lists, 'make'>;
  screen: Pick<SlackScreen, 'refresh'>;
  client: WebClient;
}

/** Lists the rep's tasks again; the screen publishes the result. */
export function createHome({ people, lists, screen, client }: HomeParts) {
  return {
    async show(key: RepKey, by: HomeList = 'all'): Promise<void> {
      if (await people.isOutside(key)) {
        const view = outsideHome(people.admins);
        await withRetries(() => client.views.publish({ user_id: key.userId, view }));
        return;
      }
      const { rep, links, unreachable } = await people.identify(key);
      if (links.length === 0) {
        const view = strangerHome(await people.accounts(rep), unreachable, await people.readerOf(rep));
        await withRetries(() => client.views.publish({ user_id: rep.userId, view }));
        return;
      }
      const request = { kind: 'home', filter: { by }, priority: 'person' } as const;
      screen.refresh((await lists.make(rep, request)).id);
    },
  };
}

export function registerHome(app: App, home: Home, replies: Pick<Replies, 'orApologise'>): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab === 'home') await home.show({ teamId: body.team_id, userId: event.user });
  });
  app.action<BlockAction>(ACTION.homeList, async ({ ack, body }) => {
    const { clicker, value } = Click.parse(body);
    await ack();
    await replies.orApologise(clicker, undefined, () => home.show(clicker, decodeHomeList(value)));
  });
}

interface PublishDeps {
  views: Pick<Views, 'newestHome'>;
  people: Pick<People, 'accounts'>;
  providers: Providers;
  client: WebClient;
}

/** Home shows only the newest list. */
export async function publishHome({ views, people, providers, client }: PublishDeps, view: View): Promise<void> {
  const { message, rep, reader } = view;
  if ((await views.newestHome(rep)) !== message.id) return;
  const home = homeView(view, providers, await people.accounts(rep), reader);
  await client.views.publish({ user_id: rep.userId, view: home });
}
