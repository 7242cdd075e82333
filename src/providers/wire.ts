/** Parsing of answers and formatting of times, the same for all providers. */
import { setImmediate } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Instant } from '../core/model/keys.ts';
import { bounded, LONGEST_FIELD } from './text.ts';

/** A number or a text on the wire; `json.ts` made text of what a number cannot hold. Always decimal digits here. */
export const Id = z.union([z.string().refine(isId), z.int().nonnegative().transform(String)]);

/** An id that may stand in a URL: digits only, anything else could change the path. */
export function isId(text: string): boolean {
  return /^\d{1,20}$/.test(text);
}

/** No document lets a page have more, and no rep has more tasks. */
export const Elements = z.array(z.unknown()).max(10_000);

/** For what merely decorates: undefined where it is not as documented. */
export function lenient<S extends z.ZodType>(schema: S) {
  return schema.nullish().catch(undefined);
}

/** To be shown: cut, trimmed, well-formed; undefined when absent, empty or no text. */
export const Text = lenient(z.string()).transform((text) => bounded(text ?? '', LONGEST_FIELD).trim() || undefined);

/** A note or a body, HTML perhaps: `html.ts` takes a line of it. undefined when absent or no text. */
export const Prose = lenient(z.string());

/** An address or a link is whole or not there: a part of it leads somewhere else. */
export const Address = lenient(z.string().max(2_000)).transform((text) => text?.trim() || undefined);

/**
 * A status, a type: compared without case, and a number is as good as its digits (contracts, conflict 2). In an array of one is that
 * one. Empty and null say nothing.
 */
export const Word = z
  .union([
    z.string(),
    z.int(),
    z
      .array(z.union([z.string(), z.int()]))
      .max(1)
      .transform(([only]) => only),
  ])
  .nullish()
  .transform((word) => (word === undefined || word === null ? undefined : wordOf(word)));

export function wordOf(value: string | number): string | undefined {
  return bounded(String(value), LONGEST_FIELD).trim().toLowerCase() || undefined;
}

/** A longer text is no time. */
const LONGEST_TIME = 64;
const YEAR = /^([+-]\d{6}|\d{4})-/;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

/**
 * Other software writes "no time" as the first or last one that it can hold: 0001-01-01, 9999-12-31, +275760-09-13. No task
 * of a rep is due outside these three centuries.
 */
function isSentinel(text: string): boolean {
  const year = Number(YEAR.exec(text)?.[1] ?? FIRST_YEAR);
  return year < FIRST_YEAR || year > LAST_YEAR;
}

/** In UTC, in years that are no sentinel, on days that every year has: read without Temporal, which takes ten times as long. */
const USUAL =
  /^(?:19|20|21)\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/** undefined: none that could be meant (`isSentinel`). Throws what Temporal throws when it is no ISO-8601 time with an offset. */
export function instantOf(text: string): Temporal.Instant | undefined {
  if (text.length > LONGEST_TIME) throw new RangeError('too long for a time');
  return isSentinel(text) ? undefined : Temporal.Instant.from(text);
}

/** The same in milliseconds. */
export function timeOf(text: string): Instant | undefined {
  return USUAL.test(text) ? Date.parse(text) : instantOf(text)?.epochMilliseconds;
}

/**
 * ISO-8601 with an offset or Z, as an instant; undefined when absent, empty or a sentinel. Anything else is refused, for a
 * task without its due date misleads.
 */
export const Time = z
  .string()
  .nullish()
  .transform((text, context): Instant | undefined => {
    const time = text && text.length <= LONGEST_TIME ? text.trim() : text;
    if (!time) return undefined;
    try {
      return timeOf(time);
    } catch {
      context.addIssue('not an ISO date');
      return z.NEVER;
    }
  });

/** A link that may be shown: http or https, normalised. */
export function webUrl(text: string | undefined): string | undefined {
  const url = text ? URL.parse(text) : null;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}

/** A rep's time has whole seconds. A time that Undo restores is sent as the provider gave it. */
export function toSecond(instant: Instant): Instant {
  return Math.floor(instant / 1000) * 1000;
}

/** In `…Z`: the plus of an offset would be a blank in a query (outreach.md 4). */
export function toIso(instant: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toString();
}

/** True if the provider shows the instant that it was given; it may drop the fraction of a second. */
export function isKept(shown: Instant | undefined, given: Instant): boolean {
  return shown !== undefined && Math.abs(shown - given) < 1000;
}

/** Goes through the elements of an answer, a few at a time, and lets everything else have its turn in between. */
export async function inTurns<T>(
  elements: readonly T[],
  atOnce: number,
  work: (some: readonly T[]) => void,
): Promise<void> {
  for (let at = 0; at < elements.length; at += atOnce) {
    if (at > 0) await setImmediate();
    work(elements.slice(at, at + atOnce));
  }
}
