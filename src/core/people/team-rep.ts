/** One rep for an admin: everything that answers "why did I get none?", a reminder to connect, and a test digest. */

import { openTools } from '../digests/listing.ts';
import type { Digests } from '../digests/send.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import type { Run } from '../model/digest.ts';
import type { RepKey } from '../model/keys.ts';
import type { LinkEvent, Rep } from '../model/people.ts';
import type { TeamRep } from '../model/team.ts';
import { DAY, localDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { OffSwitch } from '../ports/store.ts';
import type { AccountState } from './accounts.ts';
import { isAdmin } from './decide.ts';
import { readTeamReps } from './team-reps.ts';

export interface RepReport {
  rep: TeamRep;
  /** undefined: nothing is known of them but why they are not linked. */
  accounts: AccountState | undefined;
  /** The last ones, newest first. */
  runs: readonly Run[];
  events: readonly LinkEvent[];
  off: OffSwitch | undefined;
  isOutside: boolean;
}

interface TeamRepDeps
  extends Pick<Ports, 'store' | 'queue' | 'providers' | 'directory' | 'admins' | 'pilot' | 'clock'> {
  people: { accounts(rep: Rep): Promise<AccountState> };
  digests: Pick<Digests, 'sendNow'>;
}

const RUNS_SHOWN = 7;
const EVENTS_SHOWN = 5;

export type TeamDesk = ReturnType<typeof createTeamDesk>;

/** Each asks Slack first whether `by` is an admin: undefined if not. */
export function createTeamDesk(deps: TeamRepDeps) {
  const asAdmin = async <T>(by: RepKey, work: () => Promise<T>) => ((await isAdmin(deps, by)) ? work() : undefined);
  return {
    reps: (by: RepKey) => asAdmin(by, () => readTeamReps(deps, by.teamId)),
    /** `nobody`: no rep, and no member whom a tool knows. */
    report: (by: RepKey, userId: string) => asAdmin(by, () => report(deps, { teamId: by.teamId, userId })),
    /** `connected`: there is nothing to sign in to. */
    remind: (by: RepKey, userId: string) => asAdmin(by, () => remind(deps, by, { teamId: by.teamId, userId })),
    /** To the rep, not to the admin. Throws `DeliveryError`. */
    sendTest: (by: RepKey, userId: string) => asAdmin(by, () => sendTest(deps, { teamId: by.teamId, userId })),
  };
}

async function report(deps: TeamRepDeps, key: RepKey): Promise<RepReport | 'nobody'> {
  const { store, clock, pilot } = deps;
  const rep = (await readTeamReps(deps, key.teamId)).find(({ userId }) => userId === key.userId);
  if (!rep) return 'nobody';
  const known = await store.reps.find(key);
  const accounts = known && (await deps.people.accounts(known));
  const since = localDate(clock() - RUNS_SHOWN * DAY, known?.zone ?? 'UTC');
  const isOutside = pilot !== undefined && !(await pilot.includes({ userId: key.userId, email: known?.email }));
  return {
    rep,
    accounts,
    runs: (await store.runs.since(key, since)).toReversed(),
    events: await store.people.events(key.teamId, { limit: EVENTS_SHOWN, userId: key.userId }),
    off: await store.workspaces.offSwitch(key.teamId),
    isOutside,
  };
}

/** Once a day at most, whoever asks. */
async function remind(deps: TeamRepDeps, by: RepKey, key: RepKey): Promise<'asked' | 'connected' | 'nobody'> {
  const rep = await deps.store.reps.find(key);
  if (!rep?.active) return 'nobody';
  const tools: { provider: string; name: string }[] = [];
  for (const tool of await openTools(deps, key)) {
    const held = await deps.store.connections.find(key, tool.provider);
    if (!held || held.ended) tools.push(tool);
  }
  if (tools.length === 0) return 'connected';
  const day = localDate(deps.clock(), rep.zone);
  const notice = { about: 'remind', tools, by: by.userId } as const;
  await enqueueNotice(deps, { key: `remind:${key.teamId}:${key.userId}:${day}`, to: key, notice });
  return 'asked';
}

async function sendTest(deps: TeamRepDeps, key: RepKey): Promise<'sent' | 'unlinked' | 'outside'> {
  const rep = await deps.store.reps.find(key);
  if (!rep?.active || (await deps.store.links.of(key)).length === 0) return 'unlinked';
  if (deps.pilot && !(await deps.pilot.includes(rep))) return 'outside';
  await deps.digests.sendNow(rep);
  return 'sent';
}
