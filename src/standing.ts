/** How all the workspaces that are served stand, for `/readyz` and the metrics. */
import type { ProviderId } from './core/model/keys.ts';
import type { Workspaces } from './workspaces.ts';

export function createStanding({ each }: Pick<Workspaces, 'each'>) {
  const accepted = () => each().map(({ client: { watch } }) => watch.isFine());
  return {
    /** Slack accepts the token of one of them at least: the others' trouble is not everyone's. True where there is none. */
    isOneAccepted(): boolean {
      const all = accepted();
      return all.length === 0 || all.includes(true);
    },
    isEachAccepted: () => !accepted().includes(false),
    /** Of each provider: one of its circuits is open. */
    circuits(): Map<ProviderId, boolean> {
      const open = new Map<ProviderId, boolean>();
      for (const { circuits } of each()) {
        for (const [id, circuit] of circuits) open.set(id, open.get(id) === true || circuit.outage() !== undefined);
      }
      return open;
    },
  };
}
