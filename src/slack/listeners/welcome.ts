/** What a rep answers to the welcome: a digest now, or none at all. */
import type { App, BlockAction } from '@slack/bolt';
import { ACTION } from '../../../blocks/ids.ts';
import { outsideText } from '../../../blocks/pilot.ts';
import { NEVER_TEXT, NOTHING_LINKED, WELCOME_NEVER } from '../../../blocks/welcome.ts';
import type { Schedules } from '../../core/digests/schedule.ts';
import type { Digests } from '../../core/digests/send.ts';
import type { People } from '../../core/people/people.ts';
import { Click } from '../transport/payloads.ts';
import { type Replies, respondOf } from './replies.ts';

interface WelcomeParts {
  digests: Pick<Digests, 'sendNow'>;
  schedules: Pick<Schedules, 'pause'>;
  people: Pick<People, 'identify' | 'known' | 'outside'>;
  replies: Pick<Replies, 'orApologise' | 'tell'>;
}

export function registerWelcome(app: App, { digests, schedules, people, replies }: WelcomeParts): void {
  app.action<BlockAction>(ACTION.welcomeNow, async (args) => {
    const { clicker } = Click.parse(args.body);
    await args.ack();
    const respond = respondOf(args);
    await replies.orApologise(clicker, respond, async () => {
      const outside = await people.outside(clicker);
      if (outside) return replies.tell(clicker, respond, outsideText(outside));
      const { rep, links } = await people.identify(clicker);
      if (links.length === 0) return replies.tell(clicker, respond, NOTHING_LINKED);
      // It is a message of its own, right below.
      await digests.sendNow(rep);
    });
  });

  app.action<BlockAction>(ACTION.welcomeNever, async (args) => {
    const { clicker, value } = Click.parse(args.body);
    await args.ack();
    // It ends all digests, so only our own button does.
    if (value !== WELCOME_NEVER) return;
    const respond = respondOf(args);
    await replies.orApologise(clicker, respond, async () => {
      await schedules.pause(await people.known(clicker));
      if (!respond) return replies.tell(clicker, undefined, NEVER_TEXT);
      await respond({ replace_original: true, text: NEVER_TEXT, blocks: [] });
    });
  });
}
