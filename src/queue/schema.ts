import type { Generated, GeneratedAlways, Kysely } from 'kysely';
import type { Instant } from '../core/model/keys.ts';

export interface JobRow {
  id: Generated<number>;
  key: string;
  payload: string;
  /** The payload's kind. */
  kind: string;
  priority: number;
  run_at: Instant;
  /** The first `run_at`; retries do not change it. */
  enqueued_at: Instant;
  failing_since: Instant | null;
  /** The provider that it waits for. */
  waits_for: string | null;
  state: 'waiting' | 'held' | 'done' | 'cancelled';
  token: number;
  attempts: number;
  /** Claims in a row whose lease ran out. */
  lapses: number;
  lease_until: Instant | null;
  /** When it may be claimed (`migration-due.ts`). null: it has ended. */
  due_at: GeneratedAlways<Instant | null>;
  last_error: string | null;
  finished_at: Instant | null;
}

export type QueueTables = { jobs: JobRow };

export type Queries = Kysely<QueueTables>;
