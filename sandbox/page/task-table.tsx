import { useEffect, useRef, useState } from 'react';
import { playProvider } from './api.ts';
import { usePerson } from './person.ts';
import type { PanelState, PanelTask } from './protocol.ts';
import { dueTexts } from './time.ts';

/** How long a change is pointed at. */
const SHOWN_MS = 8_000;

export function TaskTable({ panel }: { panel: PanelState }) {
  const { zone } = usePerson();
  const changes = useChanges(panel.tasks, zone);
  const rows = useSteadyOrder(panel.tasks);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="task-table" aria-label={`Tasks in ${panel.name}`} tabIndex={0}>
      {rows.length === 0 && <p className="empty">{panel.name} holds no tasks for this person.</p>}
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col">Due</th>
              <th scope="col">Status</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((task) => (
              <TaskRow key={task.id} task={task} change={changes.get(task.id)} panel={panel} />
            ))}
          </tbody>
        </table>
      )}
      <p className="unseen" role="status">
        {rows
          .filter((task) => changes.has(task.id))
          .map((task) => `${task.title}: ${changes.get(task.id)}`)
          .join('. ')}
      </p>
    </section>
  );
}

const MARKS = { open: '○', done: '✓', gone: '✕' } as const;

/** Each provider has words of its own for a task that was done: `DONE`, `complete`, `finished`. */
function standingOf({ isOpen, status }: PanelTask): keyof typeof MARKS {
  if (isOpen) return 'open';
  return /^(?:done|completed?|finished)$/i.test(status) ? 'done' : 'gone';
}

interface TaskRowProps {
  task: PanelTask;
  change: string | undefined;
  panel: PanelState;
}

function TaskRow({ task, change, panel }: TaskRowProps) {
  const { zone, userId } = usePerson();
  const row = useRef<HTMLTableRowElement>(null);
  const standing = standingOf(task);
  useEffect(() => {
    if (change !== undefined) row.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [change]);
  return (
    <tr ref={row} className={change === undefined ? '' : 'is-changed'}>
      <td>
        <span className="task-title">{task.title}</span>
        {task.about && <span className="task-about">{task.about}</span>}
        <span className="task-id">{task.id}</span>
        {change !== undefined && <span className="task-change">Just now: {change}</span>}
      </td>
      <td className="task-due">{task.due === undefined ? 'none' : <Due iso={task.due} zone={zone} />}</td>
      <td>
        <span className={`status is-${standing}`}>
          <span aria-hidden="true">{MARKS[standing]}</span> {task.status}
        </span>
        {task.isOpen && (
          <button
            type="button"
            className="play"
            aria-label={`Mark done in ${panel.name}: ${task.title}`}
            onClick={() => void playProvider(panel.id, 'close', { userId, taskId: task.id })}
          >
            Mark done in {panel.name}
          </button>
        )}
      </td>
    </tr>
  );
}

function Due({ iso, zone }: { iso: string; zone: string }) {
  const { day, time } = dueTexts(iso, zone);
  return (
    <>
      <span>{day}</span> <span>{time}</span>
    </>
  );
}

/** By due date as first seen, so that a row stays where one looks for it. */
function useSteadyOrder(tasks: readonly PanelTask[]): PanelTask[] {
  const [order] = useState(() => new Map<string, number>());
  const fresh = tasks.filter((task) => !order.has(task.id));
  for (const task of fresh.sort((a, b) => dueOf(a) - dueOf(b))) order.set(task.id, order.size);
  return [...tasks].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

function dueOf(task: PanelTask): number {
  return task.due === undefined ? Number.POSITIVE_INFINITY : Date.parse(task.due);
}

/** What changed a moment ago, in words, by task id. */
function useChanges(tasks: readonly PanelTask[], zone: string): ReadonlyMap<string, string> {
  const [known, setKnown] = useState(tasks);
  const [changes, setChanges] = useState<ReadonlyMap<string, string>>(new Map());
  const found = new Map<string, string>();
  if (known !== tasks) {
    for (const task of tasks) {
      const before = known.find((other) => other.id === task.id);
      const change = before ? changeText(before, task, zone) : 'new';
      if (change !== undefined) found.set(task.id, change);
    }
    setKnown(tasks);
    if (found.size > 0) setChanges(new Map([...changes, ...found]));
  }

  useEffect(() => {
    if (changes.size === 0) return;
    const timer = setTimeout(() => setChanges(new Map()), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [changes]);

  return changes;
}

function changeText(before: PanelTask, after: PanelTask, zone: string): string | undefined {
  if (before.status !== after.status) return `${before.status} → ${after.status}`;
  if (before.due === after.due) return undefined;
  if (after.due === undefined) return 'due date removed';
  const { day, time } = dueTexts(after.due, zone);
  return `due moved to ${day}, ${time}`;
}
