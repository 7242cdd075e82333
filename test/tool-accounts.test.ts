/** Limits belong to a credential: who has the same one shares them, and nobody else does. */
import { expect, test } from 'vitest';
import { createSecrets } from '../src/secrets.ts';
import { createToolAccounts } from '../src/tool-accounts.ts';

function create() {
  const added: [string, number][] = [];
  const spending = {
    async add(account: string, _day: number, calls: number) {
      added.push([account, calls]);
      return calls;
    },
    prune: async () => 0,
  };
  const accounts = createToolAccounts({
    store: { spending },
    secrets: createSecrets(),
    clock: () => 0,
    isShared: false,
  });
  return { accounts, added };
}

test('a name tells one credential from another, in every process the same, and tells nothing of it', () => {
  const [one, other] = [create().accounts, create().accounts];
  const name = one.nameOf('gong', ['key', 'secret']);
  expect(other.nameOf('gong', ['key', 'secret'])).toBe(name);
  const others = [
    ['reply', ['key', 'secret']] as const,
    ['gong', ['key', 'secret 2']] as const,
    ['gong', ['keysecret']] as const,
  ];
  for (const [tool, values] of others) expect(one.nameOf(tool, values)).not.toBe(name);
  expect(name).toMatch(/^[\w-]{16}$/);
});

test('the day of one account is counted once, whichever workspaces have it, and that of another by itself', async () => {
  const { accounts, added } = create();
  const [here, there] = [accounts.budgetOf('gong', 'a', 100), accounts.budgetOf('gong', 'a', 100)];
  accounts.budgetOf('gong', 'b', 100).spend();
  for (const budget of [here, there]) for (let n = 0; n < 3; n += 1) budget.spend();

  expect(accounts.left()).toEqual(new Map([['gong', 94]]));
  await accounts.share();

  expect(added).toEqual([
    ['gong a', 6],
    ['gong b', 1],
  ]);
});

test('the paces of an account are made once, also where its key was tried first; of keys that were only tried the last are known', () => {
  const { accounts } = create();
  const make = () => [{ run: async <T>(work: () => Promise<T>) => work(), hold() {} }];
  const tried = accounts.triedPaces('gong a', make);
  expect(accounts.keepPaces('gong a', make)).toBe(tried);
  const kept = accounts.keepPaces('gong b', make);
  expect(kept).not.toBe(tried);
  expect(accounts.triedPaces('gong b', make)).toBe(kept);

  const first = accounts.triedPaces('wrong 0', make);
  for (let n = 1; n <= 20; n += 1) accounts.triedPaces(`wrong ${n}`, make);

  expect(accounts.triedPaces('wrong 0', make)).not.toBe(first);
  for (const [name, paces] of [['gong a', tried] as const, ['gong b', kept] as const]) {
    expect(accounts.keepPaces(name, make)).toBe(paces);
  }
});
