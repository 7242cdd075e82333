import { type Content, checkContent } from './content.ts';
import { takeResponseUrl } from './grants.ts';
import { isTrue } from './json.ts';
import { editMessage, findMessage, postMessage } from './messages.ts';
import type { ResponseUrl, State } from './state.ts';
import type { JsonObject } from './types.ts';
import { failureAnswer, type HttpAnswer, nextFailure } from './web-api.ts';

const OK: HttpAnswer = { status: 200, body: 'ok' };

function bad(error: string, status = 400): HttpAnswer {
  return { status, body: { ok: false, error } };
}

function replace(state: State, grant: ResponseUrl, content: Content): HttpAnswer {
  const original = grant.ts === undefined ? undefined : findMessage(state, grant.channel, grant.ts);
  if (!original) return bad('message_not_found', 404);
  // An ephemeral message stays so, whatever response_type says.
  editMessage(state, original, content.text, content.blocks ?? []);
  return OK;
}

/** A new message as an answer to something that a person did: ephemeral unless it says otherwise. */
export function respond(state: State, userId: string, content: Content, args: JsonObject): void {
  const ephemeral = args.response_type !== 'in_channel';
  postMessage(state, { userId, text: content.text, blocks: content.blocks ?? [], ephemeral });
}

function perform(state: State, grant: ResponseUrl, args: JsonObject): HttpAnswer {
  const checked = checkContent(state, 'response_url', args);
  if (!checked.ok) return bad(String(checked.answer.error));
  // A slash command has no original; Slack then posts a new message.
  if (isTrue(args.replace_original) && grant.ts !== undefined) return replace(state, grant, checked.content);
  if (grant.ts !== undefined && args.replace_original === undefined && args.response_type === undefined) {
    // Slack's pages disagree on what this does, so the app has to say what it means.
    state.unexpected.push('response_url: neither replace_original nor response_type');
  }
  respond(state, grant.userId, checked.content, args);
  return OK;
}

function answer(state: State, path: string, args: JsonObject): HttpAnswer {
  const failure = nextFailure(state, 'response_url');
  if (failure) return failureAnswer(failure);
  const taken = takeResponseUrl(state, path);
  return taken.ok ? perform(state, taken.grant, args) : { status: 404, body: taken.error };
}

export function postToResponseUrl(state: State, path: string, args: JsonObject): HttpAnswer {
  const call = { at: state.clock(), method: 'response_url', args, result: '' };
  state.calls.push(call);
  const result = answer(state, path, args);
  call.result = typeof result.body === 'string' ? result.body : String(result.body.error);
  return result;
}
