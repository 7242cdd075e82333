/** The three simulated providers of the demo, seeded for its people, with what the page shows of each. */
import { gongPanel } from './gong/panel.ts';
import { seedGong } from './gong/seed.ts';
import { createGong } from './gong/simulator.ts';
import type { GongSimulator } from './gong/types.ts';
import { outreachPanel } from './outreach/panel.ts';
import { OUTREACH_USER_OF, seedOutreach } from './outreach/seed.ts';
import { createOutreach } from './outreach/simulator.ts';
import type { OutreachSimulator } from './outreach/types.ts';
import type { ProviderPanel } from './panel.ts';
import { DEMO_PEOPLE } from './people.ts';
import { replyPanel } from './reply/panel.ts';
import { REPLY_USER_OF, seedReply } from './reply/seed.ts';
import { createReply } from './reply/simulator.ts';
import type { ReplySimulator } from './reply/types.ts';

export interface Simulators {
  gong: GongSimulator;
  outreach: OutreachSimulator;
  reply: ReplySimulator;
}

/** In the demo the wrong person may be tried at once, whoever signed in a moment ago. */
const TOKEN_EVERY_MS = 1_000;

/** `atBrowser` is the Slack id of whoever uses the page: they are signed in at Outreach in that browser, too. */
export async function createSimulators(
  clock: () => number,
  atBrowser: () => string | undefined = () => undefined,
): Promise<Simulators> {
  const inBrowser = () => OUTREACH_USER_OF.get(atBrowser() ?? '');
  return {
    gong: await createGong({ ...seedGong(clock()), clock }),
    outreach: await createOutreach({ ...seedOutreach(clock()), clock, inBrowser, tokenEveryMs: TOKEN_EVERY_MS }),
    reply: await createReply({ ...seedReply(clock()), clock }),
  };
}

/** What the app is told of them: a value for each variable of each provider. */
export function settingsOf({ gong, outreach, reply }: Simulators): Map<string, Record<string, string>> {
  return new Map<string, Record<string, string>>([
    ['gong', { GONG_ACCESS_KEY: gong.accessKey, GONG_ACCESS_KEY_SECRET: gong.accessKeySecret, GONG_API_URL: gong.url }],
    [
      'outreach',
      {
        OUTREACH_CLIENT_ID: outreach.clientId,
        OUTREACH_CLIENT_SECRET: outreach.clientSecret,
        OUTREACH_API_URL: outreach.url,
      },
    ],
    ['reply', { REPLY_API_KEY: reply.apiKey, REPLY_API_URL: reply.url }],
  ]);
}

export function panelsOf({ gong, outreach, reply }: Simulators, clock: () => number): ProviderPanel[] {
  const replyUsers: Readonly<Record<string, string>> = REPLY_USER_OF;
  const gongUserOf = (slackId: string) => DEMO_PEOPLE.find((person) => person.slackId === slackId)?.gongUserId;
  return [
    gongPanel(gong, gongUserOf, clock),
    outreachPanel(outreach, (slackId) => OUTREACH_USER_OF.get(slackId)),
    replyPanel(reply, (slackId) => replyUsers[slackId], clock),
  ];
}

export async function closeSimulators({ gong, outreach, reply }: Simulators): Promise<void> {
  await Promise.all([gong.close(), outreach.close(), reply.close()]);
}
