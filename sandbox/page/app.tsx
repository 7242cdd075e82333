import { useCallback, useState } from 'react';
import { send, useLive } from './api.ts';
import { ClockBar } from './clock-bar.tsx';
import { Modal } from './modal.tsx';
import { PersonContext } from './person.ts';
import type { PageState } from './protocol.ts';
import { Screen } from './screen.tsx';
import type { Tab } from './tabs.tsx';
import { useUnread } from './unread.ts';
import { useSteps } from './use-steps.ts';

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
  const [channel, setChannel] = useState<string>();
  const { userId, appName, users, channels, shortcuts, now } = state;
  const zone = users.find((user) => user.id === userId)?.tz ?? 'UTC';
  const unread = useUnread(state, tab === 'messages' && channel === undefined);
  const progress = useSteps(state);

  const open = useCallback(
    (next: Tab, who = userId) => {
      setTab(next);
      setChannel(undefined);
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
    <PersonContext value={{ userId, zone, now, users, channels, appName, shortcuts }}>
      <div className="page-frame">
        {state.clock && <ClockBar clock={state.clock} />}
        <Screen
          state={state}
          isLost={isLost}
          tab={tab}
          unread={unread}
          progress={progress}
          onChoose={choose}
          onOpen={open}
          channel={channels.find(({ id }) => id === channel)}
          onOpenChannel={setChannel}
        />
      </div>
      {state.modal && <Modal key={`${userId} ${state.modal.id}`} modal={state.modal} />}
    </PersonContext>
  );
}
