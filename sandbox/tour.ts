/** A walk through the product without a browser: reads the digest, presses every verb and Undo, checks Gong. */
import type { GongSimulator, GongTask } from './gong/types.ts';
import type { DemoPerson } from './people.ts';
import type { Json, JsonObject, SandboxMessage, SlackWorkspace } from './slack/types.ts';

const PATIENCE_MS = 30_000;

interface Tour {
  slack: SlackWorkspace;
  gong: GongSimulator;
  person: DemoPerson;
  clock: () => number;
  failures: string[];
}

/** Returns false when any effect is missing; what is missing has been printed. */
export async function runTour(
  slack: SlackWorkspace,
  gong: GongSimulator,
  person: DemoPerson,
  clock: () => number,
): Promise<boolean> {
  const tour: Tour = { slack, gong, person, clock, failures: [] };
  console.log(`It is almost nine for ${person.realName} (${person.zone}). Waiting for the digest …\n`);
  const digest = await until(() => digestOf(tour));
  if (!digest) {
    console.log('No digest came.');
    return false;
  }
  console.log(asText(digest));
  const [done, dismissed, snoozed, moved] = shownTasks(tour);
  if (!done || !dismissed || !snoozed || !moved) {
    console.log('The digest has fewer than four tasks.');
    return false;
  }
  await step(
    tour,
    'Done',
    done,
    () => press(tour, done, 'Done'),
    (task) => task.status === 'DONE',
  );
  await step(
    tour,
    'Dismiss',
    dismissed,
    () => press(tour, dismissed, 'Dismiss'),
    (task) => task.status === 'DISMISSED',
  );
  const later = (before: GongTask) => (task: GongTask) =>
    instantOf(task) > clock() && instantOf(task) !== instantOf(before);
  await step(
    tour,
    'Snooze until tomorrow morning',
    snoozed,
    () => press(tour, snoozed, 'Snooze', 'Tomorrow morning'),
    later(held(tour, snoozed)),
  );
  await step(
    tour,
    'Reschedule to "in 3 days at 15:30"',
    moved,
    () => reschedule(tour, moved),
    later(held(tour, moved)),
  );

  console.log('\nWhat Gong received:');
  for (const { method, path, body, status } of gong.requests.filter((request) => request.method === 'PATCH')) {
    console.log(`  ${status}  ${method} ${path}  ${JSON.stringify(body)}`);
  }
  for (const problem of [...slack.unexpected, ...gong.unexpected]) tour.failures.push(`refused: ${problem}`);
  for (const failure of tour.failures) console.log(`FAILED  ${failure}`);
  console.log(tour.failures.length === 0 ? '\nEvery effect is there.' : '\nSomething is missing.');
  return tour.failures.length === 0;
}

/** Presses, waits for the effect at Gong and in Slack, then takes it back and waits for that. */
async function step(
  tour: Tour,
  name: string,
  taskId: string,
  act: () => Promise<void>,
  happened: (task: GongTask) => boolean,
): Promise<void> {
  const before = held(tour, taskId);
  console.log(`\n> ${name}: ${titleOf(before)}`);
  await act();
  const effect = await until(() => happened(held(tour, taskId)) || undefined);
  const shown = effect && (await until(() => controlOf(tour, taskId, 'Undo')));
  console.log(`  Gong: ${stateOf(held(tour, taskId))}`);
  if (!effect || !shown)
    return void tour.failures.push(`${name}: ${effect ? 'no Undo in Slack' : 'no effect at Gong'}`);
  await press(tour, taskId, 'Undo');
  const undone = await until(() => same(before, held(tour, taskId)) || undefined);
  const back = undone && (await until(() => controlOf(tour, taskId, 'Done')));
  console.log(`  Undo. Gong: ${stateOf(held(tour, taskId))}`);
  if (!back) tour.failures.push(`Undo of ${name}: ${undone ? 'the row did not come back' : 'no effect at Gong'}`);
}

