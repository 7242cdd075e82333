/** Every function of the store, called for one workspace: first what writes, then what reads, last what takes away. */
import { FOREVER } from '../../src/core/model/digest.ts';
import type { RepKey } from '../../src/core/model/keys.ts';
import { succeed } from '../../src/core/model/transitions.ts';
import type { Hook, PendingConsent, UnconfirmedGrant } from '../../src/core/ports/people-store.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { action, grant, link, message, rep, run, schedule, suggestion, summary, task } from '../store/fixtures.ts';

type Newcomer = ReturnType<typeof newcomer>;

/** A workspace with the ids that every other has, and what the store called its rows. */
export function newcomer(teamId: string) {
  const [ann, ben]: [RepKey, RepKey] = [
    { teamId, userId: 'UANN' },
    { teamId, userId: 'UBEN' },
  ];
  return { teamId, ann, ben, message: '', digest: '', ahead: '', action: '', sweep: '', rollup: '' };
}

/** `everyone`: it is about all workspaces at once. */
export type Call = [name: string, make: (store: Store, of: Newcomer) => Promise<unknown>, reach?: 'everyone'];

const POSTED = { channel: 'D1', ts: '1.1' };
const ROLLUP = { about: { userIds: ['UANN'], groups: [] }, to: 'C1', day: 5, time: '16:00', zone: 'UTC' };
const PAGE = { since: 0, limit: 9 };

function ours<Row extends { teamId: string }>(rows: readonly Row[], { teamId }: Newcomer): Row[] {
  return rows.filter((row) => row.teamId === teamId);
}

const hookOf = ({ ann, teamId }: Newcomer): Hook => {
  return { ...ann, provider: 'gong', hookId: '8', url: 'https://docket.example/hooks', secret: `secret of ${teamId}` };
};
const pending = ({ ann }: Newcomer): PendingConsent => {
  return { ...ann, provider: 'gong', codeVerifier: 'verifier', expiresAt: 1_000 };
};
const unconfirmed = ({ ann, teamId }: Newcomer): UnconfirmedGrant => {
  const held = { provider: 'gong', stateHash: `hash of ${teamId}`, email: 'ann@example.com', expiresAt: 1_000 };
  return { ...ann, ...held, grant: grant() };
};
const heldBy = async ({ connections }: Store, { ann }: Newcomer) => {
  const held = await connections.find(ann, 'gong');
  if (!held) throw new Error('no connection');
  return held;
};
const toolOf = (teamId: string) => {
  return { teamId, provider: 'gong', settings: { GONG_ACCESS_KEY: `key of ${teamId}` }, by: 'UADA', at: 1 };
};
const ROTATION = { refreshToken: 'xoxe-1', expiresAt: 7_000 };
const installOf = async ({ installs }: Store, { teamId }: Newcomer) => {
  const held = await installs.find(teamId);
  if (!held) throw new Error('no install');
  return held;
};
const leftOf = async ({ leftHooks }: Store, { teamId }: Newcomer) => {
  const [hook] = await leftHooks.ofTeam(teamId);
  if (!hook) throw new Error('no webhook');
  return hook;
};
const taskOf = ({ ann }: Newcomer) => ({ ...ann, provider: 'gong', taskId: 'a' });
const snooze = { verb: 'snooze', dueAt: 500, state: 'succeeded', settledAt: 60 } as const;
const doubt = ({ ann }: Newcomer) => {
  const seen = { reason: 'unnamed', since: 1, looks: 1, lastDay: '2026-03-02' } as const;
  return { ...ann, provider: 'gong', externalId: '7', ...seen };
};
const problem = (key: RepKey) =>
  ({ ...key, provider: 'gong', reason: 'shared', name: 'Ann', email: 'ann@example.com' }) as const;
const LINE = { provider: 'gong', event: 'linked', by: 'directory', externalId: '7', origin: undefined, at: 5 } as const;

