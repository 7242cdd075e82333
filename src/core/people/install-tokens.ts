/**
 * Renews the bot tokens that end (Slack: after twelve hours). A refresh token is good once: one process uses it, and stores
 * what it got before anybody uses that. Slack takes it again for a short while only (slack.md 9.2), so after a lost answer it
 * is sent again at once. The token before stays good until it ends, so nothing waits for any of this.
 */
import { DeliveryError } from '../model/errors.ts';
import type { Instant } from '../model/keys.ts';
import { HOUR, MINUTE } from '../model/time.ts';
import type { HeldInstall, Install, Rotation } from '../ports/installs.ts';
import type { Ports } from '../ports/ports.ts';

export interface RenewedToken {
  token: string;
  refreshToken: string;
  lifetimeMs: number;
}

export interface InstallTokensDeps extends Pick<Ports, 'store' | 'clock' | 'log'> {
  /** Asks Slack. Throws `DeliveryError`; `permanent`: Slack will not take this refresh token. */
  renewToken(refreshToken: string): Promise<RenewedToken>;
  /** Has Slack asked whether it takes the token that there is: the app may have been removed. */
  suspect(teamId: string): void;
  /** A pause that fails when the app stops. */
  sleep(ms: number): Promise<void>;
}

/** As Slack's own library does. */
const AHEAD_MS = 2 * HOUR;
const MOST_TRIES = 3;
const PAUSE_MS = 500;
/** Longer than all tries take. The next ones come after it. */
const LOCK_MS = MINUTE;
/** After a refusal, which only a new install mends. */
const REFUSED_MS = 10 * MINUTE;
/** A refusal is said again after this time. */
const SAID_AGAIN_MS = HOUR;

export function isRenewalDue({ rotation }: Pick<Install, 'rotation'>, now: Instant): boolean {
  return rotation !== undefined && rotation.expiresAt <= now + AHEAD_MS;
}

/** To be called once a minute. True: there are new tokens in the store. */
export function createTokenRenewal(deps: InstallTokensDeps): () => Promise<boolean> {
  const said: Said = new Map();
  return async () => {
    const now = deps.clock();
    const due = await deps.store.installs.expiring(now + AHEAD_MS, now);
    const renewed = await Promise.all(due.map((teamId) => renewOne(deps, said, teamId)));
    return renewed.includes(true);
  };
}

/** When each workspace's refusal was last said. */
type Said = Map<string, Instant>;

async function renewOne(deps: InstallTokensDeps, said: Said, teamId: string): Promise<boolean> {
  const { installs } = deps.store;
  const held = await installs.find(teamId);
  if (!held?.rotation) return false;
  const now = deps.clock();
  if (!(await installs.lock(held, now, now + LOCK_MS))) return false;
  try {
    const next = await fewTimes(deps, () => deps.renewToken(held.rotation?.refreshToken ?? ''));
    const rotation: Rotation = { refreshToken: next.refreshToken, expiresAt: now + next.lifetimeMs };
    return await fewTimes(deps, () => installs.renew(held, { token: next.token, rotation }));
  } catch (error) {
    const isFinal = error instanceof DeliveryError && error.kind === 'permanent';
    if (isFinal) await refused(deps, said, held, { error, lockedUntil: now + LOCK_MS });
    else tell(deps, held, error);
    return false;
  }
}

/** The token of now serves to its end. Whether there is a new install to wait for, or the app is gone, only Slack can say. */
async function refused(
  deps: InstallTokensDeps,
  said: Said,
  held: HeldInstall,
  { error, lockedUntil }: { error: unknown; lockedUntil: Instant },
): Promise<void> {
  const { teamId } = held;
  const now = deps.clock();
  if (now - (said.get(teamId) ?? Number.NEGATIVE_INFINITY) >= SAID_AGAIN_MS) {
    said.set(teamId, now);
    const about = { err: error, team: teamId, leftMs: leftOf(deps, held) };
    deps.log.error(about, 'Slack does not renew the token of a workspace: the app has to be installed there again');
  }
  deps.suspect(teamId);
  await deps.store.installs.lock(held, lockedUntil, lockedUntil + REFUSED_MS);
}

/** One workspace's trouble is not another's, so nothing is thrown. */
function tell(deps: InstallTokensDeps, held: HeldInstall, error: unknown): void {
  const leftMs = leftOf(deps, held);
  const about = { err: error, team: held.teamId, leftMs };
  if (leftMs > 0) deps.log.warn(about, 'the token of a workspace could not be renewed yet');
  else deps.log.error(about, 'the token of a workspace has ended and could not be renewed yet');
}

function leftOf({ clock }: InstallTokensDeps, { rotation }: HeldInstall): number {
  return (rotation?.expiresAt ?? 0) - clock();
}

async function fewTimes<T>({ sleep }: InstallTokensDeps, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const isFinal = error instanceof DeliveryError && error.kind !== 'unavailable';
      if (isFinal || tries === MOST_TRIES) throw error;
      await sleep(PAUSE_MS * tries);
    }
  }
}
