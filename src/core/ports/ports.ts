/** All ports of core. A use case names those that it needs: `Pick<Ports, 'store' | 'clock'>`. */
import type { Calendar } from './calendar.ts';
import type { Circle } from './circle.ts';
import type { Directory } from './directory.ts';
import type { Groups } from './groups.ts';
import type { Meter } from './meter.ts';
import type { Presence } from './presence.ts';
import type { Providers } from './provider.ts';
import type { Queue } from './queue.ts';
import type { Clock, Log, Secrets } from './runtime.ts';
import type { Screen } from './screen.ts';
import type { Store } from './store.ts';

export interface Ports {
  store: Store;
  queue: Queue;
  providers: Providers;
  screen: Screen;
  directory: Directory;
  groups: Groups;
  calendar: Calendar;
  presence: Presence;
  /** Only they are linked and written to. undefined: everyone is. */
  pilot: Circle | undefined;
  /** The organisation of Enterprise Grid that the workspace belongs to. undefined: none, or not known. */
  organisation?: string | undefined;
  /** undefined: the workspace's admins and owners. */
  admins: Circle | undefined;
  clock: Clock;
  log: Log;
  meter: Meter;
  random: () => number;
  secrets: Secrets;
}
