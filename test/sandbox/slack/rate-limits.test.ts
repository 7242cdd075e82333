import { expect, test } from 'vitest';
import type { SlackWorkspace } from '../../../sandbox/slack/types.ts';
import { breaches, clockAt } from '../simulator.ts';
import { ANN, BOB, client, codeOf, workspace } from './harness.ts';

async function callsUntilRefused(slack: SlackWorkspace, method: string, args: Record<string, string> = {}) {
  const asked = { method: 'POST', headers: { authorization: `Bearer ${slack.botToken}` } };
  for (let count = 0; count < 120; count += 1) {
    const response = await fetch(`${slack.apiUrl}${method}`, { ...asked, body: new URLSearchParams(args) });
    const body: unknown = await response.json();
    if (response.status === 429) return { count, retryAfter: response.headers.get('retry-after'), body };
  }
  return undefined;
}

const messagesUntilRefused = (slack: SlackWorkspace, channel: string) =>
  callsUntilRefused(slack, 'chat.postMessage', { channel, text: 'x' });

test.each([
  ['users.list', 20],
  ['chat.update', 50],
  ['users.info', 100],
])('%s: %i calls a minute', async (method, limit) => {
  const clock = clockAt(1_790_000_000_000);
  const slack = await workspace({ clock: clock.read });
  const refused = await callsUntilRefused(slack, method);
  expect(refused).toEqual({ count: limit, retryAfter: '60', body: { ok: false, error: 'ratelimited' } });
  clock.advance(59_999);
  expect(await callsUntilRefused(slack, method)).toMatchObject({ count: 0, retryAfter: '1' });
  clock.advance(1);
  expect(await callsUntilRefused(slack, method)).toMatchObject({ count: limit });
  // They are counted before they are read.
  breaches(slack);
});

test('chat.postMessage: a burst, then one a second in a channel', async () => {
  const clock = clockAt(1_790_000_000_000);
  const slack = await workspace({ clock: clock.read });
  expect(await messagesUntilRefused(slack, ANN.id)).toMatchObject({ count: 10, retryAfter: '1' });
  // The person and their direct message are one channel; another person's is not.
  const channel = slack.messages(ANN.id)[0]?.channel ?? '';
  expect(await codeOf(client(slack).chat.postMessage({ channel, text: 'x' }))).toBe('ratelimited');
  expect(await codeOf(client(slack).chat.postMessage({ channel: BOB.id, text: 'x' }))).toBe('ok');
  clock.advance(1_000);
  expect(await messagesUntilRefused(slack, ANN.id)).toMatchObject({ count: 1 });
});

test('chat.postMessage: 300 a minute in the workspace', async () => {
  const clock = clockAt(1_790_000_000_000);
  const users = Array.from({ length: 31 }, (_, index) => ({ ...BOB, id: `U${index}` }));
  const slack = await workspace({ clock: clock.read, users });
  for (const { id } of users.slice(0, 30)) {
    expect(await messagesUntilRefused(slack, id)).toMatchObject({ count: 10 });
  }
  expect(await messagesUntilRefused(slack, 'U30')).toMatchObject({ count: 0, retryAfter: '60' });
});
