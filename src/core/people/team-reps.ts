/** Each rep as an admin sees them: what they are linked to, and what became of their digests and clicks. */
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Link, LinkProblem } from '../model/people.ts';
import type { TeamRep } from '../model/team.ts';
import type { Ports } from '../ports/ports.ts';

interface Facts {
  links: readonly Link[];
  problems: readonly LinkProblem[];
  declined: readonly (RepKey & { provider: ProviderId })[];
  /** By tool: who has a live sign-in. Only of tools where reps sign in. */
  live: ReadonlyMap<ProviderId, ReadonlySet<string>>;
}

/** Reps, and members whom a tool knows without a link; by name. A handful of queries, however many there are. */
export async function readTeamReps(
  deps: Pick<Ports, 'store' | 'providers'>,
  teamId: string,
): Promise<readonly TeamRep[]> {
  const { store } = deps;
  const [seen, links, problems, declined] = await Promise.all([
    store.workspaces.overview(teamId),
    store.links.list(teamId),
    store.people.problems(teamId),
    store.people.declined(teamId),
  ]);
  const facts: Facts = { links, problems, declined, live: await liveSignIns(deps, teamId) };
  const known = new Set(seen.map(({ userId }) => userId));
  const others = new Map(problems.flatMap(({ userId, name }) => (known.has(userId) ? [] : [[userId, name] as const])));
  const people = [
    ...seen.map((rep) => ({ userId: rep.userId, name: rep.name, seen: rep })),
    ...[...others].map(([userId, name]) => ({ userId, name, seen: undefined })),
  ];
  const shown = people.map((person) => ({ ...person, tools: toolsOf(deps, facts, person.userId) }));
  return shown.toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
}

async function liveSignIns({ store, providers }: Pick<Ports, 'store' | 'providers'>, teamId: string) {
  const live = new Map<ProviderId, ReadonlySet<string>>();
  for (const { id, consent } of providers.values()) {
    if (!consent) continue;
    live.set(id, new Set((await store.connections.live(id, teamId)).map(({ userId }) => userId)));
  }
  return live;
}

function toolsOf({ providers }: Pick<Ports, 'providers'>, facts: Facts, userId: string): TeamRep['tools'] {
  const isTheirs = (each: { userId: string; provider: ProviderId }, id: ProviderId) =>
    each.userId === userId && each.provider === id;
  return [...providers.values()].map(({ id, name }) => {
    const signedIn = facts.live.get(id);
    const link = facts.links.find((each) => isTheirs(each, id));
    if (link && (!signedIn || signedIn.has(userId))) return { id, name, state: 'linked' };
    if (facts.declined.some((each) => isTheirs(each, id))) return { id, name, state: 'declined' };
    const problem = facts.problems.find((each) => isTheirs(each, id));
    if (problem) return { id, name, state: problem.reason };
    return { id, name, state: signedIn ? 'signed_out' : 'none' };
  });
}
