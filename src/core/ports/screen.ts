/** What shows people their tasks; `src/slack/screen` implements it. */
import type { FailureReason } from '../model/action.ts';
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import type { LoadedMessage, Tool } from '../model/message.ts';
import type { LinkEnd, Suggestion } from '../model/people.ts';
import type { Priority } from './provider.ts';

/** Nobody, or more than one, has the address of a follow-up. */
export type NoPerson = 'no_person' | 'several_people';

/** What we write to a rep without being asked. */
export type Notice =
  /** A link that their address had made. `email`: the address. */
  | { about: 'link_ended'; provider: ProviderId; why: LinkEnd; email: string | undefined }
  | { about: 'disconnected'; provider: ProviderId }
  /** The first word to a rep for whom nothing is linked. */
  | { about: 'welcome'; tools: readonly Tool[] }
  /** Somebody else allowed it with the rep's link; `signedIn` is their address, `email` the rep's. */
  | { about: 'wrong_person'; provider: ProviderId; signedIn: string; email: string }
  /** Was it the rep who signed in just now? */
  | { about: 'confirm_sign_in'; provider: ProviderId; stateHash: string; email: string }
  | { about: 'suggestion'; suggestion: Suggestion }
  | { about: 'created'; provider: ProviderId; person: string; dueAt: Instant }
  | {
      about: 'not_created';
      provider: ProviderId;
      email: string;
      /** What the rep wrote, so that it is not lost with the form. */
      note?: string;
      why: FailureReason | NoPerson;
      unsure: boolean;
      reference: string;
    };

/** What shows people their tasks. */
export interface Screen {
  /**
   * Posts a stored message to the rep's direct message and says where it landed. For a `person` who waits it meets a Slack
   * that is busy or away for a moment with a wait. Throws `DeliveryError`.
   */
  post(message: LoadedMessage, priority: Priority): Promise<{ channel: string; ts: string }>;
  /** Renders again every message that shows the task; resolves when those renders have ended or wait to be tried again. */
  showTask(task: TaskKey): Promise<void>;
  /** As `showTask`, but nobody waits: within what Slack allows the whole workspace. */
  showLater(task: TaskKey): Promise<void>;
  /** Renders one message again, of which nobody waits for it. Throws `DeliveryError`. */
  showAgain(messageId: string): Promise<void>;
  /** Writes to a rep. Throws `DeliveryError`. */
  notify(key: RepKey, notice: Notice): Promise<void>;
}
