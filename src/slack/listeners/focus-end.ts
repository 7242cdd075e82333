/** The end of working through: shown with the last step, drawn again when everything has settled, and its buttons. */
import type { App, BlockAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { focusEnd, isSettledStep, notTakenBack } from '../../../blocks/focus-end.ts';
import { decodeSweepId } from '../../../blocks/focus-ids.ts';
import { ACTION } from '../../../blocks/ids.ts';
import { count } from '../../../blocks/text.ts';
import type { SweepResults, Sweeps } from '../../core/clicks/sweeps.ts';
import type { View, Views } from '../../core/digests/views.ts';
import type { RepKey } from '../../core/model/keys.ts';
import { taskOf } from '../../core/model/message.ts';
import type { Providers } from '../../core/ports/provider.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { Click } from '../transport/payloads.ts';
import { isOpen } from './focus-steps.ts';
import type { ActionArgs, Replies } from './replies.ts';

export interface EndParts {
  sweeps: Sweeps;
  views: Pick<Views, 'own'>;
  providers: Providers;
  replies: Replies;
  screen: Pick<SlackScreen, 'refresh' | 'windows'>;
  wake(): void;
}

export function createFocusEnd(parts: EndParts) {
  const { sweeps, views, providers, replies, screen, wake } = parts;

  function draw(list: View, results: SweepResults | undefined, said: readonly string[]): ModalView {
    const left = list.message.items.filter(isOpen).map(taskOf);
    return focusEnd({ results, left, said }, providers, list.reader);
  }

  /** The window follows the sweep. It is drawn when everything has settled; `atOnce`: also now. */
  function keep(
    viewId: string,
    { rep, messageId, sweepId, said }: { rep: RepKey; messageId: string; sweepId: string; said: readonly string[] },
    shown?: ModalView,
  ): void {
    let isFirst = shown === undefined;
    screen.windows.keep(
      viewId,
      {
        messageId,
        shows: ({ teamId, userId }) => teamId === rep.teamId && userId === rep.userId,
        async draw() {
          const [list, results] = await Promise.all([views.own(rep, messageId), sweeps.results(rep, sweepId)]);
          if (!list || !results) return undefined;
          if (!isFirst && !results.actions.every(isSettledStep)) return undefined;
          isFirst = false;
          return draw(list, results, said);
        },
      },
      shown,
    );
    screen.windows.refresh(viewId);
  }

  /** Does something to the whole sweep, and shows the result in the window. */
  async function onAll(
    args: ActionArgs,
    act: (click: Click, sweepId: string) => Promise<string[] | undefined>,
  ): Promise<void> {
    const click = Click.parse(args.body);
    const sweepId = decodeSweepId(click.value) ?? '';
    const done = await replies.orNotRecorded(
      click.clicker,
      async () => ({ is: 'done', said: await act(click, sweepId) }) as const,
    );
    await args.ack();
    const said = done.is === 'not_recorded' ? [done.said] : done.said;
    const results = said && (await sweeps.results(click.clicker, sweepId));
    if (!said || !results || click.windowId === undefined) {
      return replies.tellRefusal(click.clicker, { why: 'unknown_row' }, undefined);
    }
    wake();
    keep(click.windowId, { rep: click.clicker, messageId: results.sweep.messageId, sweepId, said });
  }

  return {
    of(list: View, sweepId: string | undefined, results: SweepResults | undefined, said: readonly string[]) {
      const view = draw(list, results, said);
      const { id: messageId, teamId, userId } = list.message;
      return {
        view,
        /** From now on the window is drawn again when everything has settled. */
        keep(viewId: string): void {
          if (sweepId !== undefined) keep(viewId, { rep: { teamId, userId }, messageId, sweepId, said }, view);
        },
      };
    },
    register(app: App): void {
      app.action<BlockAction>(ACTION.focusUndo, (args) =>
        onAll(args, async ({ clicker }, sweepId) => {
          const counts = await sweeps.undoAll(clicker, sweepId);
          return counts && notTakenBack(counts);
        }),
      );
      app.action<BlockAction>(ACTION.focusRetry, (args) =>
        onAll(args, async ({ clicker }, sweepId) => {
          const number = await sweeps.retryFailed(clicker, sweepId);
          // The press before this one has sent them.
          if (number === 0) return [];
          return number === undefined ? undefined : [`${count(number, 'task')} sent again.`];
        }),
      );
    },
  };
}
