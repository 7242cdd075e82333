/** One workspace of several on one store and queue: everything of its own, and the ids that every other has. */
import { createTypedVerbs } from '../../src/core/ask/act.ts';
import { createEdits } from '../../src/core/clicks/edits.ts';
import { createFocus } from '../../src/core/clicks/focus.ts';
import { createHistory } from '../../src/core/clicks/history.ts';
import { createViews } from '../../src/core/digests/views.ts';
import { KINDS } from '../../src/core/jobs/kinds.ts';
import type { RepKey } from '../../src/core/model/keys.ts';
import { createDigestSwitch } from '../../src/core/people/off-switch.ts';
import { createTeamDesk } from '../../src/core/people/team-rep.ts';
import { createToolDesk } from '../../src/core/people/tool-desk.ts';
import type { Hooks, TaskProvider } from '../../src/core/ports/provider.ts';
import type { Job } from '../../src/core/ports/queue.ts';
import type { ToolBench } from '../../src/core/ports/tool-bench.ts';
import type { openUrl } from '../store/open.ts';
import { addRep, createDocket } from './docket.ts';
import { member } from './people/members.ts';
import { signInProvider } from './people/sign-in-provider.ts';
import { FINAL, MONDAY_NINE, REVERSIBLE, task } from './provider.ts';

export type Opened = Awaited<ReturnType<typeof openUrl>>;
export type Workspace = Awaited<ReturnType<typeof createWorkspace>>;

const hooks: Hooks = {
  register: async () => 'hook 1',
  isActive: async () => true,
  remove: async () => {},
  signatureHeader: 'x-signature',
  verify: (secret, body) => new TextDecoder().decode(body).startsWith(`${secret} `),
  parse(body) {
    const [, taskId = '', what, owner] = body.split(' ');
    return {
      taskId,
      what: what === 'created' ? 'created' : 'updated',
      key: `event of ${taskId}`,
      ...(owner && { owner }),
    };
  },
};

/** A provider with all that a provider can have. */
function everyTool(signIn: ReturnType<typeof signInProvider>) {
  const { provider } = signIn;
  Object.assign(provider.allowed.verbs, { dismiss: FINAL, note: REVERSIBLE });
  return Object.assign(provider, {
    hooks,
    editing: { rules: [], read: async () => ({ note: 'note', rule: '' }) },
    creating: {
      kinds: [{ value: 'call', text: 'Call' }],
      findPerson: async () => ({ is: 'one', id: '5', name: 'Dana' }) as const,
      create: async () => ({ reference: 'made' }),
      exists: async () => false,
    },
  });
}

export async function createWorkspace(opened: Opened, teamId: string) {
  const signIn = signInProvider('fake');
  const provider = everyTool(signIn);
  const docket = await createDocket({ empty: true, providers: [provider], undoWindowMs: 0, hasLooks: true });
  const core = docket.over(opened);
  const [ann, ben, ada]: RepKey[] = ['UANN', 'UBEN', 'UADA'].map((userId) => ({ teamId, userId }));
  if (!ann || !ben || !ada) throw new Error('three people');
  for (const [key, name] of [
    [ann, 'ann'],
    [ben, 'ben'],
  ] as const) {
    // One digest at a time: of two, either may be posted first.
    const nextDueAt = MONDAY_NINE + (name === 'ann' ? 0 : 24 * 3_600_000);
    await addRep({ ...docket, ...core }, key, `${name} at fake`, { nextDueAt });
    docket.members.push(member(key.userId, `${key.userId.toLowerCase()}@x.example`));
    provider.users.push({ externalId: `${name} at fake`, emails: [`u${name}@x.example`], name, state: 'active' });
  }
  docket.members.push(member('UADA', 'ada@x.example', { admin: true }), member('UCAT', 'cat@x.example'));
  provider.open.set(
    'ann at fake',
    ['1', '2', '3', '4'].map((id) => task(id, { kind: 'call', dueAt: MONDAY_NINE + 3 * 3_600_000 })),
  );
  const { deps } = core;
  // Random where they are not a test's.
  let tokens = 0;
  Object.assign(deps.secrets, { token: () => `token-${++tokens}-${teamId}` });
  const uses = { ...deps, undoWindowMs: 0 };
  const called = new Set<string>();
  const parts = watched(called, {
    clicks: core.clicks,
    sweeps: core.sweeps,
    closing: core.closing,
    followUps: core.followUps,
    digests: core.digests,
    schedules: core.schedules,
    people: core.people,
    links: core.links,
    rollups: core.rollups,
    signIns: core.signIns,
    edits: createEdits(uses),
    history: createHistory(deps.store),
    views: createViews(deps),
    focus: createFocus({ ...uses, clicks: core.clicks }),
    digestSwitch: createDigestSwitch(deps),
    tools: createToolDesk({ ...deps, bench: benchOf(provider) }),
    desk: createTeamDesk({ ...deps, people: core.people, digests: core.digests }),
    typedVerbs: createTypedVerbs({ ...uses, clicks: core.clicks, sweeps: core.sweeps }),
  });
  return {
    ...{ teamId, ann, ben, ada, docket, provider, signIn, deps, called, shown: '', digest: '', rollup: '', state: '' },
    ...parts,
    runJob: core.runJob,
    kinds: new Set<string>(),
    /** What a person sees, and what the tool was asked. */
    seen: () => ({ screen: seenOn(docket.screen), calls: provider.calls, finds: provider.finds, lines: docket.lines }),
  };
}

function benchOf(provider: TaskProvider): ToolBench {
  const form = [{ name: 'FAKE_KEY', label: 'Key', hint: 'There.' }];
  return {
    kinds: () => [{ id: 'fake', name: 'Fake', form, redirectUri: undefined }],
    isOperators: () => false,
    mayKeep: true,
    tried: () => provider,
    follow: async () => {},
  };
}

/** Ids of messages are told apart anyway. */
function seenOn({ posted, changed, later, laterMessages, calmly, sweeps, again, notices, announced, rollups }: Shown) {
  const counts = [posted, laterMessages, again].map(({ length }) => length);
  return { counts, changed, later, calmly, sweeps: sweeps.map(({ states }) => states), notices, announced, rollups };
}

type Shown = Awaited<ReturnType<typeof createDocket>>['screen'];

/** Notes which functions were called. */
function watched<Parts extends Record<string, object>>(called: Set<string>, parts: Parts): Parts {
  const all = Object.entries(parts).map(([name, part]) => {
    const proxy = new Proxy(part, {
      get(target, key, receiver) {
        called.add(`${name}.${String(key)}`);
        return Reflect.get(target, key, receiver);
      },
    });
    return [name, proxy];
  });
  return Object.fromEntries(all);
}

/** Does what is due, each job in its own workspace. */
export async function work(opened: Opened, workspaces: readonly Workspace[], whose: Whose): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    const now = workspaces[0]?.deps.clock() ?? 0;
    const jobs = await opened.queue.claim(now, { limit: 50, leaseMs: 60_000 });
    if (jobs.length === 0) return;
    // A claim returns them in any order.
    for (const job of jobs.toSorted((one, other) => Number(one.id) - Number(other.id))) {
      const teamId = await whose(job);
      const workspace = workspaces.find((each) => each.teamId === teamId);
      if (!workspace) throw new Error(`${job.key} says nothing of its workspace`);
      workspace.kinds.add(job.payload.kind);
      await workspace.runJob(job);
    }
  }
  throw new Error('the work has no end');
}

type Whose = (job: Job) => Promise<string | undefined>;

export const ALL_KINDS = Object.keys(KINDS);