const PEOPLE: Call[] = [
  ['reps.save', async (s, { ann, ben }) => [await s.reps.save(rep(ann)), await s.reps.save(rep(ben))]],
  ['schedules.save', (s, { ann }) => s.schedules.save(schedule(ann, { country: 'DE' }))],
  ['schedules.unwelcomed', (s, of) => s.schedules.unwelcomed(['gong'], { teamId: of.teamId, limit: 9 })],
  ['reps.markWelcomed', (s, { ann }) => s.reps.markWelcomed(ann, 7, undefined, POSTED)],
  ['reps.welcome', (s, { ben }) => s.reps.welcome(ben)],
  ['reps.find', (s, { ann }) => s.reps.find(ann)],
  ['reps.recipient', (s, { ann }) => s.reps.recipient(ann)],
  ['reps.list', (s, { teamId }) => s.reps.list(teamId)],
  ['links.save', async (s, { ann, ben }) => [await s.links.save(link(ann)), await s.links.save(link(ben))]],
  ['links.markListed', (s, { ann }) => s.links.markListed(ann, 'gong', 3)],
  ['links.markAnnounced', (s, { ann }) => s.links.markAnnounced(ann, ['gong'], 4)],
  ['links.of', (s, { ann }) => s.links.of(ann)],
  ['links.find', (s, { ben }) => s.links.find(ben, 'gong')],
  ['links.list', (s, { teamId }) => s.links.list(teamId)],
  ['links.count', (s, { teamId }) => s.links.count(teamId, 'gong')],
  ['links.lastListed', (s, { teamId }) => s.links.lastListed(teamId, 'gong')],
  ['links.holders', (s, { teamId, ann }) => s.links.holders(teamId, 'gong', link(ann).externalId)],
  ['people.decline', (s, { ben }) => s.people.decline(ben, 'gong', 1)],
  ['people.hasDeclined', (s, { ann }) => s.people.hasDeclined(ann, 'gong')],
  ['people.declined', (s, { teamId }) => s.people.declined(teamId)],
  ['people.suggest', (s, { ann }) => s.people.suggest(suggestion(ann))],
  ['people.suggestions', (s, { ann }) => s.people.suggestions(ann)],
  ['people.noteProblems', (s, { teamId, ann }) => s.people.noteProblems(teamId, 'gong', [problem(ann)])],
  ['people.noteProblem', (s, { ben }) => s.people.noteProblem(problem(ben))],
  ['people.problems', (s, { teamId }) => s.people.problems(teamId)],
  ['people.noteDoubts', (s, of) => s.people.noteDoubts(of.teamId, 'gong', [doubt(of)])],
  ['people.doubts', (s, { teamId }) => s.people.doubts(teamId)],
  ['people.record', (s, { ann }) => s.people.record({ ...ann, ...LINE })],
  ['people.events', (s, { teamId }) => s.people.events(teamId, { limit: 9 })],
  ['schedules.find', (s, { ann }) => s.schedules.find(ann)],
  ['schedules.advance', (s, { ann }) => s.schedules.advance(ann, { from: 5_000, to: 5_001 })],
  ['schedules.countries', (s) => s.schedules.countries()],
  ['schedules.nextAfter', (s) => s.schedules.nextAfter(FOREVER)],
  ['schedules.expecting', (s, { teamId }) => s.schedules.expecting(teamId)],
  [
    'schedules.slots',
    async (s) => (await s.schedules.slots({ after: 0, until: 9_000 })).map(({ dueAt }) => dueAt > 0)[0],
  ],
  ['schedules.ofSlot', async (s, of) => ours(await s.schedules.ofSlot(5_001, { offset: 0, limit: 9 }), of)],
  ['schedules.due', (s, of) => s.schedules.due(9_000, 9, of.teamId)],
  ['schedules.withoutRun', async (s, of) => ours(await s.schedules.withoutRun('2026-03-02'), of)],
];

