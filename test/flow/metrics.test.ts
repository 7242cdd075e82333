/** Each metric moves when what it counts happens, and none names a person. */
import { describe, expect, test } from 'vitest';
import { ALWAYS, MINUTE, MONDAY_NINE } from './cast.ts';
import { type } from './press.ts';
import { morning, morningOfThree } from './start.ts';
import { createWorld, type World } from './world.ts';

const ON = { env: { METRICS: 'on' } };

async function scrape(world: World): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${world.app.port}/metrics`);
  expect(response.status).toBe(200);
  return parsed(await response.text());
}

/** `name{label="value"}`, without what a histogram has beside its count. */
function parsed(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !/^#|_bucket|_sum/.test(line));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

describe('a morning and a click', () => {
  test('move the digests, the acknowledgements, the clicks and the calls', async () => {
    const { world, digest } = await morning(ON);
    const before = await scrape(world);
    expect(before.get('docket_digests_due_total')).toBe(before.get('docket_digests_sent_total'));
    expect(before.get('docket_digests_sent_total')).toBeGreaterThan(0);
    expect(before.get('docket_digest_delay_seconds_count')).toBe(before.get('docket_digests_sent_total'));
    expect(before.get('docket_tool_calls_total{tool="gong",status="200"}')).toBeGreaterThan(0);
    expect(before.get('docket_tool_budget_left{tool="gong"}')).toBe(10_000 - world.gong.requests.length);
    expect(before.get('docket_slack_socket_up')).toBe(1);
    expect(before.get('docket_slack_token_accepted')).toBe(1);
    expect(before.get('docket_database_bytes')).toBeGreaterThan(10_000);
    expect(before.get('docket_digests_late')).toBe(0);
    expect(before.get('docket_tool_circuit_open{tool="gong"}')).toBe(0);

    await digest.press('Whitfield 001', 'Done');
    await type(world, 'status');
    const after = await scrape(world);
    const moved = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(moved('docket_ack_seconds_count{kind="block_actions"}')).toBe(1);
    expect(moved('docket_clicks_total{verb="done",tool="gong",result="succeeded"}')).toBe(1);
    expect(moved('docket_outcome_shown_seconds_count')).toBe(1);
    expect(moved('docket_tool_call_seconds_count{tool="gong"}')).toBe(2);
    expect(moved('docket_tool_budget_left{tool="gong"}')).toBe(-2);
  });

  test('name no person and no customer, and every label has few values', async () => {
    const { world, digest } = await morningOfThree(ON);
    await digest.press('Whitfield 001', 'Done');
    const response = await fetch(`http://127.0.0.1:${world.app.port}/metrics`);
    const text = await response.text();

    for (const { id, name } of world.slack.users) for (const word of [id, name]) expect(text).not.toContain(word);
    expect(text).not.toContain('Whitfield');
    const labels = new Set([...text.matchAll(/(\w+)="/g)].map(([, label]) => label));
    expect([...labels].sort()).toEqual(['kind', 'le', 'result', 'status', 'tool', 'verb']);
  });
});

describe('trouble', () => {
  test('at a tool shows as its status and its circuit, with the jobs that wait', async () => {
    const { world, digest } = await morning({ ...ON, gongRateLimits: false });
    world.gong.fail({ times: ALWAYS, how: { kind: 'answer', status: 503 } });
    await digest.press('Whitfield 001', 'Done');
    await world.pass(1_000, 20);

    const found = await scrape(world);
    expect(found.get('docket_tool_calls_total{tool="gong",status="503"}')).toBeGreaterThan(4);
    expect(found.get('docket_tool_circuit_open{tool="gong"}')).toBe(1);
  });

  test('in Slack shows as its 429s, and a digest that cannot be posted as late', async () => {
    const world = await createWorld(ON);
    world.slack.failNext('chat.postMessage', { status: 429, retryAfter: 1 }, 10_000);
    await world.passTo(MONDAY_NINE);
    await world.pass(MINUTE, 11);

    const found = await scrape(world);
    expect(found.get('docket_slack_rate_limited_total')).toBeGreaterThan(0);
    expect(found.get('docket_digests_late')).toBeGreaterThan(0);
    expect(world.lines.filter(({ message }) => message.startsWith('digests are due'))).toHaveLength(1);
  });
});

test('there are no metrics unless they are on, and with a token only for those who send it', async () => {
  const off = await createWorld();
  expect(await off.status('/metrics')).toBe(404);

  const token = 'a-token-of-thirty-two-characters';
  const world = await createWorld({ env: { METRICS_TOKEN: token } });
  const asking = (authorization?: string) =>
    world.status('/metrics', { headers: authorization === undefined ? {} : { authorization } });
  expect(await asking()).toBe(401);
  expect(await asking('Bearer another')).toBe(401);
  expect(await asking(token)).toBe(401);
  expect(await asking(`Bearer ${token}`)).toBe(200);
  expect(await world.status('/metrics', { method: 'POST', headers: { authorization: `Bearer ${token}` } })).toBe(404);
});
