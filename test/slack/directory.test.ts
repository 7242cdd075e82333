/** Reading everyone in a workspace, within Slack's limits: real client, real HTTP, time that a test moves. */
import { WebClient } from '@slack/web-api';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SandboxUser, SlackWorkspace } from '../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import { DeliveryError } from '../../src/core/model/errors.ts';
import { linkTeam } from '../../src/core/people/sync.ts';
import type { Member } from '../../src/core/ports/directory.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { clientOptions } from '../../src/slack/transport/client-options.ts';
import { ANN, createDocket } from '../core/docket.ts';
import { user as providerUser } from '../core/provider.ts';

const START = Date.parse('2026-11-23T13:55:00Z');
const MINUTE = 60_000;
const log = { info() {}, warn() {}, error() {} };

function people(count: number): SandboxUser[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `U${index}`,
    name: `p${index}`,
    realName: `Person ${index}`,
    email: `p${index}@x.example`,
    tz: 'America/New_York',
  }));
}

/** `before` is called before each page is asked for, with the number of the call. */
async function arrange(
  users: readonly SandboxUser[],
  before: (call: number, slack: SlackWorkspace) => void = () => {},
) {
  let now = START;
  const slack = await createSlackWorkspace({ users, teamId: ANN.teamId, clock: () => now });
  onTestFinished(() => slack.close());
  const waits: number[] = [];
  const client = new WebClient(slack.botToken, clientOptions(slack.apiUrl, log));
  const { list } = client.users;
  let calls = 0;
  client.users.list = (args) => {
    calls += 1;
    before(calls, slack);
    return list(args);
  };
  const directory = createDirectory({
    client,
    clock: () => now,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    log,
  });
  const pages = () => slack.calls.filter(({ method }) => method === 'users.list');
  return {
    slack,
    directory,
    waits,
    read: () => directory.members(ANN.teamId),
    pages,
    refused: () => pages().filter(({ result }) => result !== 'ok').length,
    cursors: () => pages().flatMap(({ args, result }) => (result === 'ok' ? [args.cursor ?? ''] : [])),
    elapsed: () => now - START,
  };
}

const ids = (members: readonly Member[]) => members.map(({ userId }) => userId).sort();
const idsOf = (users: readonly SandboxUser[]) => users.map(({ id }) => id).sort();

// slack.md 7.4
test('everyone, and one person, are read with their locale', async () => {
  const [one, two] = people(2).map((user, index) => ({ ...user, locale: index === 0 ? 'en-GB' : 'ja-JP' }));
  const { read, directory } = await arrange(one && two ? [one, two] : []);

  expect((await read()).map(({ locale }) => locale)).toEqual(['en-GB', 'ja-JP']);
  expect(await directory.member({ ...ANN, userId: two?.id ?? '' })).toMatchObject({ locale: 'ja-JP' });
});

test.each([
  [150, 1],
  [3_500, 18],
])('a workspace of %i people is read at once', async (count, pages) => {
  const users = people(count);
  const world = await arrange(users);

  expect(ids(await world.read())).toEqual(idsOf(users));

  expect(world.cursors()).toHaveLength(pages);
  expect(world.waits).toEqual([]);
});

test('ten thousand people are read in one pass, and the reps among them linked: no page twice, nothing refused, in two minutes', async () => {
  const users = people(10_000);
  const world = await arrange(users);
  const docket = await createDocket({ empty: true });
  const reps = users.filter((_user, index) => index % 100 === 99);
  docket.provider.users = reps.map(({ id, email = '' }) => providerUser(`at ${id}`, [email]));

  const report = await linkTeam({ ...docket.deps, directory: world.directory }, ANN.teamId);

  expect(report).toMatchObject({ linked: 100, removed: 0 });
  expect(world.refused()).toBe(0);
  // Slackbot and the app's own bot stand in the list as well.
  expect(world.cursors()).toHaveLength(Math.ceil(10_002 / 200));
  expect(new Set(world.cursors()).size).toBe(world.cursors().length);
  expect(world.elapsed()).toBe(2 * MINUTE);
}, 60_000);

test('who asks while everyone is read gets that reading, and who asks later a new one', async () => {
  const world = await arrange(people(500));

  const [one, other] = await Promise.all([world.read(), world.read()]);
  const later = await world.read();

  expect(world.cursors()).toHaveLength(6);
  expect(ids(one)).toEqual(ids(other));
  expect(ids(later)).toEqual(ids(one));
});

