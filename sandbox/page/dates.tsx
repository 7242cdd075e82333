import { useState } from 'react';
import { stringOf } from '../slack/json.ts';
import type { FieldProps } from './field-props.ts';
import { usePerson } from './person.ts';
import { fromFields, toFields, zoneName } from './time.ts';

export function TimeField({ value, label, errorId, onChange }: FieldProps) {
  return (
    <input
      className="control"
      type="time"
      value={stringOf(value.selected_time ?? undefined) ?? ''}
      aria-label={label}
      aria-invalid={errorId !== undefined}
      aria-describedby={errorId}
      onChange={(event) => onChange({ type: 'timepicker', selected_time: event.target.value || null })}
    />
  );
}

export function DateField({ value, label, errorId, onChange }: FieldProps) {
  return (
    <input
      className="control"
      type="date"
      value={stringOf(value.selected_date ?? undefined) ?? ''}
      aria-label={label}
      aria-invalid={errorId !== undefined}
      aria-describedby={errorId}
      onChange={(event) => onChange({ type: 'datepicker', selected_date: event.target.value || null })}
    />
  );
}

/** Two fields, one value: it exists only while both are filled in, so what was entered is kept here. */
export function DateTimeField({ value, label, errorId, onChange }: FieldProps) {
  const { zone } = usePerson();
  const seconds = typeof value.selected_date_time === 'number' ? value.selected_date_time : undefined;
  const [typed, setTyped] = useState<{ date: string; time: string }>();
  const fields = typed ?? (seconds === undefined ? { date: '', time: '' } : toFields(seconds, zone));

  function change(next: { date: string; time: string }): void {
    setTyped(next);
    onChange({ type: 'datetimepicker', selected_date_time: fromFields(next.date, next.time, zone) ?? null });
  }

  return (
    <fieldset className="date-time" aria-label={label} aria-describedby={errorId}>
      <input
        className="control"
        type="date"
        value={fields.date}
        aria-label="Date"
        aria-invalid={errorId !== undefined}
        onChange={(event) => change({ ...fields, date: event.target.value })}
      />
      <input
        className="control"
        type="time"
        value={fields.time}
        aria-label="Time"
        aria-invalid={errorId !== undefined}
        onChange={(event) => change({ ...fields, time: event.target.value })}
      />
      <span className="zone">{zoneName(zone)} time</span>
    </fieldset>
  );
}
