/** What every listener has at hand. Assembled once, in `src/app.ts`. */
import type { WebClient } from '@slack/web-api';
import type { Circuit } from '../core/circuit.ts';
import type { ClickDeps } from '../core/click.ts';
import type { ConsentDeps } from '../core/consent.ts';
import type { DigestDeps } from '../core/digest.ts';
import type { HookDeps } from '../core/hooks.ts';
import type { LinkingDeps } from '../core/linking.ts';
import type { ProviderId } from '../core/types.ts';
import type { SlackScreen } from './screen.ts';
import type { SignIns } from './sign-ins.ts';

export interface SlackContext extends ClickDeps, DigestDeps, LinkingDeps, ConsentDeps, HookDeps {
  screen: SlackScreen;
  client: WebClient;
  signIns: SignIns;
  /** Of the providers that are asked over the wire. */
  circuits: ReadonlyMap<ProviderId, Circuit>;
  /** Tells the worker that a job was just written, so that it does not wait for its next look. */
  wake(): void;
}
