/** Who is in a user group: usergroups.users.list, with the optional scope `usergroups:read`. */
import { z } from 'zod';
import { DeliveryError } from '../core/model/errors.ts';
import type { Groups } from '../core/ports/groups.ts';
import type { ReadTeams } from './teams.ts';
import type { WatchedClient } from './transport/client.ts';
import { toDeliveryError } from './transport/errors.ts';

const Answer = z.object({ users: z.array(z.string()) });

/** Nothing that Docket could wait for. */
const HOPELESS = new Set(['no_such_subteam', 'missing_scope', 'plan_upgrade_required', 'subteam_disabled']);

/** Another workspace of the organisation may have it. */
const NOT_THERE = new Set(['no_such_subteam', 'team_access_not_granted', 'plan_upgrade_required']);

/** `teams`: those of an organisation. The method answers for one workspace (slack.md 10.3), so the group's is looked for. */
export function createGroups(client: Pick<WatchedClient, 'usergroups'>, teams?: ReadTeams): Groups {
  /** group -> the workspace that it is of */
  const known = new Map<string, string>();

  async function read(groupId: string, team?: string): Promise<readonly string[]> {
    try {
      const asked = { usergroup: groupId, ...(team !== undefined && { team_id: team }) };
      return Answer.parse(await client.usergroups.users.list(asked)).users;
    } catch (error) {
      if (error instanceof z.ZodError) throw new DeliveryError('unavailable', 'the answer could not be read');
      const failure = toDeliveryError(error);
      const { code, message } = failure;
      if (code === undefined || !HOPELESS.has(code)) throw failure;
      throw new DeliveryError('permanent', message, { code, cause: failure });
    }
  }

  async function find(groupId: string, readTeams: ReadTeams): Promise<readonly string[]> {
    const likely = known.get(groupId);
    const all = [...(likely === undefined ? [] : [likely]), ...(await readTeams())];
    let last: unknown = new DeliveryError('permanent', 'Slack: no workspace has the app', { code: 'no_such_subteam' });
    for (const team of new Set(all)) {
      try {
        const users = await read(groupId, team);
        known.set(groupId, team);
        return users;
      } catch (error) {
        if (!(error instanceof DeliveryError) || !NOT_THERE.has(error.code ?? '')) throw error;
        last = error;
      }
    }
    throw last;
  }

  return { members: (groupId) => (teams ? find(groupId, teams) : read(groupId)) };
}
