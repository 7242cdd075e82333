import type { Line } from './delivery.ts';
import { userJson } from './methods-users.ts';
import { setTeam } from './organisation.ts';
import { deliverEvent } from './people.ts';
import { changed, nextTs, type State } from './state.ts';
import type { Delivery, SandboxUser } from './types.ts';

/** The workspace of the organisation in which people act now. */
function join(state: State, userId: string): void {
  const ids = state.teams.get(state.place)?.members ?? [];
  setTeam(state, state.place, [...ids, userId]);
}

/** Adds or changes a person at once, then tells a connected app what Slack would tell it. */
export async function setUser(line: Line, user: SandboxUser): Promise<Delivery | undefined> {
  const { state, transport } = line;
  const type = state.users.has(user.id) ? 'user_change' : 'team_join';
  const seconds = Math.floor(state.clock() / 1_000);
  if (!state.users.has(user.id)) join(state, user.id);
  state.users.set(user.id, user);
  state.updated.set(user.id, seconds);
  changed(state);
  if (!transport.connected()) return undefined;
  return await deliverEvent(line, {
    type,
    user: userJson(state, user),
    cache_ts: seconds,
    event_ts: nextTs(state),
  });
}
