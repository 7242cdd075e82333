/** For admins: linked and unlinked members of the workspace, and the last changes. */
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { LinkDoubt, LinkEvent, LinkProblem } from '../model/people.ts';
import type { Ports } from '../ports/ports.ts';

export interface Team {
  providers: readonly TeamProvider[];
  /** Members without a link. */
  problems: readonly LinkProblem[];
  /** Members with a link, which stays. */
  clashes: readonly LinkProblem[];
  doubts: readonly LinkDoubt[];
  /** Newest first. */
  events: readonly LinkEvent[];
}

/** People are Slack user ids. */
export interface TeamProvider {
  id: string;
  name: string;
  linked: readonly string[];
  /** Reps without a live sign-in there. */
  unconnected: readonly string[];
}

const EVENTS = 10;

export async function readTeam(
  { store, providers }: Pick<Ports, 'store' | 'providers'>,
  teamId: string,
): Promise<Team> {
  const links = await store.links.list(teamId);
  const reps = (await store.reps.list(teamId)).filter(({ active }) => active);
  const declined = await store.people.declined(teamId);
  const linkOf = ({ userId, provider }: { userId: string; provider: ProviderId }) =>
    links.find((link) => link.userId === userId && link.provider === provider);
  const problems = await store.people.problems(teamId);
  const listed: TeamProvider[] = [];
  for (const { id, name, consent } of providers.values()) {
    const live = consent ? await store.connections.live(id, teamId) : links;
    const isLive = (rep: RepKey) => live.some(({ userId }) => userId === rep.userId);
    const isDeclined = (rep: RepKey) =>
      declined.some(({ userId, provider }) => userId === rep.userId && provider === id);
    const linked = links.filter((link) => link.provider === id && isLive(link)).map(({ userId }) => userId);
    const unconnected = reps.filter((rep) => !linked.includes(rep.userId) && !isDeclined(rep));
    listed.push({ id, name, linked, unconnected: consent ? unconnected.map(({ userId }) => userId) : [] });
  }
  return {
    providers: listed,
    problems: problems.filter((problem) => !linkOf(problem)),
    clashes: problems.filter((problem) => linkOf(problem)?.origin === 'address'),
    doubts: (await store.people.doubts(teamId)).filter((doubt) => linkOf(doubt)?.externalId === doubt.externalId),
    events: await store.people.events(teamId, { limit: EVENTS }),
  };
}
