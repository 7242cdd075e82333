/** The work of each minute and each day, for all workspaces that are served. */
import { resumeRefusedKeys } from './core/clicks/resume.ts';
import { beginDay, prune, syncAtStart } from './core/daily.ts';
import { createAhead } from './core/digests/ahead.ts';
import { createWatch } from './core/digests/deliveries.ts';
import { retireDigests } from './core/digests/retire.ts';
import { claimDueDigests } from './core/digests/send.ts';
import { enqueueHookChecks } from './core/digests/webhooks.ts';
import { welcomeReps } from './core/digests/welcome.ts';
import { DAY } from './core/model/time.ts';
import { claimDueRollups } from './core/people/rollup-send.ts';
import type { Ports } from './core/ports/ports.ts';
import type { SharedNotes } from './core/ports/shared-notes.ts';
import { createOnce } from './jobs/once.ts';
import { createTick } from './jobs/tick.ts';
import type { Workspace } from './workspace.ts';
import type { Workspaces } from './workspaces.ts';

interface MinuteDeps extends Pick<Ports, 'store' | 'queue' | 'clock' | 'log'> {
  retentionMs: number;
  /** Of several processes. */
  notes: SharedNotes | undefined;
  workspaces: Workspaces;
  /** Of installs whose tokens end. undefined: they are not renewed. */
  renewTokens: (() => Promise<void>) | undefined;
  /** Counts the calls of tools with what other processes have counted. */
  shareBudgets(): Promise<void>;
  /** False: the clock is wrong. */
  mayWork(): boolean;
  isStopping(): boolean;
  /** False: Docket is stopping. */
  pause(ms: number): Promise<boolean>;
  /** Says how often what was not logged has happened. */
  sumUp(): void;
  wake(): void;
}

/** After every sixteen claims of digests. */
const CLAIMS_PAUSE_MS = 50;

export function createMinute(deps: MinuteDeps) {
  const { store, clock, log, notes, workspaces, isStopping, pause } = deps;
  const retiring = createRetiring(deps);
  const once = notes ? createOnce({ notes, clock, pause }) : (work: () => Promise<void>) => work();
  const lateWatch = createWatch(deps);
  const planAhead = createAhead(deps);
  let pruning: Promise<void> | undefined;
  let renewing: Promise<void> | undefined;

  /** True on the day's first call in all processes. Deleting old rows takes seconds, and nothing waits for it. */
  async function daily({ uses }: Workspace, team: string): Promise<boolean> {
    if (!(await beginDay(uses, team))) return false;
    pruning ??= Promise.all([prune(deps, deps.retentionMs), notes?.prune(DAY)])
      .then(() => undefined)
      .catch((error) => {
        if (!isStopping()) log.error({ err: error }, 'could not delete old rows');
      })
      .finally(() => {
        pruning = undefined;
      });
    return true;
  }

  /** Not awaited: Slack may be slow, and the tokens of now are good for hours. */
  function renew(): void {
    renewing ??= deps
      .renewTokens?.()
      .catch((error) => log.error({ err: error }, 'could not look for tokens that end'))
      .finally(() => {
        renewing = undefined;
      });
  }

  async function planOf(workspace: Workspace, team: string | undefined): Promise<number> {
    // Before the digests, because a digest without a tool moves to the next day.
    const welcomed = await welcomeReps(workspace.uses, team);
    return welcomed + (await claimDueDigests(workspace.uses, () => pause(CLAIMS_PAUSE_MS), team));
  }

  /** The minute's work for all processes. */
  async function minutely(): Promise<void> {
    renew();
    await store.consents.prune(clock());
    await store.installs.pruneStates(clock());
    let planned = 0;
    for (const { teamId: team, workspace } of workspaces.all()) {
      await daily(workspace, team);
      retiring.retire(workspace, team);
      // Alone it looks at everyone, in the order of the index.
      planned += await planOf(workspace, workspaces.isAlone() ? undefined : team);
    }
    planned += await claimDueRollups(deps);
    if (planned > 0) deps.wake();
    await planAhead();
    await lateWatch.look();
  }

  const tick = createTick({
    clock,
    log,
    async work() {
      for (const each of workspaces.each()) each.uses.screen.foldDue();
      if (!deps.mayWork()) return;
      await workspaces.refresh();
      await deps.shareBudgets();
      await once(minutely);
      deps.sumUp();
    },
  });

  return {
    tick,
    /** At the start of the process, for each workspace. */
    async begin(): Promise<void> {
      for (const { teamId: team, workspace } of workspaces.all()) {
        const { uses, markOf } = workspace;
        // The day's first start runs the daily sync anyway.
        if (!(await daily(workspace, team))) await syncAtStart(uses, team);
        await enqueueHookChecks(uses, team);
        await resumeRefusedKeys(uses, team, markOf);
      }
    },
    /** Resolves when nothing of what nobody waits for is under way. */
    async settled(): Promise<void> {
      await Promise.all([retiring.settled(), pruning, renewing]);
    },
  };
}

/** Takes the buttons off old digests. Not awaited: Slack's rate limit may make it slow. */
function createRetiring({ log, isStopping }: Pick<MinuteDeps, 'log' | 'isStopping'>) {
  const running = new Map<string, Promise<void>>();
  return {
    retire({ uses }: Workspace, team: string): void {
      if (running.has(team)) return;
      const work = retireDigests(uses, team, () => !isStopping())
        .catch((error) => log.error({ err: error }, 'could not take the buttons off old digests'))
        .finally(() => running.delete(team));
      running.set(team, work);
    },
    settled: () => Promise.all(running.values()),
  };
}
