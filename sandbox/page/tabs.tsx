import type { KeyboardEvent, ReactNode } from 'react';
import { AppAvatar } from './avatar.tsx';
import type { Fold } from './fold.ts';

export type Tab = 'home' | 'messages';

const TABS = { home: 'Home', messages: 'Messages' } as const satisfies Record<Tab, string>;

interface TabsProps {
  appName: string;
  /** The name of the channel that is shown in place of the tabs. */
  channel: string | undefined;
  tab: Tab;
  onOpen(tab: Tab): void;
  /** Given where the screen folds them away; `news` is how much in them was not seen. */
  sidebar: (Fold & { news: number }) | undefined;
  panels: (Fold & { news: number }) | undefined;
}

export function Tabs({ appName, channel, tab, onOpen, sidebar, panels }: TabsProps) {
  const other: Tab = tab === 'home' ? 'messages' : 'home';

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    onOpen(other);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
  }

  return (
    <header className="middle-head">
      <div className="head-row">
        {sidebar && (
          <FoldButton fold={sidebar} label="Workspace and people" newsText="unread">
            <span aria-hidden="true">☰</span>
          </FoldButton>
        )}
        {channel === undefined ? (
          <h1>
            <AppAvatar name={appName} size="small" /> {appName}
          </h1>
        ) : (
          <h1># {channel}</h1>
        )}
        {panels && (
          <FoldButton fold={panels} newsText="just changed">
            {panels.isOpen ? 'Hide sales tools' : 'Sales tools'}
          </FoldButton>
        )}
      </div>
      {channel === undefined && (
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
      )}
    </header>
  );
}

interface FoldButtonProps {
  fold: Fold & { news: number };
  /** For buttons that show a symbol instead of a word. */
  label?: string;
  newsText: string;
  children: ReactNode;
}

function FoldButton({ fold, label, newsText, children }: FoldButtonProps) {
  const { id, isOpen, news, open, close } = fold;
  return (
    <button
      type="button"
      className="fold control button"
      aria-controls={id}
      aria-expanded={isOpen}
      onClick={isOpen ? close : open}
    >
      {children}
      {label !== undefined && <span className="unseen">{label}</span>}
      {news > 0 && (
        <span className="badge">
          {news}
          <span className="unseen"> {newsText}</span>
        </span>
      )}
    </button>
  );
}
