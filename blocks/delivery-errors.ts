/** Failures of Docket or Slack, so that nothing was recorded or shown. */
import type { DeliveryErrorKind } from '../src/core/model/errors.ts';
import { mrkdwn } from './text.ts';

/** The log has the same reference. */
export function referred(text: string, reference: string): string {
  return `${text} (Reference: ${mrkdwn(reference, 60)})`;
}

/** For commands and buttons that send nothing to a provider. It is not known how far they got. */
export function unexpected(reference: string): string {
  return `Docket could not finish that. Your tasks are as they were, and trying again is safe. If it keeps failing, give your admin this reference: ${reference}.`;
}

/** Said after Docket waited and tried again. */
export function notDelivered(kind: DeliveryErrorKind, reference: string): string {
  const kept = 'Your tasks are as they were, and nothing was lost.';
  switch (kind) {
    case 'rate_limited':
      return referred(
        `Slack is getting too many requests, so Docket could not show this. ${kept} Try again in a minute; it is safe.`,
        reference,
      );
    case 'unavailable':
      return referred(
        `Slack did not answer, so Docket cannot tell whether you were shown this. ${kept} Trying again is safe: at worst you see it twice.`,
        reference,
      );
    case 'unauthorized':
      return referred(
        `Slack refuses Docket's own access just now, so Docket could not show this. ${kept} Tell your admin; trying again is safe.`,
        reference,
      );
    case 'permanent':
      return unexpected(reference);
  }
}

export function windowClosed(reference: string): string {
  return `Slack closed the window before it could open. Nothing was changed; press the button again, it is safe. (Reference: ${reference})`;
}

/** Plain text, because windows show it too. */
export function notRecorded(reference: string): string {
  return `Docket could not record this, so nothing was changed. Please try again in a moment. (Reference: ${reference})`;
}

/** The database was lost while it committed. */
export function maybeRecorded(reference: string): string {
  return `Docket lost its database while it recorded this, and cannot tell whether it was recorded. Look again in a minute: if nothing shows, nothing was changed. Trying again is safe. (Reference: ${reference})`;
}
