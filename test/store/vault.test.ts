import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { RepKey } from '../../src/core/model/keys.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { ANN, BEN, grant, rep } from './fixtures.ts';
import { folderForEach } from './folder.ts';
import { KEY, OLDER_KEY, OTHER_KEY, openUrl } from './open.ts';

const CAT: RepKey = { teamId: 'T1', userId: 'UCAT' };
const SECRET = 'hunter2-access-token';

async function refusal(opening: Promise<unknown>): Promise<Error> {
  const error = await opening.then(String, (thrown: unknown) => thrown);
  if (error instanceof Error) return error;
  throw new Error('it opened');
}

it.each([SECRET, { accessToken: SECRET, scopes: [], mintedAt: 0 }, ['ü\u202e🚀'], '', null])(
  'a vault gives back %j',
  async (secret) => {
    const vault = createVault([KEY]);
    expect(await vault.open(await vault.seal(secret, 'a'), 'a')).toEqual(secret);
  },
);

it('a vault shows nothing of a secret, nor that two are the same', async () => {
  const vault = createVault([KEY]);
  const [one, two] = [await vault.seal(SECRET, 'a'), await vault.seal(SECRET, 'a')];

  expect(one).not.toBe(two);
  for (const part of one.split('.')) expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('hunter2');
  expect(one).not.toContain(Buffer.from(KEY, 'base64').toString('base64url'));
});

it('a vault seals with the first key, and opens with any of them', async () => {
  const sealedBefore = await createVault([OLDER_KEY]).seal(SECRET, 'a');
  const now = createVault([KEY, OLDER_KEY]);
  const sealedNow = await now.seal(SECRET, 'a');

  expect(await now.open(sealedBefore, 'a')).toBe(SECRET);
  expect(await createVault([KEY]).open(sealedNow, 'a')).toBe(SECRET);
  expect(await createVault([OTHER_KEY, OLDER_KEY, KEY]).open(sealedNow, 'a')).toBe(SECRET);
  await refusal(createVault([OLDER_KEY]).open(sealedNow, 'a'));
});

it.each([[[OTHER_KEY]], [[]]])(
  'a vault says without the key that it is missing, and nothing of the secret (%#)',
  async (keys) => {
    const sealed = await createVault([KEY]).seal(SECRET, 'a');

    const error = await refusal(createVault(keys).open(sealed, 'a'));
    expect(error.message).toContain('ENCRYPTION_KEY');
    expect(inside(error)).not.toContain('hunter2');
    expect(inside(error)).not.toContain(sealed);
  },
);

it('a vault does not open what was sealed about something else', async () => {
  const vault = createVault([KEY]);
  const sealed = await vault.seal(SECRET, 'grant:outreach:T1:UANN');

  for (const about of ['grant:outreach:T1:UBEN', 'grant:outreach:T1:UANN:', '']) {
    expect(inside(await refusal(vault.open(sealed, about)))).not.toContain('hunter2');
  }
});

it('a vault does not open what was changed, its header included', async () => {
  const vault = createVault([KEY]);
  const sealed = await vault.seal(SECRET, 'a');
  const parts = sealed.split('.');
  const header = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString());
  const elsewhere = Buffer.from(JSON.stringify({ ...header, about: 'b' })).toString('base64url');
  const cipher = Buffer.from(parts[3] ?? '', 'base64url').map((byte, index) => (index === 0 ? byte ^ 1 : byte));

  await refusal(vault.open([elsewhere, ...parts.slice(1)].join('.'), 'b'));
  const changed = [...parts.slice(0, 3), Buffer.from(cipher).toString('base64url'), parts[4]].join('.');
  for (const wrong of [changed, '', 'x', sealed.slice(0, -4)]) {
    expect(inside(await refusal(vault.open(wrong, 'a')))).not.toContain('hunter2');
  }
});

it('a vault stores nothing without a key', async () => {
  expect(inside(await refusal(createVault([]).seal(SECRET, 'a')))).not.toContain('hunter2');
  expect((await refusal(createVault([]).seal(SECRET, 'a'))).message).toContain('ENCRYPTION_KEY');
});

