/** What every listener has at hand. Assembled once, in `src/app.ts`. */
import type { WebClient } from '@slack/web-api';
import type { ClickDeps } from '../../core/clicks/record.ts';
import type { DigestDeps } from '../../core/digests/send.ts';
import type { HookDeps } from '../../core/digests/webhooks.ts';
import type { Circuit } from '../../core/jobs/circuit.ts';
import type { ProviderId } from '../../core/model/keys.ts';
import type { ConsentDeps } from '../../core/people/sign-in.ts';
import type { LinkingDeps } from '../../core/people/sync.ts';
import type { SlackScreen } from '../screen/screen.ts';
import type { SignIns } from '../screen/sign-ins.ts';

export interface SlackContext extends ClickDeps, DigestDeps, LinkingDeps, ConsentDeps, HookDeps {
  screen: SlackScreen;
  client: WebClient;
  signIns: SignIns;
  /** Of the providers that are asked over the wire. */
  circuits: ReadonlyMap<ProviderId, Circuit>;
  /** Tells the worker that a job was just written, so that it does not wait for its next look. */
  wake(): void;
}
