import type { JsonObject } from '../slack/types.ts';

/** Props of every control that has a value. */
export interface FieldProps {
  element: JsonObject;
  value: JsonObject;
  /** The name of the field; of an input block, its label. */
  label: string;
  /** The id of the sentence that says what is wrong. */
  errorId?: string | undefined;
  onChange(value: JsonObject): void;
  /** Of a text that is told to the app on Enter. */
  onEnter?: (() => void) | undefined;
}
