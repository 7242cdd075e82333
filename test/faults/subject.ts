/** The task that a cell is about: put at its provider, found in a digest, and pressed. */
import { expect, vi } from 'vitest';
import type { SimulatorRequest } from '../../sandbox/desk.ts';
import type { Delivery, SandboxMessage } from '../../sandbox/slack/types.ts';
import { gongTask, MAYA, outreachTask, replyTask } from '../flow/cast.ts';
import { pressOnly } from '../flow/press.ts';
import { fresh, mustBe, posted } from '../flow/read.ts';
import type { World as Three } from '../flow/world.ts';
import type { Provider, Verb } from './verbs.ts';
import { rowIn } from './watch.ts';

export interface Subject {
  id: string;
  /** Who it is about: the words that find its row. */
  person: string;
  message: SandboxMessage;
}

let lastNumber = 100_000;

/** A task of its own, and a digest that shows it. */
export async function createSubject(world: Three, verb: Verb): Promise<Subject> {
  lastNumber += 1;
  const person = `Whitfield ${lastNumber}`;
  // Beyond 2^53 where the provider's ids are.
  const id = verb.provider === 'reply' ? `9${lastNumber}` : `9007199254740${lastNumber}`;
  putTask(world, verb, id, person);
  const before = posted(world).length;
  await delivered(world, () => world.slack.command(MAYA.id, '/tasks', 'digest'));
  await vi.waitFor(() => expect(posted(world).length).toBeGreaterThan(before), { timeout: 15_000 });
  await world.idle();
  return { id, person, message: mustBe(posted(world).at(-1)) };
}

function putTask({ gong, outreach, reply }: Three, { provider, task }: Verb, id: string, person: string): void {
  const other = id.slice(-6);
  if (provider === 'gong') {
    gong.put(gongTask({ id, contact: { data: { firstName: 'Dana', lastName: person } } }));
  } else if (provider === 'outreach') {
    const emails = [`dana.${other}@harbour.example`];
    outreach.putProspect({ id: other, firstName: 'Dana', lastName: person, emails });
    const step = { taskType: 'sequence_step_call', sequenceId: '51', sequenceStepId: '52' } as const;
    outreach.put(outreachTask({ id, prospectId: other, ...(task === 'step' && step) }));
  } else {
    reply.put(replyTask({ id, contact: { id: other, fullName: `Dana ${person}` } }));
  }
}

/** Nothing of it comes into the digests of the next cells. */
export function removeSubject(world: Three, provider: Provider, { id }: Pick<Subject, 'id'>): void {
  if (provider === 'gong') world.gong.put({ ...mustBe(world.gong.task(id)), status: 'DISMISSED' });
  else if (world[provider].task(id)) world[provider].remove(id);
}

/** Presses the verb; a window that opens is filled in. `before` is called when all that is left is to send it off. */
export async function pressVerb(
  world: Three,
  { message, person }: Subject,
  { press: { control, choice, form } }: Verb,
  before: () => void = () => {},
): Promise<void> {
  if (!form) {
    before();
    return pressAndWait(world, () => pressOnly(world, fresh(world, message), person, control, choice));
  }
  await delivered(world, () => pressOnly(world, fresh(world, message), person, control, choice));
  const shown = () => JSON.stringify(world.slack.modal(MAYA.id)?.view.blocks);
  await vi.waitFor(() => expect(shown()).toContain(form.shows), { timeout: 15_000 });
  before();
  await pressAndWait(world, () => world.slack.submit(MAYA.id, form.fields as never));
}

export async function pressRow(world: Three, { message, person }: Subject, label: string): Promise<void> {
  await pressAndWait(world, () => pressOnly(world, fresh(world, message), person, label));
}

async function pressAndWait(world: Three, act: () => Promise<Delivery>): Promise<void> {
  await delivered(world, act);
  await world.idle();
}

/** On a machine that is busy with many cells an acknowledgement may come too late; then Slack sends it once more. */
async function delivered({ slack }: Three, act: () => Promise<Delivery>): Promise<void> {
  const first = await act();
  const { acked, ackBody } = first.acked ? first : await slack.redeliver();
  expect({ acked, ackBody }).toEqual({ acked: true, ackBody: {} });
}

/** The row as the rep sees it now. */
export function rowOf(world: Three, { message, person }: Subject) {
  return rowIn(fresh(world, message), person);
}

/** Every request about this task, in order; at Gong, where none is read by itself, every reading of the list. */
export function requestsOf(world: Three, provider: Provider, { id }: Subject): SimulatorRequest[] {
  return world[provider].requests.filter(
    ({ method, path }) =>
      path.includes(`/tasks/${id}`) || (provider === 'gong' && `${method} ${path}` === 'POST /v2/tasks'),
  );
}
