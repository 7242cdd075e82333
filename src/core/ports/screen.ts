/** The port to Slack messages; `src/slack/screen` implements it. */
import type { Action, FailureReason } from '../model/action.ts';
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import type { LoadedMessage, Tool } from '../model/message.ts';
import type { LinkEnd, Recipient, Suggestion } from '../model/people.ts';
import type { Rollup, RollupChoice, RollupReport, RollupTold } from '../model/rollup.ts';
import type { Sweep } from '../model/sweep.ts';
import type { Priority } from './provider.ts';

/** Nobody, or several people, have a follow-up's address or name; or the rep undid the Done that it was to follow. */
export type NotMade = 'no_person' | 'several_people' | 'undone';

/** Messages that a rep did not ask for. */
export type Notice =
  /** A link made by address ended. `email`: the address. */
  | { about: 'link_ended'; provider: ProviderId; why: LinkEnd; email: string | undefined }
  | { about: 'disconnected'; provider: ProviderId }
  /** The first message to a rep. `tools`: where they may sign in. Versions that stored nothing else wrote to reps without links. */
  | {
      about: 'welcome';
      tools: readonly Tool[];
      linked?: readonly { name: string; email: string | undefined; isSignedIn: boolean }[];
      /** Of the first digest. */
      digestAt?: Instant;
    }
  /** An admin asks a rep to sign in. `by`: the admin's Slack user id. */
  | { about: 'remind'; tools: readonly Tool[]; by: string }
  /** To whoever installed the app in a workspace. */
  | { about: 'installed' }
  /** A rep was put on a roll-up. `others`: how many more are in it. */
  | { about: 'on_rollup'; rollup: RollupTold; others: number }
  /** To the admin who set it up. `code`: Slack's error, or in one word what else went wrong. */
  | { about: 'rollup_failed'; rollup: RollupTold; code: string }
  /** Another person signed in with the rep's link. `signedIn`: that person's address; `email`: the rep's. */
  | { about: 'wrong_person'; provider: ProviderId; signedIn: string; email: string }
  /** Asks whether the rep signed in just now. */
  | { about: 'confirm_sign_in'; provider: ProviderId; stateHash: string; email: string }
  | { about: 'suggestion'; suggestion: Suggestion }
  | { about: 'created'; provider: ProviderId; person: string; dueAt: Instant }
  | {
      about: 'not_created';
      provider: ProviderId;
      /** An address or a name. */
      email: string;
      /** The rep's text, which would be lost with the form. */
      note?: string;
      why: FailureReason | NotMade;
      unsure: boolean;
      reference: string;
    };

export interface Screen {
  /**
   * Posts a stored message to the rep. For `person` it retries while Slack is busy. `to`: its rep, if they were read already.
   * Throws `DeliveryError`.
   */
  post(
    message: LoadedMessage,
    priority: Priority,
    to?: Pick<Recipient, 'rep' | 'schedule'>,
  ): Promise<{ channel: string; ts: string }>;
  /** Re-renders every message with the task; resolves when all are rendered or scheduled for a retry. */
  showTask(task: TaskKey): Promise<void>;
  /**
   * Re-renders the messages with these tasks, each at most once in some seconds; `atOnce`: now, and also those that can
   * be edited only a few times.
   */
  showCalmly(tasks: readonly TaskKey[], options?: { atOnce: boolean }): Promise<void>;
  /** Redraws open windows that show the task, and no message. */
  showInWindows(task: TaskKey): void;
  /**
   * Posts or edits the message with a sweep's progress; returns where it is. `busy`: no edit is free within the limit of
   * background edits, so the caller looks again later. Throws `DeliveryError`.
   */
  showSweep(progress: { sweep: Sweep; actions: readonly Action[] }): Promise<{ channel: string; ts: string } | 'busy'>;
  /** Like `showTask`, within the workspace's rate limit for background edits. */
  showLater(task: TaskKey): Promise<void>;
  /** The same for one message. */
  showMessageLater(messageId: string): Promise<void>;
  /** Re-renders one message in the background. Throws `DeliveryError`. */
  showAgain(messageId: string): Promise<void>;
  /** Returns where it is. Throws `DeliveryError`. */
  notify(key: RepKey, notice: Notice): Promise<{ channel: string; ts: string }>;
  /** Tells the readers of a roll-up that it will come; so it is known whether Slack lets it. Throws `DeliveryError`. */
  announceRollup(rollup: RollupChoice & Pick<Rollup, 'teamId' | 'by'>): Promise<void>;
  /** Throws `DeliveryError`. */
  postRollup(report: RollupReport): Promise<void>;
  /** Writes it anew. Throws `DeliveryError`. */
  editNotice(key: RepKey, notice: Notice, posted: { channel: string; ts: string }): Promise<void>;
}
