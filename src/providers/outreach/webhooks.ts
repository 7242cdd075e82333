/**
 * How Outreach tells of changes (outreach.md 8). Any answer of ours counts as delivered, and nothing is sent again but
 * after a network failure: what is lost here is found by reading.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ProviderError } from '../../core/model/errors.ts';
import type { HookEvent, Hooks } from '../../core/ports/provider.ts';
import { tryParse } from '../json.ts';
import { isId } from '../wire.ts';
import type { AsRep, OutreachClient } from './client.ts';
import { readAll } from './pages.ts';
import { Delivery, WebhookAnswer, WebhookResource } from './wire.ts';

const HOOK = '/webhooks/{id}';
const SIGNATURE = 'outreach-webhook-signature';

const EVENTS: Readonly<Record<string, HookEvent['what']>> = {
  'task.created': 'created',
  'task.updated': 'updated',
  'task.completed': 'completed',
  'task.destroyed': 'destroyed',
};

export function createWebhooks(client: OutreachClient): Hooks {
  return {
    /** A secret is never shown again, so an older hook to the same address is of no use, and would double everything. */
    async register(rep, { url, secret }, options) {
      const asRep = client.as(rep, options);
      for (const stale of await hooksTo(asRep, url)) await remove(asRep, stale);
      // A payload version of 2, and a number (contracts, conflict 12).
      const attributes = { url, secret, resource: 'task', action: '*', payloadVersion: 2 };
      const body = { data: { type: 'webhook', attributes } };
      const { data } = await asRep.call({ method: 'POST', path: '/webhooks', body, schema: WebhookAnswer });
      return data.id;
    },
    async isActive(rep, hookId, options) {
      if (!isId(hookId)) return false;
      const request = { method: 'GET', path: `/webhooks/${hookId}`, template: HOOK, schema: WebhookAnswer } as const;
      const answer = await unlessGone(client.as(rep, options).call(request));
      return answer?.data.attributes.active === true;
    },
    async remove(rep, hookId, options) {
      if (isId(hookId)) await remove(client.as(rep, options), hookId);
    },
    signatureHeader: SIGNATURE,
    verify(secret, body, headers) {
      const [signature, ...more] = Object.entries(headers)
        .filter(([name]) => name.toLowerCase() === SIGNATURE)
        .flatMap(([, value]) => value ?? []);
      if (signature === undefined || more.length > 0) return false;
      const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('hex'));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
    parse: toEvent,
  };
}

async function hooksTo(asRep: AsRep, url: string): Promise<string[]> {
  const data = await readAll(asRep, '/webhooks', {});
  const hooks = data.flatMap((element) => WebhookResource.safeParse(element).data ?? []);
  return hooks.filter(({ attributes }) => attributes.url === url).map(({ id }) => id);
}

async function remove(asRep: AsRep, hookId: string): Promise<void> {
  // 204 has no body; what else a deletion may answer does not matter.
  const request = { method: 'DELETE', path: `/webhooks/${hookId}`, template: HOOK, schema: z.unknown() } as const;
  await unlessGone(asRep.call(request));
}

function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof ProviderError && error.kind === 'not_found') return undefined;
    throw error;
  });
}

/** Deliveries have no id: what happened, to what, and when tells one from another. */
function toEvent(body: string): HookEvent | undefined {
  const delivery = Delivery.safeParse(tryParse(body)).data;
  const what = delivery && Object.hasOwn(EVENTS, delivery.meta.eventName) && EVENTS[delivery.meta.eventName];
  if (!what) return undefined;
  const taskId = delivery.data.id;
  const when = delivery.meta.deliveredAt ?? createHash('sha256').update(body).digest('hex');
  const owner = delivery.data.relationships?.owner;
  const key = `${delivery.meta.eventName}:${taskId}:${when}`;
  return { taskId, what, key, ...(owner?.type === 'user' && { owner: owner.id }) };
}
