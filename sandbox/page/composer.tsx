import { type KeyboardEvent, useId, useState } from 'react';
import { send } from './api.ts';
import { usePerson } from './person.ts';

interface ComposerProps {
  suggestions: readonly string[];
  canTalk: boolean;
}

export function Composer({ suggestions, canTalk }: ComposerProps) {
  const { userId, appName } = usePerson();
  const [text, setText] = useState('');
  const [hint, setHint] = useState<string>();
  const hintId = useId();

  async function submit(line: string): Promise<void> {
    const typed = line.trim();
    if (typed === '') return;
    const [command = '', ...rest] = typed.split(' ');
    const isCommand = /^\/\S/.test(command);
    if (!isCommand && !canTalk) {
      setHint(`Only commands work here. Try ${suggestions[0] ?? '/help'}.`);
      return;
    }
    setText('');
    setHint(undefined);
    const outcome = isCommand
      ? await send('/command', { userId, command, text: rest.join(' ').trim() })
      : await send('/say', { userId, text: typed });
    // A command that nobody answered is told of in the conversation, as Slack does.
    if ('refused' in outcome) setHint(outcome.refused);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit(text);
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(text);
      }}
    >
      <fieldset className="suggestions">
        <legend>Try</legend>
        {suggestions.map((suggestion) => (
          <button key={suggestion} type="button" onClick={() => void submit(suggestion)}>
            {suggestion}
          </button>
        ))}
      </fieldset>
      <div className="composer-box">
        <textarea
          rows={1}
          value={text}
          aria-label={`Message ${appName}`}
          aria-describedby={hintId}
          placeholder={`Message ${appName}: type / for a command, then Enter`}
          onChange={(event) => {
            setText(event.target.value);
            setHint(undefined);
          }}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="send" aria-label="Send" disabled={text.trim() === ''}>
          ➤
        </button>
      </div>
      <p className="composer-hint" id={hintId} role="status">
        {hint}
      </p>
    </form>
  );
}
