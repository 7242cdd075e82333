/** What people, tools and time do in one workspace, step by step: every kind of job and every use case comes. */
import { beginDay, prune } from '../../src/core/daily.ts';
import { createAhead } from '../../src/core/digests/ahead.ts';
import { retireDigests } from '../../src/core/digests/retire.ts';
import { claimDueDigests } from '../../src/core/digests/send.ts';
import { handleWebhook } from '../../src/core/digests/webhooks.ts';
import { welcomeReps } from '../../src/core/digests/welcome.ts';
import { newJob } from '../../src/core/jobs/kinds.ts';
import { showConnection } from '../../src/core/people/connected.ts';
import { claimDueRollups } from '../../src/core/people/rollup-send.ts';
import type { JobPayload } from '../../src/core/ports/queue.ts';
import type { Workspace } from './apart.ts';
import { DAY, HOUR } from './docket.ts';
import { MONDAY_NINE } from './provider.ts';

type Step = (of: Workspace) => Promise<unknown>;

const LIST = { kind: 'list', filter: { by: 'all' }, priority: 'person' } as const;
const DRAFT = { email: 'dana@x.example', kind: 'call', dueAt: MONDAY_NINE + DAY, note: 'Call her' };
const ROLLUP = { about: { userIds: ['UANN'], groups: [] }, to: 'C1', day: 1, time: '11:00' };

const repOf = async ({ deps, ann }: Workspace) => {
  const rep = await deps.store.reps.find(ann);
  if (!rep) throw new Error('no rep');
  return rep;
};
const ref = (of: Workspace, position: number, seq = 0) => ({ messageId: of.shown, position, seq });
const taskOf = ({ ann }: Workspace, taskId = '1') => ({ ...ann, provider: 'fake', taskId });
const enqueue = (of: Workspace, payload: JobPayload) => {
  return of.deps.queue.enqueue(newJob(`test:${of.teamId}:${payload.kind}`, payload, of.deps.clock()));
};
const deliver = (of: Workspace, text: string) => {
  const hooking = { ...of.deps, hookUrl: () => `https://docket.example/webhooks/fake/${of.teamId}` };
  return handleWebhook(
    hooking,
    { teamId: of.teamId, provider: 'fake' },
    {
      body: new TextEncoder().encode(`token-9 ${text}`),
      headers: {},
    },
  );
};
const hooking = (of: Workspace) => ({ ...of.deps, hookUrl: () => 'https://docket.example/webhooks/fake' });

const MORNING: Step[] = [
  (of) => beginDay(hooking(of), of.teamId),
  (of) => welcomeReps(of.deps, of.teamId),
  (of) => of.schedules.choose({ ...of.ann, ...PROFILE }, { choices: { nudges: true, closesAt: '17:00' } }),
  (of) => of.deps.store.schedules.advance(of.ann, { from: MONDAY_NINE + DAY, to: MONDAY_NINE }),
  async (of) => void (await enqueue(of, { kind: 'welcome', ...of.ben })),
  (of) => claimDueDigests(of.deps, undefined, of.teamId),
  async (of) => {
    of.digest = (await of.deps.store.messages.newest(of.ann, 'digest')) ?? '';
    return (await of.deps.store.messages.load(of.digest))?.items.length;
  },
  async (of) => {
    of.shown = (await of.deps.lists.make(await repOf(of), LIST)).id;
  },
  (of) => of.deps.store.hooks.save({ ...of.ann, provider: 'fake', hookId: '1', url: 'https://x', secret: 'token-9' }),
];

const PROFILE = {
  ...{ name: 'UANN', email: 'uann@x.example', slackZone: 'America/New_York', zone: 'America/New_York' },
  ...{ locale: undefined, active: true },
};

