/** The other side of the wire: what each provider holds and hears. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { playProvider } from './api.ts';
import { Calls } from './calls.tsx';
import type { Change, Happened } from './changes.ts';
import { PanelTabs, panelId, tabId } from './panel-tabs.tsx';
import type { PanelState } from './protocol.ts';
import { TaskTable } from './task-table.tsx';

/** A person who chose a tab stays on it for this long. */
const CHOICE_MS = 10_000;

interface PanelsProps {
  id: string;
  panels: readonly PanelState[];
  /** The name of the chosen person. */
  person: string;
  happened: Happened;
  /** Narrow screens fold the providers away. */
  isOpen: boolean;
  /** Something else lies above. */
  isInert: boolean;
  onClose(): void;
}

export function Panels({ id, panels, person, happened, isOpen, isInert, onClose }: PanelsProps) {
  const aside = useRef<HTMLElement>(null);
  const [shown, choose] = useShown(panels, happened, aside);
  const isTabbed = panels.length > 1;
  return (
    <aside
      ref={aside}
      id={id}
      className={isOpen ? 'panels is-open' : 'panels'}
      aria-label="Sales tools"
      tabIndex={-1}
      inert={isInert}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <button type="button" className="fold panels-close" onClick={onClose}>
        <span aria-hidden="true">‹</span> Back to Slack
      </button>
      {isTabbed && <PanelTabs panels={panels} shown={shown} onShow={choose} />}
      {/* All of them stay on the page, so that a tab opens with what changed in it a moment ago. */}
      {panels.map((panel) => (
        <div
          key={panel.id}
          id={panelId(panel.id)}
          className="panel"
          hidden={panel.id !== shown}
          {...(isTabbed && { role: 'tabpanel', 'aria-labelledby': tabId(panel.id) })}
        >
          <Panel
            panel={panel}
            person={person}
            changes={happened.changes.filter((change) => change.panelId === panel.id)}
            isShown={panel.id === shown}
          />
        </div>
      ))}
    </aside>
  );
}

/** The provider that is shown: the one where something happened last, unless the person is looking at another one. */
function useShown(
  panels: readonly PanelState[],
  { place }: Happened,
  aside: RefObject<HTMLElement | null>,
): [shown: string, choose: (id: string) => void] {
  const [chosen, setChosen] = useState<string>();
  const chosenAt = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    if (!place) return;
    const isReading = aside.current?.contains(document.activeElement) ?? false;
    if (isReading || performance.now() - chosenAt.current < CHOICE_MS) return;
    setChosen(place.panelId);
  }, [place, aside]);

  function choose(id: string): void {
    chosenAt.current = performance.now();
    setChosen(id);
  }
  return [panels.find(({ id }) => id === chosen)?.id ?? panels[0]?.id ?? '', choose];
}

interface PanelProps {
  panel: PanelState;
  person: string;
  changes: readonly Change[];
  isShown: boolean;
}

function Panel({ panel, person, changes, isShown }: PanelProps) {
  const { name, isDown, isKnown, tasks, note, link } = panel;
  const open = tasks.filter((task) => task.isOpen).length;
  return (
    <>
      <header className="panel-head">
        <div className="panel-title">
          <h2>What {name} holds</h2>
          <button
            type="button"
            className={isDown ? 'control button primary' : 'control button'}
            onClick={() => void playProvider(panel.id, 'down', { down: !isDown })}
          >
            {isDown ? `Bring ${name} back` : `Take ${name} down`}
          </button>
        </div>
        <p>{isKnown ? `${person}: ${open} open of ${tasks.length}` : `${name} does not know ${person}.`}</p>
        {(note !== undefined || link) && (
          <p>
            {note}{' '}
            {link && (
              <a className="panel-link" href={link.url} target="_blank" rel="noreferrer">
                {link.text}
              </a>
            )}
          </p>
        )}
      </header>
      {isDown && (
        <p className="down" role="status">
          ⚠ {name} is down: it answers every request with 503.
        </p>
      )}
      <TaskTable panel={panel} changes={changes} isShown={isShown} />
      <Calls panel={panel} />
    </>
  );
}
