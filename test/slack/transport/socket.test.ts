/** The socket is opened again soon after Slack is back, however long Slack was away. */
import { EventEmitter } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createSlackWorkspace } from '../../../sandbox/slack/workspace.ts';
import { createBolt } from '../../../src/slack/transport/bolt.ts';
import { createSocket, pauseAfterFailures } from '../../../src/slack/transport/socket.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

interface Line {
  level: string;
  message: string;
  fields: object;
}

function recorder() {
  const lines: Line[] = [];
  const write = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, log: { info: write('info'), warn: write('warn'), error: write('error') } };
}

/** A client whose socket opens only while Slack is there, in a time of its own. */
function createScene(triesTake = 50) {
  const emitter = new EventEmitter();
  const { lines, log } = recorder();
  let now = 0;
  let back = Number.NEGATIVE_INFINITY;
  let opened: number | undefined;
  const tries: number[] = [];
  const client = {
    on: emitter.on.bind(emitter),
    disconnect: async () => void emitter.emit('disconnected'),
    async start() {
      tries.push(now);
      now += triesTake;
      if (now < back) throw new Error('connect ECONNREFUSED');
      opened = now;
      return { ok: true };
    },
  };
  const timing = {
    now: () => now,
    async wait(ms: number) {
      now += ms;
    },
  };
  const socket = createSocket(client as unknown as Parameters<typeof createSocket>[0], log, timing);
  return {
    socket,
    lines,
    tries,
    async loseFor(ms: number) {
      back = now + ms;
      opened = undefined;
      emitter.emit('disconnected');
      await vi.waitFor(() => expect(opened).toBeDefined());
      return (opened ?? 0) - back;
    },
  };
}

test.each([20 * SECOND, 135 * SECOND, 10 * MINUTE, 3 * 60 * MINUTE])(
  'after an outage of %i ms the socket is back within 20 seconds',
  async (outage) => {
    for (const triesTake of [1, 400, 9_000]) {
      const scene = createScene(triesTake);
      await scene.socket.connect();

      expect(await scene.loseFor(outage)).toBeLessThan(20 * SECOND);
    }
  },
);

test('a loss is said once, and the return with how long it was away', async () => {
  const scene = createScene();
  await scene.socket.connect();

  await scene.loseFor(10 * MINUTE);

  await vi.waitFor(() => expect(scene.lines).toHaveLength(2));
  expect(scene.tries.length).toBeGreaterThan(30);
  expect(scene.lines[0]).toMatchObject({ level: 'warn', message: expect.stringContaining('is lost') });
  expect(scene.lines[1]).toMatchObject({ level: 'info', message: 'the socket to Slack is back' });
  const awayMs = Number(new Map(Object.entries(scene.lines[1]?.fields ?? {})).get('awayMs'));
  expect(awayMs).toBeGreaterThanOrEqual(10 * MINUTE);
  expect(awayMs).toBeLessThan(10 * MINUTE + 20 * SECOND);
});

test('a routine change of sockets is nothing to speak of', async () => {
  const scene = createScene();
  await scene.socket.connect();

  await scene.loseFor(0);

  expect(scene.lines).toEqual([]);
  expect(scene.socket.isUp()).toBe(true);
});

// slack.md 6.1: a ceiling for the pause
test('the pause grows, and has a ceiling', () => {
  expect([1, 2, 3, 4, 5, 6, 100].map(pauseAfterFailures)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
});

test('with the real SDK: Slack goes away and comes back, and the socket is open again, once', async () => {
  const slack = await createSlackWorkspace({ users: [] });
  onTestFinished(() => slack.close());
  const { lines, log } = recorder();
  const settings = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl, proxied: false };
  const bolt = createBolt(settings, log, Date.now);
  await bolt.app.init();
  await bolt.connect();
  onTestFinished(() => bolt.disconnect());
  expect(slack.connected()).toBe(true);

  slack.goAway();
  await vi.waitFor(() => expect(lines.filter(({ message }) => message.includes('is lost'))).toHaveLength(1), 10_000);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  slack.comeBack();

  await vi.waitFor(() => expect(slack.connected()).toBe(true), 20_000);
  await vi.waitFor(() => expect(lines.map(({ message }) => message)).toContain('the socket to Slack is back'), 5_000);
  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(lines.filter(({ message }) => message.includes('Failed to retrieve'))).toEqual([]);

  // And once more, as Slack does every few hours.
  const opened = () =>
    slack.calls.filter(({ method, result }) => method === 'apps.connections.open' && result === 'ok').length;
  const before = opened();
  slack.disconnect();
  await vi.waitFor(() => expect(opened()).toBe(before + 1), 5_000);
  await vi.waitFor(() => expect(slack.connected()).toBe(true), 5_000);
  expect(bolt.isUp()).toBe(true);
  expect(slack.unexpected).toEqual([]);
}, 60_000);
