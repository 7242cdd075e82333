/** Where stories begin. */
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { MAYA } from './cast.ts';
import { digestOf, type Shown } from './press.ts';
import { signIn } from './sign-in.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface ThreeOptions extends WorldOptions {
  /** Who has signed in to Outreach before the test begins; default Maya. */
  signedIn?: readonly SandboxUser[];
}

/** A Docket with all three tools. */
export async function createThree({ signedIn = [MAYA], ...options }: ThreeOptions = {}): Promise<World> {
  const world = await createWorld({ ...options, tools: 'all' });
  if (options.start !== false) for (const who of signedIn) await signIn(world, who);
  return world;
}

/** Nine on a Monday, with Maya's digest of Gong's tasks before her. */
export async function morning(options: WorldOptions = {}): Promise<{ world: World; digest: Shown }> {
  const world = await createWorld(options);
  return { world, digest: await digestOf(world) };
}

/** The same with all three tools. */
export async function morningOfThree(options: ThreeOptions = {}): Promise<{ world: World; digest: Shown }> {
  const world = await createThree(options);
  return { world, digest: await digestOf(world) };
}

/** Lets the undo window pass, so that what was held back is sent. */
export async function afterWindow(world: World): Promise<void> {
  await world.pass(11_000);
  await world.outreach.settled();
  await world.idle();
}
