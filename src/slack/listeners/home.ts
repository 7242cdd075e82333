/** App Home, published when it is opened and after changes. */
import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { homeView, outsideHome, strangerHome } from '../../../blocks/home.ts';
import type { Lists } from '../../core/digests/listing.ts';
import type { View, Views } from '../../core/digests/views.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Filter } from '../../core/model/message.ts';
import type { Rep } from '../../core/model/people.ts';
import { localDate } from '../../core/model/time.ts';
import type { People } from '../../core/people/people.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { withRetries } from '../transport/retry.ts';

export type Home = ReturnType<typeof createHome>;

interface HomeParts {
  people: Pick<People, 'identify' | 'accounts' | 'readerOf' | 'outside'>;
  lists: Pick<Lists, 'make'>;
  views: Pick<Views, 'newestHome' | 'own'>;
  screen: Pick<SlackScreen, 'refresh'>;
  client: WebClient;
}

/** Lists the rep's tasks again; the screen publishes the result. */
export function createHome({ people, lists, views, screen, client }: HomeParts) {
  /** What they chose today is still wanted; another day begins with everything. */
  async function filterOf(rep: Rep): Promise<Filter> {
    const newest = await views.newestHome(rep);
    const { message, reader } = (newest && (await views.own(rep, newest))) || {};
    const isOfToday = message && reader && message.summary.localDate === localDate(reader.now, reader.zone);
    return isOfToday ? message.summary.filter : { by: 'all' };
  }

  const home = {
    /** `filter`: what was chosen just now. */
    async show(key: RepKey, filter?: Filter): Promise<void> {
      const outside = await people.outside(key);
      if (outside) {
        const view = outsideHome(outside);
        await withRetries(() => client.views.publish({ user_id: key.userId, view }));
        return;
      }
      const { rep, links, unreachable } = await people.identify(key);
      if (links.length === 0) {
        const view = strangerHome(await people.accounts(rep), unreachable, await people.readerOf(rep));
        await withRetries(() => client.views.publish({ user_id: rep.userId, view }));
        return;
      }
      const request = { kind: 'home', filter: filter ?? (await filterOf(rep)), priority: 'person' } as const;
      screen.refresh((await lists.make(rep, request)).id);
    },
    /** After a change that its tasks do not show. A rep who has never opened it gets none. */
    async update(key: RepKey): Promise<void> {
      if ((await views.newestHome(key)) !== undefined) await home.show(key);
    },
  };
  return home;
}

export function registerHome(app: App, home: Home): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab === 'home') await home.show({ teamId: body.team_id, userId: event.user });
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
