/** The menu beside Undo, after Done on a call or an e-mail. */
import { describe, expect, test } from 'vitest';
import { followUpControl } from '../../blocks/follow-up-control.ts';
import type { RowProvider } from '../../blocks/providers.ts';
import { decodeFollowUp } from '../../blocks/row-ids.ts';
import { renderList } from '../../blocks/task-list.ts';
import type { TaskCapabilities } from '../../src/core/model/capabilities.ts';
import type { Task } from '../../src/core/model/task.ts';
import type { ActionWish } from '../builders.ts';
import { action, loaded, NOW, READER, REF, rowOf, task } from './fixtures.ts';

const { flow: _, ...OWN } = task({ kind: 'call' });
const FINAL = { reversible: false, repeatable: false };
const DONE_ONLY: TaskCapabilities = { verbs: { done: FINAL }, followUp: 'call' };
const HELD = { state: 'queued', heldUntil: NOW + 10_000, sentAt: undefined } as const;

function controlOf(of: Task, more: ActionWish = {}, allowed: TaskCapabilities = DONE_ONLY) {
  const capabilities = { noun: 'tasks', of: () => allowed };
  return followUpControl({ action: action(of, more), ref: REF, capabilities }, READER);
}

const labels = (control: ReturnType<typeof controlOf>) => control?.options?.map(({ text }) => text.text);
const times = (control: ReturnType<typeof controlOf>) =>
  control?.options?.map(({ value }) => new Date(decodeFollowUp(value)?.dueAt ?? 0).toISOString());

describe('the menu', () => {
  test('names the days where its choices land, at the hour of the task', () => {
    const control = controlOf(OWN);

    expect(control?.placeholder?.text).toBe('Follow up…');
    expect(labels(control)).toEqual([
      'In 1 working day, Tue 24 Nov',
      'In 3 working days, Thu 26 Nov',
      'In 7 working days, Wed 2 Dec',
    ]);
    // 12:00 in New York, as the task.
    expect(times(control)).toEqual([
      '2026-11-24T17:00:00.000Z',
      '2026-11-26T17:00:00.000Z',
      '2026-12-02T17:00:00.000Z',
    ]);
    expect(control?.options?.map(({ value }) => decodeFollowUp(value)?.ref)).toEqual([REF, REF, REF]);
  });

  test('is about nine where the task has no time', () => {
    expect(times(controlOf({ ...OWN, dueAt: undefined }))?.[0]).toBe('2026-11-24T14:00:00.000Z');
  });

  test.each<[string, Task, ActionWish, TaskCapabilities?]>([
    ['another verb', OWN, { verb: 'dismiss' }],
    ['a Done that failed', OWN, { state: 'failed', failure: 'invalid' }],
    ['a Done that is being sent', OWN, { state: 'queued', sentAt: NOW }],
    ['a Done that was undone', OWN, { state: 'undone' }],
    ['a to-do', { ...OWN, kind: 'todo' }, {}],
    ['a task of a flow', task({ kind: 'call' }), {}],
    ['a provider that cannot create tasks', OWN, {}, { verbs: DONE_ONLY.verbs }],
  ])('is not there after %s', (_name, of, more, allowed) => {
    expect(controlOf(of, more, allowed)).toBeUndefined();
  });

  test.each<[string, Task, ActionWish]>([
    ['a Done that is held back', OWN, HELD],
    ['an e-mail', { ...OWN, kind: 'email' }, {}],
  ])('is there after %s', (_name, of, more) => {
    expect(controlOf(of, more)).toBeDefined();
  });
});

describe('a settled row', () => {
  const provider: RowProvider = { name: 'P', capabilities: { noun: 'tasks', of: () => DONE_ONLY } };
  const rendered = (more: ActionWish) => {
    const rows = Array.from({ length: 4 }, (_each, index) => rowOf({ ...OWN, id: `${index}` }, more, index));
    return renderList({ message: loaded(rows) }, new Map([['gong', provider]]), READER).blocks;
  };

  test('that is full has the menu beside Undo', () => {
    const full = rendered(HELD).find(({ type, block_id }) => type === 'actions' && block_id);

    expect(full).toMatchObject({ elements: [{ text: { text: 'Undo' } }, { placeholder: { text: 'Follow up…' } }] });
  });

  test('that is compact has one control: Undo, and the menu once that is over', () => {
    expect(rendered(HELD).at(-1)).toMatchObject({ accessory: { text: { text: 'Undo' } } });
    expect(rendered({}).at(-1)).toMatchObject({ accessory: { placeholder: { text: 'Follow up…' } } });
  });
});
