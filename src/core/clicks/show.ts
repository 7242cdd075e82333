/** Shows the outcome of a click, where the process died before that. */
import type { Handler } from '../jobs/kinds.ts';
import type { Screen } from '../ports/screen.ts';

export function showHandler(screen: Pick<Screen, 'showTask'>): Handler<'show'> {
  return async ({ kind: _, ...task }) => ({
    async run() {
      await screen.showTask(task);
      return {};
    },
  });
}
