import { useLayoutEffect, useRef } from 'react';
import { Composer } from './composer.tsx';
import { MessageRow } from './message.tsx';
import { usePerson } from './person.ts';
import type { PageState } from './protocol.ts';
import { dayText } from './time.ts';

/** As near to the end as this, a person is reading the end. */
const NEAR_END = 120;

export function Conversation({ state }: { state: PageState }) {
  const person = usePerson();
  const { messages } = state;
  const list = useRef<HTMLDivElement>(null);
  useFollow(list, messages.at(-1)?.ts);

  let day = '';
  return (
    <div className="conversation" id="tab-panel" role="tabpanel" aria-labelledby="tab-messages">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="messages" ref={list} role="log" aria-label={`Messages with ${person.appName}`} tabIndex={0}>
        {messages.length === 0 && <Beginning appName={person.appName} suggestion={state.suggestions[0]} />}
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
      <Composer suggestions={state.suggestions} commands={state.commands} />
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
