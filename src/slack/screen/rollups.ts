/** Posts weekly roll-ups, to a channel or a person. */
import type { Rendered } from '../../../blocks/elements.ts';
import type { Room } from '../../../blocks/limits.ts';
import { rollupMessage } from '../../../blocks/rollup.ts';
import { announcement } from '../../../blocks/rollup-words.ts';
import type { Rollup } from '../../core/model/rollup.ts';
import type { Screen } from '../../core/ports/screen.ts';
import { withRetries } from '../transport/retry.ts';
import type { ScreenDeps } from './edits.ts';

type RollupScreen = Pick<Screen, 'announceRollup' | 'postRollup'>;

export function createRollupScreen({ client, fit, people }: ScreenDeps): RollupScreen {
  /** As the admin reads times, in the roll-up's own zone. */
  const readerOf = async ({ teamId, by, zone }: Pick<Rollup, 'teamId' | 'by' | 'zone'>) => ({
    ...(await people.readerOf({ teamId, userId: by })),
    zone,
  });
  const post = (to: string, content: Rendered) =>
    client.chat.postMessage({ channel: to, unfurl_links: false, unfurl_media: false, ...content });
  return {
    async announceRollup(rollup) {
      const content = announcement(rollup, await readerOf(rollup));
      await withRetries(() => post(rollup.to, content));
    },
    async postRollup(report) {
      const reader = await readerOf(report.rollup);
      const render = (room: Room) => rollupMessage(report, reader, room);
      await fit.send(render, (content) => post(report.rollup.to, content));
    },
  };
}
