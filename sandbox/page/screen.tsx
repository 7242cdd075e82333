/** The three columns: the workspace, the conversation, the sales tools. Narrow screens fold away the first and the last. */
import { ChangeLine } from './change-line.tsx';
import { useHappened } from './changes.ts';
import { ChannelView, Conversation } from './conversation.tsx';
import { PANELS_COVER, PANELS_FOLD, SIDEBAR_FOLDS, useFold, useMedia } from './fold.ts';
import { Home } from './home.tsx';
import { Panels } from './panels.tsx';
import { usePerson } from './person.ts';
import type { PageChannel, PageState } from './protocol.ts';
import { Sidebar } from './sidebar.tsx';
import { count } from './steps.ts';
import { Steps } from './steps.tsx';
import { type Tab, Tabs } from './tabs.tsx';
import type { Progress } from './use-steps.ts';

interface ScreenProps {
  state: PageState;
  isLost: boolean;
  tab: Tab;
  unread: ReadonlyMap<string, number>;
  progress: Progress;
  onChoose(userId: string): void;
  onOpen(tab: Tab): void;
  /** Shown in place of the app's tabs. */
  channel: PageChannel | undefined;
  onOpenChannel(id: string): void;
}

export function Screen(props: ScreenProps) {
  const { state, isLost, tab, unread, progress, onChoose, onOpen, channel, onOpenChannel } = props;
  const { userId, users, appName } = state;
  const { zone } = usePerson();
  const sidebar = useFold('sidebar', useMedia(SIDEBAR_FOLDS), true);
  const panels = useFold('panels', useMedia(PANELS_FOLD), useMedia(PANELS_COVER));
  const happened = useHappened(state, zone);
  const look = panels.isFolding && !panels.isOpen ? panels.open : undefined;
  const others = [...unread].reduce((sum, [id, count]) => (id === userId ? sum : sum + count), 0);

  return (
    <div className={panels.isOpen ? 'workspace with-panels' : 'workspace'}>
      <Sidebar
        id="sidebar"
        state={state}
        tab={tab}
        unread={unread}
        isOpen={sidebar.isOpen}
        onChoose={(id) => {
          sidebar.close();
          onChoose(id);
        }}
        onOpen={(next) => {
          sidebar.close();
          onOpen(next);
        }}
        channel={channel?.id}
        onOpenChannel={(id) => {
          sidebar.close();
          onOpenChannel(id);
        }}
        onClose={sidebar.close}
        onRestart={progress.isHidden ? progress.restart : undefined}
      />
      {/* For the pointer; the keyboard has Escape and a button. */}
      {sidebar.isAbove && <div className="scrim" aria-hidden="true" onClick={sidebar.close} />}
      <main className="middle" inert={sidebar.isAbove || panels.isAbove}>
        <Tabs
          appName={appName}
          channel={channel?.name}
          tab={tab}
          onOpen={onOpen}
          sidebar={sidebar.isFolding ? { ...sidebar, news: others } : undefined}
          panels={panels.isFolding ? { ...panels, news: panels.isOpen ? 0 : happened.changes.length } : undefined}
        />
        <Notice state={state} isLost={isLost} />
        {!state.clock?.journey && (
          <Steps
            progress={progress}
            panels={state.panels}
            canUndo={state.messages.some((message) => count(message, 'Undo') > 0)}
            command={state.commands[0]?.name}
            onLook={look}
          />
        )}
        {/* Keyed by person: what one typed or left open is not another's. */}
        {channel && <ChannelView key={channel.id} channel={channel} />}
        {!channel && tab === 'messages' && <Conversation key={userId} state={state} />}
        {!channel && tab === 'home' && <Home key={userId} home={state.home} />}
        <ChangeLine changes={happened.changes} onLook={look} />
      </main>
      <Panels
        key={userId}
        id="panels"
        panels={state.panels}
        person={users.find((user) => user.id === userId)?.realName ?? ''}
        happened={happened}
        isOpen={panels.isOpen}
        isInert={sidebar.isAbove}
        onClose={panels.close}
      />
    </div>
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
