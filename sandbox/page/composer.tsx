import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { SlashCommand } from '../slack/types.ts';
import { send } from './api.ts';
import { CommandMenu, commandOf, optionId, useCommandMenu } from './command-menu.tsx';
import { usePerson } from './person.ts';
import type { Outcome } from './protocol.ts';

interface ComposerProps {
  suggestions: readonly string[];
  commands: readonly SlashCommand[];
}

export function Composer({ suggestions, commands }: ComposerProps) {
  const { userId, appName } = usePerson();
  const [text, setText] = useState('');
  const [trouble, setTrouble] = useState<string>();
  const box = useRef<HTMLTextAreaElement>(null);
  const menuId = useId();
  const hintId = useId();
  const choice = useCommandMenu(commands, text, complete);
  const typing = commandOf(commands, text);

  function type(next: string): void {
    setText(next);
    setTrouble(undefined);
  }

  function complete({ name }: SlashCommand): void {
    type(`${name} `);
    box.current?.focus();
  }

  async function submit(line: string): Promise<void> {
    if (line.trim() === '') return;
    type('');
    const outcome = await sendLine(userId, line);
    if (!('refused' in outcome)) return;
    setTrouble(outcome.refused);
    // A message that was not sent can be corrected; text typed meanwhile stays.
    setText((now) => (now === '' ? line : now));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (choice.onKeyDown(event)) {
      event.preventDefault();
      return;
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
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
      {trouble !== undefined && (
        <p className="slackbot" role="alert">
          <span className="only-you">Only visible to you</span>
          <strong>Slackbot</strong> {trouble}
        </p>
      )}
      <div className="composer-box">
        {choice.active && <CommandMenu id={menuId} appName={appName} choice={choice} onPick={complete} />}
        <textarea
          ref={box}
          rows={1}
          value={text}
          aria-label={`Message ${appName}`}
          aria-describedby={hintId}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={choice.active && menuId}
          aria-activedescendant={choice.active && optionId(menuId, choice.active)}
          placeholder={`Message ${appName}, or type / for a command`}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="send" aria-label="Send" disabled={text.trim() === ''}>
          ➤
        </button>
      </div>
      <p className="composer-hint" id={hintId}>
        {typing && (
          <>
            <code>{typing.name}</code> {typing.usageHint}
          </>
        )}
      </p>
      <p className="unseen" role="status">
        {choice.active && `${countText(choice.offered.length)}. ${choice.active.name}: ${choice.active.description}`}
      </p>
    </form>
  );
}

function countText(count: number): string {
  return count === 1 ? '1 command' : `${count} commands`;
}

/** A line is a command when it begins with the slash itself; one with a space before it is a message, as in Slack. */
async function sendLine(userId: string, line: string): Promise<Outcome> {
  const [, command, text = ''] = /^(\/\S+)\s*(.*)$/s.exec(line) ?? [];
  // A command that nobody answered is told of in the conversation, as Slack does.
  if (command !== undefined) return await send('/command', { userId, command, text: text.trim() });
  return await send('/say', { userId, text: line.trim() });
}