const MESSAGES: Call[] = [
  [
    'messages.create',
    async (s, of) => {
      of.message = (await s.messages.create(message(of.ann), [task('a'), task('b')])).id;
      of.digest = (await s.messages.create(message(of.ann, { kind: 'digest' }), [task('a')])).id;
      const ahead = { ...message(of.ann, { kind: 'digest' }), aheadOf: '2026-03-03' };
      of.ahead = (await s.messages.create(ahead, [task('a')])).id;
    },
  ],
  ['messages.aheadOf', async (s, of) => (await s.messages.aheadOf(of.ann, '2026-03-03')) === of.ahead],
  ['messages.take', (s, of) => s.messages.take(of.ahead, 1_500)],
  ['messages.markPosted', (s, of) => s.messages.markPosted(of.digest, POSTED)],
  ['messages.load', (s, of) => s.messages.load(of.message)],
  ['messages.row', (s, of) => s.messages.row(of.message, 0)],
  ['messages.replace', (s, of) => s.messages.replace(of.message, summary({ fetchedAt: 9 }), [task('b'), task('a')])],
  ['messages.turn', (s, of) => s.messages.turn(of.message, [0], [{ position: 0, task: task('a', { title: 'New' }) }])],
  ['messages.revise', (s, of) => s.messages.revise(of.message, (loaded) => ({ ...loaded.summary, fetchedAt: 10 }))],
  ['messages.showing', (s, of) => s.messages.showing(taskOf(of), 0)],
  ['messages.watchers', (s, of) => s.messages.watchers(taskOf(of), 0)],
  ['messages.noteSeen', (s, of) => s.messages.noteSeen(taskOf(of), { how: 'gone', at: 20 }, 0)],
  ['messages.newestLists', async (s, of) => (await s.messages.newestLists(of.ann, 9)).length],
  ['messages.newest', async (s, of) => (await s.messages.newest(of.ann, 'list')) === of.message],
  ['messages.digestsSince', async (s, of) => (await s.messages.digestsSince(of.ann, 0)).length],
  ['messages.toRetire', (s, of) => s.messages.toRetire(of.teamId, 9_000, 9)],
  ['messages.markRetired', (s, of) => s.messages.markRetired(of.digest)],
  ['runs.claim', (s, { ann }) => s.runs.claim(run(ann, '2026-03-02'))],
  ['runs.find', (s, { ann }) => s.runs.find(ann, '2026-03-02')],
  ['runs.noteMessage', (s, of) => s.runs.noteMessage(of.ann, '2026-03-02', of.digest)],
  ['runs.markSkipped', (s, { ann }) => s.runs.markSkipped(ann, '2026-03-02', { why: 'late' })],
  ['runs.markPosted', (s, of) => s.runs.markPosted(of.ann, '2026-03-02', { messageId: of.digest, at: 9, rows: 1 })],
  ['runs.ofDate', async (s, of) => ours(await s.runs.ofDate('2026-03-02'), of)],
  ['runs.unsent', async (s, of) => ours((await s.runs.unsent({ dueBy: 9, claimedBefore: 9_000 })).first, of)],
  ['runs.since', (s, { ann }) => s.runs.since(ann, '2026-01-01')],
  ['runs.before', (s, { ann }) => s.runs.before(ann, '2026-12-01')],
  ['runs.lastPosted', (s, { ann }) => s.runs.lastPosted(ann)],
  ['runs.counted', (s, { teamId }) => s.runs.counted(teamId, ['UANN', 'UBEN'], '2026-01-01')],
];

const ACTIONS: Call[] = [
  [
    'ledger.record',
    async (s, of) => {
      of.sweep = (
        await s.sweeps.create({ ...of.ann, kind: 'sweep', key: 'V1', messageId: of.message, createdAt: 1 })
      ).sweep.id;
      const first = await s.ledger.record({ ...action(of.ann, task('a'), 1), sweepId: of.sweep });
      of.action = first?.id ?? '';
      return [first, await s.ledger.record(action(of.ann, task('a'), 1))];
    },
  ],
  ['ledger.find', (s, of) => s.ledger.find(of.action)],
  ['ledger.latest', (s, of) => s.ledger.latest(taskOf(of))],
  ['ledger.transition', (s, of) => s.ledger.transition(of.action, (found) => succeed(found, 'request', 50))],
  [
    'ledger.before',
    async (s, of) => {
      const next = await s.ledger.record(action(of.ann, task('a'), 2, snooze));
      const { id: actionId } = next ?? { id: '' };
      await s.transact((tx) => s.returns.add({ ...of.ann, actionId, dueAt: 500 }, tx));
      of.action = actionId;
      return next && s.ledger.before(next);
    },
  ],
  ['ledger.history', (s, { ann }) => s.ledger.history(ann, PAGE)],
  ['ledger.changedSince', (s, { ann }) => s.ledger.changedSince(ann, 55)],
  [
    'ledger.failed',
    async (s, of) => {
      await s.ledger.record(action(of.ann, task('b'), 1, { state: 'failed', failure: 'auth', settledAt: 70 }));
      return s.ledger.failed({ teamId: of.teamId, provider: 'gong' }, ['auth'], 0);
    },
  ],
  ['ledger.snoozes', (s, { ann }) => s.ledger.snoozes(ann)],
  ['ledger.ofSweep', (s, of) => s.ledger.ofSweep(of.sweep)],
  ['ledger.settledBy', (s, { teamId }) => s.ledger.settledBy(teamId, ['UANN', 'UBEN'], 0)],
  ['returns.add', async () => 'with the snooze above'],
  ['returns.due', (s, { ann }) => s.returns.due(ann, { after: 0, until: 900 })],
  ['returns.take', (s, of) => s.transact((tx) => s.returns.take(of.action, tx))],
  [
    'sweeps.create',
    (s, of) => s.sweeps.create({ ...of.ann, kind: 'sweep', key: 'V1', messageId: of.message, createdAt: 2 }),
  ],
  ['sweeps.find', (s, of) => s.sweeps.find(of.sweep)],
  ['sweeps.ofKey', (s, { ann }) => s.sweeps.ofKey(ann, 'V1')],
  ['sweeps.notePosted', (s, of) => s.sweeps.notePosted(of.sweep, POSTED)],
  ['sweeps.again', (s, of) => s.sweeps.again(of.sweep, { undoAskedAt: 3 })],
];

