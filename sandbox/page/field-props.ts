import type { JsonObject } from '../slack/types.ts';

/** What every control that holds a value is given. */
export interface FieldProps {
  element: JsonObject;
  value: JsonObject;
  /** The name of the field; of an input block, its label. */
  label: string;
  /** The id of the sentence that says what is wrong. */
  errorId?: string | undefined;
  onChange(value: JsonObject): void;
}
