/**
 * The calls that a tool allows a company in a day, counted for all processes together. A fifth is kept for clicks: lists and
 * digests wait for the next day before a rep's click has to. A day is a UTC day, because the tools do not say which.
 */
import type { Instant, ProviderId } from '../model/keys.ts';
import { DAY } from '../model/time.ts';
import type { Priority } from '../ports/provider.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';

export interface Budget {
  /** Counts a call that is about to be sent. */
  spend(): void;
  /** Milliseconds until such a call may be sent; undefined: now. */
  closedFor(priority: Priority): number | undefined;
  /** Half of the day's calls are gone: what was read a moment ago is used again. */
  isShort(): boolean;
  left(): number;
  /** Writes what was spent here, and reads what others have spent. */
  share(): Promise<void>;
}

const KEPT_FOR_CLICKS = 0.2;
const SHORT = 0.5;

interface BudgetDeps {
  store: { spending: Store['spending'] };
  clock: Clock;
}

export function createBudget({ store, clock }: BudgetDeps, provider: ProviderId, perDay: number): Budget {
  let day = dayOf(clock());
  /** By all, as far as is known. */
  let spent = 0;
  /** Here, and not written yet. */
  let unwritten = 0;

  function turnDay(): void {
    const today = dayOf(clock());
    if (today === day) return;
    day = today;
    spent = 0;
    unwritten = 0;
  }

  const share = () => {
    turnDay();
    return spent / perDay;
  };

  return {
    spend() {
      turnDay();
      spent += 1;
      unwritten += 1;
    },
    closedFor(priority) {
      if (priority === 'click' || share() < 1 - KEPT_FOR_CLICKS) return undefined;
      return (day + 1) * DAY - clock();
    },
    isShort: () => share() >= SHORT,
    left() {
      turnDay();
      return Math.max(perDay - spent, 0);
    },
    async share() {
      turnDay();
      const adding = unwritten;
      const of = day;
      unwritten = 0;
      try {
        const total = await store.spending.add(provider, of, adding);
        if (of === day) spent = total + unwritten;
      } catch (error) {
        if (of === day) unwritten += adding;
        throw error;
      }
    },
  };
}

function dayOf(at: Instant): number {
  return Math.floor(at / DAY);
}
