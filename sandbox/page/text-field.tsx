import { useId } from 'react';
import { stringOf } from '../slack/json.ts';
import type { FieldProps } from './field-props.ts';
import { plainOf } from './text.tsx';

export function TextField({ element, value, label, errorId, onChange, onEnter }: FieldProps) {
  const remainingId = useId();
  const text = stringOf(value.value) ?? '';
  const max = typeof element.max_length === 'number' ? element.max_length : undefined;
  const isCounted = element.multiline === true && max !== undefined;
  const described = [errorId, isCounted ? remainingId : undefined].filter((id) => id !== undefined);
  const common = {
    value: text,
    placeholder: plainOf(element.placeholder),
    maxLength: max,
    'aria-label': label,
    'aria-invalid': errorId !== undefined,
    'aria-describedby': described.join(' ') || undefined,
  };

  function change(next: string): void {
    // Slack says null, not the empty text, of a field that nobody filled in.
    onChange({ type: element.type ?? '', value: next === '' ? null : next });
  }

  if (element.multiline !== true) {
    const type = element.type === 'email_text_input' ? 'email' : 'text';
    return (
      <input
        className="control text"
        type={type}
        {...common}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          // While a script is composed, Enter ends the word.
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) onEnter?.();
        }}
      />
    );
  }
  return (
    <>
      <textarea className="control text" rows={4} {...common} onChange={(event) => change(event.target.value)} />
      {isCounted && <Remaining id={remainingId} count={max - text.length} />}
    </>
  );
}

function Remaining({ id, count }: { id: string; count: number }) {
  return (
    <p className={count <= 0 ? 'remaining is-out' : 'remaining'} id={id}>
      {count.toLocaleString('en-US')} {count === 1 ? 'character' : 'characters'} left
    </p>
  );
}
