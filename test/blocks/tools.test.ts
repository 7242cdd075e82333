/** The window with a workspace's tools, the form for a key, and what is said of both. */
import { expect, test } from 'vitest';
import { LIMITS } from '../../blocks/limits.ts';
import { fieldProblem, saidOfEnd, saidOfSave, whyNotTaken } from '../../blocks/tool-words.ts';
import { decodeForm, decodeTool, toolForm, toolNotice, toolsWindow } from '../../blocks/tools-window.ts';
import { checkView } from '../../sandbox/slack/validate.ts';
import { ProviderError, type ProviderErrorKind } from '../../src/core/model/errors.ts';
import type { ToolAnswer, ToolState } from '../../src/core/people/tool-desk.ts';
import { MODULES } from '../../src/providers/index.ts';
import { NOW, READER } from './fixtures.ts';

const state = (more: Partial<ToolState> = {}): ToolState => {
  return { id: 'gong', name: 'Gong', key: { of: 'nobody' }, links: 0, lastListedAt: undefined, ...more };
};
const ADMINS = { of: 'admin', by: 'U1', at: NOW, end: '3F2A', lost: false } as const;
const failed = (kind: ProviderError['kind']): ToolAnswer => {
  return { is: 'failed', error: new ProviderError({ provider: 'gong', operation: 'GET /x', kind }), reference: 'r-1' };
};
const text = (view: object) => JSON.stringify(view);

test.each<[string, Partial<ToolState>, ToolAnswer | undefined, string]>([
  ['not connected', {}, undefined, 'not connected.'],
  ['set by the operator', { key: { of: 'operator' } }, { is: 'fine' }, 'set by the operator of Docket'],
  ['connected', { key: ADMINS, links: 12, lastListedAt: NOW }, { is: 'fine' }, 'Gong answers, and takes the key.'],
  ['refused', { key: ADMINS }, failed('auth'), 'Gong refuses the key'],
  ['away', { key: ADMINS }, failed('unavailable'), 'Gong does not answer just now'],
  ['lost', { key: { ...ADMINS, end: undefined, lost: true } }, failed('auth'), 'The key cannot be read any more'],
])('a tool that is %s is shown so, and Slack takes the window', (_name, more, answer, words) => {
  const answers = new Map(answer ? [['gong', answer]] : []);
  const view = toolsWindow({ states: [state(more)], mayKeep: true }, READER, { answers });

  expect(text(view)).toContain(words);
  expect(checkView(view, 'modal')).toBeUndefined();
  expect(text(view).includes('refuses the key')).toBe(_name === 'refused');
});

