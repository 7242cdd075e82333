/** The off switch of all digests, for admins. It is kept in the store, so that it outlives a restart. */
import type { RepKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';
import type { OffSwitch } from '../ports/store.ts';
import { isAdmin } from './decide.ts';

type SwitchDeps = Pick<Ports, 'store' | 'directory' | 'admins' | 'pilot' | 'clock' | 'log'>;

export interface SwitchState {
  /** undefined: digests come. */
  off: OffSwitch | undefined;
  /** Linked reps who have not paused their own digests. */
  reps: number;
}

export type DigestSwitch = ReturnType<typeof createDigestSwitch>;

/** Both ask Slack whether `by` is an admin, and return undefined if not. Both throw `DeliveryError`. */
export function createDigestSwitch(deps: SwitchDeps) {
  return {
    async look(by: RepKey): Promise<SwitchState | undefined> {
      return (await isAdmin(deps, by)) ? stateOf(deps, by.teamId) : undefined;
    },
    /** What is said already stays: whose press it was, and since when. */
    async turn(by: RepKey, to: 'off' | 'on'): Promise<SwitchState | undefined> {
      if (!(await isAdmin(deps, by))) return undefined;
      const { off } = await stateOf(deps, by.teamId);
      if ((to === 'off') !== (off !== undefined)) {
        const next = to === 'off' ? { by: by.userId, at: deps.clock() } : undefined;
        await deps.store.workspaces.switchDigests(by.teamId, next);
        deps.log.warn({ by: by.userId, team: by.teamId, digests: to }, 'an admin switched all digests');
      }
      return stateOf(deps, by.teamId);
    },
  };
}

async function stateOf({ store, pilot }: SwitchDeps, teamId: string): Promise<SwitchState> {
  const expecting = await store.schedules.expecting(teamId);
  const inPilot = pilot ? await Promise.all(expecting.map((rep) => pilot.includes(rep))) : expecting.map(() => true);
  return { off: await store.workspaces.offSwitch(teamId), reps: inPilot.filter(Boolean).length };
}
