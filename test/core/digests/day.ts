/** Ann's day: her digest, what she chose for the day after it, and what came. */
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import type { DayChoices } from '../../../src/core/model/digest.ts';
import type { Instant } from '../../../src/core/model/keys.ts';
import type { LoadedMessage } from '../../../src/core/model/message.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { ANN, createDocket, type Docket, type DocketOptions } from '../docket.ts';

export const MINUTE = 60_000;

/** She has her digest of these tasks. */
export async function afterDigest(
  tasks: readonly Task[],
  choices: Partial<DayChoices>,
  options: DocketOptions = {},
): Promise<Docket> {
  const docket = await createDocket(options);
  docket.holds(...tasks);
  await chooseEarly(docket, choices);
  await sendDigest(docket);
  return docket;
}

/** Before her digest is due, because a schedule that changes at that moment waits for the next one. */
export async function chooseEarly(docket: Docket, choices: Partial<DayChoices>): Promise<void> {
  docket.pass(-MINUTE);
  await choose(docket, choices);
  docket.pass(MINUTE);
}

export async function choose({ schedules, rep }: Docket, choices: Partial<DayChoices>) {
  return schedules.choose(await rep(), { choices });
}

export async function sendDigest(docket: Docket): Promise<void> {
  await claimDueDigests(docket.deps);
  await docket.work();
  docket.shown = (await digestOf(docket)) ?? docket.shown;
}

async function digestOf({ deps }: Docket): Promise<string | undefined> {
  return (await deps.store.messages.digestsSince(ANN, 0))[0];
}

/** Lets all happen that is due until then, minute by minute where jobs wait for one another. */
export async function until(docket: Docket, at: Instant): Promise<LoadedMessage[]> {
  docket.at(at);
  await docket.work();
  return came(docket);
}

/** Ann's messages beside digests, as they are now. */
export async function came({ screen, deps }: Docket): Promise<LoadedMessage[]> {
  const messages = await Promise.all(screen.posted.map((id) => deps.store.messages.load(id)));
  return messages.flatMap((message) => (message?.kind === 'list' && message.userId === ANN.userId ? [message] : []));
}

export function idsOf(messages: readonly LoadedMessage[]): string[][] {
  return messages.map(({ items }) => items.map(({ task }) => task.id));
}
