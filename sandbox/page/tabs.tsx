import type { KeyboardEvent } from 'react';
import type { Tab } from './app.tsx';
import { AppAvatar } from './sidebar.tsx';

const TABS = { home: 'Home', messages: 'Messages' } as const satisfies Record<Tab, string>;

interface TabsProps {
  appName: string;
  tab: Tab;
  onOpen(tab: Tab): void;
}

export function Tabs({ appName, tab, onOpen }: TabsProps) {
  const other: Tab = tab === 'home' ? 'messages' : 'home';

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    onOpen(other);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
  }

  return (
    <header className="middle-head">
      <h1>
        <AppAvatar name={appName} size="small" /> {appName}
      </h1>
      <div role="tablist" aria-label={appName} onKeyDown={onKeyDown}>
        {(['home', 'messages'] as const).map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={tab === name}
            aria-controls="tab-panel"
            tabIndex={tab === name ? 0 : -1}
            onClick={() => onOpen(name)}
          >
            {TABS[name]}
          </button>
        ))}
      </div>
    </header>
  );
}
