/** The tools of one workspace, as the settings and the store have them. */
import { expect, onTestFinished, test } from 'vitest';
import { hearOthers } from '../src/connect-providers.ts';
import { createFollowing } from '../src/follow-tools.ts';
import { createSecrets } from '../src/secrets.ts';
import { createToolAccounts } from '../src/tool-accounts.ts';
import type { UseCases } from '../src/use-cases.ts';
import { createWorkspaceTools } from '../src/workspace-tools.ts';
import { KEY, MEMORY, OTHER_KEY, openMigrated, openUrl } from './store/open.ts';

const GONG = { GONG_ACCESS_KEY: 'key', GONG_ACCESS_KEY_SECRET: 'secret' };
const ENV = { ...GONG, GONG_API_URL: 'https://gong.example', GONG_FLOW_DROP_DAYS: '' };
const row = (teamId: string, provider = 'gong', settings: Record<string, string> = GONG) => {
  return { teamId, provider, settings, by: 'UADA', at: 1 };
};

async function open(whose: { teamId?: string; settings?: [string, Record<string, string>][]; keys?: string[] } = {}) {
  const opened = await openUrl(MEMORY);
  onTestFinished(opened.close);
  const { store, queue } = whose.keys ? openMigrated(opened.db, { keys: whose.keys }) : opened;
  const lines: [object, string][] = [];
  const note = (fields: object, message: string) => void lines.push([fields, message]);
  const secrets = createSecrets();
  const clock = () => 0;
  const tools = createWorkspaceTools(
    {
      ...{ store, queue, secrets, clock, random: () => 0.5, sharePace: undefined, others: undefined, mayKeep: true },
      log: { info: note, warn: note, error: note },
      whose: { teamId: () => whose.teamId, installed: undefined },
      toolAccounts: createToolAccounts({ store, secrets, clock, isShared: false }),
      settings: new Map(whose.settings),
      address: (path: string) => `https://docket.example${path}`,
      wake() {},
    },
    {},
  );
  return { tools, lines, store: opened.store, ids: () => [...tools.providers.keys()] };
}

test('what the settings have wins over a key in the store, and the store adds what they leave out', async () => {
  const { tools, store, ids } = await open({ teamId: 'T1', settings: [['gong', ENV]] });
  const before = tools.providers.get('gong');
  await store.tools.save(row('T1'));
  await store.tools.save(row('T1', 'reply', { REPLY_API_KEY: 'master' }));
  await store.tools.save(row('T2', 'outreach', { OUTREACH_CLIENT_ID: 'a', OUTREACH_CLIENT_SECRET: 'b' }));

  expect(await tools.follow()).toEqual(['reply']);

  expect(ids()).toEqual(['gong', 'reply']);
  expect(tools.providers.get('gong')).toBe(before);
  expect([tools.bench.isOperators('gong'), tools.bench.isOperators('reply')]).toEqual([true, false]);
});

test('a key that changes constructs its tool anew and no other; one that stays is left; its end takes the tool away', async () => {
  const { tools, store, ids } = await open({ teamId: 'T1' });
  await store.tools.save(row('T1', 'reply', { REPLY_API_KEY: 'master' }));
  await store.tools.save(row('T1'));
  await tools.follow();
  expect(ids()).toEqual(['gong', 'reply']);
  const [gong, reply] = [tools.providers.get('gong'), tools.providers.get('reply')];
  const mark = tools.markOf('gong');
  expect(await tools.follow()).toEqual([]);

  await store.tools.save(row('T1', 'gong', { ...GONG, GONG_ACCESS_KEY_SECRET: 'another' }));
  expect(await tools.follow()).toEqual(['gong']);

  expect(tools.providers.get('gong')).not.toBe(gong);
  expect(tools.providers.get('reply')).toBe(reply);
  expect(tools.markOf('gong')).not.toBe(mark);
  await store.transact((tx) => store.tools.end(row('T1'), tx));
  expect(await tools.follow()).toEqual(['gong']);
  expect(ids()).toEqual(['reply']);
});

test('who goes through the tools while they change goes on through what they were', async () => {
  const { tools, store } = await open({ teamId: 'T1' });
  await store.tools.save(row('T1'));
  await store.tools.save(row('T1', 'reply', { REPLY_API_KEY: 'master' }));
  await tools.follow();
  const seen: string[] = [];
  for (const { id } of tools.providers.values()) {
    seen.push(id);
    await store.tools.save(row('T1'));
    await store.tools.save(row('T1', 'outreach', { OUTREACH_CLIENT_ID: 'a', OUTREACH_CLIENT_SECRET: 'b' }));
    await tools.follow();
  }

  expect(seen).toEqual(['gong', 'reply']);
});

