/**
 * A walk through the product without a browser: reads the digest, then presses every verb at every provider, and checks
 * each effect there. What a provider can reverse is undone there; what it cannot is first undone inside the window, and
 * must leave no trace, and then done for good.
 */
import { asText, isWelcome, labelOf, textOf } from './message-text.ts';
import type { DemoPerson } from './people.ts';
import type { Simulators } from './providers.ts';
import type { JsonObject, SandboxMessage, SlackWorkspace } from './slack/types.ts';
import { type Held, STEPS, type Step, type TourProvider, tourProviders } from './tour-steps.ts';

const PATIENCE_MS = 30_000;

interface Tour {
  slack: SlackWorkspace;
  person: DemoPerson;
  providers: ReturnType<typeof tourProviders>;
  failures: string[];
}

/** Returns false when any effect is missing; what is missing has been printed. */
export async function runTour(slack: SlackWorkspace, simulators: Simulators, person: DemoPerson): Promise<boolean> {
  const tour: Tour = { slack, person, providers: tourProviders(simulators), failures: [] };
  console.log(`It is almost nine for ${person.realName} (${person.zone}). Waiting for the digest …\n`);
  const digest = await until(() =>
    slack.messages(person.slackId).find((message) => !message.ephemeral && !isWelcome(message)),
  );
  if (!digest) {
    console.log('No digest came.');
    return false;
  }
  console.log(asText(digest));
  for (const step of STEPS) {
    const provider = tour.providers[step.provider];
    if (provider) await walk(tour, provider, step);
  }

  for (const { name, changes } of Object.values(tour.providers)) {
    console.log(`\nWhat ${name} was asked to change:`);
    for (const line of changes()) console.log(`  ${line}`);
  }
  const refused = Object.values(simulators).flatMap(({ unexpected }) => unexpected);
  for (const problem of [...slack.unexpected, ...refused]) tour.failures.push(`refused: ${problem}`);
  for (const failure of tour.failures) console.log(`FAILED  ${failure}`);
  console.log(tour.failures.length === 0 ? '\nEvery effect is there.' : '\nSomething is missing.');
  return tour.failures.length === 0;
}

async function walk(tour: Tour, provider: TourProvider, step: Step): Promise<void> {
  const before = provider.held(step.taskId);
  const fail = (what: string) => void tour.failures.push(`${provider.name}, ${step.verb}: ${what}`);
  console.log(`\n> ${provider.name}, ${step.verb}${step.choice ? ` (${step.choice})` : ''}: ${step.who}`);
  const message = await listed(tour, step.who);
  if (!message) return fail('the task is not listed');
  if (step.undo === 'window') {
    await act(tour, message, step);
    if (!(await until(() => controlOf(tour, message, step.who, 'Undo')))) return fail('no Undo in the window');
    await press(tour, message, step.who, 'Undo');
    if (!(await until(() => controlOf(tour, message, step.who, 'Done')))) return fail('the row did not come back');
    console.log(`  Undone before it was sent. ${provider.name}: ${stateOf(provider.held(step.taskId))}`);
  }
  await act(tour, message, step);
  const effect = await until(() => step.happened(provider.held(step.taskId), before) || undefined);
  console.log(`  ${provider.name}: ${stateOf(provider.held(step.taskId))}`);
  if (!effect) return fail('no effect');
  if (step.undo === 'window') {
    if (!(await until(() => !controlOf(tour, message, step.who, 'Undo') || undefined))) fail('Undo is still offered');
    return;
  }
  if (!(await until(() => controlOf(tour, message, step.who, 'Undo')))) return fail('no Undo in Slack');
  await press(tour, message, step.who, 'Undo');
  if (!(await until(() => stateOf(before) === stateOf(provider.held(step.taskId)) || undefined))) fail('not undone');
  console.log(`  Undo. ${provider.name}: ${stateOf(provider.held(step.taskId))}`);
  if (!(await until(() => controlOf(tour, message, step.who, 'Done')))) fail('the row did not come back after Undo');
}

async function act(tour: Tour, message: SandboxMessage, step: Step): Promise<void> {
  if (step.verb !== 'Reschedule') return press(tour, message, step.who, step.verb, step.choice);
  await press(tour, message, step.who, 'Reschedule');
  await until(() => tour.slack.modal(tour.person.slackId));
  await tour.slack.submit(tour.person.slackId, {
    when_typed: { when_typed: { type: 'plain_text_input', value: step.choice ?? '' } },
  });
}

/** A fresh list that shows the task, by the name of whom it is about. */
async function listed({ slack, person }: Tour, who: string): Promise<SandboxMessage | undefined> {
  const before = slack.messages(person.slackId).length;
  await slack.command(person.slackId, '/tasks', who);
  const message = await until(() => slack.messages(person.slackId).slice(before).at(-1));
  return JSON.stringify(message?.blocks ?? []).includes(who) ? message : undefined;
}

async function press(tour: Tour, at: SandboxMessage, who: string, label: string, choice?: string): Promise<void> {
  const control = controlOf(tour, at, who, label);
  if (!control) throw new Error(`no ${label} on the row of ${who}`);
  const options = (control.element.options ?? []) as JsonObject[];
  const option = choice === undefined ? undefined : options.find(({ text }) => textOf(text).includes(choice));
  const action = option ? { ...control.element, selected_option: option } : control.element;
  await tour.slack.act(tour.person.slackId, { ts: at.ts }, control.blockId, action);
}

interface Control {
  blockId: string;
  element: JsonObject;
}

/** A control of the row that names the person: in the actions block right after its section. `…` is the section's menu. */
function controlOf({ slack, person }: Tour, at: SandboxMessage, who: string, label: string): Control | undefined {
  const blocks = slack.messages(person.slackId).find(({ ts }) => ts === at.ts)?.blocks ?? [];
  const row = blocks.findIndex((block) => block.type === 'section' && textOf(block.text).includes(who));
  const section = blocks[row];
  const menu = section?.accessory as JsonObject | undefined;
  if (label === '…') return menu && { blockId: String(section?.block_id), element: menu };
  const controls = blocks[row + 1];
  if (controls?.type !== 'actions') return undefined;
  const element = ((controls.elements ?? []) as JsonObject[]).find((candidate) => labelOf(candidate) === label);
  return element && { blockId: String(controls.block_id), element };
}

function stateOf(held: Held | undefined): string {
  return held ? `${held.state}, due ${held.due === undefined ? 'never' : new Date(held.due).toISOString()}` : 'gone';
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
