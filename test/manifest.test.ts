/** The manifest that people paste into Slack asks for what the code uses: no less, and no more. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHORTCUT } from '../blocks/ids.ts';
import { parseManifest, readManifest } from '../sandbox/manifest.ts';
import { COMMANDS, usageHint } from '../src/slack/listeners/commands.ts';
import { sourceFiles } from './source-files.ts';

type Yaml = string | boolean | Yaml[] | { [key: string]: Yaml };

const TEXT = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');
const MANIFEST = read(TEXT);

const CODE = sourceFiles('src')
  .map(({ text }) => text)
  .join('\n');

/** Which scopes each method of Slack needs; a method that the code calls and that is missing here fails the test. */
const SCOPES: Record<string, readonly string[]> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write', 'im:write'],
  'chat.update': ['chat:write'],
  'users.info': ['users:read', 'users:read.email'],
  'users.list': ['users:read', 'users:read.email'],
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
  const methods = [...find(/\bclient\.(?!paginate)(\w+)\.(\w+)\(/g), ...find(/\bclient\.paginate\('([\w.]+)'/g)];
  const commands = [...find(/\bapp\.command\('([^']+)'/g), ...find(/\bapp\.(shortcut)\b/g)];
  const unknown = methods.filter((method) => !(method in SCOPES));

  const needed = new Set(methods.flatMap((method) => SCOPES[method] ?? []));
  if (commands.length > 0) needed.add('commands');
  if (find(EVENT).includes('message')) needed.add('im:history');

  expect(unknown).toEqual([]);
  expect(methods).toContain('chat.postMessage');
  expect(at('oauth_config.scopes.bot')).toEqual([...needed].sort());
});

test('gives a written reason for every scope and event', () => {
  const lines = TEXT.split('\n').map((line) => line.trim());
  const asked = [...list('oauth_config.scopes.bot'), ...list('settings.event_subscriptions.bot_events')];

  for (const name of asked) expect(lines[lines.indexOf(`- ${name}`) - 1]).toMatch(/^# [A-Z].{10,}\.$/);
});

test('subscribes to the events that the code listens to', () => {
  // Of messages Docket hears only those of its own conversations.
  const events = find(EVENT).map((event) => (event === 'message' ? 'message.im' : event));

  expect(at('settings.event_subscriptions.bot_events')).toEqual(events);
  expect(events).toContain('message.im');
});

test('has the command, with the words that it takes', () => {
  const [command, ...others] = list('features.slash_commands');

  expect(others).toEqual([]);
  expect(command).toEqual({
    command: find(/\bapp\.command\('([^']+)'/g)[0],
    description: expect.stringMatching(/^.{1,100}$/),
    usage_hint: usageHint(),
    should_escape: false,
  });
  for (const { word } of COMMANDS) expect(usageHint()).toContain(word);
  expect(usageHint().length).toBeLessThanOrEqual(1_000);
});

test('has the message shortcuts that the code answers', () => {
  const answered = find(/\bapp\.shortcut(?:<\w+>)?\(SHORTCUT\.(\w+)/g);
  const [shortcut, ...others] = list('features.shortcuts');

  expect(others).toEqual([]);
  expect(answered).toEqual(Object.keys(SHORTCUT));
  expect(shortcut).toEqual({
    // Slack shows no more than 24 characters of it, and no more than 150 of what follows.
    name: expect.stringMatching(/^.{1,24}$/),
    type: 'message',
    callback_id: SHORTCUT.followUp,
    description: expect.stringMatching(/^.{1,150}$/),
  });
});

test('is Docket, with a Home tab and a conversation where people can type, over a socket, in one workspace, with a token that stays', () => {
  expect(at('display_information.name')).toBe('Docket');
  expect(String(at('display_information.description')).length).toBeLessThanOrEqual(140);
  expect(at('features.bot_user.display_name')).toBe('Docket');
  const tabs = { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false };
  expect(at('features.app_home')).toEqual(tabs);
  expect(at('settings')).toMatchObject({
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
    org_deploy_enabled: false,
    token_rotation_enabled: false,
  });
});

describe('the reader of this test', () => {
  test('reads mappings, lists and scalars', () => {
    const text = "# c\na:\n  b: 'x: [y]'\n  c:\n    - d\n    - e: true\n      f: g h\nh: false\n";

    expect(read(text)).toEqual({ a: { b: 'x: [y]', c: ['d', { e: true, f: 'g h' }] }, h: false });
  });

  test('refuses YAML that it does not know rather than misread it', () => {
    const plain = ['just words', '\ta: b', 'a: b # c', 'a: b\na: c'];
    const values = ['[b]', '{b: c}', '&x b', '|', '"b"', 'yes'];
    for (const text of [...plain, ...values.map((value) => `a: ${value}`)]) expect(() => read(text), text).toThrow();
  });
});

function at(path: string): Yaml | undefined {
  let value: Yaml | undefined = MANIFEST;
  for (const key of path.split('.')) {
    value = typeof value === 'object' && !Array.isArray(value) ? value[key] : undefined;
  }
  return value;
}

function list(path: string): Yaml[] {
  const value = at(path);
  if (!Array.isArray(value)) throw new Error(`${path} is no list`);
  return value;
}

interface Line {
  indent: number;
  text: string;
}

/** The small part of YAML that the manifest is written in: two spaces, mappings, lists, plain and single-quoted text. */
function read(text: string): Yaml {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map((line) => ({ indent: line.length - line.trimStart().length, text: line.trim() }));
  const value = readBlock(lines, 0);
  if (lines.length > 0) throw new Error(`unexpected: ${lines[0]?.text}`);
  return value;
}

function readBlock(lines: Line[], indent: number): Yaml {
  return lines[0]?.text.startsWith('- ') ? readList(lines, indent) : readMapping(lines, indent);
}

function readList(lines: Line[], indent: number): Yaml[] {
  const items: Yaml[] = [];
  for (let line = lines[0]; line?.indent === indent && line.text.startsWith('- '); line = lines[0]) {
    const text = line.text.slice(2);
    lines.shift();
    if (!/^[a-z_]+:( |$)/.test(text)) items.push(readScalar(text));
    else {
      lines.unshift({ indent: indent + 2, text });
      items.push(readMapping(lines, indent + 2));
    }
  }
  return items;
}

function readMapping(lines: Line[], indent: number): Yaml {
  const mapping: { [key: string]: Yaml } = {};
  for (let line = lines[0]; line?.indent === indent; line = lines[0]) {
    const [, key, text] = /^([a-z_]+):(?: (.+))?$/.exec(line.text) ?? [];
    if (key === undefined || key in mapping) throw new Error(`cannot read: ${line.text}`);
    lines.shift();
    mapping[key] = text === undefined ? readBlock(lines, indent + 2) : readScalar(text);
  }
  if (Object.keys(mapping).length === 0) throw new Error(`nothing at ${lines[0]?.text}`);
  return mapping;
}

function readScalar(text: string): string | boolean {
  const quoted = /^'([^']*)'$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  if (text === 'true' || text === 'false') return text === 'true';
  if (!/^[A-Za-z/][^#'"[\]{}|>&*!%@`]*$/.test(text) || /: |^(yes|no|on|off|null)$/i.test(text)) {
    throw new Error(`cannot read: ${text}`);
  }
  return text;
}

test('the sandbox offers the commands and shortcuts of the manifest', () => {
  expect(readManifest()).toEqual({
    commands: [{ name: '/tasks', description: expect.stringMatching(/./), usageHint: usageHint() }],
    shortcuts: [{ name: expect.stringMatching(/./), callbackId: SHORTCUT.followUp }],
  });
});

test('the sandbox reads several commands, quoted or not, and refuses a manifest without them', () => {
  const entry = (name: string, hint: string) =>
    `    - command: ${name}\n      description: Does it\n      usage_hint: ${hint}\n`;
  const shortcuts = '  shortcuts:\n    - name: Note\n      type: message\n      callback_id: note\nsettings:\n';
  const text = `features:\n  slash_commands:\n${entry('/one', "'[it''s]'")}${entry('/two', 'plain')}${shortcuts}`;

  expect(parseManifest(text).commands.map(({ name, usageHint: hint }) => [name, hint])).toEqual([
    ['/one', "[it's]"],
    ['/two', 'plain'],
  ]);
  expect(() => parseManifest(shortcuts)).toThrow('no slash_commands');
});
