/** The other side of the wire: a Slack and the three tools, with what the app has to be told to find them. */
import { createServer } from 'node:net';
import { createGong } from '../../sandbox/gong/simulator.ts';
import type { GongSimulator, GongTask, GongUser } from '../../sandbox/gong/types.ts';
import { createOutreach } from '../../sandbox/outreach/simulator.ts';
import type { OutreachOptions, OutreachSimulator } from '../../sandbox/outreach/types.ts';
import { createReply } from '../../sandbox/reply/simulator.ts';
import type { ReplyOptions, ReplySimulator } from '../../sandbox/reply/types.ts';
import type { SandboxUser, SlackWorkspace, SlackWorkspaceOptions } from '../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import { gongTask, MAYA, MAYA_GONG, OUTREACH, REPLY, TASK_A, TASK_B, THEO, THEO_GONG } from './cast.ts';

export interface Simulators {
  slack: SlackWorkspace;
  gong: GongSimulator;
  outreach: OutreachSimulator;
  reply: ReplySimulator;
}

export interface SimulatorOptions {
  /** Which tools the app is set up for; default Gong. */
  tools?: 'gong' | 'all';
  users?: SandboxUser[];
  gongUsers?: GongUser[];
  /** Gong's; default two of Maya's, or one beside those of the other tools. */
  tasks?: GongTask[];
  outreachOptions?: Partial<OutreachOptions>;
  replyOptions?: Partial<ReplyOptions>;
  /** Slack comes over HTTP instead of a socket. */
  http?: boolean;
  grid?: SlackWorkspaceOptions['grid'];
  /** Let the Gong simulator enforce its 3 calls a second; default true. */
  gongRateLimits?: boolean;
  /** Let the Slack simulator enforce its limits, a message a second in a conversation among them; default true. */
  slackRateLimits?: boolean;
}

export const API_KEY = 'reply-master-key-nobody-may-see';
const CLIENT_SECRET = 'outreach-client-secret-nobody-may-see';
const KEY = Buffer.alloc(32, 7).toString('base64');

export async function startSimulators(
  options: SimulatorOptions,
  clock: () => number,
  publicUrl: string,
): Promise<Simulators> {
  const ids = options.tools === 'all' ? [TASK_A] : [TASK_A, TASK_B];
  const slack = createSlackWorkspace({
    users: options.users ?? [MAYA, THEO],
    clock,
    rateLimits: options.slackRateLimits ?? true,
    ...(options.grid && { grid: options.grid }),
    ...(options.http && { http: { requestUrl: `${publicUrl}/slack/events` } }),
  });
  const gong = createGong({
    users: options.gongUsers ?? [MAYA_GONG, THEO_GONG],
    tasks: options.tasks ?? ids.map((id) => gongTask({ id })),
    clock: Date.now,
    rateLimits: options.gongRateLimits ?? true,
  });
  const outreach = createOutreach({ ...OUTREACH, clock, clientSecret: CLIENT_SECRET, ...options.outreachOptions });
  const reply = createReply({ ...REPLY, clock, apiKey: API_KEY, ...options.replyOptions });
  return { slack: await slack, gong: await gong, outreach: await outreach, reply: await reply };
}

export function settingsOf(
  { slack, gong, outreach, reply }: Simulators,
  { http, tools }: SimulatorOptions,
  publicUrl: string,
): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    ...(http ? { SLACK_SIGNING_SECRET: slack.signingSecret } : { SLACK_APP_TOKEN: slack.appToken }),
    SLACK_API_URL: slack.apiUrl,
    GONG_ACCESS_KEY: gong.accessKey,
    GONG_ACCESS_KEY_SECRET: gong.accessKeySecret,
    GONG_API_URL: gong.url,
    GONG_FLOW_DROP_DAYS: '120',
    ...(tools === 'all' && {
      PUBLIC_URL: publicUrl,
      ENCRYPTION_KEY: KEY,
      OUTREACH_CLIENT_ID: outreach.clientId,
      OUTREACH_CLIENT_SECRET: outreach.clientSecret,
      OUTREACH_API_URL: outreach.url,
      REPLY_API_KEY: reply.apiKey,
      REPLY_API_URL: reply.url,
    }),
  };
}

export function secretsOf({ slack, gong, outreach }: Simulators): string[] {
  return [
    slack.botToken,
    slack.appToken,
    slack.signingSecret,
    gong.accessKeySecret,
    Buffer.from(`${gong.accessKey}:${gong.accessKeySecret}`).toString('base64'),
    `${slack.url}/actions/`,
    API_KEY,
    CLIENT_SECRET,
    KEY,
    ...grantsOf(outreach),
  ];
}

/** Every code and token that Outreach was given back. */
function grantsOf(outreach: OutreachSimulator): string[] {
  return outreach.requests
    .filter(({ path }) => path.startsWith('/oauth/token'))
    .flatMap(({ body }) => [...new URLSearchParams(String(body))])
    .flatMap(([name, value]) => (['code', 'refresh_token', 'code_verifier'].includes(name) ? [value] : []));
}

/**
 * A port for a server that starts later. Below those that the system gives to outgoing connections (Linux: from 32,768 on),
 * or one of these might have it by then; each worker begins elsewhere.
 */
let nextPort = 12_000 + ((process.pid * 97) % 200) * 100;
export async function freePort(): Promise<number> {
  for (;;) {
    nextPort = nextPort >= 32_000 ? 12_000 : nextPort + 1;
    // Others may ask meanwhile.
    const port = nextPort;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
