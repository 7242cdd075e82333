/** Messages to reps, sent by jobs: once for each key, and retried while Slack is away. */
import type { RepKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';
import type { Notice } from '../ports/screen.ts';
import type { Tx } from '../ports/transaction.ts';
import { type Handler, newJob, simpleHandler } from './kinds.ts';

export async function enqueueNotice(
  { queue, clock }: Pick<Ports, 'queue' | 'clock'>,
  { key, to: { teamId, userId }, notice, priority }: { key: string; to: RepKey; notice: Notice; priority?: number },
  tx?: Tx,
): Promise<void> {
  await queue.enqueue(newJob(key, { kind: 'notify', teamId, userId, notice }, clock(), priority), tx);
}

/** Who left the pilot hears what became of what they did, and nothing else. */
const ANSWERS: readonly Notice['about'][] = [
  'wrong_person',
  'confirm_sign_in',
  'created',
  'not_created',
  'rollup_failed',
];

export function notifyHandler({ screen, store, pilot }: Pick<Ports, 'screen' | 'store' | 'pilot'>): Handler<'notify'> {
  return simpleHandler(async ({ notice, ...rep }) => {
    const email = (await store.reps.find(rep))?.email;
    const isWelcome = !pilot || ANSWERS.includes(notice.about) || (await pilot.includes({ userId: rep.userId, email }));
    if (isWelcome) await screen.notify(rep, notice);
  });
}
