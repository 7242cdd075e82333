/** The handler of each kind of job. */
import { createHandler } from './core/clicks/follow-up.ts';
import { performHandler } from './core/clicks/perform.ts';
import { showHandler } from './core/clicks/settle.ts';
import { sweepHandler } from './core/clicks/sweep-progress.ts';
import { undoHandler } from './core/clicks/undo.ts';
import { aheadHandler } from './core/digests/ahead.ts';
import { closeHandler } from './core/digests/close.ts';
import { nudgeHandler } from './core/digests/nudges.ts';
import { changedHandler, reconcileHandler } from './core/digests/reconcile.ts';
import { postHandler, returnHandler } from './core/digests/returns.ts';
import { digestHandler } from './core/digests/send.ts';
import { hookHandler } from './core/digests/webhooks.ts';
import { welcomeHandler } from './core/digests/welcome.ts';
import type { WorkspaceHandlers } from './core/jobs/kinds.ts';
import { notifyHandler } from './core/jobs/notices.ts';
import { renewHandler } from './core/people/grants.ts';
import { rollupHandler } from './core/people/rollup-send.ts';
import { linkHandler } from './core/people/sync.ts';
import type { UseCases } from './use-cases.ts';

export function createHandlers(uses: UseCases): WorkspaceHandlers {
  return {
    perform: performHandler(uses),
    undo: undoHandler(uses),
    show: showHandler(uses.screen),
    sweep: sweepHandler(uses),
    create: createHandler(uses),
    notify: notifyHandler(uses),
    digest: digestHandler(uses),
    ahead: aheadHandler(uses),
    welcome: welcomeHandler(uses),
    return: returnHandler(uses),
    close: closeHandler(uses),
    nudge: nudgeHandler(uses),
    post: postHandler(uses),
    changed: changedHandler(uses),
    reconcile: reconcileHandler(uses),
    hook: hookHandler(uses),
    rollup: rollupHandler(uses),
    link: linkHandler(uses),
    renew: renewHandler(uses),
  };
}
