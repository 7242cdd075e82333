/** Several processes on one PostgreSQL database, as on machines of their own, behind one address. */
import { sql } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { MAYA } from '../flow/cast.ts';
import { type DocketProcess, envOf, eventually, START_WITHIN, startProcess } from '../flow/process.ts';
import { signIn } from '../flow/sign-in.ts';
import { freePort } from '../flow/simulators.ts';
import { createWorld, type World, type WorldOptions } from '../flow/world.ts';
import { createSchema } from '../store/postgres.ts';
import { startProxy, type Way } from './proxy.ts';

export interface Machines {
  world: World;
  /** The time of all machines. */
  now(): number;
  /** In the environment of a process: the way to the database as this machine has it. */
  database(way?: Way): Record<string, string>;
  /** Starts one; it may never be ready. */
  start(env?: Record<string, string>, how?: How): Promise<DocketProcess>;
  /** Starts one, and waits until it is ready. */
  startReady(env?: Record<string, string>, how?: How): Promise<DocketProcess>;
}

interface How {
  preload?: readonly URL[];
  /** By how much its clock is wrong. */
  offMs?: number;
  /** What runs; default: the sources. */
  code?: 'node' | 'bundle';
}

export interface MachineOptions extends WorldOptions {
  /** Default: the world's time. */
  at?: number;
  /** What happens before the processes take over from the world's own app. */
  before?: (world: World) => Promise<unknown>;
}

/**
 * The world's own app has set everything up, and is stopped. A tool's limit is not what is proved here; each process keeps
 * a limit of its own.
 */
export async function createMachines({ before, at, ...options }: MachineOptions = {}): Promise<Machines> {
  const { url, drop } = await createSchema();
  onTestFinished(drop);
  const front = await freePort();
  const address = { PORT: String(front), PUBLIC_URL: `http://127.0.0.1:${front}`, DATABASE_URL: url };
  const world = await createWorld({
    tools: 'all',
    gongRateLimits: false,
    ...options,
    env: { ...address, ...options.env },
  });
  await signIn(world, MAYA);
  await before?.(world);
  await world.idle();
  await world.app.stop();
  // It is not what is proved, and on a busy machine it may have been stopped in the middle of something.
  onTestFinished(() => void world.lines.splice(0));
  const offset = (at ?? world.now()) - Date.now();
  await setServerClock(url, offset);

  const running = new Map<number, DocketProcess>();
  let turn = 0;
  // Whom the tools and browsers reach: any that lives.
  await startProxy(() => {
    const ports = [...running.keys()];
    turn += 1;
    const port = ports[turn % Math.max(1, ports.length)];
    return port === undefined ? undefined : { host: '127.0.0.1', port };
  }, front);
  const now = () => Date.now() + offset;

  const machines: Machines = {
    world,
    now,
    database(way) {
      const seen = new URL(url);
      seen.searchParams.set('options', `${seen.searchParams.get('options')},pg_catalog`);
      if (way) [seen.hostname, seen.port] = ['127.0.0.1', String(way.port)];
      return { DATABASE_URL: seen.href };
    },
    async start(env = {}, { offMs = 0, preload, code } = {}) {
      const port = await freePort();
      const settings = { ...envOf(world), ...machines.database(), PORT: String(port), ...env };
      const docket = await startProcess(settings, now() + offMs, preload, code);
      running.set(port, docket);
      void docket.exit.then(() => running.delete(port));
      return docket;
    },
    async startReady(env, how) {
      const docket = await machines.start(env, how);
      await eventually(async () => expect(await docket.status('/readyz'), docket.output()).toBe(200), START_WITHIN);
      return docket;
    },
  };
  return machines;
}

/** As its sessions see it, the server has the time of the machines: they compare their clocks with it. */
async function setServerClock(url: string, offset: number): Promise<void> {
  const db = openDatabase(url);
  await sql`create function clock_timestamp() returns timestamptz language sql
    as ${sql.lit(`select pg_catalog.clock_timestamp() + interval '${offset} milliseconds'`)}`.execute(db);
  await db.destroy();
}
