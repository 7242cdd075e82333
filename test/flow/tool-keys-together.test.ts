/** A tool's key that an admin replaces in one of two processes. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createGong } from '../../sandbox/gong/simulator.ts';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { createApp } from '../../src/app.ts';
import { createSchema, hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { ADMIN, gongTask, MAYA, MAYA_GONG, TASK_A, THEO, THEO_GONG } from './cast.ts';
import { show } from './press.ts';
import { lastMessage, mustBe } from './read.ts';
import { connectGong, createTooled, openTools, pressTool, seen, sendKey } from './tooling.ts';
import { sendAgainTo } from './workspaces.ts';

const SILENT = { info() {}, warn() {}, error() {} };
const NEW = { GONG_ACCESS_KEY: 'the-next-gong-access-key', GONG_ACCESS_KEY_SECRET: 'the-next-gong-secret' };

/** Takes the new key alone; the other one takes the old key alone. */
async function gongOfNewKey() {
  const gong = await createGong({
    users: [MAYA_GONG, THEO_GONG],
    tasks: [gongTask({ id: TASK_A, userId: THEO_GONG.id, title: 'Listed with the new key' })],
    accessKey: NEW.GONG_ACCESS_KEY,
    accessKeySecret: NEW.GONG_ACCESS_KEY_SECRET,
    rateLimits: false,
  });
  onTestFinished(async () => {
    await gong.close();
    expect(gong.unexpected).toEqual([]);
  });
  return gong;
}

describe.skipIf(!hasPostgres)('two processes', () => {
  takeTurnsOnServer();
  test('the other one hears of the key at once, and makes its next call with it', async () => {
    const { url, drop } = await createSchema();
    onTestFinished(drop);
    const addresses: Record<string, string> = {};
    const { world, other, gong, config } = await createTooled({
      env: { DATABASE_URL: url },
      overrides: { addresses },
    });
    const second = createApp({ ...config, port: 0 }, SILENT, { clock: world.now, random: () => 0.5, addresses });
    await second.start();
    onTestFinished(() => second.stop());
    await connectGong(other);
    other.slack.closeModal(ADMIN.id);
    const next = await gongOfNewKey();
    /** Of the second process alone: what it calls, and what it lists. */
    const listed = async (who: SandboxUser, before: () => Promise<void> = async () => {}) => {
      await other.slack.command(who.id, '/tasks', '');
      await world.idle();
      await before();
      const counts = () => [gong, next].map(({ requests }) => requests.length);
      const [calls, asked] = [other.slack.calls.length, counts()];
      expect((await sendAgainTo(second.port, other)).status).toBe(200);
      await vi.waitFor(() => expect(other.slack.calls.length).toBeGreaterThan(calls), 10_000);
      await second.idle();
      const asks = counts().map((count, n) => count > (asked[n] ?? 0));
      return { asksOld: asks[0], asksNew: asks[1], words: show(other, mustBe(lastMessage(other, who))).words() };
    };
    expect(await listed(MAYA)).toEqual({
      asksOld: true,
      asksNew: false,
      words: expect.stringContaining('Of the other 001'),
    });

    addresses.GONG_API_URL = next.url;
    await openTools(other);
    await pressTool(other, 'Gong', 'Replace the key');
    await sendKey(other, NEW);
    expect(seen(other)).toContain('*Gong has the new key.*');
    await second.idle();

    // No minute has passed, so it has heard of it from the first one, which is not there any more. Maya's list is kept for a while.
    expect(await listed(THEO, () => world.app.stop())).toEqual({
      asksOld: false,
      asksNew: true,
      words: expect.stringContaining('Listed with the new key'),
    });
  });
});
