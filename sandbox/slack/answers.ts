import type { State } from './state.ts';
import type { JsonObject } from './types.ts';
import type { Refusal } from './validate.ts';

/** Answers of Web API methods. */
export type Answer = JsonObject & { ok: boolean };

export type Method = (state: State, args: JsonObject) => Answer;

export function fail(error: string, messages: readonly string[] = []): Answer {
  if (messages.length === 0) return { ok: false, error };
  return { ok: false, error, response_metadata: { messages: [...messages] } };
}

/** Refused blocks, views and arguments are mistakes of the app: noted, however the app takes the error. */
export function refuse(state: State, where: string, refusal: Refusal): Answer {
  state.unexpected.push(`${where}: ${refusal.error} ${refusal.messages.join('; ')}`.trim());
  return fail(refusal.error, refusal.messages);
}

export function missing(state: State, where: string, field: string): Answer {
  return refuse(state, where, { error: 'invalid_arguments', messages: [`[ERROR] missing required field: ${field}`] });
}
