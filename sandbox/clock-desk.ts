/** The page's hand on the clock: it is paused, taken to a later time, or led through a week with a look at each morning. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Morning, type Walked, walkWeek } from './mornings.ts';
import type { ClockRequest, ClockState } from './page/protocol.ts';
import { nextMorning } from './script.ts';

/** For a look at a morning of the week. */
const LOOK_MS = 3_500;
const MOST_AHEAD_MS = 366 * 86_400_000;

export interface ClockDesk {
  state(userId: string): ClockState;
  /** Throws a sentence for whoever asked. What takes longer goes on afterwards. */
  ask(request: ClockRequest): void;
  isUnderway(): boolean;
  /** The clock does not move on meanwhile. */
  between<T>(work: () => Promise<T>): Promise<T>;
  onChange(listener: () => void): () => void;
}

interface DeskOptions extends Walked {
  /** undefined: there is no such person. */
  zoneOf(userId: string): string | undefined;
  lookMs?: number;
}

export function createClockDesk(options: DeskOptions): ClockDesk {
  const { clock, travel, zoneOf, lookMs = LOOK_MS } = options;
  let journey: ClockState['journey'];
  let morning: Morning | undefined;
  let problem: string | undefined;
  let ending = new AbortController();
  const listeners = new Set<() => void>();

  function changed(): void {
    for (const listener of [...listeners]) listener();
  }
  clock.onChange(changed);

  function zone(userId: string): string {
    const found = zoneOf(userId);
    if (found === undefined) throw new Error('There is no such person.');
    return found;
  }

  function set(out: NonNullable<ClockState['journey']>, work: () => Promise<unknown>): void {
    if (journey) throw new Error('The clock is on its way already. Stop it first.');
    journey = out;
    problem = undefined;
    morning = undefined;
    ending = new AbortController();
    work()
      .catch((error: unknown) => {
        problem = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        journey = undefined;
        changed();
      });
    changed();
  }

  function goTo(at: number): void {
    if (at <= clock.now()) {
      throw new Error('The clock only goes forward: what the app and the tools have stored would lie in the future.');
    }
    if (at - clock.now() > MOST_AHEAD_MS) throw new Error('The clock goes at most a year ahead.');
    set({ kind: 'jump', to: at }, () => travel.to(at));
  }

  async function walk(userId: string): Promise<void> {
    for await (const reached of walkWeek(options, { slackId: userId, zone: zone(userId) })) {
      morning = reached;
      changed();
      if (reached.number < reached.of) await wait(lookMs, undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted) return;
    }
  }

  return {
    state: (userId) => ({
      isRunning: clock.isRunning(),
      nextMorning: nextMorning(zoneOf(userId) ?? 'UTC', clock.now()),
      ...(journey && { journey }),
      ...(morning && { morning: { ...morning, told: morning.told.map(({ says }) => says) } }),
      ...(problem !== undefined && { problem }),
    }),
    ask(request) {
      switch (request.do) {
        case 'pause':
          return clock.pause();
        case 'go on':
          return clock.goOn();
        case 'next morning':
          return goTo(nextMorning(zone(request.userId), clock.now()));
        case 'to':
          return goTo(request.at);
        case 'week':
          zone(request.userId);
          return set({ kind: 'week' }, () => walk(request.userId));
        case 'stop':
          ending.abort();
          return void travel.stop();
      }
    },
    isUnderway: () => journey !== undefined,
    between: travel.between,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
