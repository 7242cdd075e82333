/** Keys of people, providers and tasks. Everything in `model/` is plain data that JSON can hold. */

/** A UTC instant in milliseconds. Arithmetic with time zones is in `time.ts`. */
export type Instant = number;

/** The key of a provider in `src/providers/index.ts`, for example `gong`. */
export type ProviderId = string;

/** A Slack user: always the pair, never the user id alone. */
export interface RepKey {
  teamId: string;
  userId: string;
}

/** A task across providers and reps. */
export interface TaskKey extends RepKey {
  provider: ProviderId;
  taskId: string;
}
