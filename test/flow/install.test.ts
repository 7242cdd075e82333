/** Installing the app from its page: the whole way, and every way in which it ends otherwise. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { MAYA, MINUTE } from './cast.ts';
import { APP, consentTo, createInstallable, installFrom, openBrowser, referenceOn } from './installable.ts';
import { openHome, type } from './press.ts';
import { createTwoWorkspaces, inStore, OTHER_TEAM } from './workspaces.ts';
import type { World } from './world.ts';

const installs = (world: World) => inStore(world, ({ store }) => store.installs.list());
const heard = (world: World) => world.slack.messages(MAYA.id).map(({ text }) => text);
const logged = (world: World, message: string) => world.lines.filter((line) => line.message === message);

test.each([
  ['beside the workspace of the settings', true],
  ['where the settings name none', false],
])('from the page to the first answer in the new workspace, %s', async (_name, home) => {
  const { world, other, config } = await createInstallable({ home });
  expect(await world.status('/readyz')).toBe(200);
  const browser = openBrowser();

  const page = await browser.get(`${world.publicUrl}/slack/install`);
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Add Docket to your Slack') });
  const done = await installFrom(world, browser);

  expect(done).toMatchObject({ status: 200, text: expect.stringContaining(`Docket is in Team ${OTHER_TEAM}`) });
  expect(done.headers.get('cache-control')).toBe('no-store');
  expect(done.headers.get('referrer-policy')).toBe('no-referrer');
  expect(done.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
  expect(JSON.stringify(await openHome(other))).toContain('Docket');
  expect(heard(other)).toContainEqual(expect.stringContaining('Thank you for adding Docket'));
  await world.pass(MINUTE);
  expect(other.slack.calls.some(({ method }) => method === 'users.list')).toBe(true);
  expect(heard(other).filter((text) => text.includes('Thank you'))).toHaveLength(1);
  expect(heard(world).filter((text) => text.includes('Thank you'))).toEqual([]);
  expect(await world.status('/readyz')).toBe(200);

  await world.restart(0, config);
  expect(heard(other).filter((text) => text.includes('Thank you'))).toHaveLength(1);
});

test('the cookie is for this address, lasts as long as the state, and no script reads it', async () => {
  const { world } = await createInstallable();
  const started = await openBrowser().get(`${world.publicUrl}/slack/install/start`);
  const [, state, ...attributes] = /^docket_install=([^;]+); (.*)$/.exec(started.headers.get('set-cookie') ?? '') ?? [];
  const address = new URL(started.headers.get('location') ?? '');

  expect(started.status).toBe(302);
  expect(attributes).toEqual(['Path=/; Max-Age=600; HttpOnly; SameSite=Lax']);
  expect(address.searchParams.get('state')).toBe(state);
  expect(address.searchParams.get('client_id')).toBe(APP.clientId);
});

test('whoever cancels reads that nothing was changed, and can begin again', async () => {
  const { world } = await createInstallable();
  const page = await installFrom(world, openBrowser(), 'cancel');

  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('You did not allow it') });
  expect(page.links.get('Begin again')).toBe(`${world.publicUrl}/slack/install`);
  expect(await installs(world)).toEqual([]);
});

test.each<[string, (back: string) => string, string]>([
  ['no state', (back) => back.replace(/state=[^&]+/, ''), 'This browser did not begin the install'],
  ['the state of nobody', (back) => back.replace(/state=[^&]+/, 'state=abc'), 'This browser did not begin the install'],
])('%s comes back: nothing is asked of Slack, and nothing installed', async (_name, forge, title) => {
  const { world, front } = await createInstallable();
  const browser = openBrowser();
  const page = await browser.get(forge(await consentTo(world, browser)));

  expect(page).toMatchObject({ status: 400, text: expect.stringContaining(title) });
  expect(front.accesses).toEqual([]);
  expect(await installs(world)).toEqual([]);
  const reference = referenceOn(page);
  expect(logged(world, 'an install came to nothing')).toMatchObject([{ fields: { reference, why: 'foreign' } }]);
});

test("a link of another browser installs nothing: an admin cannot be led to end a stranger's install", async () => {
  const { world, front } = await createInstallable();
  const back = await consentTo(world, openBrowser());
  const page = await openBrowser().get(back);
  const own = openBrowser();
  await own.get(`${world.publicUrl}/slack/install/start`);
  const withAnother = await own.get(back);

  for (const each of [page, withAnother]) {
    expect(each).toMatchObject({ status: 400, text: expect.stringContaining('This browser did not begin') });
  }
  expect(front.accesses).toEqual([]);
});

test('a state that we never made is refused, also with a cookie that agrees', async () => {
  const { world, front } = await createInstallable();
  const forged = 'eyJhbGciOiJkaXIifQ..a.b.c';
  const page = await openBrowser().get(`${world.publicUrl}/slack/oauth_redirect?code=1&state=${forged}`, {
    cookie: `docket_install=${forged}`,
  });

  expect(page).toMatchObject({ status: 400, text: expect.stringContaining('took too long') });
  expect(front.accesses).toEqual([]);
});

test("ten minutes are the most that Slack's page may take", async () => {
  const { world, front } = await createInstallable();
  const browser = openBrowser();
  const back = await consentTo(world, browser);
  await world.pass(10 * MINUTE);
  const page = await browser.get(back);

  expect(page).toMatchObject({ status: 400, text: expect.stringContaining('took too long') });
  expect(front.accesses).toEqual([]);
});

test('of two callbacks at once, and of later ones, one installs', async () => {
  const { world, other, front } = await createInstallable();
  const browser = openBrowser();
  const back = await consentTo(world, browser);
  const cookie = browser.cookie();
  const pages = await Promise.all([1, 2].map(() => openBrowser().get(back, { cookie })));
  const later = await openBrowser().get(back, { cookie });
  await world.idle();

  expect(pages.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  expect(later).toMatchObject({ status: 400, text: expect.stringContaining('opened before') });
  expect(front.accesses).toEqual(['ok']);
  expect(heard(other).filter((text) => text.includes('Thank you'))).toHaveLength(1);
  // The browser keeps no cookie that is over.
  await browser.get(back);
  expect(browser.cookie()).toBe('');
  const states = () => inStore(world, ({ db }) => sql`select * from install_states`.execute(db));
  expect((await states()).rows).toHaveLength(1);
  await world.pass(10 * MINUTE);
  expect((await states()).rows).toEqual([]);
});

test.each<['unreached' | 'lost']>([['unreached'], ['lost']])(
  "Slack's answer is %s: the page says that trying again is safe, and it is",
  async (how) => {
    const { world, front } = await createInstallable();
    front.failAccess(how);
    const page = await installFrom(world);

    expect(page).toMatchObject({ status: 502, text: expect.stringContaining('Slack did not answer') });
    const reference = referenceOn(page);
    expect(logged(world, 'an install came to nothing')).toMatchObject([{ fields: { reference, why: 'unavailable' } }]);
    expect(await installs(world)).toEqual([]);
    expect(await installFrom(world)).toMatchObject({ status: 200 });
    expect(await installs(world)).toHaveLength(1);
  },
);

// slack.md 9.1: codes are refused
test.each<[string, (usual: JsonObject) => JsonObject, string, string]>([
  ['refuses the code', () => ({ ok: false, error: 'invalid_code' }), 'Slack refused', 'an install came to nothing'],
  [
    'gives no bot',
    ({ bot_user_id: _, ...usual }) => usual,
    'gave Docket no bot',
    'Slack gave no bot token for an install',
  ],
])('Slack %s: nothing is kept, and page and log have one reference', async (_name, change, text, line) => {
  const { world, front } = await createInstallable();
  front.oauth.twist(change);
  const page = await installFrom(world);

  expect(page).toMatchObject({ status: 502, text: expect.stringContaining(text) });
  expect(logged(world, line)).toMatchObject([{ fields: { reference: referenceOn(page) } }]);
  expect(await installs(world)).toEqual([]);
});

test("what Slack's page itself refuses is told, and of its words none but its code is logged", async () => {
  const { world } = await createInstallable();
  const browser = openBrowser();
  const said = await browser.get(`${world.publicUrl}/slack/oauth_redirect?error=invalid_team_for_non_distributed_app`);
  const odd = await browser.get(`${world.publicUrl}/slack/oauth_redirect?error=%3Cscript%3E`);

  expect([said.status, odd.status]).toEqual([502, 502]);
  expect(odd.text).not.toContain('<script');
  expect(logged(world, 'an install came to nothing').map(({ fields }) => fields)).toMatchObject([
    { why: 'refused', said: 'invalid_team_for_non_distributed_app' },
    { why: 'refused', said: 'unreadable' },
  ]);
});

test('the workspace of the settings is not installed a second time', async () => {
  const { world } = await createInstallable();
  const page = await installFrom(world, openBrowser(), world.slack.teamId);

  expect(page).toMatchObject({ status: 409, text: expect.stringContaining('nothing of this install was kept') });
  expect(await installs(world)).toEqual([]);
  expect((await type(world, 'status')).words()).toContain('Gong');
});

test('installed anew: the token counts at once, and nothing that was there is lost', async () => {
  const { world, other } = await createInstallable({ rotation: { graceMs: 0 } });
  await installFrom(world);
  await openHome(other);
  const before = await inStore(world, ({ store }) => store.reps.list(OTHER_TEAM));
  expect(before.length).toBeGreaterThan(0);
  await world.pass(MINUTE);

  const page = await installFrom(world);

  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('anew') });
  expect(await inStore(world, ({ store }) => store.reps.list(OTHER_TEAM))).toEqual(before);
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
  expect(await installs(world)).toMatchObject([{ teamId: OTHER_TEAM, version: 2 }]);
  // Another person may have done it.
  expect(heard(other).filter((text) => text.includes('Thank you'))).toHaveLength(2);
});

test('removed and installed again before anyone looked: it stays, with all that is kept', async () => {
  const { world, other } = await createInstallable();
  await installFrom(world);
  await openHome(other);
  other.slack.refuseToken('token_revoked');
  await other.slack.event({ type: 'app_uninstalled', event_ts: '1.1' });
  await world.idle();
  other.slack.refuseToken(undefined);
  await installFrom(world);
  await world.pass(MINUTE);
  await world.pass(MINUTE);

  expect(logged(world, 'forgot a workspace that has removed the app')).toEqual([]);
  expect(await inStore(world, ({ store }) => store.reps.list(OTHER_TEAM))).not.toEqual([]);
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
});

test('removed, and installed again in another process before this one looked: it stays', async () => {
  const { world, other } = await createInstallable();
  await installFrom(world);
  await openHome(other);
  await inStore(world, async ({ store }) => {
    const install = await store.installs.find(OTHER_TEAM);
    if (install) await store.installs.save({ ...install, at: world.now() + 1 });
  });
  other.slack.refuseToken('token_revoked');
  await other.slack.event({ type: 'app_uninstalled', event_ts: '1.1' });
  await world.pass(MINUTE);
  other.slack.refuseToken(undefined);
  await world.pass(MINUTE);

  expect(logged(world, 'forgot a workspace that has removed the app')).toEqual([]);
  expect(await installs(world)).toHaveLength(1);
});

test('where nobody is at home, what names no workspace is not acknowledged, and breaks nothing', async () => {
  const { world } = await createInstallable({ home: false });
  const { acked } = await world.slack.deliver('interactive', {
    type: 'block_actions',
    user: { id: 'U1' },
    actions: [],
  });

  expect(acked).toBe(false);
  expect(world.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(logged(world, 'nothing acknowledged what Slack sent')).toHaveLength(1);
});

test('while what was kept of it is being deleted, it cannot be installed; after that it can', async () => {
  const { world, other } = await createInstallable();
  await installFrom(world);
  await inStore(world, async ({ store }) => {
    const install = await store.installs.find(OTHER_TEAM);
    if (install) await store.installs.end(install);
  });

  const page = await installFrom(world);
  expect(page).toMatchObject({ status: 503, text: expect.stringContaining('still leaving') });
  expect(page.links.has('Begin again')).toBe(true);
  // Whoever began to delete has died; another process goes on.
  await world.pass(MINUTE);
  expect(await installs(world)).toEqual([]);
  expect(await installFrom(world)).toMatchObject({ status: 200 });
  await world.pass(MINUTE);
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
});

test('a prefetch uses nothing up, and a look at the headers neither', async () => {
  const { world, front } = await createInstallable();
  const browser = openBrowser();
  const back = await consentTo(world, browser);

  for (const url of [back, `${world.publicUrl}/slack/install/start`]) {
    expect(await browser.get(url, { 'sec-purpose': 'prefetch' })).toMatchObject({ status: 503 });
    expect((await fetch(url, { method: 'HEAD', headers: { cookie: browser.cookie() } })).status).toBe(204);
  }
  expect(front.accesses).toEqual([]);
  expect(await browser.get(back)).toMatchObject({ status: 200 });
});

test('without the settings of a Slack app there are no such pages', async () => {
  const { world } = await createTwoWorkspaces();
  for (const path of ['/slack/install', '/slack/install/start', '/slack/oauth_redirect']) {
    expect(await world.status(path)).toBe(404);
  }
});

test("one workspace's refused token is not everyone's trouble", async () => {
  const { world, other } = await createInstallable();
  await installFrom(world);
  other.slack.refuseToken('invalid_auth');
  await other.slack.event({ type: 'tokens_revoked', tokens: { bot: ['U0BOT'] }, event_ts: '1.1' });
  await world.pass(MINUTE);

  expect(
    logged(world, 'Slack refuses our own token: nothing is skipped, and what waits goes on once Slack takes it again'),
  ).toMatchObject([{ fields: { team: OTHER_TEAM, code: 'invalid_auth' } }]);
  expect(await world.status('/readyz')).toBe(200);
  expect((await type(world, 'help')).words()).toContain('/tasks digest');
});
