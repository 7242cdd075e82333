/** Slack's events about members: joined, left, or changed. */
import type { App } from '@slack/bolt';
import type { People } from '../../core/people/people.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { toMember } from '../transport/member.ts';

export function registerMembers(app: App, { people, log }: { people: Pick<People, 'follow'>; log: Log }): void {
  async function follow(teamId: string, user: unknown, joined: boolean): Promise<void> {
    const member = toMember(user, teamId);
    if (!member) return;
    try {
      await people.follow(teamId, member, { joined });
    } catch (error) {
      // The daily sync finds missed changes.
      log.warn({ err: error, rep: member.userId }, 'could not follow a change of a member');
    }
  }
  app.event('user_change', ({ event, body }) => follow(body.team_id, event.user, false));
  app.event('team_join', ({ event, body }) => follow(body.team_id, event.user, true));
}
