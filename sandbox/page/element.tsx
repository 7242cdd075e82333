/** A control that tells the app at once: in a message, on Home, or in a modal outside its inputs. */
import { type KeyboardEvent, useRef, useState } from 'react';
import { isObject, stringOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { ConfirmDialog } from './confirm.tsx';
import { Field } from './field.tsx';
import { OverflowMenu } from './overflow.tsx';
import { useSurfaceContext, useValue } from './press.tsx';
import { plainOf, TextObject } from './text.tsx';

interface ElementProps {
  blockId: string;
  element: JsonObject;
}

export function Element(props: ElementProps) {
  const { element } = props;
  const surface = useSurfaceContext();
  const [asked, setAsked] = useState<JsonObject>();
  const [value, setValue, reset] = useValue(props.blockId, element);
  const isPending = surface.pending.has(`${props.blockId} ${stringOf(element.action_id) ?? ''}`);

  function press(entered: JsonObject): void {
    const type = element.type ?? '';
    setValue({ type, ...entered });
    openAddress(element, entered);
    surface.press(props.blockId, { type, action_id: element.action_id ?? '', ...entered });
  }

  function pressOrAsk(entered: JsonObject): void {
    if (isObject(element.confirm)) setAsked(entered);
    else press(entered);
  }

  return (
    <span
      className="element"
      aria-busy={isPending}
      data-block={props.blockId}
      data-action={stringOf(element.action_id)}
      data-autofocus={element.focus_on_load === true ? '' : undefined}
    >
      <Control {...props} value={value} onType={setValue} isPending={isPending} onPress={pressOrAsk} />
      {asked && isObject(element.confirm) && (
        <ConfirmDialog
          confirm={element.confirm}
          onAnswer={(isYes) => {
            setAsked(undefined);
            if (isYes) press(asked);
            else reset();
          }}
        />
      )}
    </span>
  );
}

/** Some buttons and menu entries lead to a page; the app hears of the press all the same. */
function openAddress(element: JsonObject, { selected_option: option }: JsonObject): void {
  const url = stringOf(isObject(option) ? option.url : element.url);
  if (url !== undefined && /^https?:/i.test(url)) window.open(url, '_blank', 'noopener,noreferrer');
}

interface ControlProps extends ElementProps {
  /** The value, for controls that have one. */
  value: JsonObject;
  /** Holds what is typed, without telling the app yet. */
  onType(value: JsonObject): void;
  isPending: boolean;
  onPress(entered: JsonObject): void;
}

function Control(props: ControlProps) {
  switch (props.element.type) {
    case 'button':
      return <Button {...props} />;
    case 'overflow':
      return <OverflowMenu element={props.element} onPick={(option) => props.onPress({ selected_option: option })} />;
    default:
      return <ValueControl {...props} />;
  }
}

function Button({ element, isPending, onPress }: ControlProps) {
  const label = stringOf(element.accessibility_label);

  function onClick(): void {
    onPress(element.value === undefined ? {} : { value: element.value });
  }

  return (
    <button
      type="button"
      className={`control button ${stringOf(element.style) ?? ''} ${isPending ? 'is-pending' : ''}`}
      aria-label={label}
      onClick={onClick}
    >
      <TextObject value={element.text} />
    </button>
  );
}

/** Controls with a value that is complete only once a person leaves the field or presses Enter. */
const TYPED = new Set(['datepicker', 'timepicker', 'datetimepicker']);

/** A control's name where the app gives none; of a select, the text that it shows. */
const LABELS: Record<string, string> = {
  users_select: 'Select a person',
  datepicker: 'Date',
  timepicker: 'Time',
  datetimepicker: 'Date and time',
};

function ValueControl({ element, value, onType, onPress }: ControlProps) {
  const draft = useRef<JsonObject | undefined>(undefined);
  const label = plainOf(element.placeholder) || (LABELS[stringOf(element.type) ?? ''] ?? 'Select an option');

  function commit(): void {
    if (draft.current) onPress(draft.current);
    draft.current = undefined;
  }

  function onChange(next: JsonObject): void {
    if (!TYPED.has(stringOf(element.type) ?? '')) {
      onPress(next);
      return;
    }
    onType(next);
    draft.current = next;
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') commit();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what its field does
    <span className="value-control" onBlur={commit} onKeyDown={onKeyDown}>
      <Field element={element} value={value} label={label} onChange={onChange} />
    </span>
  );
}
