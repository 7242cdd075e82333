/** A guide for newcomers: three steps to try, ticked off as they happen. */
import { useEffect } from 'react';
import { playProvider, send } from './api.ts';
import { usePerson } from './person.ts';
import type { PanelState } from './protocol.ts';
import { STEPS, type Step } from './steps.ts';
import type { Progress } from './use-steps.ts';

interface StepsProps {
  progress: Progress;
  panels: readonly PanelState[];
  /** Undo stands at some row. */
  canUndo: boolean;
  /** The command that asks for tasks. */
  command: string | undefined;
  /** Opens the sales tools where they are folded away. */
  onLook: (() => void) | undefined;
}

export function Steps({ progress, panels, canUndo, command, onLook }: StepsProps) {
  const { taken, isHidden, hide } = progress;
  const away = panels.find(({ isDown }) => isDown);
  const current = STEPS.find((step) => !taken.includes(step));
  const isOver = current === undefined && !away;
  useEffect(() => {
    if (isOver && !isHidden) hide();
  }, [isOver, isHidden, hide]);
  const first = panels[0];
  if (isHidden || isOver || !first) return null;

  const titles: Record<Step, string> = {
    done: 'Press Done on a task',
    undo: 'Look, then press Undo',
    outage: `Take ${first.name} down`,
  };
  return (
    <section className="steps" aria-label="Three steps to try">
      <ol>
        {STEPS.map((step, index) => (
          <li
            key={step}
            className={stepClass(taken.includes(step), step === current)}
            aria-current={step === current ? 'step' : undefined}
          >
            <span className="step-mark" aria-hidden="true">
              {taken.includes(step) ? '✓' : index + 1}
            </span>
            <span>
              {titles[step]}
              {taken.includes(step) && <span className="unseen"> (done)</span>}
            </span>
          </li>
        ))}
      </ol>
      <button type="button" className="cross" aria-label="Hide the three steps" title="Hide" onClick={hide}>
        ✕
      </button>
      <div className="step-detail">
        <Detail step={current} first={first} away={away} canUndo={canUndo} command={command} onLook={onLook} />
      </div>
      <p className="unseen" role="status">
        {taken.length > 0 && `${taken.length} of ${STEPS.length} steps taken`}
      </p>
    </section>
  );
}

function stepClass(isTaken: boolean, isCurrent: boolean): string {
  if (isCurrent) return 'step is-current';
  return isTaken ? 'step is-taken' : 'step';
}

interface DetailProps {
  step: Step | undefined;
  first: PanelState;
  /** A provider that is down. */
  away: PanelState | undefined;
  canUndo: boolean;
  command: string | undefined;
  onLook: (() => void) | undefined;
}

function Detail({ step, first, away, canUndo, command, onLook }: DetailProps) {
  const { userId, appName } = usePerson();
  const where = onLook ? 'in the sales tool' : 'in the sales tool, on the right';
  switch (step) {
    case 'done':
      return (
        <>
          <p>
            In the message below. Then see it done {where}: at once, or after the ten seconds in which Undo takes it
            back.
          </p>
          {onLook && <Action text="Show the tools" onPress={onLook} />}
        </>
      );
    case 'undo':
      return (
        <>
          <p>
            {canUndo
              ? `It is done ${where}. Press Undo at the row, and it is open again.`
              : `It is done ${where}, and cannot be taken back there any more. Press Done on a task of ${first.name}, then Undo.`}
          </p>
          {onLook && <Action text="Show the tools" onPress={onLook} />}
        </>
      );
    case 'outage':
      return away ? (
        <>
          <p>
            {away.name} answers nothing now. Ask {appName} for tasks: it says what is missing, and shows the rest.
          </p>
          {command !== undefined && (
            <Action text={command} onPress={() => void send('/command', { userId, command, text: '' })} />
          )}
        </>
      ) : (
        <>
          <p>Then ask {appName} for tasks, and see what it says of a tool that does not answer.</p>
          <Action
            text={`Take ${first.name} down`}
            onPress={() => void playProvider(first.id, 'down', { down: true })}
          />
        </>
      );
    default:
      return (
        <>
          <p>That is all three. Bring {away?.name} back, and then try what you like.</p>
          {away && (
            <Action
              text={`Bring ${away.name} back`}
              onPress={() => void playProvider(away.id, 'down', { down: false })}
            />
          )}
        </>
      );
  }
}

function Action({ text, onPress }: { text: string; onPress(): void }) {
  return (
    <button type="button" className="control button" onClick={onPress}>
      {text}
    </button>
  );
}
