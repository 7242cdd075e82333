/** What happened at the tools before the morning that is shown. */
import { useState } from 'react';
import { usePerson } from './person.ts';
import type { ClockState } from './protocol.ts';
import { momentText } from './time.ts';

interface ClockWeekProps {
  morning: NonNullable<ClockState['morning']>;
  /** No further morning comes. */
  isOver: boolean;
}

export function ClockWeek({ morning, isOver }: ClockWeekProps) {
  const { zone } = usePerson();
  const [hidden, setHidden] = useState<number>();
  const { number, of, at, since, told, becameOverdue } = morning;
  // The next morning is shown again.
  if (hidden === at) return null;
  const isQuiet = told.length === 0 && becameOverdue.length === 0;
  return (
    <div className="clock-week" role="status">
      <p>
        <strong>
          Morning {number} of {of}: {momentText(at, zone)}.
        </strong>{' '}
        {isOver && (number === of ? 'That was the week. ' : 'The week was stopped. ')}
        {isQuiet
          ? `Nothing happened at the tools since ${momentText(since, zone)}.`
          : `What happened at the tools since ${momentText(since, zone)}:`}
      </p>
      <button
        type="button"
        className="cross"
        aria-label="Hide what happened"
        title="Hide"
        onClick={() => setHidden(at)}
      >
        ✕
      </button>
      {!isQuiet && (
        <ul>
          {told.map((says) => (
            <li key={says}>{says}</li>
          ))}
          {becameOverdue.length > 0 && (
            <li>
              Overdue by now, untouched: {becameOverdue.length} ({becameOverdue.slice(0, 2).join(', ')}
              {becameOverdue.length > 2 && ', …'})
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