const ROLLUPS: Call[] = [
  [
    'rollups.create',
    async (s, of) => {
      of.rollup = (await s.rollups.create({ ...ROLLUP, teamId: of.teamId, by: 'UADA', nextDueAt: 100 })).id;
    },
  ],
  ['rollups.setMembers', (s, of) => s.transact((tx) => s.rollups.setMembers(rollupOf(of), ['UANN'], tx))],
  ['rollups.members', (s, of) => s.rollups.members(rollupOf(of))],
  ['rollups.find', (s, of) => s.rollups.find(of.teamId, of.rollup)],
  ['rollups.list', (s, { teamId }) => s.rollups.list(teamId)],
  ['rollups.of', (s, { ann }) => s.rollups.of(ann)],
  ['rollups.due', async (s, of) => ours(await s.rollups.due(100), of)],
  ['rollups.nextAfter', (s) => s.rollups.nextAfter(100_000)],
  ['rollups.advance', (s, of) => s.transact((tx) => s.rollups.advance(rollupOf(of), { from: 100, to: 200 }, tx))],
  ['rollups.markSent', (s, of) => s.transact((tx) => s.rollups.markSent(rollupOf(of), 101, tx))],
  ['rollups.change', (s, of) => s.rollups.change({ ...ROLLUP, ...rollupOf(of), by: 'UADA', nextDueAt: 300, to: 'C2' })],
];

function rollupOf({ teamId, rollup }: Newcomer) {
  return { teamId, id: rollup };
}

const SIGN_INS: Call[] = [
  [
    'connections.save',
    (s, { teamId, ann }) =>
      s.connections.save({ ...ann, provider: 'gong', grant: grant({ accessToken: `access of ${teamId}` }), at: 1 }),
  ],
  ['connections.find', (s, { ann }) => s.connections.find(ann, 'gong')],
  ['connections.lock', async (s, of) => s.connections.lock(await heldBy(s, of), 'gong', 1, 50)],
  ['connections.unlock', async (s, of) => s.connections.unlock(await heldBy(s, of), 'gong')],
  ['connections.renew', async (s, of) => s.connections.renew(await heldBy(s, of), 'gong', grant({ mintedAt: 2_000 }))],
  ['connections.live', (s, { teamId }) => s.connections.live('gong', teamId)],
  ['connections.unreadable', async (s, of) => ours(await s.connections.unreadable('gong'), of)],
  ['connections.noteCredential', (s, { teamId }) => s.connections.noteCredential({ teamId, provider: 'gong' }, teamId)],
  ['connections.end', async (s, of) => s.connections.end(await heldBy(s, of), 'gong')],
  [
    'consents.sealTicket',
    async (s, of) => s.consents.openTicket(await s.consents.sealTicket({ ...of.ann, provider: 'gong', expiresAt: 9 })),
  ],
  ['consents.openTicket', (s) => s.consents.openTicket('not ours')],
  ['consents.begin', (s, of) => s.consents.begin(`hash of ${of.teamId}`, pending(of))],
  ['consents.teamOf', (s, of) => s.consents.teamOf(`hash of ${of.teamId}`)],
  ['consents.take', (s, of) => s.consents.take(`hash of ${of.teamId}`, 1)],
  ['consents.settle', (s, of) => s.consents.settle(`hash of ${of.teamId}`, { is: 'denied' })],
  ['consents.hold', (s, of) => s.consents.hold(unconfirmed(of))],
  ['consents.takeHeld', (s, of) => s.consents.takeHeld(of.ann, unconfirmed(of), 1)],
  ['consents.prune', (s) => s.consents.prune(9_000), 'everyone'],
  ['hooks.save', (s, of) => s.hooks.save(hookOf(of))],
  ['hooks.find', (s, { teamId }) => s.hooks.find('gong', teamId)],
  [
    'installs.save',
    (s, { teamId }) => {
      const bot = { token: `xoxb-${teamId}`, rotation: ROTATION, botId: 'B1', botUserId: 'UBOT' };
      return s.installs.save({ teamId, ...bot, by: 'UADA', at: 1 });
    },
  ],
  ['installs.elsewhere', (s, { ann }) => s.installs.elsewhere(ann, 'E1')],
  ['installs.find', (s, { teamId }) => s.installs.find(teamId)],
  ['installs.list', async (s, of) => ours(await s.installs.list(), of)],
  ['tools.save', (s, { teamId }) => s.tools.save(toolOf(teamId))],
  ['tools.list', async (s, { teamId }) => (await s.tools.list(teamId)).map(({ version: _, ...tool }) => tool)],
  ['tools.reseal', (s, { teamId }) => s.tools.reseal(teamId)],
  ['tools.settings', (s, { teamId }) => s.tools.settings(teamId, 'gong')],
  [
    'installs.expiring',
    async (s, { teamId }) => (await s.installs.expiring(9_000, 9)).filter((each) => each === teamId),
  ],
  ['installs.lock', async (s, of) => s.installs.lock(await installOf(s, of), 9, 20)],
  [
    'installs.renew',
    async (s, of) =>
      s.installs.renew(await installOf(s, of), {
        token: `xoxb-2-${of.teamId}`,
        rotation: { ...ROTATION, expiresAt: 8_000 },
      }),
  ],
  ['installs.beginState', (s) => s.installs.beginState(9_000).then(() => '')],
  ['installs.takeState', async (s) => s.installs.takeState(await s.installs.beginState(9_000), 9)],
  ['installs.pruneStates', (s) => s.installs.pruneStates(9_000), 'everyone'],
  ['spending.add', (s, { teamId }) => s.spending.add(`${teamId}/gong`, 20, 3)],
  ['workspaces.switchDigests', (s, { teamId }) => s.workspaces.switchDigests(teamId, { by: 'UADA', at: 1 })],
  ['workspaces.offSwitch', (s, { teamId }) => s.workspaces.offSwitch(teamId)],
  ['workspaces.noteSync', (s, { teamId }) => s.workspaces.noteSync(teamId, { at: 1, mark: 'a' })],
  ['workspaces.lastSync', (s, { teamId }) => s.workspaces.lastSync(teamId)],
  ['workspaces.known', async (s, { teamId }) => (await s.workspaces.known()).filter((each) => each === teamId)],
  ['workspaces.overview', (s, { teamId }) => s.workspaces.overview(teamId)],
];