// slack.md 1.2: twenty pages a minute
test('readings one after another stay below the limit together', async () => {
  const world = await arrange(people(700));

  for (let count = 0; count < 6; count += 1) await world.read();

  expect(world.refused()).toBe(0);
  expect(world.elapsed()).toBe(MINUTE);
});

// slack.md 1.2: after a 429 on from the cursor
describe('what Slack answers in the middle', () => {
  type Failure = Parameters<SlackWorkspace['failNext']>[1];
  async function failAfter(pages: number, failure: Failure, times: number) {
    const users = people(1_000);
    const world = await arrange(users, (call, slack) => {
      if (call === pages + 1) slack.failNext('users.list', failure, times);
    });
    return { users, world };
  }

  test.each([
    ['a 429', { retryAfter: 30 }, 1, 30_000],
    ['a 429 again and again', { retryAfter: 45 }, 4, 180_000],
    ['a short outage', { status: 503 }, 3, 7_000],
    ['an error of its own', { error: 'internal_error' }, 2, 3_000],
  ])('%s: it goes on from the same page', async (_name, failure, times, elapsed) => {
    const { users, world } = await failAfter(3, failure, times);

    expect(ids(await world.read())).toEqual(idsOf(users));

    expect(world.refused()).toBe(times);
    expect(world.cursors()).toHaveLength(6);
    expect(new Set(world.cursors()).size).toBe(6);
    expect(world.elapsed()).toBe(elapsed);
  });

  test.each([
    ['a long outage', { status: 503 }, 25, 'unavailable'],
    ['a 429 that asks for hours', { retryAfter: 3 * 3_600 }, 1, 'rate_limited'],
    ['a refusal of the token', { error: 'token_revoked' }, 1, 'unauthorized'],
    ['a cursor that it no longer knows', { error: 'invalid_cursor' }, 1, 'unavailable'],
  ])('%s ends the reading, and the next one begins anew', async (_name, failure, times, kind) => {
    const { users, world } = await failAfter(2, failure, times);

    const read = world.read();
    await expect(read).rejects.toThrow(DeliveryError);
    await expect(read).rejects.toMatchObject({ kind });
    expect(world.elapsed()).toBeLessThanOrEqual(15 * MINUTE);

    expect(world.cursors()).toHaveLength(2);
    expect(ids(await world.read())).toEqual(idsOf(users));
    expect(world.cursors()).toHaveLength(2 + 6);
  });
});

test('a limit that was used up before the start is waited for, and nothing is read twice', async () => {
  const users = people(1_000);
  const world = await arrange(users);
  const before = new WebClient(world.slack.botToken, clientOptions(world.slack.apiUrl, log));
  for (let count = 0; count < 17; count += 1) await before.users.list({ limit: 1 });

  expect(ids(await world.read())).toEqual(idsOf(users));

  const own = world.pages().slice(17);
  expect(own.filter(({ result }) => result !== 'ok')).toHaveLength(1);
  expect(own.filter(({ result }) => result === 'ok')).toHaveLength(6);
  expect(world.elapsed()).toBe(MINUTE);
});

describe('answers that are no list', () => {
  function readFrom(answer: (cursor: string | undefined, call: number) => unknown) {
    let now = START;
    let calls = 0;
    const client = new WebClient();
    Object.assign(client.users, { list: async ({ cursor }: { cursor?: string }) => answer(cursor, ++calls) });
    const directory = createDirectory({
      client,
      clock: () => now,
      sleep: async (ms) => {
        now += ms;
      },
      log,
    });
    return directory.members(ANN.teamId);
  }

  test('pages that lead back to themselves end it', async () => {
    const read = readFrom((cursor) => ({
      members: [],
      response_metadata: { next_cursor: cursor === 'a' ? 'b' : 'a' },
    }));
    await expect(read).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('no end') });
  });

  test('pages without an end end it', async () => {
    const read = readFrom((_cursor, call) => ({ members: [], response_metadata: { next_cursor: `c${call}` } }));
    await expect(read).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('no end') });
  });

  test.each([[{}], [{ members: null }], [{ members: {} }], [{ members: [], response_metadata: { next_cursor: 7 } }]])(
    '%j is never an empty workspace',
    async (answer) => {
      await expect(readFrom(() => answer)).rejects.toMatchObject({ kind: 'unavailable' });
    },
  );

  test('someone who stands on two pages is one person, as the later page has them', async () => {
    const entry = (deleted: boolean) => ({ id: 'U1', deleted });
    const read = await readFrom((cursor) =>
      cursor ? { members: [entry(true)] } : { members: [entry(false)], response_metadata: { next_cursor: 'next' } },
    );
    expect(read).toMatchObject([{ userId: 'U1', active: false }]);
  });
});