/** All that a log would write of an error. */
function inside(error: Error): string {
  return `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
}

const at = folderForEach();
const url = () => `file:${at('docket.db')}`;
const stateHash = 'c3RhdGUtaGFzaA';
const pending = { ...ANN, provider: 'outreach', codeVerifier: 'verifier-hunter2', expiresAt: 9_000 };
const connect = (store: Store, key: RepKey, accessToken: string) =>
  store.connections.save({ ...key, provider: 'outreach', grant: grant({ accessToken }), at: 1 });

/** Works on the database with these keys; it is closed afterwards. */
async function withKeys(keys: string[], work: (store: Store) => Promise<void>): Promise<void> {
  const { store, close } = await openUrl(url(), { keys });
  await work(store).finally(close);
}

async function fill(store: Store): Promise<void> {
  for (const key of [ANN, BEN, CAT]) await store.reps.save(rep(key));
  await connect(store, ANN, 'access-hunter2');
  const held = await store.connections.find(ANN, 'outreach');
  if (held) await store.connections.renew(held, 'outreach', grant({ refreshToken: 'refresh-hunter2' }));
  await connect(store, BEN, 'access-of-ben');
  await store.consents.begin(stateHash, pending);
  const hook = { ...ANN, provider: 'outreach', hookId: '1', url: 'https://docket.example/hooks/outreach' };
  await store.hooks.save({ ...hook, secret: 'shared-hunter2' });
}

it('secrets in a database are opened after the keys were rotated', async () => {
  await withKeys([OLDER_KEY], fill);

  await withKeys([KEY, OLDER_KEY], async ({ connections, consents, hooks }) => {
    const held = await connections.find(ANN, 'outreach');
    expect(held).toMatchObject({ grant: { refreshToken: 'refresh-hunter2' } });
    expect(await consents.take(stateHash, 1)).toStrictEqual({ is: 'new', pending });
    expect(await hooks.find('outreach')).toMatchObject({ secret: 'shared-hunter2' });
    if (held) await connections.renew(held, 'outreach', grant());
  });
  await withKeys([KEY], async ({ connections }) => {
    expect(await connections.find(ANN, 'outreach')).toMatchObject({ grant: grant() });
  });
});

it('secrets in a database are as if not there without their key, are counted until they ended, and come back with it', async () => {
  const unreadable = (store: Store) => store.connections.unreadable('outreach');
  await withKeys([OLDER_KEY], async (store) => {
    await fill(store);
    await connect(store, CAT, 'access-of-cat');
    const cats = await store.connections.find(CAT, 'outreach');
    if (cats) await store.connections.end(cats, 'outreach');
  });

  await withKeys([OTHER_KEY], async (store) => {
    expect(await store.connections.find(ANN, 'outreach')).toBeUndefined();
    expect(await store.hooks.find('outreach')).toBeUndefined();
    const error = await refusal(store.consents.take(stateHash, 1));
    expect(error.message).toContain('ENCRYPTION_KEY');
    expect(inside(error)).not.toContain('hunter2');
    expect(await unreadable(store)).toEqual([ANN, BEN]);
    expect(await store.connections.unreadable('other')).toEqual([]);
    await connect(store, BEN, 'signed-in-again');
    expect(await unreadable(store)).toEqual([ANN]);
  });
  await withKeys([OLDER_KEY, OTHER_KEY], async (store) => {
    expect(await unreadable(store)).toEqual([]);
    const held = await store.connections.find(ANN, 'outreach');
    expect(held).toMatchObject({ grant: { refreshToken: 'refresh-hunter2' } });
  });
});

it('secrets in a database do not open in another row than their own', async () => {
  const { db, store, close } = await openUrl(url());
  await fill(store);
  await sql`update connections set sealed = (select sealed from connections where user_id = 'UBEN')`.execute(db);
  await sql`update consents set state_hash = 'another'`.execute(db);
  await sql`update hooks set provider = 'another'`.execute(db);

  expect(await store.connections.find(BEN, 'outreach')).toMatchObject({ grant: { accessToken: 'access-of-ben' } });
  expect(await store.connections.find(ANN, 'outreach')).toBeUndefined();
  expect(await store.hooks.find('another')).toBeUndefined();
  expect((await refusal(store.consents.take('another', 1))).message).toContain('something else');
  await close();
});

it('the key of a tool is sealed anew, so that an older ENCRYPTION_KEY can go; one that nothing opens stays as it is', async () => {
  const tool = { teamId: 'T1', provider: 'gong', settings: { GONG_ACCESS_KEY: 'hunter2-of-gong' }, by: 'UADA', at: 5 };
  await withKeys([OLDER_KEY], ({ tools }) => tools.save(tool));
  await withKeys([KEY], async ({ tools }) => {
    const before = await tools.list('T1');
    await tools.reseal('T1');
    expect(await tools.list('T1')).toEqual(before);
    expect(await tools.settings('T1', 'gong')).toBeUndefined();
  });

  await withKeys([KEY, OLDER_KEY], async ({ tools }) => {
    await tools.reseal('T1');
    const after = await tools.list('T1');
    await tools.reseal('T1');
    expect(await tools.list('T1')).toEqual(after);
  });

  await withKeys([KEY], async ({ tools }) => {
    expect(await tools.settings('T1', 'gong')).toEqual(tool.settings);
    expect(await tools.list('T1')).toMatchObject([{ by: 'UADA', at: 5 }]);
  });
});
