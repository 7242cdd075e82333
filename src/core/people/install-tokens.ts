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

export function isRenewalDue({ rotation }: Pick<Install, 'rotation'>, now: Instant): boolean {
  return rotation !== undefined && rotation.expiresAt <= now + AHEAD_MS;
}

/** To be called once a minute. True: there are new tokens in the store. */
export async function renewInstallTokens(deps: InstallTokensDeps): Promise<boolean> {
  const now = deps.clock();
  const due = await deps.store.installs.expiring(now + AHEAD_MS, now);
  const renewed = await Promise.all(due.map((teamId) => renewOne(deps, teamId)));
  return renewed.includes(true);
}

async function renewOne(deps: InstallTokensDeps, teamId: string): Promise<boolean> {
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
    await tell(deps, held, { error, lockedUntil: now + LOCK_MS });
    return false;
  }
}

/** One workspace's trouble is not another's, so nothing is thrown. */
async function tell(
  { store, clock, log }: InstallTokensDeps,
  held: HeldInstall,
  { error, lockedUntil }: { error: unknown; lockedUntil: number },
): Promise<void> {
  const leftMs = (held.rotation?.expiresAt ?? 0) - clock();
  const about = { err: error, team: held.teamId, leftMs };
  if (error instanceof DeliveryError && error.kind === 'permanent') {
    log.error(about, 'Slack does not renew the token of a workspace: the app has to be installed there again');
    await store.installs.lock(held, lockedUntil, lockedUntil + REFUSED_MS);
  } else if (leftMs > 0) log.warn(about, 'the token of a workspace could not be renewed yet');
  else log.error(about, 'the token of a workspace has ended and could not be renewed yet');
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
