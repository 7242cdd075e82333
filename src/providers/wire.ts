/** What the answers of all providers are read with. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** A number or a text on the wire; `http.ts` made text of what a number cannot hold. Always decimal digits here. */
export const Id = z.union([z.string().refine(isId), z.int().nonnegative().transform(String)]);

/** Whether a text may stand in an address as an id: anything but digits would lead somewhere else. */
export function isId(text: string): boolean {
  return /^\d{1,20}$/.test(text);
}

/** For what merely decorates: undefined where it is not as documented. */
export function lenient<S extends z.ZodType>(schema: S) {
  return schema.nullish().catch(undefined);
}

/** Trimmed; undefined when absent, empty or no text. */
export const Text = lenient(z.string()).transform((text) => text?.trim() || undefined);

/**
 * ISO-8601 with an offset or Z, as an instant; undefined when absent or empty. Anything else is refused, for a task
 * without its due date misleads.
 */
export const Time = z
  .string()
  .nullish()
  .transform((text, context) => {
    if (!text?.trim()) return undefined;
    try {
      return Temporal.Instant.from(text.trim()).epochMilliseconds;
    } catch {
      context.addIssue('not an ISO date');
      return z.NEVER;
    }
  });
