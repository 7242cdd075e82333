/** Writes before an acknowledgement: tried once more where that may help, and given up before Slack does. */
import { MaybeRecorded } from '../../core/model/errors.ts';

/** Slack waits three seconds, and shows an error of its own after that. */
const LONGEST_RECORDING_MS = 2_700;

/**
 * Rejects while Slack still waits; with `MaybeRecorded` where nobody knows. A database that is silent answers when its
 * connection is cut (`src/store/postgres/signals.ts`), which is too late.
 */
export async function recordInTime<T>(record: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new MaybeRecorded({ cause: new Error('the database has not answered in time') }));
  }, LONGEST_RECORDING_MS);
  try {
    return await Promise.race([againOnce(record), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A database that refuses for longer than this would refuse again, and keep the rep waiting. */
const AT_ONCE_MS = 1_000;
/** The other sessions that were cut at the same time are found out by then. */
const BEFORE_AGAIN_MS = 100;

/**
 * A session that was cut (a restart, a failover, a pooler) says so at its next use; the next try has another session.
 * The second try finds what the first one recorded, as if Slack had sent it twice.
 */
async function againOnce<T>(record: () => Promise<T>): Promise<T> {
  const from = performance.now();
  try {
    return await record();
  } catch (error) {
    const isUnknown = error instanceof MaybeRecorded;
    if (!isUnknown && performance.now() - from > AT_ONCE_MS) throw error;
    await new Promise((resolve) => setTimeout(resolve, BEFORE_AGAIN_MS));
    return record().catch((again: unknown) => {
      throw isUnknown && !(again instanceof MaybeRecorded) ? error : again;
    });
  }
}
