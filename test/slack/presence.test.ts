/** Reading Slack statuses: real client, real HTTP. */
import { expect, onTestFinished, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import { createPresence } from '../../src/slack/presence.ts';
import { WatchedClient } from '../../src/slack/transport/client.ts';
import { clientOptions } from '../../src/slack/transport/client-options.ts';

const NOW = Date.parse('2026-11-23T14:00:00Z');
const SECONDS = NOW / 1_000;
const SCOPE = 'users.profile:read';
const PALM = { emoji: ':palm_tree:', text: 'Vacationing' };

async function arrange(status: SandboxUser['status'], more: Partial<SandboxUser> = {}) {
  const user = { id: 'U1', name: 'ann', realName: 'Ann', tz: 'Europe/Berlin', ...(status && { status }), ...more };
  const slack = await createSlackWorkspace({ users: [user], clock: () => NOW });
  onTestFinished(() => slack.close());
  const lines: string[] = [];
  const write = (_: object, message: string) => void lines.push(message);
  const log = { info: write, warn: write, error: write };
  const client = new WatchedClient(slack.botToken, clientOptions(slack.apiUrl, log), log);
  onTestFinished(() => client.watch.stop());
  const presence = createPresence({ client, clock: () => NOW, log });
  const key = { teamId: slack.teamId, userId: 'U1' };
  return {
    slack,
    lines,
    client,
    presence,
    look: () => presence.look(key),
    asked: () => slack.calls.filter(({ method }) => method === 'users.profile.get').length,
  };
}

// slack.md 7.5
test.each<[string, SandboxUser['status'], unknown]>([
  ['none', undefined, { away: false }],
  ['something else', { emoji: ':bus:', text: 'Commuting' }, { away: false }],
  ['out of office without an end', PALM, { away: true }],
  ['out of office until later', { ...PALM, expiration: SECONDS + 60 }, { away: true, until: NOW + 60_000 }],
  ['out of office until now', { ...PALM, expiration: SECONDS }, { away: false }],
])('a status that says %s', async (_name, status, seen) => {
  const { client, look } = await arrange(status);
  await client.auth.test();

  expect(await look()).toEqual(seen);
});

test.each([
  ['a status that lacks fields', { profile: {} }, { away: false }],
  [
    'fields that are null',
    { profile: { status_emoji: null, status_text: null, status_expiration: null } },
    { away: false },
  ],
  ['an answer without a profile', {}, 'unknown'],
  ['a text that is none', { profile: { status_text: 7 } }, 'unknown'],
])('%s', async (_name, body, seen) => {
  const { client, look } = await arrange(PALM);
  await client.auth.test();
  client.users.profile.get = async () => ({ ok: true, ...body }) as never;

  expect(await look()).toEqual(seen);
});

// slack.md 5.1
test('without the scope Slack is not asked, nothing is wrong with the token, and it is noticed once it is there', async () => {
  const { slack, client, presence, look, asked, lines } = await arrange(PALM);
  expect(presence.mayLook()).toBe(false);
  slack.grant(SCOPE, false);
  await client.auth.test();

  expect([presence.mayLook(), await look(), await look(), asked()]).toEqual([false, 'unknown', 'unknown', 0]);
  expect(lines).toEqual(['cannot read Slack statuses: digests come whatever they say']);

  slack.grant(SCOPE, true);
  await client.chat.postMessage({ channel: 'U1', text: 'x' });
  expect([presence.mayLook(), await look()]).toEqual([true, { away: true }]);
});

test.each([
  ['a scope that was taken away', { error: 'missing_scope' }],
  ['an error of Slack', { error: 'internal_error' }],
  ['a person whom Slack does not know', { error: 'user_not_found' }],
  ['a rate limit', { status: 429, retryAfter: 30 }],
  ['no answer', { status: 503 }],
])(
  '%s is no reason to lose a digest, is said once however many mornings it lasts, and again after it was over',
  async (_name, failure) => {
    const { slack, client, look, lines, asked } = await arrange(PALM);
    await client.auth.test();
    slack.failNext('users.profile.get', failure, 3);

    expect([await look(), await look(), await look()]).toEqual(['unknown', 'unknown', 'unknown']);
    expect(lines).toEqual(['cannot read Slack statuses: digests come whatever they say']);
    expect(client.watch.isFine()).toBe(true);
    expect(await look()).toEqual({ away: true });
    expect(asked()).toBe(4);

    slack.failNext('users.profile.get', failure);
    await look();
    expect(lines).toHaveLength(2);
  },
);