test('only what an admin may change has buttons, and the danger of the last is asked about', () => {
  const buttons = (more: Partial<ToolState>, mayKeep = true) =>
    [...text(toolsWindow({ states: [state(more)], mayKeep }, READER)).matchAll(/"action_id":"(\w+)"/g)].map(
      ([, id]) => id,
    );

  expect(buttons({})).toEqual(['tool_connect']);
  expect(buttons({ key: ADMINS })).toEqual(['tool_connect', 'tool_end']);
  expect(buttons({ key: { of: 'operator' } })).toEqual([]);
  expect(buttons({}, false)).toEqual([]);
  const view = text(toolsWindow({ states: [state({ key: ADMINS, links: 12_345 })], mayKeep: true }, READER));
  expect(view).toContain('12,345 links to it end, and clicks that have not reached Gong are not done any more.');
  const long = /"confirm":\{.*?"text":\{"type":"plain_text","text":"(.*?)"/.exec(view)?.[1] ?? '';
  expect(long.length).toBeLessThan(LIMITS.confirmText);
  expect(long).toContain('linked by address anew.');
});

test('while a tool is asked the window says so, and it says what came of the last press', () => {
  const view = { states: [state({ key: ADMINS })], mayKeep: true };
  expect(text(toolsWindow(view, READER))).toContain('_Asking Gong whether it takes the key …_');
  expect(text(toolsWindow(view, READER, { said: 'It is *done*.' }))).toContain('It is *done*.');
});

test.each(Object.entries(MODULES))(
  'the form of %s asks for each of its variables, says where they are, and Slack takes it',
  (id, module) => {
    const kind = { ...module, id, redirectUri: module.consent ? 'https://docket.example/oauth/x/callback' : undefined };
    const view = toolForm(kind, { provider: id, seenAt: NOW, root: 'V123' });

    expect(checkView(view, 'modal')).toBeUndefined();
    expect(decodeForm(view.private_metadata ?? '')).toEqual({ provider: id, seenAt: NOW, root: 'V123' });
    expect(module.form.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual(module.required);
    for (const { name, hint, optional } of module.form) {
      expect(hint).toMatch(/\.$/);
      if (optional) expect(Object.keys(module.optional)).toContain(name);
    }
    expect(module.form.every(({ name, takes }) => !name.endsWith('_URL') || typeof takes === 'object')).toBe(true);
    expect(text(view).includes('oauth/x/callback')).toBe(module.consent === true);
  },
);

test.each(['', '{}', 'x', '{"tool":7}', '{"tool":"GONG"}', '{"tool":"gong.x"}', '{"tool":"gong.1.2"}'])(
  'metadata that we did not write names no tool: %s',
  (metadata) => expect(decodeForm(metadata)).toBeUndefined(),
);

test.each([undefined, 7, '', 'Gong', 'gong.', 'gong.0', 'gong.-1', 'gong.1.1'])(
  'a button that says %j names no tool',
  (value) => {
    expect(decodeTool(value)).toBeUndefined();
  },
);

const KINDS = [
  ...([
    'rate_limited',
    'away',
    'unavailable',
    'unreadable',
    'auth',
    'disconnected',
    'not_enabled',
    'forbidden',
  ] as const),
  ...(['not_found', 'invalid', 'immovable', 'conflict'] as const),
] satisfies ProviderErrorKind[];

test.each(KINDS)('%s is said with the tool’s name and what to do', (kind) => {
  expect(whyNotTaken({ kind, isPersonal: false }, 'Gong')).toMatch(/^Gong .+\. .+\.$|^Gong .+: .+\. .+\.$/);
});

test('a key of one person is told from one without a right', () => {
  expect(whyNotTaken({ kind: 'forbidden', isPersonal: true }, 'Reply.io')).toMatch(
    /^Reply\.io says that this key is one person's: .+\. Copy the Master key of the workspace instead\.$/,
  );
});

test('the end of each change is said in words that fit', () => {
  const gong = { name: 'Gong', consent: false };
  const error = new ProviderError({ provider: 'gong', operation: 'GET /x', kind: 'auth' });
  const now = { by: 'U9', at: NOW };
  const said = [
    ...([
      { is: 'saved', again: false },
      { is: 'saved', again: true },
    ] as const),
    ...([{ is: 'not_admin' }, { is: 'operators' }, { is: 'cannot_keep' }] as const),
    { is: 'refused', error, reference: 'r-1' } as const,
    ...([
      { is: 'another_account', links: 1 },
      { is: 'another_account', links: 12 },
    ] as const),
    ...([
      { is: 'changed', now },
      { is: 'changed', now: undefined },
    ] as const),
  ].map((result) => saidOfSave(result, gong, READER));

  expect(new Set(said).size).toBe(said.length);
  for (const each of said) expect(checkView(toolNotice('Reply.io', each), 'modal')).toBeUndefined();
  expect(saidOfSave({ is: 'saved', again: false }, { name: 'Outreach', consent: true }, READER)).toContain(
    '/tasks connect',
  );
  expect(said[5]).toContain('(Reference: r-1)');
  expect(said[6]).toContain('the one rep who is linked here is not in it.');
  expect(said[7]).toContain('none of the 12 reps who are linked here is in it.');
  expect(said[8]).toContain('<@U9> has set another key');
  expect(saidOfEnd({ is: 'ended', links: 1 }, 'Gong', READER)).toContain('1 link ended.');
  expect(saidOfEnd({ is: 'changed', now }, 'Gong', READER)).toContain('Nothing was disconnected');
});

test('what is wrong with a field is said without what was typed', () => {
  const problems = [{ is: 'missing' }, { is: 'characters' }, { is: 'quotes' }, { is: 'days' }] as const;
  const said = [...problems, { is: 'address', of: 'api.gong.io' } as const].map(fieldProblem);
  expect(new Set(said).size).toBe(5);
  for (const each of said) expect(each).toMatch(/\.$/);
});
