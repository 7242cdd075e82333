/** The people of the workspace, from users.list (slack.md 1: 200 a page, tier 2) and users.info. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { DeliveryError } from '../core/model/errors.ts';
import { MINUTE } from '../core/model/time.ts';
import type { Directory, Member } from '../core/ports/directory.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import { toDeliveryError } from './transport/errors.ts';
import { toMember } from './transport/member.ts';
import { patiently } from './transport/patience.ts';

/** Below Slack's 20 a minute: calls that leave evenly may arrive closer together. */
const PAGES_A_MINUTE = 18;
const PAGE_SIZE = 200;
/** Without a page for so long, the reading is given up; whoever asked for it comes back later. */
const PATIENCE = 15 * MINUTE;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = MINUTE;
/** Half a million people. */
const MOST_PAGES = 2_500;

const Page = z.object({
  members: z.array(z.unknown()),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
type Page = z.infer<typeof Page>;

export interface DirectoryDeps {
  client: WebClient;
  clock: Clock;
  /** Rejects once the app stops. */
  sleep(ms: number): Promise<void>;
  log: Log;
}

export function createDirectory(deps: DirectoryDeps): Directory {
  const turn = createTurns(deps);
  let reading: Promise<Member[]> | undefined;
  return {
    /** Two readings would use up each other's calls, so whoever asks meanwhile gets the one that is under way. */
    members(teamId) {
      reading ??= readEveryone(deps, turn, teamId).finally(() => {
        reading = undefined;
      });
      return reading;
    },
    async member({ teamId, userId }) {
      const { user } = await patiently(() => deps.client.users.info({ user: userId }));
      return toMember(user, teamId);
    },
  };
}

async function readEveryone(deps: DirectoryDeps, turn: () => Promise<void>, teamId: string): Promise<Member[]> {
  const members = new Map<string, Member>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(deps, turn, cursor);
    for (const user of page.members) {
      const member = toMember(user, teamId);
      // Pages shift while they are read: someone who stands on two is one person.
      if (member) members.set(member.userId, member);
    }
    cursor = page.response_metadata?.next_cursor || undefined;
    if (cursor && (cursors.has(cursor) || cursors.size >= MOST_PAGES)) {
      throw new DeliveryError('unavailable', 'Slack: the pages of users.list have no end');
    }
    if (cursor) cursors.add(cursor);
  } while (cursor);
  return [...members.values()];
}

/** Asks for one page until it is there: what was read before it is kept through rate limits and short outages. */
async function readPage(deps: DirectoryDeps, turn: () => Promise<void>, cursor: string | undefined): Promise<Page> {
  const since = deps.clock();
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    await turn();
    try {
      return Page.parse(await deps.client.users.list({ limit: PAGE_SIZE, ...(cursor && { cursor }) }));
    } catch (error) {
      const failure = toDeliveryError(error);
      const wait = failure.kind === 'rate_limited' ? (failure.retryAfterMs ?? pause) : pause;
      if (isHopeless(failure) || deps.clock() + wait - since > PATIENCE) throw failure;
      deps.log.info({ err: failure, againInMs: wait }, 'reading who is here goes on after a pause');
      await deps.sleep(wait);
    }
  }
}

/** Asking for the same page again would say the same. */
function isHopeless({ kind, code }: DeliveryError): boolean {
  return (kind !== 'rate_limited' && kind !== 'unavailable') || code === 'invalid_cursor';
}

/** Resolves when a page may be asked for: a small workspace waits for nothing. */
function createTurns({ clock, sleep }: DirectoryDeps): () => Promise<void> {
  let asked: number[] = [];
  return async () => {
    for (;;) {
      const now = clock();
      asked = asked.filter((at) => at > now - MINUTE && at <= now);
      const [oldest] = asked;
      if (oldest === undefined || asked.length < PAGES_A_MINUTE) break;
      await sleep(oldest + MINUTE - now);
    }
    asked.push(clock());
  };
}
