/** Who is outside of the pilot, while only some people try Docket out. */
import type { RepKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';

/** Throws `DeliveryError` if Slack has to be asked for an address and does not answer. */
export async function isOutside(
  { store, directory, pilot }: Pick<Ports, 'store' | 'directory' | 'pilot'>,
  key: RepKey,
): Promise<boolean> {
  if (!pilot) return false;
  const rep = await store.reps.find(key);
  if (await pilot.includes({ userId: key.userId, email: rep?.email })) return false;
  if (rep || pilot.named.emails.length === 0) return true;
  const member = await directory.member(key);
  return !(await pilot.includes({ userId: key.userId, email: member?.email }));
}
