/** Windows that were closed without being sent. Slack tells of those that ask for it. */
import type { App } from '@slack/bolt';
import { decodeFocus } from '../../../blocks/focus-ids.ts';
import { VIEW } from '../../../blocks/ids.ts';
import type { Focus } from '../../core/clicks/focus.ts';
import type { SlackScreen } from '../screen/screen.ts';
import { Closing } from '../transport/payloads.ts';

interface ClosedParts {
  focus: Pick<Focus, 'leave'>;
  screen: Pick<SlackScreen, 'windows'>;
  wake(): void;
}

export function registerClosed(app: App, { focus, screen, wake }: ClosedParts): void {
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body }) => {
    const { submitter, viewId, callback, metadata } = Closing.parse(body);
    screen.windows.forget(viewId);
    const sweepId = callback === VIEW.focus ? decodeFocus(metadata)?.sweep : undefined;
    // The message behind the window has waited for this.
    if (sweepId !== undefined) await focus.leave(submitter, sweepId);
    await ack();
    if (sweepId !== undefined) wake();
  });
}
