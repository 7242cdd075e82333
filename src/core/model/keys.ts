/** How people, providers and tasks are named, and instants. Everything in `model/` is plain data that JSON can hold. */

/** A UTC instant in milliseconds since the epoch. Arithmetic with zones goes through `time.ts`. */
export type Instant = number;

/** The key of a provider in `src/providers/index.ts`, for example `gong`. */
export type ProviderId = string;

/** Who a Slack user is to us: always the pair, never the user id alone. */
export interface RepKey {
  teamId: string;
  userId: string;
}

/** What a task is called across providers and reps. */
export interface TaskKey extends RepKey {
  provider: ProviderId;
  taskId: string;
}