async function press(tour: Tour, taskId: string, label: string, choice?: string): Promise<void> {
  const control = controlOf(tour, taskId, label);
  const digest = digestOf(tour);
  if (!control || !digest) throw new Error(`no ${label} on the row`);
  const options = (control.element.options ?? []) as JsonObject[];
  const option = options.find((candidate) => textOf(candidate.text) === choice);
  const action = option ? { ...control.element, selected_option: option } : control.element;
  await tour.slack.act(tour.person.slackId, { ts: digest.ts }, control.blockId, action);
}

async function reschedule(tour: Tour, taskId: string): Promise<void> {
  await press(tour, taskId, 'Reschedule');
  await until(() => tour.slack.modal(tour.person.slackId));
  await tour.slack.submit(tour.person.slackId, {
    when_typed: { when_typed: { type: 'plain_text_input', value: 'in 3 days at 15:30' } },
  });
}

function digestOf({ slack, person }: Tour): SandboxMessage | undefined {
  return slack.messages(person.slackId).find((message) => !message.ephemeral);
}

interface Control {
  blockId: string;
  element: JsonObject;
}

/** A control of the row that names the task's contact: the actions block right after its section. */
function controlOf(tour: Tour, taskId: string, label: string): Control | undefined {
  const blocks = digestOf(tour)?.blocks ?? [];
  const name = held(tour, taskId).contact?.data?.lastName ?? '';
  const row = blocks.findIndex((block) => block.type === 'section' && textOf(block.text).includes(name));
  const controls = blocks[row + 1];
  if (row < 0 || controls?.type !== 'actions') return undefined;
  const element = ((controls.elements ?? []) as JsonObject[]).find(
    (candidate) => textOf(candidate.text ?? candidate.placeholder) === label,
  );
  return element && { blockId: String(controls.block_id), element };
}

/** Tasks that the digest shows and whose contact's name finds one row only. */
function shownTasks(tour: Tour): string[] {
  const text = JSON.stringify(digestOf(tour)?.blocks ?? []);
  return tour.gong
    .tasks(tour.person.gongUserId)
    .filter((task) => {
      const name = task.contact?.data?.lastName ?? '';
      return /^[A-Za-z]{4,}$/.test(name) && text.includes(name);
    })
    .map(({ id }) => id);
}

function held(tour: Tour, taskId: string): GongTask {
  const task = tour.gong.task(taskId);
  if (!task) throw new Error(`Gong has no task ${taskId}`);
  return task;
}

function instantOf(task: GongTask): number {
  return Date.parse(task.dueDate ?? '');
}

function same(before: GongTask, now: GongTask): boolean {
  return before.status === now.status && instantOf(before) === instantOf(now);
}

function titleOf(task: GongTask): string {
  const { firstName = '', lastName = '' } = task.contact?.data ?? {};
  return `${firstName} ${lastName}, ${task.title ?? task.flow?.step.name ?? 'call'}`;
}

function stateOf(task: GongTask): string {
  return `${task.status}, due ${new Date(instantOf(task)).toISOString()}`;
}

function textOf(value: Json | undefined): string {
  return String((value as JsonObject | undefined)?.text ?? '');
}

/** The message as plain text: links by their words, controls in brackets. */
function asText(message: SandboxMessage): string {
  const lines = message.blocks.map((block) => {
    if (block.type === 'header') return `=== ${textOf(block.text)} ===`;
    if (block.type === 'actions') {
      return `  ${((block.elements ?? []) as JsonObject[]).map((e) => `[${textOf(e.text ?? e.placeholder)}]`).join(' ')}`;
    }
    if (block.type === 'context')
      return ((block.elements ?? []) as JsonObject[]).map((e) => readable(String(e.text))).join('\n');
    return `\n${readable(textOf(block.text))}`;
  });
  return lines.join('\n');
}

function readable(mrkdwn: string): string {
  return mrkdwn
    .replace(/<[^|>]+\|([^>]*)>/g, '$1')
    .replace(/[*_~]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Looks again and again, because the app works at its own pace; undefined when it took too long. */
async function until<T>(look: () => T | undefined): Promise<T | undefined> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}
