import { useEffect, useRef, useState } from 'react';
import { playProvider } from './api.ts';
import type { Change } from './changes.ts';
import { usePerson } from './person.ts';
import type { PanelState, PanelTask } from './protocol.ts';
import { MARKS, standingOf } from './standing.ts';
import { dueTexts } from './time.ts';

interface TaskTableProps {
  panel: PanelState;
  /** Its last change, a moment ago. */
  changes: readonly Change[];
  isShown: boolean;
}

export function TaskTable({ panel, changes, isShown }: TaskTableProps) {
  const gone = changes.filter(({ isGone }) => isGone).map(({ task }) => task);
  const rows = useSteadyOrder([...panel.tasks, ...gone]);
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
              <TaskRow
                key={task.id}
                task={task}
                change={changes.find((change) => change.task.id === task.id)}
                panel={panel}
                isShown={isShown}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface TaskRowProps {
  task: PanelTask;
  change: Change | undefined;
  panel: PanelState;
  isShown: boolean;
}

function TaskRow({ task, change, panel, isShown }: TaskRowProps) {
  const { zone, userId } = usePerson();
  const row = useRef<HTMLTableRowElement>(null);
  const isGone = change?.isGone ?? false;
  const standing = isGone ? 'gone' : standingOf(task);
  useEffect(() => {
    if (change && isShown) row.current?.scrollIntoView({ block: 'nearest' });
  }, [change, isShown]);
  return (
    <tr ref={row} className={change ? 'is-changed' : ''}>
      <td>
        <span className="task-title">{task.title}</span>
        {task.about && <span className="task-about">{task.about}</span>}
        <span className="task-id">{task.id}</span>
        {change && <span className="task-change">Just now: {change.text}</span>}
      </td>
      <td className="task-due">{task.due === undefined ? 'none' : <Due iso={task.due} zone={zone} />}</td>
      <td>
        <span className={`status is-${standing}`}>
          <span aria-hidden="true">{MARKS[standing]}</span> {isGone ? 'deleted' : task.status}
        </span>
        {task.isOpen && !isGone && (
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
