import { stateValues, withIds } from './elements.ts';
import { objectsOf, stringOf } from './json.ts';
import { changed, nextId, randomId, type State, type StoredView } from './state.ts';
import type { JsonObject, SandboxView } from './types.ts';

function newHash(state: State): string {
  return `${Math.floor(state.clock() / 1_000)}.${randomId(4)}`;
}

function withBlockIds(view: JsonObject): JsonObject {
  return { ...view, blocks: withIds(objectsOf(view.blocks)) };
}

function createView(state: State, userId: string, type: 'modal' | 'home', view: JsonObject): StoredView {
  const id = nextId(state, 'V');
  const json = withBlockIds(view);
  const values = stateValues(objectsOf(json.blocks));
  return { id, userId, type, hash: newHash(state), json, values };
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
  state.modals.set(userId, stored);
  changed(state);
  return stored;
}

/** A stack holds three (slack.md 1). */
const MOST_MODALS = 3;

/** Puts a modal on top of the one on the screen. undefined: there is none, or the stack is full. */
export function pushModal(state: State, userId: string, view: JsonObject): StoredView | undefined {
  const top = state.modals.get(userId);
  if (!top || stackOf(top).length >= MOST_MODALS) return undefined;
  const stored = { ...createView(state, userId, 'modal', view), below: top };
  state.modals.set(userId, stored);
  changed(state);
  return stored;
}

/** The one below comes back. */
export function closeModal(state: State, userId: string): void {
  const below = state.modals.get(userId)?.below;
  if (below) state.modals.set(userId, below);
  else state.modals.delete(userId);
  changed(state);
}

export function clearModals(state: State, userId: string): void {
  state.modals.delete(userId);
  changed(state);
}

function stackOf(top: StoredView): StoredView[] {
  return top.below ? [top, ...stackOf(top.below)] : [top];
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

export function findView(state: State, id: string | undefined): StoredView | undefined {
  return [...state.homes.values(), ...[...state.modals.values()].flatMap(stackOf)].find((view) => view.id === id);
}

/** A view as Slack shows it to the app. */
export function viewJson(state: State, view: StoredView): JsonObject {
  return {
    id: view.id,
    team_id: state.teamId,
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
    previous_view_id: view.below?.id ?? null,
    root_view_id: stackOf(view).at(-1)?.id ?? view.id,
    app_id: state.appId,
    app_installed_team_id: state.teamId,
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
