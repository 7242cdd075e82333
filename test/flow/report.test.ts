/** The report of a day, as its command prints it beside the running app. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run } from './process.ts';
import { morning } from './start.ts';

const report = (databaseUrl: string, ...args: string[]) => run('src/report.ts', args, { DATABASE_URL: databaseUrl });

test('each rep whose digest was due stands in the report, with when it came and how many rows it had', async () => {
  const { world } = await morning();

  const table = await report(world.config.databaseUrl, '--day', '2026-11-23');
  expect(table).toMatchObject({ code: 0, error: '' });
  expect(table.out).toMatch(/^2026-11-23: \d+ digests: .*\d sent/);
  const csv = await report(world.config.databaseUrl, '--day', '2026-11-23', '--csv');
  expect(csv.out).toMatch(
    /^team,rep,name,due,.*\r\n(.*\r\n)*.*,2026-11-23T14:00:00Z,2026-11-23T14:00:\d\dZ,0,\d+,sent,\r\n/,
  );
  expect(csv.out.split('\r\n')).toHaveLength(table.out.split('\n').length - 2);
});

test('a missing day or database is said, and no file is made', async () => {
  const missing = '/tmp/docket-no-such-folder/docket.db';

  expect(await report(`file:${missing}`, '--day', 'today')).toMatchObject({
    code: 1,
    error: expect.stringContaining('npm run report -- --day 2026-11-27'),
  });
  expect(await report(`file:${missing}`, '--day', '2026-11-27')).toMatchObject({
    code: 1,
    error: expect.stringContaining(`There is no database at ${missing}`),
  });
  expect(existsSync(missing)).toBe(false);
});
