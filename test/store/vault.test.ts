import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { ANN, BEN, grant, rep } from './fixtures.ts';
import { KEY, OLDER_KEY, OTHER_KEY, openUrl, temporaryFolder } from './open.ts';

const SECRET = 'hunter2-access-token';

async function refusal(opening: Promise<unknown>): Promise<Error> {
  const error = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it opened');
  return error;
}

describe('a vault', () => {
  it.each([SECRET, { accessToken: SECRET, scopes: [], mintedAt: 0 }, ['ü\u202e🚀'], '', null])(
    'gives back %j',
    async (secret) => {
      const vault = createVault([KEY]);
      expect(await vault.open(await vault.seal(secret, 'a'), 'a')).toEqual(secret);
    },
  );

  it('shows nothing of a secret, nor that two are the same', async () => {
    const vault = createVault([KEY]);
    const [one, two] = [await vault.seal(SECRET, 'a'), await vault.seal(SECRET, 'a')];

    expect(one).not.toBe(two);
    for (const part of one.split('.'))
      expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('hunter2');
    expect(one).not.toContain(Buffer.from(KEY, 'base64').toString('base64url'));
  });

  it('seals with the first key, and opens with any of them', async () => {
    const sealedBefore = await createVault([OLDER_KEY]).seal(SECRET, 'a');
    const now = createVault([KEY, OLDER_KEY]);
    const sealedNow = await now.seal(SECRET, 'a');

    expect(await now.open(sealedBefore, 'a')).toBe(SECRET);
    expect(await createVault([KEY]).open(sealedNow, 'a')).toBe(SECRET);
    expect(await createVault([OTHER_KEY, OLDER_KEY, KEY]).open(sealedNow, 'a')).toBe(SECRET);
    await refusal(createVault([OLDER_KEY]).open(sealedNow, 'a'));
  });

  it.each([[[OTHER_KEY]], [[]]])(
    'says without the key that it is missing, and nothing of the secret (%#)',
    async (keys) => {
      const sealed = await createVault([KEY]).seal(SECRET, 'a');

      const error = await refusal(createVault(keys).open(sealed, 'a'));
      expect(error.message).toContain('ENCRYPTION_KEY');
      expect(inside(error)).not.toContain('hunter2');
      expect(inside(error)).not.toContain(sealed);
    },
  );

  it('does not open what was sealed about something else', async () => {
    const vault = createVault([KEY]);
    const sealed = await vault.seal(SECRET, 'grant:outreach:T1:UANN');

    for (const about of ['grant:outreach:T1:UBEN', 'grant:outreach:T1:UANN:', '']) {
      expect(inside(await refusal(vault.open(sealed, about)))).not.toContain('hunter2');
    }
  });

  it('does not open what was changed, its header included', async () => {
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

  it('stores nothing without a key', async () => {
    expect(inside(await refusal(createVault([]).seal(SECRET, 'a')))).not.toContain('hunter2');
    expect((await refusal(createVault([]).seal(SECRET, 'a'))).message).toContain('ENCRYPTION_KEY');
  });
});

/** All that a log would write of an error. */
function inside(error: Error): string {
  return `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
}

describe('secrets in a database', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let url: string;
  beforeEach(() => {
    folder = temporaryFolder();
    url = `file:${join(folder.path, 'docket.db')}`;
  });
  afterEach(() => folder.remove());

  const state = 'state-that-the-browser-brings';
  const stateHash = 'c3RhdGUtaGFzaA';
  const pending = { ...ANN, provider: 'outreach', codeVerifier: 'verifier-hunter2', expiresAt: 9_000 };

  async function fill(store: Store): Promise<void> {
    await store.reps.save(rep(ANN));
    await store.reps.save(rep(BEN));
    await store.connections.save({
      ...ANN,
      provider: 'outreach',
      grant: grant({ accessToken: 'access-hunter2' }),
      at: 1,
    });
    const held = await store.connections.find(ANN, 'outreach');
    if (held) await store.connections.renew(held, 'outreach', grant({ refreshToken: 'refresh-hunter2' }));
    await store.connections.save({
      ...BEN,
      provider: 'outreach',
      grant: grant({ accessToken: 'access-of-ben' }),
      at: 1,
    });
    await store.consents.begin(stateHash, pending);
    const hook = { ...ANN, provider: 'outreach', hookId: '1', url: 'https://docket.example/hooks/outreach' };
    await store.hooks.save({ ...hook, secret: 'shared-hunter2' });
  }

  /** The bytes of every file: the database, and what is still in its log. */
  function bytes(): string {
    return readdirSync(folder.path)
      .map((name) => readFileSync(join(folder.path, name)).toString('latin1'))
      .join('\n');
  }

  it('cannot be read in its files, neither while it is open nor later', async () => {
    const opened = await openUrl(url);
    await fill(opened.store);
    const during = bytes();
    await opened.close();
    const after = bytes();

    for (const content of [during, after]) {
      // What is no secret is there, so the search looks in the right place.
      for (const readable of ['UANN', 'ann@example.com', stateHash]) expect(content).toContain(readable);
      for (const secret of ['hunter2', 'access-', 'refresh-', 'verifier-', 'shared-', state]) {
        expect(content).not.toContain(secret);
      }
    }
  });

  it('are opened after the keys were rotated', async () => {
    const before = await openUrl(url, { keys: [OLDER_KEY] });
    await fill(before.store);
    await before.close();

    const { store, close } = await openUrl(url, { keys: [KEY, OLDER_KEY] });
    const held = await store.connections.find(ANN, 'outreach');
    expect(held).toMatchObject({ grant: { refreshToken: 'refresh-hunter2' } });
    expect(await store.consents.take(stateHash, 1)).toStrictEqual({ is: 'new', pending });
    expect(await store.hooks.find('outreach')).toMatchObject({ secret: 'shared-hunter2' });
    if (held) await store.connections.renew(held, 'outreach', grant());
    await close();

    const later = await openUrl(url, { keys: [KEY] });
    expect(await later.store.connections.find(ANN, 'outreach')).toMatchObject({ grant: grant() });
    await later.close();
  });

  it('are not opened without their key: what can be asked for again is as if it were not there', async () => {
    const before = await openUrl(url, { keys: [OLDER_KEY] });
    await fill(before.store);
    await before.close();

    const { store, close } = await openUrl(url, { keys: [OTHER_KEY] });
    expect(await store.connections.find(ANN, 'outreach')).toBeUndefined();
    expect(await store.hooks.find('outreach')).toBeUndefined();
    const error = await refusal(store.consents.take(stateHash, 1));
    expect(error.message).toContain('ENCRYPTION_KEY');
    expect(inside(error)).not.toContain('hunter2');
    await close();
  });

  it('stay as they are without their key, and are counted: with it they are all there again', async () => {
    const before = await openUrl(url, { keys: [OLDER_KEY] });
    await fill(before.store);
    await before.close();

    const wrong = await openUrl(url, { keys: [OTHER_KEY] });
    expect(await wrong.store.connections.unreadable('outreach')).toEqual([ANN, BEN]);
    expect(await wrong.store.connections.unreadable('other')).toEqual([]);
    await wrong.store.connections.save({
      ...BEN,
      provider: 'outreach',
      grant: grant({ accessToken: 'signed-in-again' }),
      at: 2,
    });
    expect(await wrong.store.connections.unreadable('outreach')).toEqual([ANN]);
    await wrong.close();

    const { store, close } = await openUrl(url, { keys: [OLDER_KEY, OTHER_KEY] });
    expect(await store.connections.unreadable('outreach')).toEqual([]);
    expect(await store.connections.find(ANN, 'outreach')).toMatchObject({ grant: { refreshToken: 'refresh-hunter2' } });
    await close();
  });

  it('are not counted once their sign-in has ended: nobody needs them any more', async () => {
    const before = await openUrl(url, { keys: [OLDER_KEY] });
    await fill(before.store);
    const held = await before.store.connections.find(ANN, 'outreach');
    if (held) await before.store.connections.end(held, 'outreach');
    await before.close();

    const { store, close } = await openUrl(url, { keys: [OTHER_KEY] });
    expect(await store.connections.unreadable('outreach')).toEqual([BEN]);
    await close();
  });

  it('do not open in another row than their own', async () => {
    const { db, store, close } = await openUrl(url);
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
});
