/** What came of a cell, at the simulator and before the rep's eyes. */
import { inspect } from 'node:util';
import { expect } from 'vitest';
import { MAYA } from '../flow/cast.ts';
import type { World as Three } from '../flow/world.ts';
import { REFERENCE, SECRET } from './answers.ts';
import { came, expected } from './expected.ts';
import { requestsOf, rowOf, type Subject } from './subject.ts';
import type { Cell } from './table.ts';
import type { Verb } from './verbs.ts';
import type { Effects } from './watch.ts';

/** What a row may say that is not done. */
const SAID = [
  /did not answer/,
  /sent an answer that we could not read/,
  /does not let Docket change this task/,
  /no longer has this task for you/,
  /The task was changed in/,
  /refused this change/,
  /(?:Gong|Reply\.io) refused Docket's credentials/,
  /Your Outreach connection has ended/,
  /No longer open/,
] as const;

const NOT_CONFIRMED = 'Not confirmed';

/** `1 effect, done`: at the simulator, and in the row's words. */
export function measure(world: Three, verb: Verb, subject: Subject, effects: Effects): string {
  return came(effects.count(), shows(world, verb, subject));
}

function shows(world: Three, verb: Verb, subject: Subject): string {
  const { text, controls } = rowOf(world, subject);
  if ([verb.not, NOT_CONFIRMED, 'No longer open'].some((words) => text.includes(words))) {
    return SAID.map((words) => words.exec(text)?.[0]).find((words) => words !== undefined) ?? `“${text}”`;
  }
  if (verb.undo) return controls.includes(verb.press.control) ? 'undone' : `“${text}”`;
  return text.includes(verb.says) ? 'done' : `“${text}”`;
}

/** What a failed row owes the rep: what they can do, and a reference that the log has too. */
export function expectExplained(world: Three, cell: Cell, subject: Subject): void {
  const { fault, verb } = cell;
  const { says, mendedBy } = expected(cell);
  const { text, controls } = rowOf(world, subject);
  expect(text).not.toMatch(/something went wrong|undefined|null|NaN|\[object/i);
  if (mendedBy === undefined) {
    if (says !== undefined) expect(controls).toEqual([]);
    return;
  }
  expect(controls).toEqual(verb.undo ? ['Undo'] : ['Retry', 'Choose another action']);
  // What was sent and never answered may have happened: then no more is said than is known.
  const unsure = fault.ends === 'fails' && cell.at === 'change' && !verb.undo;
  expect(text).toContain(unsure ? NOT_CONFIRMED : verb.not);
  const [, action, theirs] = /\(Reference: action (\d+)(?:, (\w+))?\)/.exec(text) ?? [];
  const logged = world.lines.filter(({ message }) => message === 'job failed').at(-1);
  expect(logged).toMatchObject({ level: 'error', fields: { action } });
  if (theirs !== undefined) expect(logged).toMatchObject({ fields: { err: { reference: theirs } } });
  if (verb.provider === 'gong' && fault.how.kind === 'answer' && fault.how.body === 'error') {
    expect(theirs).toBe(REFERENCE);
  }
  if (fault.ends === 'fails') {
    // Long before it failed the row told why it took so long.
    expect(JSON.stringify(world.slack.calls.map(({ args }) => args))).toContain('keeps trying until');
  }
}

/** Nothing of what the provider wrote is seen by anyone, nor logged. */
export function expectSeemly(world: Three, from: { calls: number; lines: number }): void {
  const shown = [
    world.slack.calls.slice(from.calls).map(({ args }) => args),
    world.slack.messages(MAYA.id),
    world.slack.home(MAYA.id)?.view,
    world.slack.modal(MAYA.id)?.view,
  ];
  expect(JSON.stringify(shown)).not.toContain(SECRET);
  expect(JSON.stringify(shown)).not.toMatch(/something went wrong/i);
  expect(inspect(world.lines.slice(from.lines), { depth: 12 })).not.toContain(SECRET);
}

/** After an answer that did not come, or told nothing, what is not repeatable is read before it is sent again. */
export function expectReadInBetween(world: Three, verb: Verb, subject: Subject): void {
  if (verb.repeatable) return;
  const change = verb.change.replace('{id}', subject.id);
  let unknown = false;
  for (const { method, path, status, fault } of requestsOf(world, verb.provider, subject)) {
    if (method === 'GET') unknown = false;
    if (!`${method} ${path}`.startsWith(change)) continue;
    expect(unknown, `${method} ${path} was sent again without a look`).toBe(false);
    unknown = fault && (status < 400 || status >= 500);
  }
}
