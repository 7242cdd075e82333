/** The simulated providers of the demo, seeded for its people, with what the page shows of each. */
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

export const PROVIDERS = ['gong', 'outreach', 'reply'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Those that were asked for. */
export interface Simulators {
  gong?: GongSimulator;
  outreach?: OutreachSimulator;
  reply?: ReplySimulator;
}

export function isProvider(name: string): name is Provider {
  return PROVIDERS.some((provider) => provider === name);
}

/** In the demo the wrong person may be tried at once, whoever signed in a moment ago. */
const TOKEN_EVERY_MS = 1_000;

/** `atBrowser` is the Slack id of whoever uses the page: they are signed in at Outreach in that browser, too. */
export async function createSimulators(
  providers: readonly Provider[],
  times: { clock: () => number; pace?: () => number | undefined },
  atBrowser: () => string | undefined = () => undefined,
): Promise<Simulators> {
  const inBrowser = () => OUTREACH_USER_OF.get(atBrowser() ?? '');
  const now = times.clock();
  const simulators: Simulators = {};
  if (providers.includes('gong')) simulators.gong = await createGong({ ...seedGong(now), ...times });
  if (providers.includes('outreach')) {
    const seed = seedOutreach(now);
    simulators.outreach = await createOutreach({ ...seed, ...times, inBrowser, tokenEveryMs: TOKEN_EVERY_MS });
  }
  if (providers.includes('reply')) simulators.reply = await createReply({ ...seedReply(now), ...times });
  return simulators;
}

/** The app's settings for them: a value for each variable of each provider. */
export function settingsOf({ gong, outreach, reply }: Simulators): Map<string, Record<string, string>> {
  const settings = new Map<string, Record<string, string>>();
  if (gong) {
    const { accessKey, accessKeySecret, url } = gong;
    settings.set('gong', {
      GONG_ACCESS_KEY: accessKey,
      GONG_ACCESS_KEY_SECRET: accessKeySecret,
      GONG_API_URL: url,
      GONG_FLOW_DROP_DAYS: '120',
    });
  }
  if (outreach) {
    const { clientId, clientSecret, url } = outreach;
    settings.set('outreach', {
      OUTREACH_CLIENT_ID: clientId,
      OUTREACH_CLIENT_SECRET: clientSecret,
      OUTREACH_API_URL: url,
    });
  }
  if (reply) settings.set('reply', { REPLY_API_KEY: reply.apiKey, REPLY_API_URL: reply.url });
  return settings;
}

/** A port without a listener: a tool that the demo does not have is away, and never the real one. */
const NOWHERE = 'http://127.0.0.1:9';

/** Where tools are that an admin connects in the demo. */
export function addressesOf({ gong, outreach, reply }: Simulators): Record<string, string> {
  return {
    GONG_API_URL: gong?.url ?? NOWHERE,
    OUTREACH_API_URL: outreach?.url ?? NOWHERE,
    REPLY_API_URL: reply?.url ?? NOWHERE,
  };
}

export function panelsOf({ gong, outreach, reply }: Simulators, clock: () => number): ProviderPanel[] {
  const replyUsers: Readonly<Record<string, string>> = REPLY_USER_OF;
  const gongUserOf = (slackId: string) => DEMO_PEOPLE.find((person) => person.slackId === slackId)?.gongUserId;
  return [
    gong && gongPanel(gong, gongUserOf, clock),
    outreach && outreachPanel(outreach, (slackId) => OUTREACH_USER_OF.get(slackId)),
    reply && replyPanel(reply, (slackId) => replyUsers[slackId], clock),
  ].filter((panel) => panel !== undefined);
}

export async function closeSimulators(simulators: Simulators): Promise<void> {
  await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
}
