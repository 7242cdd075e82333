/** Keeps the tools of a workspace as the store has them, here and in the other processes. */
import type { Whose } from './connect-providers.ts';
import { resumeRefusedKeys } from './core/clicks/resume.ts';
import type { Signals } from './store/postgres/signals.ts';
import type { UseCases } from './use-cases.ts';
import type { WorkspaceTools } from './workspace-tools.ts';

interface FollowingDeps {
  uses: UseCases;
  tools: Pick<WorkspaceTools, 'follow' | 'markOf'>;
  whose: Whose;
  /** Of several processes. */
  others: Pick<Signals, 'onWord' | 'tell'> | undefined;
  wake(): void;
}

export function createFollowing({ uses, tools, whose, others, wake }: FollowingDeps) {
  const { queue, clock, log } = uses;
  const word = () => `tools ${whose.teamId()}`;

  async function followTools(): Promise<void> {
    const changed = await tools.follow();
    const teamId = whose.teamId();
    if (changed.length === 0 || teamId === undefined) return;
    await resumeRefusedKeys(uses, teamId, tools.markOf);
    for (const provider of changed) await queue.hasten(provider, clock(), teamId);
    wake();
  }

  others?.onWord((heard) => {
    if (heard !== word()) return;
    followTools().catch((error) => log.warn({ err: error, team: whose.teamId() }, 'a key counts a minute later'));
  });
  return {
    followTools,
    async followEverywhere(): Promise<void> {
      others?.tell(word());
      await followTools();
    },
  };
}
