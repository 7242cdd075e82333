/** The page ticks off what happened in the workspace, and points at what changed, from two looks at the same state. */
import { expect, test } from 'vitest';
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

const UNDERWAY = { isRunning: true, nextMorning: 0, journey: { kind: 'week' } } as const;

function panel(more: Partial<PanelState> = {}): PanelState {
  const known = { isDown: false, isKnown: true, tasks: [TASK], calls: [], callCount: 0 };
  return { id: 'salt', name: 'Saltline', ...known, ...more };
}

function message(edits: number, ...labels: string[]): SandboxMessage {
  const button = (text: string): JsonObject => ({ type: 'button', text: { type: 'plain_text', text } });
  const blocks: JsonObject[] = [{ type: 'actions', elements: labels.map(button) }];
  return { channel: 'D1', ts: '1.0', userId: 'U1', text: 'Your tasks', blocks, ephemeral: false, edits };
}

function state(panels: PanelState[], messages: SandboxMessage[] = [], userId = 'U1'): PageState {
  const workspace = { workspace: 'North', appName: 'Docket', now: 0, isConnected: true, users: [], channels: [] };
  return { ...workspace, userId, messages, panels, shortcuts: [], commands: [], suggestions: [] };
}

const OPEN = state([panel()]);
const CLOSED = state([panel({ tasks: [DONE], calls: [call(1)] })]);
const HELD = state([panel()], [message(1, 'Undo', 'Done')]);
const AWAY = panel({ isDown: true });
const ASKED_AWAY = panel({ isDown: true, calls: [FAILED] });
const TOLD = { ...message(0), text: 'Saltline did not answer' };

test.each<[string, PageState, PageState, ReturnType<typeof stepsTaken>]>([
  ['the app had the tool mark a task as done', OPEN, CLOSED, ['done']],
  ['someone marks it in the tool itself', OPEN, state([panel({ tasks: [DONE] })]), []],
  ['someone marks it while the app lists', OPEN, state([panel({ tasks: [DONE], calls: [ASKED] })]), []],
  ['the app dismisses it', OPEN, state([panel({ tasks: [{ ...DONE, status: 'DISMISSED' }], calls: [call(1)] })]), []],
  ['one looks at another person', OPEN, { ...CLOSED, userId: 'U2' }, []],
  ['the app has the task opened again', CLOSED, state([panel({ calls: [call(2), call(1)] })]), ['undo']],
  // The tool never hears of what was held back.
  ['what was held back is withdrawn', HELD, state([panel()], [message(2, 'Done', 'Done')]), ['undo']],
  ['the window passes', HELD, state([panel()], [message(2, 'Done')]), []],
  ['nothing happens', HELD, HELD, []],
  ['a tool goes down', OPEN, state([AWAY]), []],
  ['the app asks it', state([AWAY]), state([ASKED_AWAY]), []],
  ['the app tells of it then', state([ASKED_AWAY]), state([ASKED_AWAY], [TOLD]), ['outage']],
  ['the app asks and tells', state([AWAY]), state([ASKED_AWAY], [TOLD]), ['outage']],
  ['the app tells something else', state([ASKED_AWAY]), state([ASKED_AWAY], [message(0)]), []],
  ['the person says it', state([ASKED_AWAY]), state([ASKED_AWAY], [{ ...TOLD, author: 'person' }]), []],
  ['the clock is on its way', { ...state([AWAY]), clock: UNDERWAY }, state([ASKED_AWAY], [TOLD]), []],
  ['the tool is up', OPEN, state([panel({ calls: [FAILED] })], [TOLD]), []],
])('when %s, the steps that are taken are right', (_, before, after, taken) => {
  expect(stepsTaken(before, after)).toEqual(taken);
});

const DUE = { ...TASK, due: '2026-11-24T15:00:00Z' };
const REFUSED = call(2, { status: 503 });

/** What is said of the tool, and whether the page turns to it. */
test.each<[string, PanelState, PanelState, said: string[], turns: boolean]>([
  ['a task closes', panel(), panel({ tasks: [DONE] }), ['OPEN → finished'], true],
  ['a date moves', panel(), panel({ tasks: [DUE] }), ['due moved to Tue, Nov 24, 3:00 PM'], true],
  ['a date goes', panel({ tasks: [DUE] }), panel(), ['due date removed'], true],
  ['a task comes', panel({ tasks: [] }), panel(), ['new'], true],
  ['a task goes', panel(), panel({ tasks: [] }), ['gone: OPEN → deleted'], true],
  ['nothing', panel(), panel(), [], false],
  ['the tool gets to know the person', panel({ tasks: [], isKnown: false }), panel(), [], false],
  ['an outage', panel(), panel({ isDown: true }), [], true],
  ['a refusal, the first time', panel(), panel({ calls: [REFUSED] }), [], true],
  ['another', panel({ calls: [REFUSED] }), panel({ calls: [call(3, { status: 503 }), REFUSED] }), [], false],
  ['a list', panel(), panel({ calls: [ASKED] }), [], false],
])('%s at a tool is said in words, and looked at where it happened', (_, before, after, said, turns) => {
  const other = panel({ id: 'reed', name: 'Reed' });
  const changes = changesBetween([other, before], [other, after], 'UTC');
  expect(changes.map(({ text, isGone }) => (isGone ? `gone: ${text}` : text))).toEqual(said);
  expect(happenedIn([other, before], [other, after], changes)).toEqual(turns ? ['salt'] : []);
});
