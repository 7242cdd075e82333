/** Suggestions while someone types a slash command. The keyboard stays in the composer, which drives the list. */
import { type KeyboardEvent, useState } from 'react';
import type { SlashCommand } from '../slack/types.ts';

/** Commands that begin with what is typed; none once the name is complete and something follows it. */
function commandsFor(commands: readonly SlashCommand[], text: string): readonly SlashCommand[] {
  if (!/^\/\S*$/.test(text)) return [];
  return commands.filter(({ name }) => name.startsWith(text.toLowerCase()));
}

/** The command whose arguments are being typed. */
export function commandOf(commands: readonly SlashCommand[], text: string): SlashCommand | undefined {
  return commands.find(({ name }) => text.startsWith(`${name} `));
}

export interface CommandChoice {
  offered: readonly SlashCommand[];
  active: SlashCommand | undefined;
  point(command: SlashCommand): void;
  /** True: the key was for the list. */
  onKeyDown(event: KeyboardEvent): boolean;
}

export function useCommandMenu(
  commands: readonly SlashCommand[],
  text: string,
  onComplete: (command: SlashCommand) => void,
): CommandChoice {
  const [pointed, setPointed] = useState<string>();
  /** Escape closes the list for the text that stands there, not for what is typed after it. */
  const [closedAt, setClosedAt] = useState<string>();
  const offered = closedAt === text ? [] : commandsFor(commands, text);
  const at = Math.max(
    0,
    offered.findIndex(({ name }) => name === pointed),
  );
  const active = offered[at];

  function onKeyDown(event: KeyboardEvent): boolean {
    if (!active) return false;
    if (event.key === 'ArrowDown') setPointed(offered[Math.min(offered.length - 1, at + 1)]?.name);
    else if (event.key === 'ArrowUp') setPointed(offered[Math.max(0, at - 1)]?.name);
    else if (event.key === 'Escape') setClosedAt(text);
    // A command that is typed in full is sent, as everywhere in the composer.
    else if ((event.key === 'Enter' && active.name !== text) || event.key === 'Tab') onComplete(active);
    else return false;
    return true;
  }

  return { offered, active, point: ({ name }) => setPointed(name), onKeyDown };
}

interface CommandMenuProps {
  id: string;
  appName: string;
  choice: CommandChoice;
  onPick(command: SlashCommand): void;
}

export function CommandMenu({ id, appName, choice, onPick }: CommandMenuProps) {
  return (
    <div className="command-menu">
      <p className="command-menu-head" aria-hidden="true">
        Commands <span>↑ ↓ to choose, Enter to take it, Esc to close</span>
      </p>
      <div role="listbox" id={id} aria-label="Commands">
        {choice.offered.map((command) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the composer has the keyboard
          <div
            key={command.name}
            id={optionId(id, command)}
            role="option"
            aria-selected={command === choice.active}
            className={command === choice.active ? 'command is-active' : 'command'}
            onMouseMove={() => choice.point(command)}
            // The composer keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(command)}
          >
            <p>
              <strong>{command.name}</strong> <span className="command-hint">{command.usageHint}</span>
            </p>
            <p className="command-about">
              {command.description} <span>{appName}</span>
            </p>
          </div>
        ))}
      </div>
    </div>
  );
}

export function optionId(id: string, { name }: SlashCommand): string {
  return `${id}${name.replace('/', '-')}`;
}
