/**
 * Which of its dialects this account's Reply.io speaks (reply.md 1). Nothing tells it in advance, and the documents of
 * different years contradict each other, so each question is put in the way that the oldest ones give, and, when it is
 * refused as only that way can be, once in the other. What was taken is remembered for as long as the process runs.
 */
import { ProviderError } from '../../core/model/errors.ts';
import type { Enum } from './wire.ts';

export type KeyHeader = 'x-api-key' | 'bearer';
export type EnumForm = 'integers' | 'strings';

/** Two ways of asking, of which the other side takes one. */
interface TwoWays<Way> {
  /** `send` picks its way when its turn comes, so that whoever waits profits from what others learned. */
  ask<T>(send: (pick: () => Way) => Promise<T>): Promise<T>;
  /** What the other side says itself; what it has taken counts for more. */
  hint(way: Way): void;
}

export interface Dialect {
  key: TwoWays<KeyHeader>;
  /** Of filters. What is sent back after a reading goes back as it was read. */
  enums: TwoWays<EnumForm>;
}

export function createDialect(): Dialect {
  return {
    key: twoWays(['x-api-key', 'bearer'], { isRefusal: is('auth'), isTaken: hasAnswered }),
    enums: twoWays(['integers', 'strings'], { isRefusal: is('invalid'), isTaken: () => false }),
  };
}

/** The form in which an enum came. */
export function formOf(value: Enum): EnumForm {
  return typeof value === 'number' || /^\d+$/.test(value) ? 'integers' : 'strings';
}

interface Signs {
  /** The way may be wrong. */
  isRefusal(error: unknown): boolean;
  /** Failed, but not for the way in which it was asked. */
  isTaken(error: unknown): boolean;
}

/**
 * Only an answer that shows that the other way is taken changes what is remembered. So calls that fail at the same time
 * find out the same thing, and a refusal that has another cause changes nothing.
 */
function twoWays<Way>([first, second]: readonly [Way, Way], { isRefusal, isTaken }: Signs): TwoWays<Way> {
  let known = first;
  let isSure = false;

  function remember(way: Way): void {
    known = way;
    isSure = true;
  }

  async function askInstead<T>(way: Way, send: (pick: () => Way) => Promise<T>, refusal: unknown): Promise<T> {
    try {
      const value = await send(() => way);
      remember(way);
      return value;
    } catch (error) {
      if (isTaken(error)) remember(way);
      throw isRefusal(error) ? refusal : error;
    }
  }

  return {
    async ask(send) {
      let used = known;
      try {
        const value = await send(() => {
          used = known;
          return used;
        });
        if (used === known) isSure = true;
        return value;
      } catch (refusal) {
        if (!isRefusal(refusal)) throw refusal;
        return await askInstead(used === first ? second : first, send, refusal);
      }
    },
    hint(way) {
      if (!isSure) known = way;
    },
  };
}

function is(kind: ProviderError['kind']): (error: unknown) => boolean {
  return (error) => error instanceof ProviderError && error.kind === kind;
}

/** Refused for another reason than its key: who is let in is told what is wrong. */
function hasAnswered(error: unknown): boolean {
  if (!(error instanceof ProviderError) || error.status === undefined || error.kind === 'auth') return false;
  return error.status >= 400 && error.status < 500 && error.kind !== 'rate_limited';
}
