/** The other side of the wire: what each provider holds and hears. */
import { useState } from 'react';
import { playProvider } from './api.ts';
import { Calls } from './calls.tsx';
import { PanelTabs, panelId, tabId } from './panel-tabs.tsx';
import type { PanelState } from './protocol.ts';
import { TaskTable } from './task-table.tsx';

interface PanelsProps {
  panels: readonly PanelState[];
  /** The name of the chosen person. */
  person: string;
}

export function Panels({ panels, person }: PanelsProps) {
  const [chosen, setChosen] = useState<string>();
  const shown = panels.find(({ id }) => id === chosen)?.id ?? panels[0]?.id ?? '';
  const isTabbed = panels.length > 1;
  return (
    <aside className="panels" aria-label="The other side">
      {isTabbed && <PanelTabs panels={panels} shown={shown} onShow={setChosen} />}
      {/* All of them stay on the page, so that a tab opens with what changed in it a moment ago. */}
      {panels.map((panel) => (
        <div
          key={panel.id}
          id={panelId(panel.id)}
          className="panel"
          hidden={panel.id !== shown}
          {...(isTabbed && { role: 'tabpanel', 'aria-labelledby': tabId(panel.id) })}
        >
          <Panel panel={panel} person={person} />
        </div>
      ))}
    </aside>
  );
}

function Panel({ panel, person }: { panel: PanelState; person: string }) {
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
      <TaskTable panel={panel} />
      <Calls panel={panel} />
    </>
  );
}
