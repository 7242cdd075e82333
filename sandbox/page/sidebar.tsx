import { AppAvatar, PersonAvatar } from './avatar.tsx';
import type { PageState, PageUser } from './protocol.ts';
import type { Tab } from './tabs.tsx';
import { clockText, zoneName } from './time.ts';

interface SidebarProps {
  id: string;
  state: PageState;
  tab: Tab;
  unread: ReadonlyMap<string, number>;
  onChoose(userId: string): void;
  onOpen(tab: Tab): void;
  /** The channel that is shown. */
  channel: string | undefined;
  onOpenChannel(id: string): void;
  /** Narrow screens fold the sidebar away. */
  isOpen: boolean;
  onClose(): void;
  /** Shows the three steps again; undefined while they are shown. */
  onRestart: (() => void) | undefined;
}

export function Sidebar(props: SidebarProps) {
  const { id, state, tab, unread, onChoose, onOpen, channel, onOpenChannel, isOpen, onClose, onRestart } = props;
  return (
    <nav
      id={id}
      className={isOpen ? 'sidebar is-open' : 'sidebar'}
      aria-label="Workspace"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="workspace-name">
        {state.workspace}
        <span className="workspace-kind">Local sandbox</span>
        <button type="button" className="fold sidebar-close" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </div>
      <h2>View as</h2>
      <ul>
        {state.users.map((user) => (
          <li key={user.id}>
            <PersonEntry
              user={user}
              now={state.now}
              isChosen={user.id === state.userId}
              unread={unread.get(user.id) ?? 0}
              onChoose={onChoose}
            />
          </li>
        ))}
      </ul>
      {state.channels.length > 0 && <h2>Channels</h2>}
      <ul>
        {state.channels.map(({ id: each, name }) => (
          <li key={each}>
            <button
              type="button"
              className={each === channel ? 'entry is-current' : 'entry'}
              aria-current={each === channel ? 'page' : undefined}
              onClick={() => onOpenChannel(each)}
            >
              <span className="entry-name"># {name}</span>
            </button>
          </li>
        ))}
      </ul>
      <h2>Apps</h2>
      <ul>
        <li>
          <button type="button" className="entry is-app" onClick={() => onOpen('messages')}>
            <AppAvatar name={state.appName} size="small" />
            <span className="entry-name">{state.appName}</span>
            <Badge count={unread.get(state.userId) ?? 0} />
          </button>
        </li>
        {(['home', 'messages'] as const).map((name) => (
          <li key={name}>
            <button
              type="button"
              className={tab === name && channel === undefined ? 'entry is-tab is-current' : 'entry is-tab'}
              aria-current={tab === name && channel === undefined ? 'page' : undefined}
              onClick={() => onOpen(name)}
            >
              {name === 'home' ? 'Home' : 'Messages'}
            </button>
          </li>
        ))}
      </ul>
      {onRestart && (
        <button type="button" className="entry steps-again" onClick={onRestart}>
          Show the three steps
        </button>
      )}
      <p className="connection">
        {state.isConnected ? `● ${state.appName} is connected` : `○ ${state.appName} is not connected`}
      </p>
    </nav>
  );
}

interface PersonEntryProps {
  user: PageUser;
  now: number;
  isChosen: boolean;
  unread: number;
  onChoose(userId: string): void;
}

function PersonEntry({ user, now, isChosen, unread, onChoose }: PersonEntryProps) {
  return (
    <button
      type="button"
      className={isChosen ? 'entry is-person is-chosen' : 'entry is-person'}
      aria-pressed={isChosen}
      onClick={() => onChoose(user.id)}
    >
      <PersonAvatar name={user.realName} />
      <span className="entry-name">
        {user.realName}
        <span className="entry-detail">
          {zoneName(user.tz)}, {clockText(now, user.tz)}
        </span>
      </span>
      {isChosen ? <span className="entry-mark">✓</span> : <Badge count={unread} />}
    </button>
  );
}

function Badge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className="badge">
      {count}
      <span className="unseen"> unread</span>
    </span>
  );
}
