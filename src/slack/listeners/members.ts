/** Slack's own news of people: who came, who left, whose address or time zone changed. */
import type { App } from '@slack/bolt';
import { followMember } from '../../core/people/sync.ts';
import { toMember } from '../transport/member.ts';
import type { SlackContext } from './context.ts';

export function registerPeople(app: App, context: SlackContext): void {
  app.event('user_change', ({ event, body }) => follow(context, body.team_id, event.user, false));
  app.event('team_join', ({ event, body }) => follow(context, body.team_id, event.user, true));
}

async function follow(context: SlackContext, teamId: string, user: unknown, joined: boolean): Promise<void> {
  const member = toMember(user, teamId);
  if (!member) return;
  try {
    await followMember(context, teamId, member, { joined });
  } catch (error) {
    // The daily look finds what was missed.
    context.log.warn({ err: error, rep: member.userId }, 'could not follow a change of a member');
  }
}
