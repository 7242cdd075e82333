/**
 * Everything that is known of a task, for the windows that show one task: who it is about and how to reach them, why it
 * stands where it stands, the deal, what its verbs would do, and its note. Each part is a block of its own.
 */
import { reasonOf } from '../src/core/model/reason.ts';
import { type Contact, type Deal, LONGEST_NOTE, type Task, VERBS, type Verb } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { type Block, context, section } from './elements.ts';
import { LIMITS } from './limits.ts';
import { amountText } from './money.ts';
import type { RowProvider } from './providers.ts';
import { kindWord, openLink, reachTexts } from './reach.ts';
import { costText, priorityText, reasonText } from './reason-text.ts';
import { headline, role, when } from './row-text.ts';
import {
  anchor,
  clockTime,
  count,
  dayAndMonth,
  distance,
  exactTime,
  mrkdwn,
  mrkdwnLines,
  type Reader,
  subjectOf,
  titleText,
  zonesDiffer,
} from './text.ts';

const DOT = '  ·  ';

/** Where the task stands in its list. */
export interface Standing {
  number: number;
  of: number;
  /** How much of the note is shown; default: as much as fits. */
  noteRoom?: number;
}

export function taskFacts(task: Task, standing: Standing, provider: RowProvider, reader: RepTime): Block[] {
  const parts = [
    [aboutLines(task), whyLines(task, standing, provider, reader)],
    [stakeLines(task, reader), reachLines(task, reader)],
  ];
  const said = parts.map((part) => part.flat().join('\n')).filter((text) => text !== '');
  return [...said.map((text) => section(text)), ...noteBlocks(task, provider, standing.noteRoom)];
}

/** Under the facts: what a verb does besides, and the way to the tool. */
export function footnotes(task: Task, provider: RowProvider, shown = { consequences: true }): Block[] {
  const link = openLink(task, provider.name) || `This task is in ${mrkdwn(provider.name, 40)}.`;
  const said = shown.consequences
    ? consequences(task, provider, mrkdwn).map(({ verbs, text }) => `${verbs}: ${text}`)
    : [];
  return [context(...said, link)];
}

function aboutLines(task: Task): string[] {
  const what = [kindWord(task), subjectOf(task) ? titleText(task) : ''].filter(Boolean).join(DOT);
  return [[headline(task), role(task)].filter(Boolean).join('  '), what, flowLine(task)].filter(Boolean);
}

function flowLine({ flow, step }: Task): string {
  const name = mrkdwn(flow ?? '', 120);
  const of = step?.of === undefined ? '' : ` of ${step.of}`;
  return [name, step && `step ${step.at}${of}`].filter(Boolean).join(DOT);
}

/** What ranks it, but for the deal, which stands below (docs/ranking.md). */
function whyLines(task: Task, { number, of }: Standing, provider: RowProvider, reader: RepTime): string[] {
  const reason = reasonOf(task, reader);
  const cost = costText(task, provider, reader);
  const reasons = [
    when(task, reader),
    reason?.why === 'skips' ? cost : reasonText(reason, provider.name, reader),
    reason?.why === 'priority' ? '' : priorityText(task),
  ].filter(Boolean);
  const touched = task.lastTouchAt === undefined ? '' : lastTouch(task.lastTouchAt, reader);
  return [
    [...reasons, `No. ${number} of ${of} in the list`].join(DOT),
    touched,
    reason?.why === 'skips' ? '' : cost,
  ].filter(Boolean);
}

function lastTouch(at: number, reader: Reader): string {
  const exact = exactTime(at, reader);
  return at > reader.now ? `Next contact: ${exact}` : `Last contact: ${distance(at, reader)} ago (${exact})`;
}

function reachLines(task: Task, reader: Reader): string[] {
  const { contact } = task;
  if (!contact) return [];
  const ways = reachTexts({ ...task, kind: 'other' }, reader, true);
  const linkedIn = anchor(contact.linkedIn, 'LinkedIn');
  const all = [...ways, ...(linkedIn === 'LinkedIn' ? [] : [linkedIn])];
  return [all.length > 0 ? `*Reach*  ${all.join(DOT)}` : '', theirClock(contact, reader)].filter(Boolean);
}

function theirClock({ zone }: Contact, reader: Reader): string {
  if (!zone || !zonesDiffer(zone, reader)) return '';
  return `*Their time*  ${clockTime(reader.now, { ...reader, zone })} (${mrkdwn(zone.replaceAll('_', ' '), 60)})`;
}

function stakeLines({ deal, account }: Task, reader: Reader): string[] {
  const company = account ? anchor(account.url, mrkdwn(account.name, 80)) : '';
  return [deal ? dealFacts(deal, reader) : '', company && `*Account*  ${company}`].filter(Boolean);
}

function dealFacts(deal: Deal, reader: Reader): string {
  const { name, stage, amount, currency, probability } = deal;
  const worth = amount ? amountText(amount, currency) : '';
  const parts = [
    name && anchor(deal.url, mrkdwn(name, 120)),
    stage && mrkdwn(stage, 80),
    worth && mrkdwn(worth, 60),
    closing(deal, reader),
    probability === undefined ? '' : `${Math.round(probability)} % likely`,
  ];
  const said = parts.filter(Boolean).join(DOT);
  return said && `*Deal*  ${said}`;
}

function closing({ closesOn }: Deal, reader: Reader): string {
  const at = closesOn === undefined ? Number.NaN : Date.parse(`${closesOn}T12:00:00Z`);
  return Number.isNaN(at) ? '' : `closes ${dayAndMonth(at, { ...reader, zone: 'UTC' })}`;
}

const NAMES: Record<Verb, string> = { done: 'Done', dismiss: 'Dismiss', snooze: 'Snooze', reschedule: 'Reschedule' };

/** `Dismiss`, `Deletes the task in Outreach.` One for verbs that do the same. */
export function consequences(
  task: Task,
  provider: RowProvider,
  shorten: (text: string, max: number) => string,
): { verbs: string; text: string }[] {
  const { verbs } = provider.capabilities.of(task);
  const byText = new Map<string, string[]>();
  for (const verb of VERBS) {
    const text = shorten(verbs[verb]?.consequence ?? '', LIMITS.confirmText);
    if (text) byText.set(text, [...(byText.get(text) ?? []), NAMES[verb]]);
  }
  return [...byText].map(([text, which]) => ({ verbs: which.join(' and '), text }));
}

const NOTE_ROOM = LIMITS.sectionText - 120;

function noteBlocks({ note }: Task, provider: RowProvider, room = NOTE_ROOM): Block[] {
  if (!note) return [];
  const { text, missing } = mrkdwnLines(note, room);
  if (text === '') return [];
  const name = mrkdwn(provider.name, 40);
  // Adapters cut at this length, and what they left away is not known.
  const rest = note.length >= LONGEST_NOTE ? `It may go on in ${name}.` : '';
  const where = room < NOTE_ROOM ? `under *Open…* and in ${name}` : `in ${name}`;
  const cut = missing > 0 ? `${count(missing, 'more character')} ${where}.` : rest;
  return [section(cut ? `${text}\n_… ${cut}_` : text)];
}
