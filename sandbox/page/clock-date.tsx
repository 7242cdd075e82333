/** Where the clock is to go: a date and a time in the zone of the person who is shown, with the days on which it changes. */
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { usePerson } from './person.ts';
import { clockChanges, fromFields, toFields, zoneName } from './time.ts';

interface ClockDateProps {
  id: string;
  /** Under way: it can be filled in, and is sent afterwards. */
  isAway: boolean;
  onGo(at: number): void;
  onClose(): void;
}

const DAY_SECONDS = 86_400;

export function ClockDate({ id, isAway, onGo, onClose }: ClockDateProps) {
  const { zone, now } = usePerson();
  const [date, setDate] = useState(() => toFields(now / 1_000 + DAY_SECONDS, zone).date);
  const [time, setTime] = useState('09:00');
  const first = useRef<HTMLInputElement>(null);
  const noteId = useId();
  const changes = clockChanges(zone, now);
  const change = changes.find((each) => each.date === date);
  const at = fromFields(date, time, zone);
  const isPast = at !== undefined && at * 1_000 <= now;

  useEffect(() => first.current?.focus(), []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (at !== undefined && !isAway) onGo(at * 1_000);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') onClose();
  }

  return (
    <form id={id} className="clock-date" aria-label="Set the clock ahead" onSubmit={submit} onKeyDown={onKeyDown}>
      <label>
        Date
        <input
          ref={first}
          className="control"
          type="date"
          required
          value={date}
          min={toFields(now / 1_000, zone).date}
          aria-describedby={noteId}
          onChange={(event) => setDate(event.target.value)}
        />
      </label>
      <label>
        Time in {zoneName(zone)}
        <input
          className="control"
          type="time"
          required
          value={time}
          aria-describedby={noteId}
          onChange={(event) => setTime(event.target.value)}
        />
      </label>
      <button type="submit" className="control button primary" aria-disabled={isAway || undefined}>
        Go there
      </button>
      <button type="button" className="control button" onClick={onClose}>
        Cancel
      </button>
      <p id={noteId} className="clock-note" role="status">
        {isPast
          ? 'That has passed, and the clock only goes forward.'
          : (change?.says ??
            'Digests and checks come at their times on the way. A week takes half a minute, a season some minutes.')}
      </p>
      <div className="clock-changes">
        {changes.length === 0 ? (
          <p>The clock does not change in {zoneName(zone)} within a year.</p>
        ) : (
          <>
            <p id={`${noteId}-changes`}>Days on which the clock changes:</p>
            <ul aria-labelledby={`${noteId}-changes`}>
              {changes.map((each) => (
                <li key={each.date}>
                  <button type="button" className="control button" onClick={() => setDate(each.date)}>
                    {each.says}
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </form>
  );
}
