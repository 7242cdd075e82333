import { nextId, type ResponseUrl, randomId, type State } from './state.ts';

const TRIGGER_LIFE_MS = 3_000;
const RESPONSE_URL_LIFE_MS = 30 * 60_000;
const RESPONSE_URL_USES = 5;

type Taken<T> = { ok: true; grant: T } | { ok: false; error: string };

export function issueTrigger(state: State, userId: string): string {
  const id = `${nextId(state, '')}.${Math.floor(state.clock() / 1_000)}.${randomId(16)}`;
  state.triggers.set(id, { userId, issuedAt: state.clock(), used: false });
  return id;
}

/** Looks at a trigger without using it up: a refused view must leave it usable. */
export function checkTrigger(state: State, id: string | undefined): Taken<string> {
  const trigger = id === undefined ? undefined : state.triggers.get(id);
  if (!trigger) return { ok: false, error: 'invalid_trigger_id' };
  if (trigger.used) return { ok: false, error: 'exchanged_trigger_id' };
  if (state.clock() - trigger.issuedAt > TRIGGER_LIFE_MS) return { ok: false, error: 'expired_trigger_id' };
  return { ok: true, grant: trigger.userId };
}

export function spendTrigger(state: State, id: string | undefined): void {
  const trigger = id === undefined ? undefined : state.triggers.get(id);
  if (trigger) trigger.used = true;
}

export function issueResponseUrl(state: State, grant: Pick<ResponseUrl, 'userId' | 'channel' | 'ts'>): string {
  const path = `/actions/${state.teamId}/${nextId(state, '')}/${randomId(12)}`;
  state.responseUrls.set(path, { ...grant, issuedAt: state.clock(), uses: 0 });
  return `${state.url}${path}`;
}

export function takeResponseUrl(state: State, path: string): Taken<ResponseUrl> {
  const grant = state.responseUrls.get(path);
  if (!grant) return { ok: false, error: 'invalid_url' };
  if (state.clock() - grant.issuedAt > RESPONSE_URL_LIFE_MS) return { ok: false, error: 'expired_url' };
  if (grant.uses >= RESPONSE_URL_USES) return { ok: false, error: 'used_url' };
  grant.uses += 1;
  return { ok: true, grant };
}
