/** The ports and the use cases that several listeners and handlers share. */
import type { Config } from './config.ts';
import { createLists, type Lists } from './core/digests/listing.ts';
import { lookSoon } from './core/digests/looks.ts';
import { createViews, type Views } from './core/digests/views.ts';
import type { HookDeps } from './core/digests/webhooks.ts';
import type { Circuit } from './core/jobs/circuit.ts';
import type { ProviderId, RepKey } from './core/model/keys.ts';
import { createPeople, type People } from './core/people/people.ts';
import { createSaveRep, type SaveRep } from './core/people/reps.ts';
import { createSignIns, type SignIns } from './core/people/sign-in.ts';
import type { SyncMark } from './core/people/sync.ts';
import type { Ports } from './core/ports/ports.ts';
import { consentPath, hookPath, startPath } from './http/server.ts';
import { publishHome } from './slack/listeners/home.ts';
import type { ScreenDeps } from './slack/screen/edits.ts';
import { createFit } from './slack/screen/fit.ts';
import { createScreen, type SlackScreen } from './slack/screen/screen.ts';
import type { WatchedClient } from './slack/transport/client.ts';

type Outside = Omit<Ports, 'screen'> & {
  config: Config;
  circuits: ReadonlyMap<ProviderId, Circuit>;
  client: WatchedClient;
  backgroundEdits?: ScreenDeps['backgroundEdits'];
  isPaced?: ScreenDeps['isPaced'];
  turn?: ScreenDeps['turn'];
  sharePace: ScreenDeps['sharePace'];
  others: ScreenDeps['others'];
  /** False: what is recorded here now would be done at a wrong time. */
  mayRecord(): boolean;
  syncMark: SyncMark['syncMark'];
  /** The full address of a path of ours. */
  address(path: string): string;
  /** Of a workspace that installed the app: its webhooks have an address of their own. */
  installed: string | undefined;
};

export type UseCases = Ports &
  Pick<HookDeps, 'hookUrl'> &
  Pick<Outside, 'mayRecord'> &
  SyncMark & {
    screen: SlackScreen;
    people: People;
    views: Views;
    lists: Lists;
    signIns: SignIns;
    saveRep: SaveRep;
    undoWindowMs: number;
  };

export function createUseCases(outside: Outside): UseCases {
  const { config, circuits, client, backgroundEdits, isPaced, turn, sharePace, others, address, installed, ...ports } =
    outside;
  const { providers, clock, log } = ports;
  const saveRep = createSaveRep({ ...ports, defaultDigestTime: config.defaultDigestTime });
  const people = createPeople({ ...ports, saveRep, circuits });
  const views = createViews(ports);
  const fit = createFit(log);
  // Rows of the digest are compared with what the rep is about to see.
  const noteRead = (rep: RepKey) => {
    lookSoon(ports, rep).catch((error) => log.warn({ err: error, rep: rep.userId }, 'a digest is compared later'));
  };
  const home = { views, people, providers, client };
  return {
    ...ports,
    saveRep,
    people,
    views,
    screen: createScreen({
      ...home,
      fit,
      clock,
      log,
      backgroundEdits,
      isPaced,
      sharePace,
      others,
      ...(turn && { turn }),
      publishHome: (view) => publishHome(home, view),
    }),
    lists: createLists({ ...ports, ranking: config.ranking, noteRead }),
    signIns: createSignIns({
      ...ports,
      urls: {
        start: (provider: ProviderId) => address(startPath(provider)),
        callback: (provider: ProviderId) => address(consentPath(provider)),
      },
    }),
    undoWindowMs: config.undoWindowMs,
    hookUrl: (provider) => (config.publicUrl === undefined ? undefined : address(hookPath(provider, installed))),
  };
}
