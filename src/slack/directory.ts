/**
 * Members of the workspace, from users.list (slack.md 1: 200 a page, tier 2) and users.info. Of an organisation: those of each
 * of its workspaces, because users.list answers for one (slack.md 10.3).
 */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { DeliveryError } from '../core/model/errors.ts';
import { MINUTE } from '../core/model/time.ts';
import type { Directory, Member } from '../core/ports/directory.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { ReadTeams } from './teams.ts';
import { toDeliveryError } from './transport/errors.ts';
import { toMember } from './transport/member.ts';
import { withRetries } from './transport/retry.ts';

/** Below Slack's limit of 20 a minute, because calls may arrive closer together than they left. */
const PAGES_A_MINUTE = 18;
const PAGE_SIZE = 200;
/** Without a page for this long, the call fails; the caller retries later. */
const READ_TIMEOUT_MS = 15 * MINUTE;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = MINUTE;
/** Half a million people. */
const MOST_PAGES = 2_500;

const Page = z.object({
  members: z.array(z.unknown()),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
type Page = z.infer<typeof Page>;

interface DirectoryDeps {
  client: WebClient;
  clock: Clock;
  /** Rejects once the app stops. */
  sleep(ms: number): Promise<void>;
  log: Log;
  /** undefined: a single workspace. */
  teams?: ReadTeams | undefined;
}

interface Reading extends DirectoryDeps {
  turn(): Promise<void>;
}

/** The team whose members are read. `listedIn`: the workspace of the organisation `teamId`. */
interface Whose {
  teamId: string;
  listedIn?: string;
}

export function createDirectory(deps: DirectoryDeps): Directory {
  const reads = { ...deps, turn: createTurns(deps) };
  let reading: Promise<Member[]> | undefined;
  return {
    /** One call under way is shared: two would use up each other's rate limit. */
    members(teamId) {
      reading ??= (deps.teams ? readOrganisation(reads, deps.teams, teamId) : readEveryone(reads, { teamId })).finally(
        () => {
          reading = undefined;
        },
      );
      return reading;
    },
    async member({ teamId, userId }) {
      const { user } = await withRetries(() => deps.client.users.info({ user: userId, include_locale: true }));
      return toMember(user, teamId);
    },
  };
}

async function readOrganisation(deps: Reading, teams: ReadTeams, teamId: string): Promise<Member[]> {
  const members = new Map<string, Member>();
  for (const listedIn of await teams()) {
    for (const member of await readUnlessRemoved(deps, { teamId, listedIn })) {
      members.set(member.userId, joined(members.get(member.userId), member));
    }
  }
  return [...members.values()];
}

/** The app may have been taken from the workspace since the workspaces were listed. */
async function readUnlessRemoved(deps: Reading, whose: Whose): Promise<Member[]> {
  try {
    return await readEveryone(deps, whose);
  } catch (error) {
    if (toDeliveryError(error).code !== 'team_access_not_granted') throw error;
    deps.log.info({ workspace: whose.listedIn }, 'a workspace of the organisation does not have the app any more');
    return [];
  }
}

/** A person who has left one workspace may be in another. An admin of one of them is an admin. */
function joined(known: Member | undefined, member: Member): Member {
  if (!known) return member;
  const isKnownBetter = known.active !== false || member.active === false;
  const [better, other] = isKnownBetter ? [known, member] : [member, known];
  return {
    ...better,
    email: better.email ?? other.email,
    admin: known.admin || member.admin,
    elsewhere: known.elsewhere === true && member.elsewhere === true,
  };
}

async function readEveryone(deps: Reading, whose: Whose): Promise<Member[]> {
  const members = new Map<string, Member>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(deps, whose.listedIn, cursor);
    for (const user of page.members) {
      const member = toMember(user, whose.teamId, whose.listedIn);
      // Pages shift meanwhile, so a member may be on two.
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

/** Retries one page through rate limits and short outages, so that earlier pages are not lost. */
async function readPage(deps: Reading, team: string | undefined, cursor: string | undefined): Promise<Page> {
  const since = deps.clock();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    await deps.turn();
    const asked = { limit: PAGE_SIZE, include_locale: true, ...(cursor && { cursor }), ...(team && { team_id: team }) };
    try {
      return Page.parse(await deps.client.users.list(asked));
    } catch (error) {
      const failure = toDeliveryError(error);
      const wait = failure.kind === 'rate_limited' ? (failure.retryAfterMs ?? pause) : pause;
      if (isHopeless(failure) || deps.clock() + wait - since > READ_TIMEOUT_MS) throw failure;
      deps.log.info({ err: failure, againInMs: wait }, 'reading who is here goes on after a pause');
      await deps.sleep(wait);
    }
  }
}

/** Retrying the page is useless. */
function isHopeless({ kind, code }: DeliveryError): boolean {
  return (kind !== 'rate_limited' && kind !== 'unavailable') || code === 'invalid_cursor';
}

/** Resolves when the rate limit allows a page. Small workspaces never wait. */
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
