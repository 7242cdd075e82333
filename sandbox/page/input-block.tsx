import { useEffect, useId, useRef } from 'react';
import { isObject, stringOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { Field } from './field.tsx';
import { useForm } from './form.ts';
import { useSurfaceContext, useValue } from './press.tsx';
import { plainOf, TextObject } from './text.tsx';

/** These tell the app only when they are submitted, or while someone types if it asked for that. */
const TYPED = new Set(['plain_text_input', 'email_text_input']);
/** Slack waits for a pause in the typing. */
const PAUSE_MS = 400;

/** Without another word of the app it is Enter that tells. */
function tellsOn(element: JsonObject, trigger: 'on_character_entered' | 'on_enter_pressed'): boolean {
  const config = isObject(element.dispatch_action_config) ? element.dispatch_action_config : {};
  const on = config.trigger_actions_on;
  return Array.isArray(on) ? on.includes(trigger) : trigger === 'on_enter_pressed';
}

export function InputBlock({ block }: { block: JsonObject }) {
  if (!isObject(block.element)) return null;
  return <Input block={block} element={block.element} />;
}

function Input({ block, element }: { block: JsonObject; element: JsonObject }) {
  const blockId = stringOf(block.block_id) ?? '';
  const actionId = stringOf(element.action_id) ?? '';
  const form = useForm();
  const surface = useSurfaceContext();
  const [picked, setPicked] = useValue(blockId, element);
  const errorId = useId();
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  // A window that is closed tells nothing more.
  useEffect(() => () => clearTimeout(typing.current), []);
  const error = form?.errors[blockId];
  const label = plainOf(block.label);

  const value = form?.values[blockId]?.[actionId] ?? picked;
  const isText = TYPED.has(stringOf(element.type) ?? '');

  function tell(told: JsonObject): void {
    surface.press(blockId, { action_id: actionId, ...told });
  }

  function onChange(next: JsonObject): void {
    setPicked(next);
    form?.enter(blockId, actionId, next);
    if (block.dispatch_action !== true) return;
    clearTimeout(typing.current);
    if (!isText) tell(next);
    else if (tellsOn(element, 'on_character_entered')) typing.current = setTimeout(() => tell(next), PAUSE_MS);
  }

  return (
    <div className={error === undefined ? 'input-block' : 'input-block has-error'}>
      <div className="input-label">
        <TextObject value={block.label} />
        {block.optional === true && <span className="optional">(optional)</span>}
      </div>
      <div data-block={blockId} data-action={actionId} data-autofocus={element.focus_on_load === true ? '' : undefined}>
        <Field
          element={element}
          value={value}
          label={label}
          errorId={error === undefined ? undefined : errorId}
          onChange={onChange}
          onEnter={
            block.dispatch_action === true && isText && tellsOn(element, 'on_enter_pressed')
              ? () => tell(value)
              : undefined
          }
        />
      </div>
      {error !== undefined && (
        <p className="input-error" id={errorId} role="alert">
          ⚠ {error}
        </p>
      )}
      {block.hint && (
        <div className="input-hint">
          <TextObject value={block.hint} />
        </div>
      )}
    </div>
  );
}
