/** The message with a sweep's progress, and what became of each task at its end. */
import type { Action } from '../src/core/model/action.ts';
import { canUndo, isHeldBack } from '../src/core/model/action-rules.ts';
import type { Sweep } from '../src/core/model/sweep.ts';
import {
  actions as actionsBlock,
  type Block,
  type Button,
  button,
  context,
  type Rendered,
  section,
} from './elements.ts';
import { foundElsewhere } from './elsewhere.ts';
import { ACTION } from './ids.ts';
import { FULL_ROOM, LIMITS, type Room, weightOf } from './limits.ts';
import { type Providers, providerOf } from './providers.ts';
import { isRetryUseful } from './reasons.ts';
import { failure, undoFailure, waitingFor } from './row-errors.ts';
import { goingOn, leftOutText } from './sweep-words.ts';
import { cameOf } from './task-row.ts';
import { type Reader, whoAndWhat } from './text.ts';
import { takenBack, underway } from './words.ts';

export interface SweepProgress {
  sweep: Sweep;
  actions: readonly Action[];
}

export function sweepMessage(
  progress: SweepProgress,
  providers: Providers,
  reader: Reader,
  room: Room = FULL_ROOM,
): Rendered {
  const { sweep, actions } = progress;
  const title = titleOf(progress, reader);
  const facts = factsOf(progress, providers, reader);
  const buttons = buttonsOf(sweep, actions, providers);
  const head = [section(`*${title}*${facts.length > 0 ? `\n${facts.join('\n')}` : ''}`)];
  const tail = buttons.length > 0 ? [actionsBlock(buttons)] : [];
  const results = isOver(actions)
    ? resultsOf(actions, providers, reader, room.weight - weightOf([...head, ...tail]))
    : [];
  return { text: [title, ...facts].join('\n').replaceAll('*', ''), blocks: [...head, ...results, ...tail] };
}

function isOver(actions: readonly Action[]): boolean {
  return actions.every(({ state }) => state !== 'queued' && state !== 'undoing');
}

function titleOf({ sweep, actions }: SweepProgress, reader: Reader): string {
  const { change } = sweep;
  const many = change ? goingOn(change, actions.length, reader) : '';
  const done = number(actions, ({ state }) => state === 'succeeded' || state === 'undoing');
  return `${many || 'Your tasks'}: ${done} of ${actions.length} done`;
}

function number(actions: readonly Action[], which: (action: Action) => boolean): number {
  return actions.filter(which).length;
}

/** One short line each. */
function factsOf({ sweep, actions }: SweepProgress, providers: Providers, reader: Reader): string[] {
  const undone = number(actions, ({ state }) => state === 'undone');
  const undoing = number(actions, ({ state }) => state === 'undoing');
  const failed = number(actions, ({ state }) => state === 'failed' || state === 'dropped');
  const elsewhere = number(actions, ({ state }) => state === 'stale');
  const waiting = actions.find((action) => 'waiting' in action && action.waiting !== undefined);
  const facts = [
    undoing > 0 && `${undoing} being put back …`,
    undone > 0 && `${undone} undone`,
    sweep.undoAskedAt !== undefined && cannotBeUndone(actions, providers),
    failed > 0 && `${failed} failed`,
    elsewhere > 0 && `${elsewhere} left alone, because they had changed at their tool`,
  ];
  return [
    facts.filter(Boolean).join(', '),
    heldText(actions, providers, reader),
    waiting && 'waiting' in waiting && waiting.waiting
      ? waitingFor(waiting.waiting, providerOf(providers, waiting).name, reader)
      : '',
    leftOutText(sweep.leftOut ?? [], providers),
  ].filter(Boolean);
}

/** `3 had gone to Outreach and cannot be taken back` */
function cannotBeUndone(actions: readonly Action[], providers: Providers): string {
  const final = actions.filter(
    (action) => action.state === 'succeeded' && !canUndo(action, providerOf(providers, action).capabilities),
  );
  if (final.length === 0) return '';
  return `${final.length} had gone to ${namesOf(final, providers)} and cannot be taken back`;
}

function heldText(actions: readonly Action[], providers: Providers, reader: Reader): string {
  const held = actions.filter(isHeldBack);
  if (held.length === 0) return '';
  const first = Math.min(...held.map(({ heldUntil }) => heldUntil));
  const seconds = Math.max(1, Math.ceil((first - reader.now) / 1_000));
  return `${held.length} ${held.length === 1 ? 'goes' : 'go'} to ${namesOf(held, providers)} in ${seconds} seconds; until then *Undo all* stops them.`;
}

function namesOf(actions: readonly Action[], providers: Providers): string {
  return [...new Set(actions.map((action) => providerOf(providers, action).name))].join(' and ');
}

function buttonsOf({ id }: Sweep, actions: readonly Action[], providers: Providers): Button[] {
  const undoable = number(actions, (action) => {
    if (action.state !== 'queued' && action.state !== 'succeeded') return false;
    return (
      (action.state === 'queued' && action.sentAt === undefined) ||
      canUndo(action, providerOf(providers, action).capabilities)
    );
  });
  const failed = number(actions, (action) => action.state === 'failed' && isRetryUseful(action.failure));
  return [
    ...(undoable > 0 ? [button(ACTION.sweepUndo, 'Undo all', id)] : []),
    ...(failed > 0 ? [button(ACTION.sweepRetry, failed === 1 ? 'Retry it' : `Retry ${failed}`, id)] : []),
  ];
}

/** Trouble first, each with its reason. What does not fit is counted. */
function resultsOf(actions: readonly Action[], providers: Providers, reader: Reader, room: number): Block[] {
  const lines = actions
    .map((action) => ({ rank: RANK[action.state], text: resultText(action, providers, reader) }))
    .sort((one, other) => one.rank - other.rank);
  const sections: string[] = [];
  let left = room - ROOM_FOR_MORE;
  for (const [index, { text }] of lines.entries()) {
    const last = sections.at(-1);
    const joins = last !== undefined && last.length + text.length < LONGEST_SECTION;
    left -= weightOf([section(text)]) - (joins ? LIMITS.blockWeight - 1 : 0);
    if (left < 0) {
      const more = context(`… and ${lines.length - index} more; the rows of your list show them.`);
      return [...sections.map((each) => section(each)), more];
    }
    if (joins) sections[sections.length - 1] = `${last}\n${text}`;
    else sections.push(text);
  }
  return sections.map((each) => section(each));
}

const LONGEST_SECTION = 2_800;

const RANK: Record<Action['state'], number> = {
  failed: 0,
  dropped: 1,
  stale: 2,
  queued: 3,
  undoing: 3,
  undone: 4,
  succeeded: 5,
};
const ROOM_FOR_MORE = 250;
/** `Dana Okonjo: Discovery call  ·  Marked done in Gong.` */
export function resultText(action: Action, providers: Providers, reader: Reader): string {
  const provider = providerOf(providers, action);
  return `${whoAndWhat(action.task, ': ', 80)}  ·  ${saidOf()}`;

  function saidOf(): string {
    switch (action.state) {
      case 'failed':
        return failure(action, provider.name);
      case 'dropped':
        return 'Not done; you chose something else.';
      case 'stale':
        return foundElsewhere(action, provider.name, reader);
      case 'undone':
        return takenBack(action, provider.name);
      case 'succeeded': {
        const came = `${cameOf(action, provider, reader)}.`;
        return action.undoFailure ? `${came} ${undoFailure(action, action.undoFailure, provider.name)}` : came;
      }
      default:
        return underway(action, provider.name);
    }
  }
}
