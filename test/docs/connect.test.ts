/** The way from nothing to the first digest is held against the code, to the letter. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { welcomeMessage } from '../../blocks/welcome.ts';
import { readConfig } from '../../src/config.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { SCOPES } from '../../src/providers/outreach/oauth.ts';

const PAGE = readFileSync('docs/connect.md', 'utf8');
const PASTES = [...PAGE.matchAll(/```sh\n([^`]+)```/g)].map(([, text = '']) => text.trim());
const SETTINGS = PASTES.flatMap((paste) => [...paste.matchAll(/^([A-Z][A-Z_]+)=(.*)$/gm)]);
const EXAMPLE = readFileSync('.env.example', 'utf8');

test('it takes six pastes at the most', () => {
  expect(PASTES.length).toBeGreaterThan(3);
  expect(PASTES.length).toBeLessThanOrEqual(6);
});

test('each command of it is there to be run', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = PASTES.flatMap((paste) => [...paste.matchAll(/npm (?:run )?([a-z-]+)/g)].map(([, name = '']) => name));

  expect(named.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([]);
  expect(named).toEqual(expect.arrayContaining(['ci', 'doctor', 'start']));
});

test('each setting of it has an empty line of that name in .env.example', () => {
  const missing = SETTINGS.filter(([, name]) => !EXAMPLE.split('\n').includes(`${name}=`));

  expect(missing.map(([, name]) => name)).toEqual([]);
  expect(SETTINGS.length).toBeGreaterThan(8);
});

test('with values in the place of the dots Docket takes the settings as they stand there', () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  const env = SETTINGS.map(([, name = '', value = '']) => [
    name,
    value.replace('…', name === 'ENCRYPTION_KEY' ? key : 'x'),
  ]);

  expect(readConfig(Object.fromEntries(env), PROVIDERS)).toMatchObject({
    config: { pilot: { emails: ['you@your-company.example'] } },
  });
});

test('the scopes that it names are those that the code asks for', () => {
  const outreach = /The scopes:\s+([^.]+\.[\s\S]*?)\. `PUBLIC_URL`/.exec(PAGE)?.[1] ?? '';
  expect([...outreach.matchAll(/`([^`]+)`/g)].map(([, scope]) => scope)).toEqual(SCOPES);

  const contracts = readFileSync('docs/contracts/gong.md', 'utf8');
  const gong = [...PAGE.matchAll(/`(api:[a-z:]+)`/g)].map(([, scope]) => scope);
  expect(gong).toEqual(['api:users:read', 'api:tasks:read', 'api:tasks:write']);
  for (const scope of gong) expect(contracts).toContain(`\`${scope}\``);
});

test('the buttons that it names in Slack are there', () => {
  const { blocks } = welcomeMessage(
    { about: 'welcome', tools: [], linked: [{ name: 'Gong', email: undefined, isSignedIn: false }] },
    [],
    { now: 0, zone: 'UTC', locale: undefined },
  );

  expect(PAGE).toContain('*Send me one now*');
  expect(JSON.stringify(blocks)).toContain('"Send me one now"');
  expect(parse(readFileSync('manifest.yml', 'utf8')).settings.socket_mode_enabled).toBe(true);
});
