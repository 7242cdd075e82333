/** Reps who sign in to Outreach as people do: through a browser. */
import { expect } from 'vitest';
import { answerConsent } from '../../sandbox/browser.ts';
import type { JsonObject, SandboxUser } from '../../sandbox/slack/types.ts';
import { MAYA, MAYA_OUTREACH, THEO, THEO_OUTREACH } from './cast.ts';
import { lastMessage, modalOf, mustBe } from './read.ts';
import type { World } from './world.ts';

/** A button with a link, wherever it stands in a message or window. */
export function linkOf(blocks: readonly JsonObject[], label: string): string {
  const elements = blocks.flatMap((block) => [block.accessory, ...((block.elements ?? []) as JsonObject[])]);
  const found = (elements as (JsonObject | undefined)[]).find(
    (element) => (element?.text as JsonObject | undefined)?.text === label && typeof element?.url === 'string',
  );
  return String(mustBe(found).url);
}

/** Opens the link, chooses who they are there, allows or denies, comes back. */
export async function browse(url: string, as: string, decision: 'allow' | 'deny' = 'allow') {
  return returnTo(await answerConsent(url, as, decision));
}

/** Follows the link of the window that is open. */
export async function browseModal(world: World, as = MAYA_OUTREACH) {
  const back = await browse(linkOf(modalOf(world), 'Sign in to Outreach'), as);
  await world.idle();
  return back;
}

export async function returnTo(url: string) {
  const answer = await fetch(url);
  return { status: answer.status, url, text: await answer.text(), headers: answer.headers };
}

/** Types `/tasks connect` and returns the link that it gives. */
export async function connectLink(world: World, who: SandboxUser = MAYA, label = 'Connect Outreach'): Promise<string> {
  const before = world.slack.messages(who.id).length;
  await world.slack.command(who.id, '/tasks', 'connect');
  await expect.poll(() => world.slack.messages(who.id).length, { timeout: 15_000 }).toBeGreaterThan(before);
  await world.idle();
  return linkOf(mustBe(lastMessage(world, who)).blocks, label);
}

export async function signIn(world: World, who: SandboxUser = MAYA, label = 'Connect Outreach') {
  const back = await browse(await connectLink(world, who, label), who.id === THEO.id ? THEO_OUTREACH : MAYA_OUTREACH);
  await world.idle();
  await world.outreach.settled();
  return back;
}
