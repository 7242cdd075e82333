/** Instants as providers take them and keep them. */
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../core/model/keys.ts';

/** What a rep asks for has whole seconds; what Undo restores goes back as the provider gave it. */
export function toSecond(instant: Instant): Instant {
  return Math.floor(instant / 1000) * 1000;
}

/** In `…Z`: the plus of an offset would be a blank in a query (contracts 2.4). */
export function toIso(instant: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toString();
}

/** Whether a provider shows the instant that it was given: it may keep it without its fraction of a second. */
export function isKept(shown: Instant | undefined, given: Instant): boolean {
  return shown !== undefined && Math.abs(shown - given) < 1000;
}
