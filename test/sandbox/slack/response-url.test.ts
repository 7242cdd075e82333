import { expect, test } from 'vitest';
import { breaches, clockAt } from '../simulator.ts';
import { ANN, post as answer, BOB, row, stage } from './harness.ts';

async function setup() {
  const clock = clockAt(1_790_000_000_000);
  const { slack, post, press, last } = await stage({ clock: clock.read });
  const lastUrl = () => String(last()?.response_url);
  const shown = () => slack.messages(ANN.id).map(({ text, ephemeral }) => [text, ephemeral]);
  /** Posts a message, presses its button, and gives back the click's response_url. */
  async function click() {
    await press((await post()).ts);
    return lastUrl();
  }
  async function command() {
    await slack.command(ANN.id, '/tasks', '');
    return lastUrl();
  }
  return { clock, slack, press, last, lastUrl, shown, click, command };
}

const replace = (text: string) => ({ text, replace_original: true });

test('five uses', async () => {
  const { slack, click } = await setup();
  const url = await click();
  for (let use = 1; use <= 5; use += 1)
    expect(await answer(url, replace(`${use}`))).toEqual({ status: 200, text: 'ok' });
  expect(await answer(url, replace('6'))).toEqual({ status: 404, text: 'used_url' });
  expect(slack.messages(ANN.id)).toMatchObject([{ text: '5', blocks: [], edits: 5 }]);
  const results = slack.calls.filter(({ method }) => method === 'response_url').map(({ result }) => result);
  expect(results).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'used_url']);
});

test('thirty minutes', async () => {
  const { clock, slack, click } = await setup();
  const url = await click();
  clock.advance(30 * 60_000);
  expect(await answer(url, replace('in time'))).toMatchObject({ status: 200 });
  clock.advance(1);
  expect(await answer(url, replace('late'))).toEqual({ status: 404, text: 'expired_url' });
  expect(await answer(`${slack.url}/actions/T/1/x`, { text: 'x' })).toMatchObject({ status: 404 });
  breaches(slack);
});

test('the answer to a command is ephemeral unless it says otherwise', async () => {
  const { slack, command, shown } = await setup();
  const url = await command();
  await answer(url, { text: 'only you' });
  await answer(url, { text: 'everyone', response_type: 'in_channel' });
  // A command has no original: Slack posts another message.
  await answer(url, replace('again'));
  expect(shown()).toEqual([
    ['only you', true],
    ['everyone', false],
    ['again', true],
  ]);
  expect(slack.messages(BOB.id)).toEqual([]);
});

test('an ephemeral message is replaced by its own click, and never becomes public', async () => {
  const { slack, command, press, last, lastUrl } = await setup();
  await answer(await command(), { text: 'list', blocks: row('go') });
  const { ts = '' } = slack.messages(ANN.id)[0] ?? {};
  await press(ts);
  expect(last()).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } });
  expect(last()).not.toHaveProperty('message');
  await answer(lastUrl(), { ...replace('done'), response_type: 'in_channel' });
  expect(slack.messages(ANN.id)).toMatchObject([{ ts, text: 'done', ephemeral: true, edits: 1 }]);
});

test('blocks are checked as in any message', async () => {
  const { slack, click } = await setup();
  const url = await click();
  const refused = await answer(url, { ...replace('x'), blocks: [{ type: 'banner' }] });
  expect([refused.status, JSON.parse(refused.text)]).toEqual([400, { ok: false, error: 'invalid_blocks' }]);
  expect((await answer(url, { replace_original: true })).text).toContain('no_text');
  expect(slack.messages(ANN.id)).toMatchObject([{ text: 'list', edits: 0 }]);
  expect(breaches(slack)).toHaveLength(1);
});
