/** Slack's events about members: joined, left, or changed. */
import type { App } from '@slack/bolt';
import type { People } from '../../core/people/people.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { toMember } from '../transport/member.ts';
import { organisationOf } from '../transport/whose.ts';

export function registerMembers(app: App, { people, log }: { people: Pick<People, 'follow'>; log: Log }): void {
  async function follow(body: { team_id: string }, user: unknown, joined: boolean): Promise<void> {
    const teamId = body.team_id;
    const said = toMember(user, teamId);
    if (!said) return;
    // One workspace says so. Without a zone Slack is asked about the person, in the whole organisation.
    const isUnsure = said.active === false && organisationOf({ ...body }) === teamId;
    const member = isUnsure ? { ...said, active: undefined, zone: undefined } : said;
    try {
      await people.follow(teamId, member, { joined });
    } catch (error) {
      // The daily sync finds missed changes.
      log.warn({ err: error, rep: member.userId }, 'could not follow a change of a member');
    }
  }
  app.event('user_change', ({ event, body }) => follow(body, event.user, false));
  app.event('team_join', ({ event, body }) => follow(body, event.user, true));
}
