/** People who are not served: outside of the pilot, while only some try Docket out, or served by another workspace. */
import { listElsewhere } from '../digests/elsewhere.ts';
import type { Outside } from '../model/circle.ts';
import type { RepKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';

type Deps = Pick<Ports, 'store' | 'pilot' | 'organisation'>;

/** Throws `DeliveryError` if Slack has to be asked for an address and does not answer. */
export async function isOutside(
  { store, directory, pilot }: Deps & Pick<Ports, 'directory'>,
  key: RepKey,
): Promise<boolean> {
  if (!pilot) return false;
  const rep = await store.reps.find(key);
  if (await pilot.includes({ userId: key.userId, email: rep?.email })) return false;
  if (rep || pilot.named.emails.length === 0) return true;
  const member = await directory.member(key);
  return !(await pilot.includes({ userId: key.userId, email: member?.email }));
}

/** undefined: they are served here. */
export async function whyOutside(
  deps: Deps & Pick<Ports, 'directory' | 'admins'>,
  key: RepKey,
): Promise<Outside | undefined> {
  if (await isOutside(deps, key)) return { why: 'pilot', admins: deps.admins?.named };
  const other = await listElsewhere(deps, key);
  return other && { why: 'elsewhere', workspace: other.name };
}

/** False: they get no link. Links that they have stay, in the pilot or not. */
export async function mayBeLinked(deps: Deps, person: RepKey & { email?: string | undefined }): Promise<boolean> {
  if (deps.pilot && !(await deps.pilot.includes(person))) return false;
  return (await listElsewhere(deps, person)) === undefined;
}
