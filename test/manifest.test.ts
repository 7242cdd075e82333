/** The manifest that people paste into Slack asks for what the code uses: no less, and no more. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { SHORTCUT } from '../blocks/ids.ts';
import { parseManifest, readManifest } from '../sandbox/manifest.ts';
import { COMMAND_RULES, usageHint } from '../src/core/ask/grammar.ts';
import { OPTIONAL_SCOPES, REQUIRED_SCOPES } from '../src/slack/scopes.ts';
import { sourceFiles } from './source-files.ts';

const TEXT = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');
const { display_information: display, features, oauth_config: oauth, settings } = parse(TEXT);

const CODE = sourceFiles('src')
  .map(({ text }) => text)
  .join('\n');

/** Which scopes each method of Slack needs; a method that the code calls and that is missing here fails the test. */
const SCOPES: Record<string, readonly string[]> = {
  'auth.teams.list': [],
  'auth.test': [],
  'chat.postMessage': ['chat:write', 'im:write'],
  'chat.update': ['chat:write'],
  'oauth.v2.access': [],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read', 'users:read.email'],
  'users.list': ['users:read', 'users:read.email'],
  'users.profile.get': ['users.profile:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

const EVENT = /\bapp\.event\('([^']+)'/g;

function find(pattern: RegExp): string[] {
  return [...new Set([...CODE.matchAll(pattern)].map((match) => match.slice(1).join('.')))].sort();
}

test('asks for the scopes of the methods that the code calls, and of its commands', () => {
  const methods = [
    ...find(/\bclient\.(?!paginate)(\w+)\.(\w+(?:\.\w+)?)\(/g),
    ...find(/\bclient\.paginate\('([\w.]+)'/g),
  ];
  const commands = [...find(/\bapp\.command\('([^']+)'/g), ...find(/\bapp\.(shortcut)\b/g)];
  const unknown = methods.filter((method) => !(method in SCOPES));

  const needed = new Set(methods.flatMap((method) => SCOPES[method] ?? []));
  if (commands.length > 0) needed.add('commands');
  if (find(EVENT).includes('message')) needed.add('im:history');

  expect(unknown).toEqual([]);
  expect(methods).toContain('chat.postMessage');
  expect(oauth.scopes.bot).toEqual([...needed].sort());
  // Slack takes an optional scope only if it is among the others too (slack.md 5.1).
  expect(oauth.scopes.bot_optional).toEqual(['usergroups:read', 'users.profile:read']);
});

test('the doctor knows the same scopes, and which are optional', () => {
  expect(Object.keys({ ...REQUIRED_SCOPES, ...OPTIONAL_SCOPES }).sort()).toEqual(oauth.scopes.bot);
  expect(Object.keys(OPTIONAL_SCOPES)).toEqual(oauth.scopes.bot_optional);
});

test('gives a written reason for every scope and event', () => {
  const lines = TEXT.split('\n').map((line) => line.trim());
  const asked = [...oauth.scopes.bot, ...settings.event_subscriptions.bot_events];

  for (const name of asked) expect(lines[lines.indexOf(`- ${name}`) - 1]).toMatch(/^# [A-Z].{10,}\.$/);
});

test('subscribes to the events that the code listens to', () => {
  // Of messages Docket hears only those of its own conversations.
  const events = find(EVENT).map((event) => (event === 'message' ? 'message.im' : event));

  expect(settings.event_subscriptions.bot_events).toEqual(events);
  expect(events).toContain('message.im');
});

test('has the command, with the words that it takes', () => {
  expect(features.slash_commands).toEqual([
    {
      command: find(/\bapp\.command\('([^']+)'/g)[0],
      description: expect.stringMatching(/^.{1,100}$/),
      usage_hint: usageHint(),
      should_escape: false,
    },
  ]);
  for (const { word } of COMMAND_RULES) expect(usageHint()).toContain(word);
  expect(usageHint().length).toBeLessThanOrEqual(1_000);
});

test('has the message shortcuts that the code answers', () => {
  expect(find(/\bapp\.shortcut(?:<\w+>)?\(SHORTCUT\.(\w+)/g)).toEqual(Object.keys(SHORTCUT));
  expect(features.shortcuts).toEqual([
    {
      // Slack shows no more than 24 characters of it, and no more than 150 of what follows.
      name: expect.stringMatching(/^.{1,24}$/),
      type: 'message',
      callback_id: SHORTCUT.followUp,
      description: expect.stringMatching(/^.{1,150}$/),
    },
  ]);
});

test('is Docket, with a Home tab and a conversation where people can type, over a socket, in one workspace, with a lasting token', () => {
  expect(display).toMatchObject({ name: 'Docket', description: expect.stringMatching(/^.{1,140}$/) });
  expect(features.bot_user.display_name).toBe('Docket');
  const tabs = { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false };
  expect(features.app_home).toEqual(tabs);
  expect(settings).toMatchObject({
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
    org_deploy_enabled: false,
    token_rotation_enabled: false,
  });
});

test('the sandbox offers the commands and shortcuts of the manifest', () => {
  expect(readManifest()).toEqual({
    commands: [{ name: '/tasks', description: expect.stringMatching(/./), usageHint: usageHint() }],
    shortcuts: [{ name: expect.stringMatching(/./), callbackId: SHORTCUT.followUp }],
  });
});

test('the sandbox starts with no manifest that lacks them', () => {
  const { slash_commands: _, ...others } = features;

  expect(() => parseManifest(stringify({ features: others }))).toThrow('slash_commands');
});
