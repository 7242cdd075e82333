/** The other side of the wire: what each provider holds and hears. */
import { useState } from 'react';
import { playProvider } from './api.ts';
import { Calls } from './calls.tsx';
import type { PanelState } from './protocol.ts';
import { TaskTable } from './task-table.tsx';

interface PanelsProps {
  panels: readonly PanelState[];
  /** The name of the chosen person. */
  person: string;
}

export function Panels({ panels, person }: PanelsProps) {
  const [chosen, setChosen] = useState<string>();
  const panel = panels.find(({ id }) => id === chosen) ?? panels[0];
  return (
    <aside className="panels" aria-label="The other side">
      {panels.length > 1 && (
        <div className="panel-choice">
          {panels.map(({ id, name }) => (
            <button key={id} type="button" aria-pressed={id === panel?.id} onClick={() => setChosen(id)}>
              {name}
            </button>
          ))}
        </div>
      )}
      {panel && <Panel key={panel.id} panel={panel} person={person} />}
    </aside>
  );
}

function Panel({ panel, person }: { panel: PanelState; person: string }) {
  const { name, isDown, isKnown, tasks } = panel;
  const open = tasks.filter((task) => task.isOpen).length;
  return (
    <>
      <header className="panel-head">
        <div>
          <h2>What {name} holds</h2>
          <p>{isKnown ? `${person}: ${open} open of ${tasks.length}` : `${name} does not know ${person}.`}</p>
        </div>
        <button
          type="button"
          className={isDown ? 'control button primary' : 'control button'}
          onClick={() => void playProvider(panel.id, 'down', { down: !isDown })}
        >
          {isDown ? `Bring ${name} back` : `Take ${name} down`}
        </button>
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