const ENDS: Call[] = [
  ['leftHooks.leave', (s, { teamId }) => s.transact((tx) => s.leftHooks.leave({ teamId, provider: 'gong' }, tx))],
  ['leftHooks.ofTeam', (s, { teamId }) => s.leftHooks.ofTeam(teamId)],
  ['leftHooks.renew', async (s, of) => s.leftHooks.renew(await leftOf(s, of), grant({ accessToken: of.teamId }))],
  ['leftHooks.find', async (s, { teamId }) => s.leftHooks.find({ teamId, provider: 'gong', hookId: '8' })],
  ['leftHooks.remove', (s, { teamId }) => s.leftHooks.remove({ teamId, provider: 'gong', hookId: '8' })],
  ['tools.end', (s, { teamId }) => s.transact((tx) => s.tools.end(toolOf(teamId), tx))],
  ['rollups.remove', (s, of) => s.rollups.remove(of.teamId, of.rollup)],
  ['people.undecline', (s, { ben }) => s.people.undecline(ben, 'gong')],
  ['people.dropSuggestion', (s, { ann }) => s.people.dropSuggestion(ann, 'gong')],
  ['links.remove', (s, { ann }) => s.links.remove(ann, 'gong')],
  ['connections.remove', (s, { ann }) => s.connections.remove(ann, 'gong')],
  ['workspaces.switchDigests', (s, { teamId }) => s.workspaces.switchDigests(teamId, undefined)],
  ['spending.prune', (s) => s.spending.prune(99).then(() => ''), 'everyone'],
  ['runs.prune', (s) => s.runs.prune(9_000).then(() => ''), 'everyone'],
  ['messages.prune', (s) => s.messages.prune(9_000).then(() => ''), 'everyone'],
  ['ledger.prune', (s) => s.ledger.prune(9_000).then(() => ''), 'everyone'],
  ['sweeps.prune', (s) => s.sweeps.prune(9_000).then(() => ''), 'everyone'],
  ['people.pruneEvents', (s) => s.people.pruneEvents(9_000).then(() => ''), 'everyone'],
];

/** While there is something of everything. */
const FORGOTTEN: Call[] = [
  ['installs.end', async (s, of) => s.installs.end(await installOf(s, of))],
  ['installs.forget', (s, { teamId }) => s.installs.forget(teamId)],
];

const FILLING = [...PEOPLE, ...MESSAGES, ...ACTIONS, ...ROLLUPS, ...SIGN_INS];

export const CALLS: readonly Call[] = [...FILLING, ...FORGOTTEN, ...FILLING, ...ENDS];
