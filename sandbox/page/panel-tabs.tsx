/** Tabs for the providers; each tab shows how its provider stands. */
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { PanelState } from './protocol.ts';

interface PanelTabsProps {
  panels: readonly PanelState[];
  /** The id of the panel that is shown. */
  shown: string;
  onShow(id: string): void;
}

export function PanelTabs({ panels, shown, onShow }: PanelTabsProps) {
  const news = useNews(panels, shown);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const next = nextPanel(panels, shown, event.key);
    if (next === undefined) return;
    event.preventDefault();
    onShow(next);
    document.getElementById(tabId(next))?.focus();
  }

  return (
    <div className="panel-tabs" role="tablist" aria-label="Providers" onKeyDown={onKeyDown}>
      {panels.map((panel) => (
        <button
          key={panel.id}
          id={tabId(panel.id)}
          type="button"
          role="tab"
          aria-selected={panel.id === shown}
          aria-controls={panelId(panel.id)}
          tabIndex={panel.id === shown ? 0 : -1}
          onClick={() => onShow(panel.id)}
        >
          {panel.name} <Standing panel={panel} isNews={news.has(panel.id)} />
        </button>
      ))}
    </div>
  );
}

export function tabId(id: string): string {
  return `provider-tab-${id}`;
}

export function panelId(id: string): string {
  return `provider-${id}`;
}

function Standing({ panel, isNews }: { panel: PanelState; isNews: boolean }) {
  const open = panel.tasks.filter((task) => task.isOpen).length;
  return (
    <>
      <span className="tab-count">
        {open}
        <span className="unseen"> open</span>
      </span>
      {panel.isDown && (
        <span className="tab-down">
          ⚠<span className="unseen"> down</span>
        </span>
      )}
      {isNews && (
        <span className="tab-news">
          <span className="unseen">, changed by the app</span>
        </span>
      )}
    </>
  );
}

function nextPanel(panels: readonly PanelState[], shown: string, key: string): string | undefined {
  const at = panels.findIndex(({ id }) => id === shown);
  if (key === 'ArrowRight') return panels[(at + 1) % panels.length]?.id;
  if (key === 'ArrowLeft') return panels.at(at - 1)?.id;
  if (key === 'Home') return panels[0]?.id;
  if (key === 'End') return panels.at(-1)?.id;
  return undefined;
}

/** The panels, other than the shown one, that the app asked for a change since they were last shown. */
function useNews(panels: readonly PanelState[], shown: string): ReadonlySet<string> {
  const [seen, setSeen] = useState<ReadonlyMap<string, number | undefined>>(
    () => new Map(panels.map((panel) => [panel.id, latestChange(panel)])),
  );
  const current = panels.find(({ id }) => id === shown);
  const latest = current && latestChange(current);
  useEffect(() => setSeen((before) => new Map(before).set(shown, latest)), [shown, latest]);
  return new Set(
    panels.filter((panel) => panel.id !== shown && latestChange(panel) !== seen.get(panel.id)).map(({ id }) => id),
  );
}

/** Calls come newest first. */
function latestChange({ calls }: PanelState): number | undefined {
  return calls.find((call) => call.isChange)?.id;
}
