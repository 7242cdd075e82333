import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { SandboxMessage } from '../slack/types.ts';
import { Composer } from './composer.tsx';
import { MessageRow } from './message.tsx';
import { usePerson } from './person.ts';
import type { PageChannel, PageState } from './protocol.ts';
import { dayText } from './time.ts';

/** As near to the end as this, a person is reading the end. */
const NEAR_END = 120;

export function Conversation({ state }: { state: PageState }) {
  const { appName } = usePerson();
  return (
    <div className="conversation" id="tab-panel" role="tabpanel" aria-labelledby="tab-messages">
      <Messages
        messages={state.messages}
        label={`Messages with ${appName}`}
        beginning={<Beginning appName={appName} suggestion={state.suggestions[0]} />}
      />
      <Composer suggestions={state.suggestions} commands={state.commands} />
    </div>
  );
}

/** What the app has posted to a channel, for reading. */
export function ChannelView({ channel: { name, messages } }: { channel: PageChannel }) {
  const beginning = <p className="beginning">This is the very beginning of #{name}.</p>;
  return (
    <div className="conversation">
      <Messages messages={messages} label={`Messages in #${name}`} beginning={beginning} />
    </div>
  );
}

interface MessagesProps {
  messages: readonly SandboxMessage[];
  label: string;
  beginning: ReactNode;
}

function Messages({ messages, label, beginning }: MessagesProps) {
  const person = usePerson();
  const list = useRef<HTMLDivElement>(null);
  useFollow(list, messages.at(-1)?.ts);

  let day = '';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="messages" ref={list} role="log" aria-label={label} tabIndex={0}>
      {messages.length === 0 && beginning}
      {messages.map((message) => {
        const at = Number(message.ts) * 1_000;
        const before = day;
        day = dayText(at, person);
        return (
          <div key={message.ts} data-ts={message.ts}>
            {day !== before && <div className="day">{day}</div>}
            <MessageRow message={message} at={at} />
          </div>
        );
      })}
    </div>
  );
}

function Beginning({ appName, suggestion }: { appName: string; suggestion: string | undefined }) {
  return (
    <p className="beginning">
      This is the very beginning of your direct message with {appName}.
      {suggestion && (
        <>
          {' '}
          Type <code>{suggestion}</code> below to see your tasks.
        </>
      )}
    </p>
  );
}

/** Brings a new message into view: its end, or its beginning where it is taller than the screen. */
function useFollow(list: React.RefObject<HTMLDivElement | null>, newest: string | undefined): void {
  const isAtEnd = useRef(true);

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    function onScroll(): void {
      if (!element) return;
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    }
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [list]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new message moves the view, an edit does not
  useLayoutEffect(() => {
    const element = list.current;
    const last = element?.lastElementChild;
    if (!element || !(last instanceof HTMLElement)) return;
    const top = last.offsetTop - element.offsetTop - 8;
    element.scrollTop = Math.min(element.scrollHeight - element.clientHeight, top);
  }, [newest]);
}
