/** The page ticks off what happened in the workspace, and points at what changed, from two looks at the same state. */
import { describe, expect, test } from 'vitest';
import { changesBetween, happenedIn } from '../../sandbox/page/changes.ts';
import type { PageState, PanelCall, PanelState, PanelTask } from '../../sandbox/page/protocol.ts';
import { stepsTaken } from '../../sandbox/page/steps.ts';
import type { JsonObject, SandboxMessage } from '../../sandbox/slack/types.ts';

const TASK: PanelTask = { id: '1', title: 'Call Dana', about: 'Dana', status: 'OPEN', isOpen: true };
const DONE: PanelTask = { ...TASK, status: 'finished', isOpen: false };

function call(id: number, more: Partial<PanelCall> = {}): PanelCall {
  return { id, at: 0, method: 'PATCH', path: '/t/1', status: 200, fields: [], isChange: true, isFault: false, ...more };
}

const ASKED = call(1, { method: 'GET', path: '/t', isChange: false });
const FAILED = call(1, { method: 'GET', path: '/t', isChange: false, isFault: true, status: 503 });

function panel(more: Partial<PanelState> = {}): PanelState {
  return {
    id: 'salt',
    name: 'Saltline',
    isDown: false,
    isKnown: true,
    tasks: [TASK],
    calls: [],
    callCount: 0,
    ...more,
  };
}

function message(edits: number, ...labels: string[]): SandboxMessage {
  const button = (text: string): JsonObject => ({ type: 'button', text: { type: 'plain_text', text } });
  const blocks: JsonObject[] = [{ type: 'actions', elements: labels.map(button) }];
  return { channel: 'D1', ts: '1.0', userId: 'U1', text: 'Your tasks', blocks, ephemeral: false, edits };
}

function state(panels: PanelState[], messages: SandboxMessage[] = [], userId = 'U1'): PageState {
  return {
    workspace: 'North',
    appName: 'Docket',
    now: 0,
    isConnected: true,
    users: [],
    userId,
    messages,
    panels,
    shortcuts: [],
    commands: [],
    suggestions: [],
  };
}

describe('a step', () => {
  const OPEN = state([panel()]);
  const CLOSED = state([panel({ tasks: [DONE], calls: [call(1)] })]);

  test('is taken when the app had the tool mark a task as done', () => {
    expect(stepsTaken(OPEN, CLOSED)).toEqual(['done']);
  });

  test('is not taken when someone marks it in the tool itself, nor when the app dismisses it', () => {
    expect(stepsTaken(OPEN, state([panel({ tasks: [DONE] })]))).toEqual([]);
    expect(stepsTaken(OPEN, state([panel({ tasks: [DONE], calls: [ASKED] })]))).toEqual([]);
    const dismissed = { ...DONE, status: 'DISMISSED' };
    expect(stepsTaken(OPEN, state([panel({ tasks: [dismissed], calls: [call(1)] })]))).toEqual([]);
  });

  test('is not taken by looking at another person', () => {
    expect(stepsTaken(OPEN, { ...CLOSED, userId: 'U2' })).toEqual([]);
  });

  test('of undoing is taken when the tool has the task open again', () => {
    expect(stepsTaken(CLOSED, state([panel({ calls: [call(2), call(1)] })]))).toEqual(['undo']);
  });

  test('of undoing is taken when what was held back was withdrawn, of which the tool never hears', () => {
    const held = state([panel()], [message(1, 'Undo', 'Done')]);
    expect(stepsTaken(held, state([panel()], [message(2, 'Done', 'Done')]))).toEqual(['undo']);
    // The window passed; nothing was undone.
    expect(stepsTaken(held, state([panel()], [message(2, 'Done')]))).toEqual([]);
    expect(stepsTaken(held, state([panel()], [message(1, 'Undo', 'Done')]))).toEqual([]);
  });

  test('of an outage is taken once the app asked the tool that is down, and told the person of it', () => {
    const away = panel({ isDown: true });
    const asked = panel({ isDown: true, calls: [FAILED] });
    const told = { ...message(0), text: 'Saltline did not answer' };
    expect(stepsTaken(state([panel()]), state([away]))).toEqual([]);
    expect(stepsTaken(state([away]), state([asked]))).toEqual([]);
    expect(stepsTaken(state([asked]), state([asked], [told]))).toEqual(['outage']);
    expect(stepsTaken(state([away]), state([asked], [told]))).toEqual(['outage']);
    // A message about something else, one of the person's own, and one while the tool is up.
    expect(stepsTaken(state([asked]), state([asked], [message(0)]))).toEqual([]);
    expect(stepsTaken(state([asked]), state([asked], [{ ...told, author: 'person' }]))).toEqual([]);
    expect(stepsTaken(state([panel()]), state([panel({ calls: [FAILED] })], [told]))).toEqual([]);
  });
});

describe('what changed at a tool', () => {
  function changes(before: PanelState, after: PanelState) {
    return changesBetween([before], [after], 'UTC').map(({ text, isGone }) => (isGone ? `gone: ${text}` : text));
  }

  test('is said in words, also of a task that is gone', () => {
    const due = { ...TASK, due: '2026-11-24T15:00:00Z' };
    expect(changes(panel(), panel({ tasks: [DONE] }))).toEqual(['OPEN → finished']);
    expect(changes(panel(), panel({ tasks: [due] }))).toEqual(['due moved to Tue, Nov 24, 3:00 PM']);
    expect(changes(panel({ tasks: [due] }), panel())).toEqual(['due date removed']);
    expect(changes(panel({ tasks: [] }), panel())).toEqual(['new']);
    expect(changes(panel(), panel({ tasks: [] }))).toEqual(['gone: OPEN → deleted']);
    expect(changes(panel(), panel())).toEqual([]);
  });

  test('is nothing when the tool gets to know the person', () => {
    expect(changes(panel({ tasks: [], isKnown: false }), panel())).toEqual([]);
  });

  test('is looked at where it happened: a change, an outage, a refusal the first time', () => {
    const other = panel({ id: 'reed', name: 'Reed' });
    function place(before: PanelState, after: PanelState): string[] {
      return happenedIn([other, before], [other, after], changesBetween([other, before], [other, after], 'UTC'));
    }
    const refused = call(2, { status: 503 });
    expect(place(panel(), panel({ tasks: [DONE] }))).toEqual(['salt']);
    expect(place(panel(), panel({ isDown: true }))).toEqual(['salt']);
    expect(place(panel(), panel({ calls: [refused] }))).toEqual(['salt']);
    expect(place(panel({ calls: [refused] }), panel({ calls: [call(3, { status: 503 }), refused] }))).toEqual([]);
    expect(place(panel(), panel({ calls: [ASKED] }))).toEqual([]);
  });
});
