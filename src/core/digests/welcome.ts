/**
 * The first contact of a rep: a welcome, once, in their working hours and before any digest. After a crash between post
 * and mark it comes twice rather than never.
 */
import { usableLinks } from '../clicks/target.ts';
import { type Handler, newJob } from '../jobs/kinds.ts';
import { FOREVER, type Schedule } from '../model/digest.ts';
import { DeliveryError } from '../model/errors.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import { isWorkingDay, localDate, zoned } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Notice } from '../ports/screen.ts';
import { openTools } from './listing.ts';
import { claimDueDigests } from './send.ts';

type WelcomeDeps = Pick<Ports, 'store' | 'queue' | 'providers' | 'calendar' | 'pilot' | 'clock' | 'log'>;

/** In a minute. A company's first start finds everyone at once, and Slack takes a few hundred messages a minute (slack.md 1). */
const MOST_IN_A_TICK = 30;
/** Looked at in one turn of the event loop. */
const PAGE = 500;
/** A digest that comes earlier begins the day. */
const WORKING_HOURS = { from: '08:00', until: '18:00' };

interface Unwelcomed extends Schedule {
  zone: string;
  email: string | undefined;
  /** To a tool that is set up. */
  isLinked: boolean;
}

/** Plans the welcomes of this minute; returns their number. `teamId`: of that workspace alone. */
export async function welcomeReps(deps: WelcomeDeps, teamId?: string): Promise<number> {
  const now = deps.clock();
  let planned = 0;
  for await (const rep of unwelcomed(deps, teamId)) {
    if (planned >= MOST_IN_A_TICK) break;
    try {
      if (!(await mayCome(deps, rep, now))) continue;
      const { teamId, userId } = rep;
      // One that could not be sent is tried again on another day.
      const key = `welcome:${teamId}:${userId}:${localDate(now, rep.zone)}`;
      planned += (await deps.queue.enqueue(newJob(key, { kind: 'welcome', teamId, userId }, now))) ? 1 : 0;
    } catch (error) {
      deps.log.error({ err: error, rep: rep.userId }, 'could not welcome a rep');
    }
  }
  return planned;
}

/** With a turn of the event loop after each page: on a company's first evening there are thousands, and nobody is at work. */
async function* unwelcomed({ store, providers }: WelcomeDeps, teamId?: string): AsyncGenerator<Unwelcomed> {
  const ids = [...providers.keys()];
  for (let after: Unwelcomed | undefined; ; ) {
    const page = await store.schedules.unwelcomed(ids, { teamId, after, limit: PAGE });
    yield* page;
    after = page.at(-1);
    if (page.length < PAGE) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function mayCome(deps: WelcomeDeps, rep: Unwelcomed, now: Instant): Promise<boolean> {
  const { isLinked, pausedUntil, nextDueAt } = rep;
  // Who came by themselves, and has nothing linked, has read how to connect: at their digest time they are told again.
  if (pausedUntil !== undefined && pausedUntil > now) return false;
  if (!isLinked && (nextDueAt > now || (await openTools(deps, rep)).length === 0)) return false;
  if (!(await isAtWork(deps, rep, now))) return false;
  if (deps.pilot && !(await deps.pilot.includes(rep))) return false;
  return (await deps.store.workspaces.offSwitch(rep.teamId)) === undefined;
}

async function isAtWork({ calendar }: WelcomeDeps, rep: Unwelcomed, now: Instant): Promise<boolean> {
  const local = zoned(now, rep.zone);
  const holidays = await calendar.holidaysOf(rep.country);
  if (!isWorkingDay(local.toPlainDate(), { days: rep.days, holidays })) return false;
  const time = local.toPlainTime().toString().slice(0, 5);
  const from = rep.time < WORKING_HOURS.from ? rep.time : WORKING_HOURS.from;
  return time >= from && time < WORKING_HOURS.until;
}

type Welcome = Extract<Notice, { about: 'welcome' }>;

/** As it reads now. undefined: there is nothing to say. */
export async function welcomeOf(deps: Pick<Ports, 'store' | 'providers'>, key: RepKey): Promise<Welcome | undefined> {
  const { rep, schedule } = (await deps.store.reps.recipient(key)) ?? {};
  if (!rep?.active || !schedule) return undefined;
  const links = await usableLinks(deps, key);
  const tools = (await openTools(deps, key)).filter(
    ({ provider }) => !links.some((link) => link.provider === provider),
  );
  if (links.length + tools.length === 0) return undefined;
  const linked = links.map(({ provider, email, origin }) => ({
    name: deps.providers.get(provider)?.name ?? provider,
    email,
    isSignedIn: origin === 'consent',
  }));
  return { about: 'welcome', tools, linked, ...(schedule.nextDueAt < FOREVER && { digestAt: schedule.nextDueAt }) };
}

export function welcomeHandler(deps: Parameters<typeof claimDueDigests>[0] & WelcomeDeps): Handler<'welcome'> {
  return async ({ teamId, userId }) => {
    const key = { teamId, userId };
    const welcome = await welcomeOf(deps, key);
    if (!welcome || (await deps.store.reps.welcome(key))) return undefined;
    return {
      async run() {
        const posted = await deps.screen.notify(key, welcome);
        return {
          write: (tx) => deps.store.reps.markWelcomed(key, deps.clock(), tx, posted),
          // A digest that waited for it.
          after: () => claimDueDigests(deps),
        };
      },
      // Slack refuses this person for good: their digests are refused by themselves.
      giveUp({ error }) {
        if (!(error instanceof DeliveryError) || error.kind !== 'permanent') return {};
        return { write: (tx) => deps.store.reps.markWelcomed(key, deps.clock(), tx) };
      },
    };
  };
}
