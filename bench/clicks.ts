/** Slack's requests for what a rep presses or types. */
import { createHmac } from 'node:crypto';
import type { JsonObject } from '../sandbox/slack/types.ts';
import { SLACK, type SlackServer } from './slack-server.ts';

export interface Seen {
  userId: string;
  /** Of a message that stays; a command's answer has none. */
  ts: string | undefined;
  blocks: JsonObject[];
}

export interface Control {
  blockId: string;
  element: JsonObject;
}

/** Done of full rows and, as a menu's option, of compact ones. */
export function donesIn(blocks: readonly JsonObject[]): Control[] {
  return blocks.flatMap((block) => {
    const blockId = String(block.block_id);
    const elements = (block.elements ?? []) as JsonObject[];
    const button = block.type === 'actions' && elements.find(({ action_id: id }) => id === 'done');
    if (button) return [{ blockId, element: button }];
    const menu = block.accessory as JsonObject | undefined;
    const option = ((menu?.options ?? []) as JsonObject[]).find(({ value }) => value === '!done');
    return menu && option ? [{ blockId, element: { ...menu, options: [], selected_option: option } }] : [];
  });
}

/** The row that a control belongs to. */
export function rowOf({ blockId }: Control): string {
  return blockId.replace(/\.t$/, '');
}

/** With the whole message, as Slack sends it. */
export function clickBody(slack: SlackServer, { userId, ts, blocks }: Seen, { blockId, element }: Control): string {
  const channel = userId.replace(/^U/, 'D');
  const payload = {
    type: 'block_actions',
    team: { id: SLACK.team, domain: 'bench' },
    user: { id: userId, username: userId, name: userId, team_id: SLACK.team },
    api_app_id: 'A0BENCH',
    token: 'bench',
    enterprise: null,
    is_enterprise_install: false,
    container: { type: 'message', message_ts: ts ?? '1.1', channel_id: channel, is_ephemeral: ts === undefined },
    trigger_id: '1.2.3',
    channel: { id: channel, name: 'directmessage' },
    message: { type: 'message', user: 'U0DOCKET', ts: ts ?? '1.1', text: 'tasks', team: SLACK.team, blocks },
    state: { values: {} },
    response_url: slack.responseUrl(userId, ts),
    actions: [{ ...element, block_id: blockId, action_ts: '1.1' }],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

export function commandBody(slack: SlackServer, userId: string, text: string): string {
  return new URLSearchParams({
    token: 'bench',
    team_id: SLACK.team,
    team_domain: 'bench',
    channel_id: userId.replace(/^U/, 'D'),
    channel_name: 'directmessage',
    user_id: userId,
    user_name: userId,
    command: SLACK.command,
    text,
    api_app_id: 'A0BENCH',
    is_enterprise_install: 'false',
    response_url: slack.responseUrl(userId),
    trigger_id: '1.2.3',
  }).toString();
}

/** The rep opens Home. */
export function homeBody(userId: string): string {
  const event = {
    type: 'app_home_opened',
    user: userId,
    channel: userId.replace(/^U/, 'D'),
    tab: 'home',
    event_ts: '1.1',
  };
  return JSON.stringify({
    token: 'bench',
    team_id: SLACK.team,
    api_app_id: 'A0BENCH',
    event,
    type: 'event_callback',
    event_id: `Ev${crypto.randomUUID()}`,
    event_time: Math.floor(Date.now() / 1_000),
    authorizations: [{ enterprise_id: null, team_id: SLACK.team, user_id: 'U0DOCKET', is_bot: true }],
  });
}

/** `now`: as Docket's clock has it. */
export function signedHeaders(signingSecret: string, body: string, now = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    'content-type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
}

/** Sends one, and resolves when it was acknowledged. */
export async function send(port: number, body: string, now?: number): Promise<void> {
  const headers = signedHeaders(SLACK.signingSecret, body, now);
  const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`Docket answered ${answer.status}`);
}