const CLICKS: Step[] = [
  async (of) => 'row' in (await of.clicks.row(of.ann, ref(of, 0))),
  (of) => of.clicks.change(of.ann, ref(of, 0), { verb: 'done' }),
  (of) => of.clicks.undo(of.ann, ref(of, 0, 1)),
  (of) => of.clicks.retry(of.ann, ref(of, 0, 1)),
  (of) => of.clicks.drop(of.ann, ref(of, 0, 1)),
  (of) => of.clicks.change(of.ann, ref(of, 1), { verb: 'snooze', dueAt: of.deps.clock() + 2 * HOUR }),
  (of) => of.edits.read(taskOf(of)),
  (of) => of.edits.owner(of.ann, 'fake'),
  (of) => of.history.page(of.ann, { since: 0, limit: 9 }),
  async (of) => of.history.own(of.ann, (await of.deps.store.ledger.latest(taskOf(of)))?.id ?? ''),
  async (of) => (await of.views.own(of.ann, of.shown))?.message.items.length,
  async (of) => (await of.views.load(of.shown))?.rep,
  async (of) => {
    const message = await of.deps.store.messages.load(of.shown);
    return message && (await of.views.of(message))?.reader;
  },
  (of) => of.views.showing(taskOf(of), 0),
  (of) => of.views.newestHome(of.ann),
  (of) => of.views.latestAction(taskOf(of)),
  (of) => of.focus.change(of.ann, 'V7', { ref: ref(of, 2), change: { verb: 'done' } }),
  async (of) => of.focus.leave(of.ann, (await of.deps.store.sweeps.ofKey(of.ann, 'focus:V7'))?.id ?? ''),
  (of) => of.sweeps.draft(of.ann, of.shown),
  (of) =>
    of.sweeps.act(of.ann, {
      ...{ messageId: of.shown, which: { by: 'all' }, key: 'V9', sure: true },
      change: { verb: 'reschedule', dueAt: of.deps.clock() + DAY },
    }),
  (of) => of.sweeps.begin(of.ann, { kind: 'sweep', messageId: of.shown, key: 'V9' }),
];

const sweepOf = async (of: Workspace) => (await of.deps.store.sweeps.ofKey(of.ann, 'V9'))?.id ?? '';
const TYPED = { command: 'D1:1.1', place: 'messages', zone: 'America/New_York' } as const;

const LATER: Step[] = [
  async (of) => of.sweeps.results(of.ann, await sweepOf(of)),
  async (of) => of.sweeps.undoAll(of.ann, await sweepOf(of)),
  async (of) => of.sweeps.retryFailed(of.ann, await sweepOf(of)),
  (of) => of.typedVerbs.act(of.ann, { verb: 'done', numbers: [1] } as never, TYPED).catch(String),
  async (of) => {
    const confirmed = { ref: ref(of, 3, 9), change: { verb: 'done' }, skippedFirst: true } as const;
    return of.typedVerbs.confirm(of.ann, confirmed);
  },
  (of) => of.typedVerbs.undoOf(of.ann, ref(of, 2, 1)),
  (of) => of.typedVerbs.undoLast(of.ann, { command: 'D1:1.2' }),
  (of) => of.followUps.creators(of.ann).then((all) => all.length),
  (of) => of.followUps.findPerson({ ...of.ann, provider: 'fake' }, 'dana@x.example'),
  (of) => of.followUps.request({ ...of.ann, provider: 'fake' }, DRAFT, 'V5'),
  (of) => of.followUps.after(of.ann, ref(of, 0, 1), of.deps.clock() + DAY),
  (of) => deliver(of, '1 updated'),
  (of) => deliver(of, '9 created ann at fake'.replace('ann at fake', 'ann')),
  (of) => enqueue(of, { kind: 'ahead', ...of.ann, dueAt: of.deps.clock() + HOUR }),
  (of) => createAhead(of.deps)(),
  (of) => enqueue(of, { kind: 'return', ...of.ann, dueAt: of.deps.clock() }),
  (of) => enqueue(of, { kind: 'nudge', ...of.ann, callAt: of.deps.clock() + 10 * 60_000, tools: ['fake'] }),
  (of) => enqueue(of, { kind: 'post', teamId: of.teamId, messageId: of.shown }),
  (of) => enqueue(of, { kind: 'reconcile', ...of.ann }),
  async (of) => of.digests.post(await mustLoad(of)),
  async (of) => of.digests.sendNow(await repOf(of)),
];

async function mustLoad(of: Workspace) {
  const message = await of.deps.store.messages.load(of.shown);
  if (!message) throw new Error('no message');
  return message;
}

