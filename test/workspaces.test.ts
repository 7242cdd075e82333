/** Whose a job is, while a process starts. */
import { expect, onTestFinished, test } from 'vitest';
import type { Job } from '../src/core/ports/queue.ts';
import type { Workspace } from '../src/workspace.ts';
import { createWorkspaces } from '../src/workspaces.ts';
import { MEMORY, openUrl } from './store/open.ts';

const HOME = 'T0HOME';

/** `tell`: Slack says which team is ours. */
async function starting() {
  const { store, queue, close } = await openUrl(MEMORY);
  onTestFinished(close);
  let team: string | undefined;
  const home = { followTools: async () => undefined } as unknown as Workspace;
  const workspaces = createWorkspaces({
    ...{ store, queue, home, clock: () => 0, homeTeam: () => team },
    log: { info() {}, warn() {}, error() {} },
    open: () => {
      throw new Error('nobody has installed the app');
    },
    close() {},
    refuse() {},
  });
  const tell = () => {
    team = HOME;
  };
  return { workspaces, home, tell };
}

function jobOf(teamId: string): Job {
  const payload = { kind: 'perform', teamId, actionId: '1' } as const;
  const times = { attempt: 1, enqueuedAt: 0, failingSince: undefined, token: 1, lapses: 0 };
  return { id: '1', key: 'perform:1:0', payload, priority: 0, ...times };
}

test('a job of ours stays ours while it is looked up, and Slack says only then which team we are', async () => {
  const { workspaces, home, tell } = await starting();

  const found = workspaces.ofJob(jobOf(HOME));
  tell();

  expect(await found).toBe(home);
});

test('a job of another team is nobody’s once Slack has said which team we are', async () => {
  const { workspaces, tell } = await starting();

  const found = workspaces.ofJob(jobOf('T0GONE'));
  tell();

  expect(await found).toBeUndefined();
});
