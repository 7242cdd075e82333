import { type Answer, fail, type Method, refuse } from './answers.ts';
import { checkTrigger, spendTrigger } from './grants.ts';
import { isObject, stringOf } from './json.ts';
import type { State, StoredView } from './state.ts';
import type { Json, JsonObject } from './types.ts';
import { checkView } from './validate.ts';
import { findView, openModal, publishHome, pushModal, replaceView, viewJson } from './views.ts';

type Checked = { ok: true; view: JsonObject } | { ok: false; answer: Answer };

function checked(state: State, where: string, view: Json | undefined, type: 'modal' | 'home'): Checked {
  const refusal = checkView(view, type);
  if (refusal) return { ok: false, answer: refuse(state, where, refusal) };
  return isObject(view) ? { ok: true, view } : { ok: false, answer: fail('invalid_arguments') };
}

function shown(state: State, view: StoredView): Answer {
  return { ok: true, view: viewJson(state, view) };
}

/** A trigger is used up only when the view is good. */
export const viewsOpen: Method = (state, args) => {
  const given = checked(state, 'views.open', args.view, 'modal');
  if (!given.ok) return given.answer;
  const triggerId = stringOf(args.trigger_id);
  const trigger = checkTrigger(state, triggerId);
  if (!trigger.ok) return fail(trigger.error);
  spendTrigger(state, triggerId);
  return shown(state, openModal(state, trigger.grant, given.view));
};

export const viewsPush: Method = (state, args) => {
  const given = checked(state, 'views.push', args.view, 'modal');
  if (!given.ok) return given.answer;
  const triggerId = stringOf(args.trigger_id);
  const trigger = checkTrigger(state, triggerId);
  if (!trigger.ok) return fail(trigger.error);
  const pushed = pushModal(state, trigger.grant, given.view);
  if (!pushed) return fail('push_limit_reached');
  spendTrigger(state, triggerId);
  return shown(state, pushed);
};

export const viewsUpdate: Method = (state, args) => {
  const stored = findView(state, stringOf(args.view_id));
  const given = checked(state, 'views.update', args.view, stored?.type ?? 'modal');
  if (!given.ok) return given.answer;
  if (!stored) return fail('not_found');
  if (args.hash !== undefined && args.hash !== stored.hash) return fail('hash_conflict');
  replaceView(state, stored, given.view);
  return shown(state, stored);
};

export const viewsPublish: Method = (state, args) => {
  const given = checked(state, 'views.publish', args.view, 'home');
  if (!given.ok) return given.answer;
  const userId = stringOf(args.user_id);
  if (!userId || !state.users.has(userId)) return fail('user_not_found');
  const known = state.homes.get(userId);
  if (args.hash !== undefined && known && args.hash !== known.hash) return fail('hash_conflict');
  return shown(state, publishHome(state, userId, given.view));
};
