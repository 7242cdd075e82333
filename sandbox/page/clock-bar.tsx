/** The sandbox's own bar above Slack: the clock that the app and the tools share, and what can be done to it. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { send } from './api.ts';
import { ClockDate } from './clock-date.tsx';
import { ClockWeek } from './clock-week.tsx';
import { SIDEBAR_FOLDS, useMedia } from './fold.ts';
import { usePerson } from './person.ts';
import type { ClockRequest, ClockState } from './protocol.ts';
import { momentText, zoneName } from './time.ts';

export function ClockBar({ clock }: { clock: ClockState }) {
  const { userId, zone, now } = usePerson();
  const [isDateOpen, setDateOpen] = useState(false);
  const [refused, setRefused] = useState<string>();
  const [isUnfolded, setUnfolded] = useState(false);
  const isFolding = useMedia(SIDEBAR_FOLDS);
  const controlsId = useId();
  const dateId = useId();
  const nextMorning = useRef<HTMLButtonElement>(null);
  const stop = useFocusAfter(clock.journey !== undefined, nextMorning);
  const isUnderway = clock.journey !== undefined;

  /** True: it was taken. */
  async function ask(request: ClockRequest): Promise<boolean> {
    const outcome = await send('/clock', request);
    const problem = 'refused' in outcome ? outcome.refused : undefined;
    setRefused(problem);
    // There, only Stop is needed on the way.
    if (problem === undefined && isJourney(request)) setUnfolded(false);
    return problem === undefined;
  }

  return (
    <section className="clock" aria-label="The sandbox’s clock">
      <div className="clock-row">
        <p className="clock-time">
          <strong>{momentText(now, zone)}</strong> <span className="clock-zone">in {zoneName(zone)}</span>
          <span className="clock-standing">
            <span aria-hidden="true">· </span>
            {standingText(clock)}
          </span>
        </p>
        {isUnderway && (
          <button ref={stop} type="button" className="control button" onClick={() => void ask({ do: 'stop' })}>
            Stop
          </button>
        )}
        {isFolding && (
          <button
            type="button"
            className="control button clock-unfold"
            aria-expanded={isUnfolded}
            aria-controls={controlsId}
            onClick={() => setUnfolded(!isUnfolded)}
          >
            Clock
          </button>
        )}
        <div id={controlsId} className="clock-controls" hidden={isFolding && !isUnfolded}>
          <button
            type="button"
            className="control button"
            onClick={() => void ask({ do: clock.isRunning ? 'pause' : 'go on' })}
          >
            {clock.isRunning ? 'Pause' : 'Go on'}
          </button>
          <Away ref={nextMorning} isAway={isUnderway} onPress={() => void ask({ do: 'next morning', userId })}>
            Next morning<span className="unseen">: {momentText(clock.nextMorning, zone)}</span>
          </Away>
          <Away isAway={isUnderway} expanded={{ is: isDateOpen, id: dateId }} onPress={() => setDateOpen(!isDateOpen)}>
            To a date…
          </Away>
          <Away isAway={isUnderway} onPress={() => void ask({ do: 'week', userId })}>
            A week, morning by morning
          </Away>
        </div>
      </div>
      {isDateOpen && (
        <ClockDate
          id={dateId}
          isAway={isUnderway}
          onGo={async (at) => {
            if (await ask({ do: 'to', at })) setDateOpen(false);
          }}
          onClose={() => setDateOpen(false)}
        />
      )}
      {(refused ?? clock.problem) !== undefined && (
        <p className="clock-problem" role="alert">
          ⚠ {refused ?? clock.problem}
        </p>
      )}
      <p className="unseen" role="status">
        {announcement(clock, zone)}
      </p>
      {clock.morning && <ClockWeek morning={clock.morning} isOver={!isUnderway} />}
    </section>
  );
}

function isJourney(request: ClockRequest): boolean {
  return request.do === 'next morning' || request.do === 'to' || request.do === 'week';
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

interface AwayProps {
  /** Not to be pressed now, and still where the keyboard finds it. */
  isAway: boolean;
  expanded?: { is: boolean; id: string };
  onPress(): void;
  children: ReactNode;
  ref?: React.Ref<HTMLButtonElement>;
}

function Away({ isAway, expanded, onPress, children, ref }: AwayProps) {
  return (
    <button
      ref={ref}
      type="button"
      className="control button"
      aria-disabled={isAway || undefined}
      {...(expanded && { 'aria-expanded': expanded.is, 'aria-controls': expanded.id })}
      onClick={() => {
        if (!isAway) onPress();
      }}
    >
      {children}
    </button>
  );
}

/** Stop leaves the page when it is no longer needed; whoever was on it is put on another button. */
function useFocusAfter(isThere: boolean, next: React.RefObject<HTMLButtonElement | null>) {
  const button = useRef<HTMLButtonElement>(null);
  const wasOn = useRef(false);

  useEffect(() => {
    const { current } = button;
    if (!isThere || !current) return;
    const note = () => {
      wasOn.current = document.activeElement === current;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [isThere]);

  useEffect(() => {
    if (isThere || !wasOn.current) return;
    wasOn.current = false;
    next.current?.focus();
  }, [isThere, next]);

  return button;
}
