/** What can be done to the clock. On its way it can only be paused, and stopped (`clock-bar.tsx`). */
import type { ReactNode, Ref } from 'react';
import { usePerson } from './person.ts';
import type { ClockRequest, ClockState } from './protocol.ts';
import { momentText } from './time.ts';

interface ClockControlsProps {
  id: string;
  clock: ClockState;
  isHidden: boolean;
  /** The form for a date. */
  date: { id: string; isOpen: boolean; opener: Ref<HTMLButtonElement>; toggle(): void };
  onAsk(request: ClockRequest): void;
}

export function ClockControls({ id, clock, isHidden, date, onAsk }: ClockControlsProps) {
  const { userId, zone } = usePerson();
  const isAway = clock.journey !== undefined;
  return (
    <div id={id} className="clock-controls" hidden={isHidden}>
      <Control onPress={() => onAsk({ do: clock.isRunning ? 'pause' : 'go on' })}>
        {clock.isRunning ? 'Pause' : 'Go on'}
      </Control>
      <Control isAway={isAway} onPress={() => onAsk({ do: 'next morning', userId })}>
        Next morning<span className="unseen">: {momentText(clock.nextMorning, zone)}</span>
      </Control>
      <Control
        ref={date.opener}
        isAway={isAway}
        expanded={{ 'aria-expanded': date.isOpen, 'aria-controls': date.id }}
        onPress={date.toggle}
      >
        To a date…
      </Control>
      <Control isAway={isAway} onPress={() => onAsk({ do: 'week', userId })}>
        A week, morning by morning
      </Control>
    </div>
  );
}

interface ControlProps {
  /** Not to be pressed now, and still where the keyboard finds it. */
  isAway?: boolean;
  expanded?: { 'aria-expanded': boolean; 'aria-controls': string };
  onPress(): void;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

function Control({ isAway = false, expanded, onPress, children, ref }: ControlProps) {
  return (
    <button
      ref={ref}
      type="button"
      className="control button"
      aria-disabled={isAway || undefined}
      {...expanded}
      onClick={() => {
        if (!isAway) onPress();
      }}
    >
      {children}
    </button>
  );
}
