/**
 * The calls that a tool allows a company in a day, counted for all processes together. A fifth is kept for clicks: lists and
 * digests wait for the next day before a rep's click has to. A day is a UTC day, because the tools do not say which.
 */
import type { Instant } from '../model/keys.ts';
import { DAY, MINUTE } from '../model/time.ts';
import type { Priority } from '../ports/provider.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';

export interface Budget {
  /** Counts a call that is about to be sent. */
  spend(): void;
  /**
   * The same, unless it has to wait: milliseconds until it may come again. Where several processes share a day, lists near the
   * end of theirs are counted by all first, so that together they take nothing that is kept for clicks.
   */
  take(priority: Priority): Promise<number | undefined>;
  /** A counted call that was not sent after all. */
  giveBack(): void;
  /** Half of the day's calls are gone: what was read a moment ago is used again. */
  isShort(): boolean;
  left(): number;
  /** Writes what was spent here, and reads what others have spent. Returns what all have spent. */
  share(): Promise<number>;
}

const KEPT_FOR_CLICKS = 0.2;
const SHORT = 0.5;
/** More than all processes can spend between two times that they share: at Gong's three calls a second, in almost three minutes. */
const NEAR = 0.05;
/** An older count of all processes is not relied on. */
const KNOWN_MS = 2 * MINUTE;
const COME_BACK_MS = 2_000;

interface BudgetDeps {
  store: { spending: Store['spending'] };
  clock: Clock;
  /** Other processes spend of the same day. */
  isShared?: boolean;
}

/** `account`: whose calls they are, the same name in all processes. */
export function createBudget({ store, clock, isShared = false }: BudgetDeps, account: string, perDay: number): Budget {
  let day = dayOf(clock());
  /** By all, as far as is known. */
  let spent = 0;
  /** Here, and not written yet. */
  let unwritten = 0;
  let sharedAt = Number.NEGATIVE_INFINITY;

  function turnDay(): void {
    const today = dayOf(clock());
    if (today === day) return;
    day = today;
    spent = 0;
    unwritten = 0;
  }

  const spentShare = () => {
    turnDay();
    return spent / perDay;
  };

  function count(calls: number): void {
    turnDay();
    spent += calls;
    unwritten += calls;
  }

  /** Other processes may have spent the rest of the lists' share already. */
  const isNear = () => spentShare() >= 1 - KEPT_FOR_CLICKS - NEAR || clock() - sharedAt > KNOWN_MS;
  const untilTomorrow = () => (day + 1) * DAY - clock();

  function closedFor(priority: Priority): number | undefined {
    return priority === 'click' || spentShare() < 1 - KEPT_FOR_CLICKS ? undefined : untilTomorrow();
  }

  async function share(): Promise<number> {
    turnDay();
    const adding = unwritten;
    const of = day;
    unwritten = 0;
    try {
      const total = await store.spending.add(account, of, adding);
      if (of === day) spent = total + unwritten;
      sharedAt = clock();
      return total;
    } catch (error) {
      if (of === day) unwritten += adding;
      throw error;
    }
  }

  return {
    spend: () => count(1),
    async take(priority) {
      const closedMs = closedFor(priority);
      if (closedMs !== undefined) return closedMs;
      count(1);
      if (!isShared || priority === 'click' || !isNear()) return undefined;
      const total = await share().catch(() => undefined);
      if (total !== undefined && total <= perDay * (1 - KEPT_FOR_CLICKS)) return undefined;
      count(-1);
      // Unknown, or counted with others who give theirs back as well: some of them may still go.
      return closedFor(priority) ?? COME_BACK_MS;
    },
    giveBack: () => count(-1),
    isShort: () => spentShare() >= SHORT,
    left() {
      turnDay();
      return Math.max(perDay - spent, 0);
    },
    share,
  };
}

function dayOf(at: Instant): number {
  return Math.floor(at / DAY);
}
