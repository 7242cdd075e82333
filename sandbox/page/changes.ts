/** Changes at the providers a moment ago, and the place where a person should look. */
import { useEffect, useRef, useState } from 'react';
import type { PageState, PanelCall, PanelState, PanelTask } from './protocol.ts';
import { dueTexts } from './time.ts';

export interface Change {
  panelId: string;
  /** The provider's name. */
  panel: string;
  /** As it is now; as it was last, when the provider holds it no more. */
  task: PanelTask;
  isGone: boolean;
  /** In words: `OPEN → DONE`. */
  text: string;
}

/** A change is highlighted for this long. */
const SHOWN_MS = 10_000;

export function changesBetween(before: readonly PanelState[], after: readonly PanelState[], zone: string): Change[] {
  return after.flatMap((panel) => {
    const known = before.find(({ id }) => id === panel.id);
    // A provider that learns of a person shows what it held before.
    if (!known || known.isKnown !== panel.isKnown) return [];
    const at = { panelId: panel.id, panel: panel.name };
    const gone = known.tasks.filter((task) => !panel.tasks.some(({ id }) => id === task.id));
    const changed = panel.tasks.flatMap((task) => {
      const text = changeText(
        known.tasks.find(({ id }) => id === task.id),
        task,
        zone,
      );
      return text === undefined ? [] : [{ ...at, task, isGone: false, text }];
    });
    return [...changed, ...gone.map((task) => ({ ...at, task, isGone: true, text: `${task.status} → deleted` }))];
  });
}

function changeText(before: PanelTask | undefined, after: PanelTask, zone: string): string | undefined {
  if (!before) return 'new';
  if (before.status !== after.status) return `${before.status} → ${after.status}`;
  if (before.due === after.due) return undefined;
  if (after.due === undefined) return 'due date removed';
  const { day, time } = dueTexts(after.due, zone);
  return `due moved to ${day}, ${time}`;
}

/** The place of an event: a task changed, the provider went down or came back, or it refused a change. */
export function happenedIn(
  before: readonly PanelState[],
  after: readonly PanelState[],
  changes: readonly Change[],
): string[] {
  const places = after.filter((panel) => {
    const known = before.find(({ id }) => id === panel.id);
    if (!known) return false;
    return (
      known.isDown !== panel.isDown ||
      changes.some(({ panelId }) => panelId === panel.id) ||
      newCalls(known, panel).some((call) => isNewRefusal(call, known))
    );
  });
  return places.map(({ id }) => id);
}

/** A refusal that repeats is reported once. */
function isNewRefusal({ isChange, status, method, path }: PanelCall, before: PanelState): boolean {
  if (!isChange || status < 400) return false;
  return !before.calls.some((call) => call.method === method && call.path === path && call.status >= 400);
}

export function newCalls(before: PanelState, after: PanelState): PanelCall[] {
  const last = before.calls[0]?.id ?? -1;
  return after.calls.filter(({ id }) => id > last);
}

export interface Happened {
  /** The latest changes, each for some seconds. */
  changes: readonly Change[];
  /** The provider where something happened last; another object each time. */
  place: { panelId: string } | undefined;
}

export function useHappened({ userId, panels }: PageState, zone: string): Happened {
  const [changes, setChanges] = useState<readonly Change[]>([]);
  const [place, setPlace] = useState<Happened['place']>();
  const known = useRef({ userId, panels });

  useEffect(() => {
    const before = known.current;
    known.current = { userId, panels };
    if (before.userId !== userId) {
      setChanges([]);
      setPlace(undefined);
      return;
    }
    const found = changesBetween(before.panels, panels, zone);
    const [panelId] = happenedIn(before.panels, panels, found);
    if (panelId !== undefined) setPlace({ panelId });
    if (found.length === 0) return;
    setChanges((shown) => [...shown.filter((change) => !found.some((newer) => isSameTask(change, newer))), ...found]);
    setTimeout(() => setChanges((shown) => shown.filter((change) => !found.includes(change))), SHOWN_MS);
  }, [userId, panels, zone]);

  return { changes, place };
}

function isSameTask(one: Change, other: Change): boolean {
  return one.panelId === other.panelId && one.task.id === other.task.id;
}
