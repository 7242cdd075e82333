/** How a person can be reached: what tools know of it merely decorates a task, so whatever is not as documented is left out. */
import { z } from 'zod';
import type { Channel, Contact, Phone } from '../core/model/task.ts';
import { namedZone } from '../core/model/time.ts';
import { oneLine } from './text.ts';
import { lenient, webUrl } from './wire.ts';

/** More is nothing to choose from. */
const MOST_PHONES = 4;
const MOST_EMAILS = 3;
/** With its extension; only what is no number is longer. */
const LONGEST_NUMBER = 40;
const LONGEST_LABEL = 40;
/** RFC 5321. */
const LONGEST_EMAIL = 254;
/** An array that somebody filled on purpose is not read to its end. */
const MOST_READ = 20;

/** The first elements of an array; those that are not as documented are left out, and so is what is no array. */
export function Some<S extends z.ZodType>(element: S) {
  return lenient(z.array(z.unknown())).transform((elements) =>
    (elements ?? [])
      .slice(0, MOST_READ)
      .map((each) => element.safeParse(each).data)
      .filter(isThere),
  );
}

/** undefined when there is no digit in it: `n/a`. */
export function phoneOf(text: string | null | undefined, label?: string): Phone | undefined {
  const number = oneLine(text, LONGEST_NUMBER);
  if (!number || !/\p{Nd}/u.test(number)) return undefined;
  const word = oneLine(label, LONGEST_LABEL);
  return { number, ...(word && { label: word }) };
}

/** As a tool gives it, the best first. */
interface Given {
  phones?: readonly (Phone | undefined)[];
  emails?: readonly (string | null | undefined)[];
  linkedIn?: string | undefined;
  /** The first that is a zone counts. */
  zones?: readonly (string | undefined)[];
  optedOut?: readonly Channel[];
}

/** Only what there is: no empty list, nothing twice. */
export function reachOf(given: Given): Omit<Contact, 'name'> {
  const phones = distinct((given.phones ?? []).filter(isThere), ({ number }) => number.replace(/\P{Nd}/gu, ''));
  const emails = distinct((given.emails ?? []).filter(isThere).filter(isEmail), (email) => email.toLowerCase());
  const linkedIn = webUrl(given.linkedIn);
  const [zone] = (given.zones ?? []).map(zoneNamed).filter(isThere);
  const optedOut = [...new Set(given.optedOut)];
  return {
    ...(phones.length > 0 && { phones: phones.slice(0, MOST_PHONES) }),
    ...(emails.length > 0 && { emails: emails.slice(0, MOST_EMAILS) }),
    ...(linkedIn && { linkedIn }),
    ...(zone && { zone }),
    ...(optedOut.length > 0 && { optedOut }),
  };
}

/** Temporal also takes an offset and a whole date for a zone. */
const ZONE = /^[a-z][\w+-]*(?:\/[\w+-]+)*$/i;
const LONGEST_ZONE = 64;

/** Names come from outside, so the cache is bounded. There are some six hundred zones. */
const knownZones = new Map<string, string | undefined>();
const MOST_KNOWN_ZONES = 1_000;

function zoneNamed(text: string | undefined): string | undefined {
  if (!text || text.length > LONGEST_ZONE || !ZONE.test(text)) return undefined;
  if (knownZones.has(text)) return knownZones.get(text);
  const zone = namedZone(text);
  if (knownZones.size >= MOST_KNOWN_ZONES) knownZones.clear();
  knownZones.set(text, zone);
  return zone;
}

function isEmail(text: string): boolean {
  return text.length <= LONGEST_EMAIL && /^[^\s@<>]+@[^\s@<>]+$/.test(text);
}

function isThere<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const value of values) if (!seen.has(keyOf(value))) seen.set(keyOf(value), value);
  return [...seen.values()];
}
