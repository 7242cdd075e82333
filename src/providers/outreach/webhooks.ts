/**
 * How Outreach tells of changes (outreach.md 8). Any answer of ours counts as delivered, and nothing is sent again but
 * after a network failure: what is lost here is found by reading.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ProviderError } from '../../core/model/errors.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { CallOptions, HookEvent, Hooks } from '../../core/ports/provider.ts';
import { tryParse } from '../json.ts';
import { isId } from '../wire.ts';
import type { OutreachClient } from './client.ts';
import { readAll } from './pages.ts';
import { Delivery, Nothing, WebhookAnswer, WebhookResource } from './wire.ts';

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
      for (const stale of await hooksTo(client, rep, url, options)) await remove(client, rep, stale, options);
      // A payload version of 2, and a number (contracts, conflict 12).
      const attributes = { url, secret, resource: 'task', action: '*', payloadVersion: 2 };
      const body = { data: { type: 'webhook', attributes } };
      const request = { method: 'POST', path: '/webhooks', body, schema: WebhookAnswer } as const;
      const { data } = await client.call(rep, request, options);
      return data.id;
    },
    async isActive(rep, hookId, options) {
      if (!isId(hookId)) return false;
      const request = { method: 'GET', path: `/webhooks/${hookId}`, template: HOOK, schema: WebhookAnswer } as const;
      try {
        const { data } = await client.call(rep, request, options);
        return data.attributes.active === true;
      } catch (error) {
        if (isGone(error)) return false;
        throw error;
      }
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

async function hooksTo(client: OutreachClient, rep: RepKey, url: string, options: CallOptions): Promise<string[]> {
  const { data } = await readAll(client, rep, '/webhooks', {}, options);
  const hooks = data.flatMap((element) => WebhookResource.safeParse(element).data ?? []);
  return hooks.filter(({ attributes }) => attributes.url === url).map(({ id }) => id);
}

async function remove(client: OutreachClient, rep: RepKey, hookId: string, options: CallOptions): Promise<void> {
  const request = { method: 'DELETE', path: `/webhooks/${hookId}`, template: HOOK, schema: Nothing } as const;
  try {
    await client.call(rep, request, options);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ProviderError && error.kind === 'not_found';
}

/** Deliveries have no id: what happened, to what, and when tells one from another. */
function toEvent(body: string): HookEvent | undefined {
  const delivery = Delivery.safeParse(tryParse(body)).data;
  const what = delivery && Object.hasOwn(EVENTS, delivery.meta.eventName) && EVENTS[delivery.meta.eventName];
  if (!what) return undefined;
  const taskId = delivery.data.id;
  const when = delivery.meta.deliveredAt ?? createHash('sha256').update(body).digest('hex');
  return { taskId, what, key: `${delivery.meta.eventName}:${taskId}:${when}` };
}
