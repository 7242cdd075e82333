/**
 * Open windows that show what becomes of tasks. Each is drawn again, whole, when something about it has changed. In
 * memory only, so best effort: after a restart a window stands as it is, and its next press is answered as always.
 */
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { TaskKey } from '../../core/model/keys.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { withRetries } from '../transport/retry.ts';
import { createRenderQueue } from './render-queue.ts';

export interface OpenWindow {
  messageId: string;
  shows(task: TaskKey): boolean;
  /** The window as it should be now. undefined: it stays as it is. */
  draw(): Promise<ModalView | undefined>;
}

export type Windows = ReturnType<typeof createWindows>;

/** Slack does not tell of every window that is gone. */
const MOST_WINDOWS = 1_000;

export function createWindows({ client, log }: { client: WebClient; log: Log }) {
  const open = new Map<string, OpenWindow>();
  /** Window id -> what Slack shows, so that nothing is sent twice. */
  const shown = new Map<string, string>();
  const queue = createRenderQueue(render, log);

  async function render(viewId: string): Promise<void> {
    const view = await open.get(viewId)?.draw();
    if (!view) return;
    const content = JSON.stringify(view);
    if (shown.get(viewId) === content) return;
    try {
      await withRetries(() => client.views.update({ view_id: viewId, view }));
      if (open.has(viewId)) shown.set(viewId, content);
    } catch (error) {
      log.info({ err: toDeliveryError(error) }, 'a window was closed, or could not be drawn again');
      forget(viewId);
    }
  }

  function forget(viewId: string): void {
    open.delete(viewId);
    shown.delete(viewId);
  }

  function refreshWhere(isMeant: (window: OpenWindow) => boolean, delayMs = 0): void {
    for (const [viewId, window] of open) if (isMeant(window)) queue.schedule(viewId, delayMs);
  }

  return {
    /** `view`: what Slack shows now, if it is known. */
    keep(viewId: string, window: OpenWindow, view?: ModalView): void {
      forget(viewId);
      open.set(viewId, window);
      if (view) shown.set(viewId, JSON.stringify(view));
      for (const oldest of open.keys()) {
        if (open.size <= MOST_WINDOWS) break;
        forget(oldest);
      }
    },
    forget,
    refresh: (viewId: string) => queue.schedule(viewId, 0),
    refreshOfMessage: (messageId: string, delayMs: number) =>
      refreshWhere((window) => window.messageId === messageId, delayMs),
    refreshOfTask: (task: TaskKey) => refreshWhere((window) => window.shows(task)),
    idle: queue.idle,
    close: queue.close,
  };
}
