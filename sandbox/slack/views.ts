import { stateValues, withIds } from './elements.ts';
import { objectsOf, stringOf } from './json.ts';
import { changed, ENTERPRISE, nextId, randomId, type State, type StoredView } from './state.ts';
import type { JsonObject, SandboxView } from './types.ts';

/** How many views lie on one another at most (slack.md 1). */
const STACK_HEIGHT = 3;

function newHash(state: State): string {
  return `${Math.floor(state.clock() / 1_000)}.${randomId(4)}`;
}

function withBlockIds(view: JsonObject): JsonObject {
  return { ...view, blocks: withIds(objectsOf(view.blocks)) };
}

function createView(
  state: State,
  userId: string,
  type: 'modal' | 'home',
  view: JsonObject,
  below?: StoredView,
): StoredView {
  const id = nextId(state, 'V');
  const json = withBlockIds(view);
  const values = stateValues(objectsOf(json.blocks));
  const stack = { rootId: below?.rootId ?? id, previousId: below?.id ?? null };
  return { id, userId, type, hash: newHash(state), json, values, ...stack };
}

/** Sets what a view shows; its id stays, its hash does not. */
export function replaceView(state: State, stored: StoredView, view: JsonObject): void {
  stored.json = withBlockIds(view);
  stored.values = stateValues(objectsOf(stored.json.blocks), stored.values);
  stored.hash = newHash(state);
  delete stored.errors;
  changed(state);
}

export function openModal(state: State, userId: string, view: JsonObject): StoredView {
  const stored = createView(state, userId, 'modal', view);
  state.modals.set(userId, [stored]);
  changed(state);
  return stored;
}

/** The modal that a person sees. */
export function topModal(state: State, userId: string): StoredView | undefined {
  return state.modals.get(userId)?.at(-1);
}

/** A view on top of another; undefined where the stack is as high as Slack lets it be. */
export function pushModal(state: State, below: StoredView, view: JsonObject): StoredView | undefined {
  const stack = state.modals.get(below.userId) ?? [];
  if (stack.length >= STACK_HEIGHT) return undefined;
  const stored = createView(state, below.userId, 'modal', view, below);
  state.modals.set(below.userId, [...stack, stored]);
  changed(state);
  return stored;
}

/** Takes the view on top away, or all of them; returns those that are gone, the top one first. */
export function closeModal(state: State, userId: string, isCleared: boolean): StoredView[] {
  const stack = state.modals.get(userId) ?? [];
  const kept = isCleared ? [] : stack.slice(0, -1);
  if (kept.length > 0) state.modals.set(userId, kept);
  else state.modals.delete(userId);
  changed(state);
  return stack.slice(kept.length).reverse();
}

export function publishHome(state: State, userId: string, view: JsonObject): StoredView {
  const known = state.homes.get(userId);
  if (known) {
    replaceView(state, known, view);
    return known;
  }
  const stored = createView(state, userId, 'home', view);
  state.homes.set(userId, stored);
  changed(state);
  return stored;
}

function allViews(state: State): StoredView[] {
  return [...state.homes.values(), ...[...state.modals.values()].flat()];
}

export function findView(state: State, id: string | undefined, externalId?: string): StoredView | undefined {
  if (id !== undefined) return allViews(state).find((view) => view.id === id);
  return externalId === undefined ? undefined : allViews(state).find((view) => view.json.external_id === externalId);
}

/** A name that the app gives to a view is for one view of the workspace. */
export function isNameTaken(state: State, view: JsonObject, replaced?: StoredView): boolean {
  const name = stringOf(view.external_id) ?? '';
  return name !== '' && allViews(state).some((other) => other !== replaced && other.json.external_id === name);
}

/** A view as Slack shows it to the app. */
export function viewJson(state: State, view: StoredView): JsonObject {
  return {
    id: view.id,
    team_id: state.place,
    type: view.type,
    private_metadata: '',
    callback_id: '',
    external_id: '',
    title: null,
    close: null,
    submit: null,
    clear_on_close: false,
    notify_on_close: false,
    ...structuredClone(view.json),
    state: { values: structuredClone(view.values) },
    hash: view.hash,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: state.appId,
    app_installed_team_id: state.grid === 'org' ? ENTERPRISE.id : state.teamId,
    bot_id: state.botId,
  };
}

export function sandboxView(state: State, view: StoredView | undefined): SandboxView | undefined {
  if (!view) return undefined;
  const callbackId = stringOf(view.json.callback_id);
  return {
    id: view.id,
    type: view.type,
    ...(callbackId === undefined ? {} : { callback_id: callbackId }),
    hash: view.hash,
    view: viewJson(state, view),
    ...(view.errors ? { errors: { ...view.errors } } : {}),
  };
}
