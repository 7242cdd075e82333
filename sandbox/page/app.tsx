import { useCallback, useEffect, useState } from 'react';
import { send, useLive } from './api.ts';
import { Conversation } from './conversation.tsx';
import { Home } from './home.tsx';
import { Modal } from './modal.tsx';
import { Panels } from './panels.tsx';
import { PersonContext } from './person.ts';
import type { PageState } from './protocol.ts';
import { Sidebar } from './sidebar.tsx';
import { Tabs } from './tabs.tsx';

export type Tab = 'home' | 'messages';

export function App() {
  const [chosen, setChosen] = useState(() => new URLSearchParams(location.search).get('user') ?? undefined);
  const { state, isLost } = useLive(chosen);
  if (!state) return <p className="loading">{isLost ? 'The sandbox does not answer.' : 'Opening the workspace…'}</p>;
  return <Workspace state={state} isLost={isLost} onChoose={setChosen} />;
}

interface WorkspaceProps {
  state: PageState;
  isLost: boolean;
  onChoose(userId: string): void;
}

function Workspace({ state, isLost, onChoose }: WorkspaceProps) {
  const [tab, setTab] = useState<Tab>('messages');
  const { userId, appName } = state;
  const me = state.users.find((user) => user.id === userId);
  const unread = useUnread(state, tab === 'messages');
  const zone = me?.tz ?? 'UTC';

  const open = useCallback(
    (next: Tab, who = userId) => {
      setTab(next);
      if (next === 'home') void send('/home', { userId: who });
    },
    [userId],
  );

  function choose(next: string): void {
    onChoose(next);
    history.replaceState(null, '', `?user=${encodeURIComponent(next)}`);
    open(tab, next);
  }

  return (
    <PersonContext value={{ userId, zone, now: state.now, users: state.users, appName, shortcuts: state.shortcuts }}>
      <div className="workspace">
        <Sidebar state={state} tab={tab} unread={unread} onChoose={choose} onOpen={open} />
        <main className="middle">
          <Tabs appName={appName} tab={tab} onOpen={open} />
          <Notice state={state} isLost={isLost} />
          {/* Keyed by person: what one typed or left open is not another's. */}
          {tab === 'messages' && <Conversation key={userId} state={state} />}
          {tab === 'home' && <Home key={userId} home={state.home} />}
        </main>
        <Panels key={userId} panels={state.panels} person={me?.realName ?? ''} />
        {state.modal && <Modal key={`${userId} ${state.modal.id}`} modal={state.modal} />}
      </div>
    </PersonContext>
  );
}

function Notice({ state, isLost }: { state: PageState; isLost: boolean }) {
  if (isLost) {
    return (
      <p className="notice" role="alert">
        ⚠ The sandbox does not answer. What you see is as it was; start <code>npm run demo</code> again.
      </p>
    );
  }
  if (state.isConnected) return null;
  return (
    <p className="notice" role="status">
      ⚠ {state.appName} is not connected to this workspace. Clicks and commands will not reach it.
    </p>
  );
}

/** How many messages each person has not seen; what is on the screen counts as seen. */
function useUnread({ users, userId }: PageState, isVisible: boolean): ReadonlyMap<string, number> {
  const [seen, setSeen] = useState<ReadonlyMap<string, string>>(new Map());
  const latest = users.find((user) => user.id === userId)?.received.at(-1);
  useEffect(() => {
    if (isVisible && latest !== undefined) setSeen((before) => new Map(before).set(userId, latest));
  }, [isVisible, userId, latest]);
  return new Map(
    users.map(({ id, received }) => {
      const isOnScreen = isVisible && id === userId;
      return [id, isOnScreen ? 0 : received.filter((ts) => ts > (seen.get(id) ?? '')).length];
    }),
  );
}