test('two that follow at once end with what the store has, and each change is taken over once', async () => {
  const { tools, store, ids } = await open({ teamId: 'T1' });
  await store.tools.save(row('T1'));
  const first = tools.follow();
  const ended = store.transact((tx) => store.tools.end(row('T1'), tx));
  const second = tools.follow();
  await ended;

  const changed = [await first, await second, await tools.follow()].flat();

  expect(ids()).toEqual([]);
  expect(changed.filter((id) => id === 'gong').length % 2).toBe(0);
});

test('before Slack has told which workspace it is, the keys of a team without an install are its own', async () => {
  const { tools, store, ids } = await open();
  await store.tools.save(row('T1'));
  const install = { token: 'xoxb-1', botId: 'B1', botUserId: 'U1', by: 'UADA', at: 1 };
  await store.installs.save({ ...install, teamId: 'T2' });
  await store.tools.save(row('T2', 'reply', { REPLY_API_KEY: 'master' }));

  await tools.follow();

  expect(ids()).toEqual(['gong']);
});

test('of two teams without an install neither is taken for the workspace that nobody knows yet', async () => {
  const { tools, store, ids } = await open();
  for (const teamId of ['T1', 'T2']) await store.tools.save(row(teamId));

  await tools.follow();

  expect(ids()).toEqual([]);
});

test('a key that ENCRYPTION_KEY does not open is a tool of which every call is refused before it is sent', async () => {
  const { tools, lines, store } = await open({ teamId: 'T1', keys: [OTHER_KEY] });
  expect(KEY).not.toBe(OTHER_KEY);
  await store.tools.save(row('T1', 'outreach', { OUTREACH_CLIENT_ID: 'a', OUTREACH_CLIENT_SECRET: 'b' }));
  await store.tools.save(row('T1'));
  await tools.follow();

  for (const id of ['gong', 'outreach']) {
    const tool = tools.providers.get(id);
    const account = { teamId: 'T1', userId: 'U1', externalId: '7', email: 'a@x.example' };
    const refused = tool?.check?.({ priority: 'person' });
    await expect(refused).rejects.toMatchObject({ kind: 'auth', provider: id });
    if (id === 'gong')
      await expect(tool?.listTasks(account, { priority: 'person' })).rejects.toMatchObject({ kind: 'auth' });
    expect(tool?.consent).toBeUndefined();
  }
  expect(lines.map(([fields]) => fields)).toEqual([
    { team: 'T1', provider: 'gong' },
    { team: 'T1', provider: 'outreach' },
  ]);
});

test('a word of another process about a tool is heard by the same workspace, and by no other', () => {
  const listeners: ((word: string) => void)[] = [];
  const others = {
    ...{ hear() {}, tell() {}, isUp: () => true, start() {}, stop: async () => {} },
    onWord: (listener: (word: string) => void) => void listeners.push(listener),
  };
  const heard: string[] = [];
  for (const installed of [undefined, 'T1', 'T2']) {
    const circuit = { hear: (word: string) => void heard.push(`${installed} ${word}`) };
    hearOthers({ others, whose: { teamId: () => installed, installed } }, new Map([['gong', circuit]]));
  }

  for (const word of ['circuit gong away', 'circuit T1 gong back', 'circuit T1 reply away', 'circuit T3 gong away']) {
    for (const listener of listeners) listener(word);
  }

  expect(heard).toEqual(['undefined away', 'T1 back']);
});

test('a process that has saved a key tells the others, and each looks at the tools of that workspace alone', async () => {
  const bus: ((word: string) => void)[] = [];
  const looked: string[] = [];
  const start = (teamId: string, name: string) =>
    createFollowing({
      uses: { providers: new Map(), clock: () => 0, queue: { hasten: async () => 0 } } as unknown as UseCases,
      tools: {
        async follow() {
          looked.push(name);
          return ['gong'];
        },
        markOf: () => '',
      },
      whose: { teamId: () => teamId, installed: teamId },
      others: {
        onWord: (listener) => void bus.push(listener),
        tell(word) {
          for (const hear of bus.slice(1)) hear(word);
        },
      },
      wake() {},
    });
  const here = start('T1', 'T1 here');
  start('T1', 'T1 there');
  start('T2', 'T2 there');

  await here.followEverywhere();

  expect(looked.toSorted()).toEqual(['T1 here', 'T1 there']);
});
