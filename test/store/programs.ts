/** Programs of PostgreSQL and before it, for tests that start a server of their own. */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of initdb and postgres; those of the newest version that Debian's packages brought. undefined: there are none. */
export const POSTGRES_PROGRAMS = [
  process.env.TEST_POSTGRES_PROGRAMS,
  ...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
].find((folder) => folder !== undefined && existsSync(join(folder, 'initdb')));

export const PGBOUNCER = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));

/** A line for each that is not there. */
export function leftOut(): string[] {
  return [
    ...(POSTGRES_PROGRAMS
      ? []
      : ['PostgreSQL over TLS is left out: no initdb (TEST_POSTGRES_PROGRAMS names its folder)']),
    ...(PGBOUNCER ? [] : ['PgBouncer is left out: it is not installed']),
  ];
}
