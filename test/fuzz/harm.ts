/** How it is sent to the app, and what must hold whatever was sent. */
import { createHmac } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { Agent, request } from 'undici';
import { expect, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { MAYA, TASK_A } from '../flow/cast.ts';
import { press } from '../flow/press.ts';
import { findRow, fresh, mustBe, patches } from '../flow/read.ts';
import { createWorld, type World, type WorldOptions } from '../flow/world.ts';
import { type Post, type Sent, templatesOf } from './payloads.ts';

export const SLACK_WAITS = 3_000;

interface Answer {
  status: number;
  ms: number;
}
type Headers = Record<string, string | undefined>;

export interface Door {
  post(post: Post, more?: { secret?: string; at?: number; headers?: Headers }): Promise<Answer>;
}

export function doorOf(world: World, port = world.app.port): Door {
  const agent = new Agent({ headersTimeout: SLACK_WAITS + 2_000 });
  onTestFinished(() => agent.destroy());
  const url = `http://127.0.0.1:${port}/slack/events`;
  return {
    async post({ body, contentType }, { secret = world.slack.signingSecret, at = seconds(), headers = {} } = {}) {
      const signature = createHmac('sha256', secret).update(`v0:${at}:`).update(body).digest('hex');
      const signed = { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${signature}` };
      const given = { 'content-type': contentType, ...signed, ...headers };
      const before = performance.now();
      const answer = await request(url, { method: 'POST', headers: given, body, dispatcher: agent });
      await answer.body.dump();
      return { status: answer.statusCode, ms: performance.now() - before };
    },
  };
}

export const seconds = () => Math.floor(Date.now() / 1_000);

export async function eachOf<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const one of rest) await work(one);
    }),
  );
}
/** The ledger and the links as a whole; schedules of those whom the payloads do not act as. */
export async function recordOf(world: World) {
  const db = openDatabase(world.config.databaseUrl);
  const read = async (query: RawBuilder<unknown>) => (await query.execute(db)).rows;
  try {
    return {
      actions: await read(sql`select * from actions order by id`),
      links: await read(sql`select team_id, user_id, provider, external_id, origin, linked_at from links
        order by 1, 2, 3`),
      schedules: await read(sql`select * from schedules
        where user_id = ${MAYA.id} and team_id = ${world.slack.teamId}`),
      jobs: await read(sql`select key from jobs
        where payload like '%"perform"%' or payload like '%"undo"%' or payload like '%"create"%'`),
    };
  } finally {
    await db.destroy();
  }
}

/** What main.ts would end the process for. */
export function unhandled(): unknown[] {
  const seen: unknown[] = [];
  const note = (error: unknown) => void seen.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  return seen;
}

export async function expectUnharmed(world: World, before: Awaited<ReturnType<typeof recordOf>>): Promise<void> {
  await world.idle();
  expect(await recordOf(world)).toEqual(before);
  expect(before.actions).toHaveLength(1);
  for (const path of ['/healthz', '/readyz']) expect(await world.status(path), path).toBe(200);
  expect(patches(world)).toHaveLength(1);
  const digest = mustBe(world.slack.messages(MAYA.id)[0]);
  await press(world, digest, 'Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
}

/** A row of Maya's that is settled, so that Undo and Retry have something to reach for. */
export async function arrange(
  http: boolean,
  atEnd?: WorldOptions['atEnd'],
): Promise<{ world: World; templates: Sent[] }> {
  const limits = { gongRateLimits: false, slackRateLimits: false };
  const world = await createWorld({ http, allowUnexpected: true, ...limits, ...(atEnd && { atEnd }) });
  const templates = await templatesOf(world);
  await press(world, mustBe(world.slack.messages(MAYA.id)[0]), 'Whitfield 002', 'Dismiss');
  return { world, templates };
}
