/** The sandbox's own bar above Slack: the clock that the app and the tools share. */
import { type RefObject, useEffect, useId, useRef, useState } from 'react';
import { send } from './api.ts';
import { ClockControls } from './clock-controls.tsx';
import { ClockDate } from './clock-date.tsx';
import { ClockWeek } from './clock-week.tsx';
import { SIDEBAR_FOLDS, useMedia } from './fold.ts';
import { usePerson } from './person.ts';
import type { ClockRequest, ClockState } from './protocol.ts';
import { momentText, zoneName } from './time.ts';

export function ClockBar({ clock }: { clock: ClockState }) {
  const { zone } = usePerson();
  const [isDateOpen, setDateOpen] = useState(false);
  const [refused, setRefused] = useState<string>();
  const [isUnfolded, setUnfolded] = useState(false);
  const isFolding = useMedia(SIDEBAR_FOLDS);
  const [controlsId, dateId] = [useId(), useId()];
  const bar = useRef<HTMLElement>(null);
  const dateOpener = useRef<HTMLButtonElement>(null);
  useKeptFocus(bar);
  const problem = refused ?? clock.problem;

  async function ask(request: ClockRequest): Promise<void> {
    const outcome = await send('/clock', request);
    setRefused('refused' in outcome ? outcome.refused : undefined);
    if ('refused' in outcome || !isJourney(request)) return;
    // On the way only Stop is needed.
    setDateOpen(false);
    setUnfolded(false);
  }

  function closeDate(): void {
    setDateOpen(false);
    dateOpener.current?.focus();
  }

  return (
    <section ref={bar} className="clock" aria-label="The sandbox’s clock">
      <div className="clock-row">
        <ClockTime clock={clock} />
        {clock.journey && (
          <button type="button" className="control button" onClick={() => void ask({ do: 'stop' })}>
            Stop
          </button>
        )}
        {isFolding && (
          <button
            type="button"
            className="control button"
            aria-expanded={isUnfolded}
            aria-controls={controlsId}
            onClick={() => setUnfolded(!isUnfolded)}
          >
            Clock
          </button>
        )}
        <ClockControls
          id={controlsId}
          clock={clock}
          isHidden={isFolding && !isUnfolded}
          date={{ id: dateId, isOpen: isDateOpen, opener: dateOpener, toggle: () => setDateOpen(!isDateOpen) }}
          onAsk={(request) => void ask(request)}
        />
      </div>
      {isDateOpen && (
        <ClockDate
          id={dateId}
          isAway={clock.journey !== undefined}
          onGo={(at) => void ask({ do: 'to', at })}
          onClose={closeDate}
        />
      )}
      {problem !== undefined && (
        <p className="clock-problem" role="alert">
          ⚠ {problem}
        </p>
      )}
      <p className="unseen" role="status">
        {announcement(clock, zone)}
      </p>
      {clock.morning && <ClockWeek morning={clock.morning} isOver={!clock.journey} />}
    </section>
  );
}

function isJourney(request: ClockRequest): boolean {
  return request.do === 'next morning' || request.do === 'to' || request.do === 'week';
}

function ClockTime({ clock }: { clock: ClockState }) {
  const { zone, now } = usePerson();
  return (
    <p className="clock-time">
      <strong>{momentText(now, zone)}</strong> <span className="clock-zone">in {zoneName(zone)}</span>
      <span className="clock-standing">
        <span aria-hidden="true">· </span>
        {standingText(clock)}
      </span>
    </p>
  );
}

function standingText({ isRunning, journey }: ClockState): string {
  if (journey) return journey.kind === 'week' ? 'going through a week' : 'on its way';
  return isRunning ? 'running' : 'paused: what waits for a time waits';
}

/** Said once at each beginning and end; the time itself would be said every minute. */
function announcement({ isRunning, journey }: ClockState, zone: string): string {
  if (journey?.kind === 'jump') return `The clock goes to ${momentText(journey.to, zone)}.`;
  if (journey) return '';
  return isRunning ? 'The clock is running.' : 'The clock is paused.';
}

/** What has the keyboard may leave the bar; then the keyboard goes to the bar's first button, which may be Stop. */
function useKeptFocus(bar: RefObject<HTMLElement | null>): void {
  const isIn = useRef(false);

  useEffect(() => {
    const note = ({ target }: Event) => {
      isIn.current = target instanceof Node && (bar.current?.contains(target) ?? false);
    };
    document.addEventListener('focusin', note);
    document.addEventListener('pointerdown', note);
    return () => {
      document.removeEventListener('focusin', note);
      document.removeEventListener('pointerdown', note);
    };
  }, [bar]);

  useEffect(() => {
    const { activeElement } = document;
    const isLost = activeElement === document.body || activeElement?.closest('[hidden]');
    if (isIn.current && isLost) bar.current?.querySelector('button')?.focus();
  });
}