const PEOPLE: Step[] = [
  (of) => of.people.find(of.ann),
  (of) => of.people.identify(of.ann, { again: true }),
  (of) => of.people.known({ teamId: of.teamId, userId: 'UCAT' }),
  (of) => of.people.readerOf(of.ann),
  async (of) => of.people.accounts(await repOf(of)),
  (of) => of.people.team(of.ada),
  (of) => of.people.isAdmin(of.ann),
  (of) => of.people.outside(of.ann),
  async (of) => of.people.admins,
  (of) => of.people.follow(of.teamId, { ...CAT, admin: false }, { joined: true }),
  async (of) =>
    of.signIns.start(
      'fake',
      new URL(await of.signIns.link(await repOf(of), of.provider)).searchParams.get('ticket') ?? '',
    ),
  async (of) => {
    of.signIn.signedIn = 'uann@x.example';
    of.state = of.signIn.asked.authorize.at(-1)?.state ?? '';
    return of.signIns.callback('fake', { state: of.state, code: 'code', error: undefined });
  },
  async (of) => of.signIns.confirm(await repOf(of), of.provider, { provider: 'fake', stateHash: 'none' }),
  async (of) => of.signIns.reject(await repOf(of), { provider: 'fake', stateHash: 'none' }),
  async (of) => showConnection(of.deps, of.ann, 'fake'),
  (of) => of.rollups.save(of.ada, ROLLUP),
  async (of) => {
    of.rollup = (await of.rollups.list(of.ada))?.[0]?.id ?? '';
    return of.rollups.find(of.ada, of.rollup);
  },
  async (of) => of.rollups.own(await repOf(of)),
  (of) => of.rollups.report(of.ada, of.rollup),
  (of) => of.desk.reps(of.ada),
  (of) => of.desk.report(of.ada, 'UANN'),
  (of) => of.desk.remind(of.ada, 'UBEN'),
  (of) => of.desk.sendTest(of.ada, 'UANN'),
  (of) => of.links.suggest(of.ada, 'UBEN', of.provider, 'uben@x.example'),
  (of) => of.links.confirm(of.ben, { provider: 'fake', suggestedAt: of.deps.clock() }),
  (of) => of.links.decline(of.ben, { provider: 'fake', suggestedAt: of.deps.clock() }),
  (of) => of.digestSwitch.look(of.ada),
  (of) => of.digestSwitch.turn(of.ada, 'off'),
  (of) => of.digestSwitch.turn(of.ada, 'on'),
  async (of) => of.schedules.pause(await repOf(of), of.deps.clock() + DAY),
  async (of) => of.schedules.resume(await repOf(of)),
  async (of) => of.schedules.followZone(await repOf(of)),
];

const CAT = { userId: 'UCAT', name: 'Cat', email: 'cat@x.example', zone: 'Europe/Berlin', active: true };

const EVENING: Step[] = [
  (of) => claimDueRollups(of.deps),
  (of) => enqueue(of, { kind: 'close', ...of.ann, localDate: '2026-11-23', at: of.deps.clock(), isTime: true }),
];

const kindOf = (of: Workspace) => {
  const kind = of.tools.kindOf('fake');
  if (!kind) throw new Error('no tool');
  return kind;
};

const END: Step[] = [
  async (of) => {
    const closing = await of.deps.store.messages.newest(of.ann, 'list');
    return [await of.closing.leave(of.ann, closing ?? ''), (await of.closing.move(of.ann, closing ?? '')).is];
  },
  (of) => of.rollups.stop(of.ada, of.rollup),
  (of) => of.links.unlink(of.ben, 'fake'),
  (of) => of.links.allow(of.ben, 'fake'),
  (of) => of.tools.ask(of.ada),
  (of) => of.tools.save(of.ada, { kind: kindOf(of), settings: { FAKE_KEY: 'a key of one' }, seenAt: undefined }),
  (of) => of.tools.look(of.ada),
  (of) => of.tools.save(of.ann, { kind: kindOf(of), settings: { FAKE_KEY: 'of no admin' }, seenAt: 1 }),
  (of) => of.tools.end(of.ada, { kind: kindOf(of), seenAt: 1 }),
  async (of) => {
    const [tool] = await of.deps.store.tools.list(of.teamId);
    return of.tools.end(of.ada, { kind: kindOf(of), seenAt: tool?.at ?? 0 });
  },
  (of) => retireDigests({ ...of.deps, clock: () => of.deps.clock() + 5 * DAY }, of.teamId),
];

/** Between two parts the work that is due is done, and time passes. */
export const STORY: readonly { steps: readonly Step[]; thenMs: number }[] = [
  { steps: MORNING.slice(0, 6), thenMs: 60_000 },
  { steps: MORNING.slice(6), thenMs: 1_000 },
  { steps: CLICKS.slice(0, 2), thenMs: 1_000 },
  { steps: CLICKS.slice(2), thenMs: 2_000 },
  { steps: LATER, thenMs: 60_000 },
  { steps: PEOPLE, thenMs: 2 * HOUR },
  { steps: EVENING, thenMs: 7 * HOUR },
  { steps: END, thenMs: 60_000 },
];

/** About all workspaces at once, once. */
export const pruneAll = (of: Workspace) => prune({ ...of.deps, clock: () => of.deps.clock() + 400 * DAY }, DAY);
