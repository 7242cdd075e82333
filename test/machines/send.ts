/** What a rep presses while processes live and die: a control of a row, and the window that it may open. */
import { expect } from 'vitest';
import type { Delivery, SandboxMessage } from '../../sandbox/slack/types.ts';
import type { Pressed } from '../crash/verbs.ts';
import { MAYA } from '../flow/cast.ts';
import { pressOnly } from '../flow/press.ts';
import { eventually } from '../flow/process.ts';
import { fresh } from '../flow/read.ts';
import type { World } from '../flow/world.ts';

/** Says what became of the delivery that is recorded: that of the window, where there is one. */
export async function send(
  world: World,
  digest: SandboxMessage,
  { row, verb }: Pressed,
  label: string,
): Promise<Delivery> {
  const { control, choice, form } = verb.press;
  const isVerb = label === control;
  const delivery = await pressOnly(world, fresh(world, digest), row, label, isVerb ? choice : undefined);
  if (!isVerb || !form) return delivery;
  const shown = () => JSON.stringify(world.slack.modal(MAYA.id)?.view.blocks);
  await eventually(() => expect(shown()).toContain(form.shows));
  return world.slack.submit(MAYA.id, form.fields as never);
}
