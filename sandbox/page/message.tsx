import { useLayoutEffect, useRef, useState } from 'react';
import type { SandboxMessage } from '../slack/types.ts';
import { AppAvatar, PersonAvatar } from './avatar.tsx';
import { Blocks } from './blocks.tsx';
import { MessageMenu } from './message-menu.tsx';
import { ClickNotice } from './notice.tsx';
import { usePerson } from './person.ts';
import { SurfaceContext, useSurface } from './press.tsx';
import { MrkdwnText } from './text.tsx';
import { clockText } from './time.ts';

export function MessageRow({ message, at }: { message: SandboxMessage; at: number }) {
  const { zone, users, appName, shortcuts } = usePerson();
  const surface = useSurface({ ts: message.ts }, `${message.ts} ${message.edits}`, message.values);
  const article = useKeptFocus(surface.version);
  const [trouble, setTrouble] = useState<string>();
  const isMine = message.author === 'person';
  const author = isMine ? (users.find((user) => user.id === message.userId)?.realName ?? message.userId) : appName;

  return (
    <article
      ref={article}
      tabIndex={-1}
      className={message.ephemeral ? 'message is-ephemeral' : 'message'}
      aria-label={`${author}, ${clockText(at, zone)}`}
    >
      {isMine ? <PersonAvatar name={author} /> : <AppAvatar name={author} size="large" />}
      <div className="message-body">
        {message.ephemeral && (
          <p className="only-you">
            <EyeIcon /> Only visible to you
          </p>
        )}
        <p className="message-head">
          <strong>{author}</strong>
          {!isMine && <span className="app-badge">APP</span>}
          <time dateTime={new Date(at).toISOString()}>{clockText(at, zone)}</time>
        </p>
        <SurfaceContext value={surface}>
          {message.blocks.length > 0 ? <Blocks blocks={message.blocks} /> : <MrkdwnText text={message.text} />}
        </SurfaceContext>
        {message.edits > 0 && message.blocks.length === 0 && <span className="edited">(edited)</span>}
        {trouble !== undefined && <ClickNotice text={trouble} onDismiss={() => setTrouble(undefined)} />}
      </div>
      {shortcuts.length > 0 && !message.ephemeral && (
        <MessageMenu ts={message.ts} shortcuts={shortcuts} onOutcome={setTrouble} />
      )}
    </article>
  );
}

/** Drawn, because not every machine has a font with an eye. */
function EyeIcon() {
  return (
    <svg width="14" height="10" viewBox="0 0 14 10" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M1 5c3.2-5 8.8-5 12 0-3.2 5-8.8 5-12 0z" />
      <circle cx="7" cy="5" r="1.6" fill="currentColor" />
    </svg>
  );
}

/** An edit replaces the row whose button was pressed; the keyboard stays at the message instead of at the page's top. */
function useKeptFocus(version: string): React.RefObject<HTMLElement | null> {
  const article = useRef<HTMLElement>(null);
  const wasInside = useRef(false);

  useLayoutEffect(() => {
    function onFocus(event: FocusEvent): void {
      wasInside.current = event.target instanceof Node && (article.current?.contains(event.target) ?? false);
    }
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every edit may take the focused control away
  useLayoutEffect(() => {
    if (wasInside.current && document.activeElement === document.body) article.current?.focus({ preventScroll: true });
  }, [version]);

  return article;
}
